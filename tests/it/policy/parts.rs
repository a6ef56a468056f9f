//! The split of a policy into files has no meaning (`language.md` §1), wherever it goes between two headers.

use std::path::{Path, PathBuf};

use remit::check;
use remit::program::Program;
use remit::report::{diagnostics::text, look::Look};

/// The lines from each header to the next.
fn chunks(text: &str) -> Vec<String> {
    let mut chunks = vec![String::new()];
    for line in text.split_inclusive('\n') {
        if line.starts_with('[') {
            chunks.push(String::new());
        }
        chunks.last_mut().expect("there is one").push_str(line);
    }
    chunks
}

/// Numbers files so that their paths are in this order.
fn files(texts: impl IntoIterator<Item = String>) -> Vec<(PathBuf, String)> {
    texts.into_iter().enumerate().map(|(at, text)| (PathBuf::from(format!("{at:05}.toml")), text)).collect()
}

/// What is said of a policy, without its places.
fn said(files: Vec<(PathBuf, String)>) -> (Option<Program>, Vec<String>) {
    let (program, _, found) = check::load_texts(files, PathBuf::new());
    let mut said: Vec<String> = found.iter().map(|d| format!("{} {}", d.code.as_str(), d.message)).collect();
    said.sort();
    (program, said)
}

/// That a policy is the same cut at every header; `issues` are the fact files of its scenarios.
fn assert_splits(whole: &str, issues: &[(PathBuf, String)]) -> Program {
    let (expected, warned) = said([files([whole.to_owned()]), issues.to_vec()].concat());
    let expected = expected.unwrap_or_else(|| unreachable!("{warned:?}"));
    let (found, also_warned) = said([files(chunks(whole)), issues.to_vec()].concat());
    assert_eq!(warned, also_warned);
    let found = found.expect("no errors");
    assert_eq!(expected.digest(), found.digest());
    found
}

#[test]
fn a_table_and_what_stands_below_it_may_lie_in_different_files() {
    assert_splits(super::EXAMPLE, &[]);
}

#[test]
fn every_shipped_policy_may_be_cut_at_every_header() {
    for folder in ["policies/saas-platform", "policies/escalation"] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let (policy, issues): (Vec<_>, Vec<_>) =
            walk(&root).into_iter().partition(|path| path.extension().is_some_and(|extension| extension == "toml"));
        let read = |path: &PathBuf| std::fs::read_to_string(path).expect("a text");
        let whole: String = policy.iter().map(read).collect();
        let relative = |path: &PathBuf| path.strip_prefix(&root).expect("below it").to_owned();
        let issues: Vec<_> = issues.iter().map(|path| (relative(path), read(path))).collect();
        assert_splits(&whole, &issues);
    }
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> =
        entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect();
    files.sort();
    files
}

#[test]
fn every_kind_of_table_below_another_may_lie_elsewhere() {
    let program = assert_splits(
        r#"[policy]
name = "t"
[fact.c]
ask = "Which?"
[fact.c.options]
one = "One"
two = "Two"
[fact.c.aliases]
"1" = "one"
[fact.outage]
default = []
type = "records"
[fact.outage.columns]
system = "text"
[fact.outage.columns.hours]
type = "integer"
[fact.outage.columns.kind]
ask = "Of what kind?"
[fact.outage.columns.kind.options]
power = "Power"
water = "Water"
[rule.r]
says = 'd(x) if c = one and outage(kind: power, hours: 3)'
because = "It is so."
[decision.d]
question = "Who?"
hit-policy = "priority"
default = "y"
[[decision.d.option]]
id = "x"
[[decision.d.option]]
id = "y"
[scenario.s]
because = "It must be so."
[scenario.s.issue]
c = "1"
[[scenario.s.issue.outage]]
system = "a"
hours = 3
kind = "power"
[scenario.s.expect]
status = "settled"
[scenario.s.expect.d]
value = "x"
"#,
        &[],
    );
    let shown: Vec<&str> = program.decisions[0].options.iter().map(|option| option.id.as_ref()).collect();
    assert_eq!(shown, ["x", "y"]);
}

#[test]
fn what_all_parts_lack_is_told_of_the_first() {
    let parts = [
        "[policy]\nname = \"t\"\n",
        "[decision.d]\ndefault = \"x\"\n",
        "[[decision.d.option]]\nid = \"x\"\n",
        "[decision.d]\nhit-policy = \"priority\"\n",
    ];
    let (_, sources, found) = check::load_texts(files(parts.map(str::to_owned)), PathBuf::new());
    insta::assert_snapshot!("parts_lack", text(&found, &sources, Look::default()));
}

#[test]
fn what_two_parts_say_is_declared_twice() {
    for (first, second) in [
        ("[fact.a]\ntype = \"bool\"", "[fact.a]\ntype = \"text\""),
        ("[fact.a]\ntype = \"bool\"\nask = \"?\"", "[fact.a]\nask = \"?\""),
        ("[fact.a.options]\nx = \"X\"", "[fact.a.options]\ny = \"Y\""),
        ("[fact.a.aliases]\nx = \"y\"", "[fact.a.aliases]\nx = \"z\""),
        ("[fact.a.columns]\nx = \"text\"", "[fact.a.columns]\nx = \"bool\""),
        ("[concept.a]\nmeans = \"a\"", "[concept.a]\nmeans = \"b\""),
        ("[rule.a]\nsays = 'a.'", "[rule.a]\nbecause = \"b\""),
        ("[decision.a]\nquestion = \"?\"", "[decision.a]\nquestion = \"?\""),
        ("[decision.a]\ndefault = \"x\"", "[decision.a]\ndefault = \"y\""),
        ("[scenario.a]\nissue = { x = 1 }", "[scenario.a.issue]\nx = 2"),
        ("[scenario.a]\nissue = \"a.toml\"", "[scenario.a.issue]\nx = 2"),
        ("[scenario.a.expect]\nd = \"x\"", "[scenario.a.expect.d]\nvalue = \"x\""),
        ("[invariant.a]\nnever = 'a'", "[invariant.a]\nalways = 'a'"),
    ] {
        let (_, _, found) = remit::policy::load_texts(files([first.to_owned(), second.to_owned()]), PathBuf::new());
        let twice = found.iter().filter(|d| d.code.as_str() == "duplicate-name").count();
        assert_eq!(twice, 1, "{first}\n{second}");
    }
}
