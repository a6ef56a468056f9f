//! Facts that are compared with many constants, which the columnar engine keeps otherwise than those compared with few.

use std::fmt::Write as _;

use crate::dice::Dice;
use crate::run::Run;

/// A policy that compares an integer, a number and a date with constants around zero, in each way there is, and one
/// of them with more than two hundred and fifty.
fn policy() -> String {
    let mut text = String::from(
        "[policy]\nname = \"t\"\n[fact.i]\ntype = \"integer\"\ndefault = 2\n[fact.n]\ntype = \"number\"\n\
         [fact.d]\ntype = \"date\"\ndefault = 2026-01-03\n[fact.many]\ntype = \"integer\"\n[fact.c]\noptions = [\"x\"]\n\
         [decision.t]\nquestion = \"?\"\nhit-policy = \"collect\"\n",
    );
    let mut rules = String::new();
    let mut option = |condition: String| {
        let number = rules.matches("[rule").count();
        let _ = writeln!(text, "[[decision.t.option]]\nid = \"o{number}\"");
        let _ = writeln!(rules, "[rule.r{number}]\nsays = 't(o{number}) if {condition}'");
    };
    for constant in -4..=4 {
        let number = f64::from(constant) / 2.0;
        for op in ["=", "!=", "<", "<=", ">", ">="] {
            option(format!("i {op} {constant}"));
            option(format!("n {op} {number:?}"));
            option(format!("d {op} 2026-01-0{}", constant + 5));
        }
    }
    option("i in [-3, 0, 1, 4]".to_owned());
    option("i not in [-3, 0, 1, 4]".to_owned());
    option("not (i > -2 and n < 1.5)".to_owned());
    option("c = x".to_owned());
    (0..260).step_by(20).for_each(|some| option(format!("many < {some}")));
    let all = (0..260).map(|constant| format!("many = {}", 2 * constant)).collect::<Vec<_>>();
    all.chunks(65).for_each(|some| option(some.join(" or ")));
    text + &rules
}

/// Two values of three for each fact, or that it is not known, and now and then an option that there is none of.
fn lines(count: usize) -> String {
    let mut dice = Dice(17);
    let mut up_to = |most: usize| dice.below(most);
    let mut lines = String::new();
    for id in 0..count {
        let _ = write!(lines, "{{\"id\":{id}");
        for (fact, most) in [("i", 11), ("n", 12), ("d", 9), ("many", 530)] {
            let value = up_to(most) as i64;
            let _ = match (up_to(3), fact) {
                (0, _) if up_to(2) == 0 => Ok(()),
                (0, _) => write!(lines, ",\"{fact}\":null"),
                (_, "n") => write!(lines, ",\"n\":{:?}", (value - 6) as f64 / 2.0),
                (_, "d") => write!(lines, ",\"d\":\"2026-01-0{}\"", value + 1),
                _ => write!(lines, ",\"{fact}\":{}", value - 5),
            };
        }
        let option = match up_to(10) {
            0..5 => ",\"c\":\"x\"",
            5..9 => "",
            _ => ",\"c\":\"y\"",
        };
        let _ = writeln!(lines, "{option}}}");
    }
    lines
}

#[test]
fn both_engines_agree_on_facts_that_are_compared_with_many_constants() {
    let (policy, lines) = (policy(), lines(1500));
    let decide = |engine: &str| {
        let arguments = ["decide", "i.jsonl", "--policy", "p.toml", "--quiet", "--threads", "1", "--engine", engine];
        Run::new(arguments).file("p.toml", &policy).file("i.jsonl", &lines).outcome()
    };
    let (reference, columnar) = (decide("reference"), decide("columnar"));
    assert_eq!(columnar.code, 1);
    assert!(columnar.stdout == reference.stdout, "verdicts differ");
    assert_eq!(columnar.stderr, reference.stderr);
    let decided = columnar.stdout.lines().count();
    assert!((1200..1500).contains(&decided), "{decided}");
}
