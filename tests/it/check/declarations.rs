//! One mistake in a declaration is one message, wherever the policy uses what is declared.

use std::path::PathBuf;

use remit::diagnostic::Diagnostic;
use remit::source::Sources;

const POLICY: &str = r#"[policy]
name = "t"

[fact.b]
type = "bool"
ask = "Is it so?"

[fact.ward]
options = ["icu", "surgery", "general"]

[fact.outage]
type = "records"
default = []
[fact.outage.columns]
system = "text"
hours = "integer"

[fact.n]
type = "number"

[fact.symptom]
type = "text"

[concept.urgent]
means = "it is urgent"

[rule.late]
says = 'late(S) if outage(system: S, hours: H), H > 3'
because = "System {S} is down."

[rule.urgent-late]
says = 'urgent if late(_)'
because = "Something is late."

[rule.urgent-n]
says = 'urgent if n > 3'
because = "It is."

[rule.network]
says = 'team(network) if urgent and b'
because = "It is so."

[rule.field-icu]
says = 'team(field) if ward = icu'
because = "Ward."

[rule.field-surgery]
says = 'team(field) if ward in [surgery, general], symptom = "x"'
because = "Ward."

[decision.team]
question = "Who?"
hit-policy = "priority"
default = "desk"
[[decision.team.option]]
id = "network"
name = "Network"
[[decision.team.option]]
id = "field"
name = "Field"
[[decision.team.option]]
id = "desk"
name = "Desk"

[scenario.says-network]
issue = { b = true, n = 5 }
expect = { team = "network" }

[scenario.says-field]
issue = { ward = "icu", b = false, n = 1, outage = [] }
expect = { team = "field" }

[scenario.open]
issue = { n = 5 }
expect = { team = { status = "open", missing = ["b"] } }
"#;

const WARD: &str = "[fact.ward]\noptions = [\"icu\", \"surgery\", \"general\"]\n";
const FIELD: &str = "[[decision.team.option]]\nid = \"field\"";

fn found(files: &[(&str, &str)]) -> (Vec<Diagnostic>, Sources) {
    let files = files.iter().map(|(path, text)| (PathBuf::from(path), (*text).to_owned())).collect();
    let (_, sources, found) = remit::check::load_texts(files, PathBuf::new());
    (found, sources)
}

/// Each finding: its code, what it marks, and the help.
fn told(files: &[(&str, &str)]) -> Vec<(String, String, String)> {
    let (found, sources) = found(files);
    let marked = |d: &Diagnostic| d.span.map_or("", |span| sources.text(span)).to_owned();
    found.iter().map(|d| (d.code.to_string(), marked(d), d.help.clone().unwrap_or_default())).collect()
}

#[test]
fn the_policy_itself_is_right() {
    assert_eq!(told(&[("p.toml", POLICY)]), []);
}

/// What is written in place of what, and the one finding. The mend gives back the policy that is right.
#[test]
fn one_mistake_is_one_message() {
    let cases: &[(&str, &str, [&str; 3])] = &[
        (
            "says = 'team(network) if urgent and b'",
            "says = 'team(network)'\nif = 'urgent and b'",
            ["unknown-key", "if", "write it into `says`, behind `if`: `says = 'team(network) if urgent and b'`"],
        ),
        (
            "says = 'team(network) if urgent and b'",
            "says = 'team(network) if urgent'\nwhen = 'b'",
            ["unknown-key", "when", "add it to the conditions of `says`: `… if ( … ) and (b)`"],
        ),
        (
            "says = 'team(network) if urgent and b'",
            "says = ['team(network) if urgent']\nunless = 'b'",
            ["unknown-key", "unless", "add it to the conditions of `says`: `… if ( … ) and (not (b))`"],
        ),
        (
            "[concept.urgent]",
            "[fact.team]\noptions = [\"network\", \"field\"]\n[concept.urgent]",
            [
                "duplicate-name",
                "team",
                "take `[fact.team]` out if rules conclude it, or `[decision.team]` if an issue gives it; if both are \
                 meant, give one another name",
            ],
        ),
        (
            "[concept.urgent]",
            "[fact.urgent]\ntype = \"bool\"\n[concept.urgent]",
            [
                "duplicate-name",
                "urgent",
                "take `[fact.urgent]` out if rules conclude it, or `[concept.urgent]` if an issue gives it; if both \
                 are meant, give one another name",
            ],
        ),
        (
            "[decision.team]",
            "[[decision.team]]",
            ["wrong-kind", "[[decision.team]]", "write `[decision.team]` once, in single brackets"],
        ),
        (
            WARD,
            "[fact.ward]\ntype = \"bool\"\noptions = [\"icu\", \"surgery\", \"general\"]\n",
            [
                "wrong-kind",
                "[\"icu\", \"surgery\", \"general\"]",
                "only a choice has options: write `type = \"choice\"` or leave `type` out",
            ],
        ),
        (
            "[fact.b]\ntype = \"bool\"",
            "[fact.b]\ntype = \"bool\"\noptions = [\"yes\", \"no\"]",
            ["wrong-kind", "[\"yes\", \"no\"]", "take `options` out: a bool is true or false without them"],
        ),
        (WARD, "[fact.ward]\ntype = \"choice\"\n", ["missing-key", "choice", "add `options = [\"…\", \"…\"]`"]),
        (
            WARD,
            "[fact.ward]\noptions = \"icu, surgery, general\"\n",
            ["wrong-kind", "\"icu, surgery, general\"", "write `options = [\"icu\", \"surgery\", \"general\"]`"],
        ),
        (
            WARD,
            "[fact.ward]\ntype = \"choice\"\noptions = 3\n",
            ["wrong-kind", "3", "write `options = [\"…\", \"…\"]`, or a table of options and their labels"],
        ),
        ("[decision.team]", "[decisions.team]", ["unknown-key", "decisions", "write `[decision.team]`"]),
        (
            FIELD,
            "[[decison.team.option]]\nid = \"field\"",
            ["unknown-key", "decison", "write `[[decision.team.option]]`"],
        ),
        (
            FIELD,
            "[decision.team.option]\nid = \"field\"",
            ["toml", "[decision.team.option]", "write `[[decision.team.option]]`, with two brackets, for each option"],
        ),
        (
            FIELD,
            "[[decision.taem.option]]\nid = \"field\"",
            ["unknown-decision", "taem", "write `[[decision.team.option]]`"],
        ),
        (
            FIELD,
            "[[decision.team.options]]\nid = \"field\"",
            ["unknown-key", "options", "write `[[decision.team.option]]`"],
        ),
        (
            "[fact.outage.columns]",
            "[fact.outages.columns]",
            ["unknown-name", "outages", "write `[fact.outage.columns]`"],
        ),
        (
            "[fact.outage.columns]",
            "[[fact.outage.columns]]",
            [
                "wrong-kind",
                "[[fact.outage.columns]]",
                "write `[fact.outage.columns]` once, in single brackets, and each column below it",
            ],
        ),
        (
            "[fact.outage.columns]\nsystem = \"text\"\nhours = \"integer\"",
            "[[fact.outage.columns]]\nname = \"system\"\ntype = \"text\"\n[[fact.outage.columns]]\nname = \"hours\"\n\
             type = \"integer\"",
            [
                "wrong-kind",
                "[[fact.outage.columns]]",
                "write `[fact.outage.columns]` once, in single brackets, and each column below it as `column = \
                 \"type\"`",
            ],
        ),
        (
            "[rule.field-icu]\n",
            "",
            ["toml", "says", "keep one of the two; or a header such as `[rule.name]` is missing above this one"],
        ),
        ("n = 5", "n = 50%", ["toml", "50%", "write `50`, or `0.5` if the rules count so"]),
        ("b = true", "b = no", ["toml", "no", "write `false` in lower case, or put the text in quotes"]),
        ("ward = \"icu\"", "ward == \"icu\"", ["toml", "==", "write `ward = …`"]),
        (
            "name = \"Network\"",
            "name = \"Network\"\ndefault = true",
            ["unknown-key", "default", "take it out: `[decision.team]` has a `default`"],
        ),
        (
            "[concept.urgent]",
            "[concept.team]\nmeans = \"who takes it\"\n[concept.urgent]",
            [
                "duplicate-name",
                "team",
                "give the concept another name, or take it out: what a decision means, its `question` says",
            ],
        ),
        ("type = \"number\"", "type = \"decimal\"", ["unknown-type", "decimal", "write `type = \"number\"`"]),
        ("type = \"number\"", "type = \"money\"", ["unknown-type", "money", "write `type = \"number\"`"]),
        ("type = \"number\"", "type = \"Percent\"", ["unknown-type", "Percent", "write `type = \"number\"`"]),
        ("type = \"bool\"", "type = \"yes/no\"", ["unknown-type", "yes/no", "write `type = \"bool\"`"]),
        (
            WARD,
            "[fact.ward]\ntype = \"enum\"\n",
            ["unknown-type", "enum", "write `options = [\"…\", \"…\"]` in place of `type`"],
        ),
        (
            "System {S} is down.",
            "System {S is down.",
            ["bad-because", "{S", "write `{S}`, with a brace before and behind the name and no blanks"],
        ),
        (
            "System {S} is down.",
            "System { S } is down.",
            ["bad-because", "{ S }", "write `{S}`, with a brace before and behind the name and no blanks"],
        ),
        (
            WARD,
            "[fact.ward]\nask = \"Where?\"\n[fact.options]\nicu = \"ICU\"\nsurgery = \"S\"\ngeneral = \"G\"\n",
            ["unknown-name", "options", "write `[fact.ward.options]`"],
        ),
        (
            WARD,
            "[fact.ward]\nask = \"Where?\"\n[fact.wrad.options]\nicu = \"ICU\"\nsurgery = \"S\"\ngeneral = \"G\"\n",
            ["unknown-name", "wrad", "write `[fact.ward.options]`"],
        ),
        (
            WARD,
            "[fact.ward]\nask = \"Where?\"\n[ward.options]\nicu = \"ICU\"\nsurgery = \"S\"\ngeneral = \"G\"\n",
            ["unknown-key", "ward", "write `[fact.ward.options]`"],
        ),
        (
            WARD,
            "[fact.ward.options]\nicu = \"ICU\"\nsurgery = \"S\"\ngeneral = \"G\"\nask = \"Where?\"\n",
            ["unknown-key", "ask", "write it above `[fact.ward.options]`"],
        ),
        (
            WARD,
            "[fact.ward.options]\nicu = \"ICU\"\nsurgery = \"S\"\ngeneral = \"G\"\ndefault = \"icu\"\n",
            ["unknown-key", "default", "write it above `[fact.ward.options]`"],
        ),
        (
            WARD,
            "[fact.ward]\noptions = [\"icu\", \"surgery\", \"general\"]\ndefault = icu\n",
            ["toml", "icu", "write `\"icu\"`"],
        ),
        (
            WARD,
            "[fact.ward]\noptions = [\"icu\", \"surgery\", \"general\"]\naliases = { icu = \"ICU\" }\n",
            ["duplicate-name", "icu", "write it the other way round: `\"ICU\" = \"icu\"`"],
        ),
        ("[fact.b]\n", "[fact]\n", ["unknown-key", "type", "write `[fact.name]` above it"]),
        ("says = 'urgent if n > 3'\n", "", ["missing-key", "urgent-n", "write `says = 'conclusion if condition'`"]),
        (
            "says = 'urgent if n > 3'\n",
            "if = 'n > 3'\nthen = 'urgent'\n",
            ["unknown-key", "if", "write it into `says`, behind `if`: `says = 'urgent if n > 3'`"],
        ),
        ("because = \"It is.\"", "because = [\"It is.\"]", ["wrong-kind", "[\"It is.\"]", "write `because = \"…\"`"]),
        (
            "hit-policy = \"priority\"",
            "hit-policy = \"priority\"\noptions = [\"network\", \"field\", \"desk\"]",
            ["unknown-key", "options", "take it out: the options stand below `[[decision.team.option]]`"],
        ),
        ("[decision.team]", "[decision.the-team]", ["bad-name", "the-team", "write `[decision.team]`"]),
        ("[decision.team]", "[decision.Team]", ["bad-name", "Team", "write `[decision.team]`"]),
        ("id = \"network\"\n", "", ["missing-key", "[[decision.team.option]]", "write `id = \"…\"`"]),
        ("default = \"desk\"", "default = \"Desk\"", ["bad-default", "Desk", "write `desk`, whose name this is"]),
        (
            "expect = { team = \"network\" }",
            "expect = { holds = [\"not late(_)\"] }",
            ["syntax", "not late(_)", "write it without `not` in `not-holds`: `not-holds = [\"late(_)\"]`"],
        ),
        (
            "issue = { b = true, n = 5 }\nexpect",
            "[scenario.says-network.issue]\nb = true\nn = 5\nexpect",
            [
                "unknown-fact",
                "expect",
                "it belongs to the scenario: write it above `[scenario.says-network.issue]`, or outside the braces of \
                 `issue`",
            ],
        ),
        ("n = 5 }", "n = \"1.200,50\" }", ["wrong-kind", "\"1.200,50\"", "write `1200.50`, without quotes"]),
    ];
    for (right, wrong, told_of_it) in cases {
        assert!(POLICY.contains(right), "{right}");
        let policy = POLICY.replacen(right, wrong, 1);
        assert_eq!(told(&[("p.toml", &policy)]), [(*told_of_it).map(str::to_owned).into()], "{wrong}");
    }
}

#[test]
fn keys_of_a_decision_below_its_options_are_told_once() {
    let keys = "question = \"Who?\"\nhit-policy = \"priority\"\ndefault = \"desk\"\n";
    let policy = POLICY.replacen(keys, "", 1).replacen("name = \"Desk\"\n", &format!("name = \"Desk\"\n{keys}"), 1);
    let help = "move them up to `[decision.team]`, above its first option";
    assert_eq!(told(&[("p.toml", &policy)]), [["unknown-key", "question", help].map(str::to_owned).into()]);
    let twice = POLICY.replacen("name = \"Desk\"\n", "name = \"Desk\"\ndefault = \"desk\"\n", 1);
    let help = "take it out: `[decision.team]` says that already";
    assert_eq!(told(&[("p.toml", &twice)]), [["unknown-key", "default", help].map(str::to_owned).into()]);
}

/// A name that is a fact and a decision may be meant as either, wherever it is used.
#[test]
fn what_uses_a_name_for_two_things_is_not_blamed() {
    let policy = POLICY.replacen("[concept.urgent]", "[fact.team]\ntype = \"bool\"\n[concept.urgent]", 1);
    let policy = policy.replacen("if ward = icu", "if ward = icu and team", 1);
    let codes: Vec<String> = told(&[("p.toml", &policy)]).into_iter().map(|told| told.0).collect();
    assert_eq!(codes, ["duplicate-name"]);
}

#[test]
fn an_option_that_is_marked_as_the_default_is_the_default() {
    let policy = POLICY.replacen("default = \"desk\"\n", "", 1).replacen(
        "id = \"desk\"\n",
        "id = \"desk\"\ndefault = true\n",
        1,
    );
    let help = "take it out, and write `default = \"desk\"` below `[decision.team]`";
    assert_eq!(told(&[("p.toml", &policy)]), [["unknown-key", "default", help].map(str::to_owned).into()]);
}

#[test]
fn a_copy_of_a_file_is_told_once() {
    let (header, rest) = POLICY.split_at("[policy]\nname = \"t\"\n".len());
    let help = "if one of the two is a copy, take it out of the folder; else give the tables other names";
    let copied = told(&[("policy.toml", header), ("rules - Kopie.toml", rest), ("rules.toml", rest)]);
    assert_eq!(copied, [["duplicate-name", "b", help].map(str::to_owned).into()]);
    let (found, _) = found(&[("policy.toml", header), ("rules - Kopie.toml", rest), ("rules.toml", rest)]);
    assert_eq!(
        found[0].message,
        "`rules.toml` declares what `rules - Kopie.toml` declares already: `[fact.b]`, `[fact.ward]`, `[fact.outage]` \
         and 13 more"
    );
    // Two names that are there by chance are told each.
    let two = "[fact.b]\ntype = \"bool\"\n[concept.urgent]\nmeans = \"it is\"\n";
    let marked: Vec<String> = told(&[("a.toml", POLICY), ("b.toml", two)]).into_iter().map(|told| told.1).collect();
    assert_eq!(marked, ["b", "urgent"]);
}

/// A decision in one file and its options in another are one decision.
#[test]
fn a_table_may_stand_in_two_files() {
    let (first, rest) = POLICY.split_once("[[decision.team.option]]").expect("options");
    let (options, last) = rest.split_once("[scenario.says-network]").expect("scenarios");
    let options = format!("[[decision.team.option]]{options}");
    let files = [("a.toml", options.as_str()), ("b.toml", &format!("{first}[scenario.says-network]{last}"))];
    assert_eq!(told(&files), told(&[("a.toml", POLICY)]));
}

/// Keys of a rule at the top of a file are those of one whose header is lost.
#[test]
fn keys_without_a_header_are_told_once() {
    let (first, rest) = POLICY.split_once("[rule.late]\n").expect("a rule");
    let (rule, last) = rest.split_once("[rule.urgent-late]").expect("a rule");
    let rest = format!("{first}[rule.urgent-late]{last}");
    let files = |rule: &str| told(&[("a.toml", rule), ("b.toml", &rest)]);
    assert_eq!(files(&format!("[rule.late]\n{rule}")), []);
    let help = "write `[rule.name]` on a line above it";
    assert_eq!(files(rule), [["unknown-key", "says", help].map(str::to_owned).into()]);
}

/// An option may be called `ask` or `default`.
#[test]
fn an_option_with_the_name_of_a_key_is_one() {
    for options in [
        "icu = \"ICU\"\nsurgery = \"S\"\ngeneral = \"G\"\nask = \"Ask the ward\"\n",
        "icu = \"ICU?\"\nsurgery = \"S\"\ngeneral = \"G\"\nask = \"Ask the ward?\"\n",
        "icu = \"ICU\"\nsurgery = \"S\"\ngeneral = \"G\"\ndefault = \"Whatever\"\n",
    ] {
        let policy = POLICY.replacen(WARD, &format!("[fact.ward.options]\n{options}"), 1);
        assert_eq!(told(&[("p.toml", &policy)]), [], "{options}");
    }
    let options = "icu = \"ICU\"\nsurgery = \"S\"\ngeneral = \"G\"\nask = \"Which?\"\n";
    let policy = POLICY.replacen(WARD, &format!("[fact.ward.options]\n{options}"), 1);
    let used = policy.replacen("if ward = icu", "if ward in [icu, ask]", 1);
    assert_eq!(told(&[("p.toml", &used)]), []);
}
