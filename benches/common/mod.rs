//! What the benches run on: the shipped policy, its fixtures, and generated policies of any size.
//!
//! Everything is deterministic; nothing here measures.

// Each bench is a program of its own and uses a part of this.
#![allow(dead_code)]

pub mod issues;

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use remit::issue::{Input, Issue, Issues, ReadOptions};
use remit::program::Program;
use remit::source::Sources;
use remit::{check, diagnostic, policy};

/// A file of the repository.
pub fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The policy at a path, checked.
pub fn load(path: &Path) -> Program {
    let (program, diagnostics) = check::load(path, &mut Sources::default());
    program.unwrap_or_else(|| unreachable!("{} is a policy: {diagnostics:?}", path.display()))
}

/// A policy given as text, loaded and checked.
pub fn load_text(text: &str) -> Program {
    let files = vec![(PathBuf::from("policy.toml"), text.to_owned())];
    let (policy, sources, mut diagnostics) = policy::load_texts(files, PathBuf::new());
    let (program, found) = check::check(&policy, &sources);
    diagnostics.extend(found);
    assert!(!diagnostic::has_errors(&diagnostics), "{diagnostics:?}");
    program.unwrap_or_else(|| unreachable!("a policy without errors is a program"))
}

/// An issue in TOML.
pub fn issue(program: &Program, text: &str) -> Issue {
    first(program, Input::Memory { name: "bench.toml".to_owned(), bytes: text.as_bytes().to_vec() })
}

/// An issue of `fixtures/`.
pub fn fixture(program: &Program, name: &str) -> Issue {
    first(program, Input::File(file(&format!("fixtures/{name}.toml"))))
}

fn first(program: &Program, input: Input) -> Issue {
    let mut issues = Issues::open(program, vec![input], ReadOptions::default())
        .unwrap_or_else(|error| unreachable!("the issue is there: {error}"));
    match issues.next() {
        Some(Ok(record)) => record.issue,
        other => unreachable!("the issue fits the policy: {other:?}"),
    }
}

/// Concepts lie in layers; each is concluded from those below it.
const LAYERS: usize = 10;
/// Options of each choice, and of the decision.
const OPTIONS: usize = 5;

/// A policy of `rules` rules: a fact to every twenty rules, ten layers of concepts of which each rests on two of the
/// layer below and one fact; the last layer concludes options of the one decision.
pub fn policy_of(rules: usize) -> String {
    let width = rules / (LAYERS + 1);
    let facts = (rules / 20).max(OPTIONS);
    let mut text = String::from("[policy]\nname = \"generated\"\n");
    for fact in 0..facts {
        let _ = match fact % 3 {
            0 => write!(text, "[fact.f{fact}]\noptions = [\"o0\", \"o1\", \"o2\", \"o3\", \"o4\"]\n"),
            1 => write!(text, "[fact.f{fact}]\ntype = \"integer\"\n"),
            _ => write!(text, "[fact.f{fact}]\ntype = \"bool\"\n"),
        };
    }
    let rule = |text: &mut String, name: usize, says: &str| {
        let _ = write!(text, "[rule.r{name}]\nsays = '{says}'\nbecause = \"Rule {name} says so.\"\n");
    };
    for number in 0..width * LAYERS {
        let (layer, place) = (number / width, number % width);
        let own = on_fact((number * 7) % facts, number);
        let below = |step: usize| format!("c{}_{}", layer - 1, (place + step) % width);
        let says = match layer {
            0 => format!("c0_{place} if {own}, {}", on_fact((number * 11 + 3) % facts, number + 1)),
            _ if number % 4 == 3 => format!("c{layer}_{place} if {own}, {}, not {}", below(0), below(1)),
            _ => format!("c{layer}_{place} if {} and ({own} or {})", below(0), below(1)),
        };
        rule(&mut text, number, &says);
    }
    for number in width * LAYERS..rules {
        let says = format!("team(t{}) if c{}_{}", number % OPTIONS, LAYERS - 1, number % width);
        rule(&mut text, number, &says);
    }
    text.push_str("[decision.team]\nquestion = \"Who?\"\nhit-policy = \"priority\"\ndefault = \"t0\"\n");
    for option in 0..OPTIONS {
        let _ = write!(text, "[[decision.team.option]]\nid = \"t{option}\"\n");
    }
    text
}

/// A literal about a fact of [`policy_of`].
fn on_fact(fact: usize, salt: usize) -> String {
    match fact % 3 {
        0 => format!("f{fact} != o{}", salt % OPTIONS),
        1 => format!("f{fact} < {}", salt % 90 + 10),
        _ if salt.is_multiple_of(5) => format!("not f{fact}"),
        _ => format!("f{fact}"),
    }
}

/// An issue for [`policy_of`] that gives two facts of three.
pub fn issue_of(rules: usize) -> String {
    let facts = (rules / 20).max(OPTIONS);
    let mut text = String::new();
    for fact in (0..facts).filter(|fact| fact / 3 % 3 != 2) {
        let _ = match fact % 3 {
            0 => writeln!(text, "f{fact} = \"o{}\"", fact % OPTIONS),
            1 => writeln!(text, "f{fact} = {}", fact % 50),
            _ => writeln!(text, "f{fact} = {}", fact % 4 != 0),
        };
    }
    text
}

/// Random lines of JSON for [`policy_of`], each of which gives two facts of three.
pub fn lines_of(rules: usize, number: usize, out: &mut impl io::Write) -> io::Result<()> {
    let facts = (rules / 20).max(OPTIONS);
    let mut dice = issues::Dice(rules as u64);
    for issue in 0..number {
        write!(out, "{{\"id\":\"INC-{issue}\"")?;
        for fact in (0..facts).filter(|_| dice.below(3) != 0).collect::<Vec<_>>() {
            match fact % 3 {
                0 => write!(out, ",\"f{fact}\":\"o{}\"", dice.below(OPTIONS))?,
                1 => write!(out, ",\"f{fact}\":{}", dice.below(100))?,
                _ => write!(out, ",\"f{fact}\":{}", dice.below(2) == 1)?,
            }
        }
        writeln!(out, "}}")?;
    }
    Ok(())
}
