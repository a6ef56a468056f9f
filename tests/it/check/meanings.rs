//! Mistakes whose first mend that comes to mind would mean something else: what the help says is what was meant.

use std::path::PathBuf;

use remit::diagnostic::{Code, Diagnostic};

const POLICY: &str = r#"
[policy]
name = "t"
[fact]
price.type = "number"
harm.type = "bool"
old.type = "bool"
today.type = "date"
bought_on.type = "date"
title.type = "text"
ward.options = ["icu", "er"]
[fact.symptoms]
type = "list"
of = ["alarm", "leak", "smoke"]
[fact.hours]
type = "list"
of = "integer"
[fact.tags]
type = "list"
of = "text"
[fact.part]
type = "records"
[fact.part.columns]
kind = ["battery", "cable", "board"]
age = "integer"
price = "number"
owner = ["vendor", "clinic"]
[decision.who]
question = "?"
hit-policy = "priority"
default = "y"
option = [{ id = "x" }, { id = "y" }]
"#;

/// What is found in a rule with this condition, but for what is unused.
fn found(body: &str) -> Vec<Diagnostic> {
    let rule = format!("[rule.z]\nsays = '''who(x) if {body}'''\n");
    let files = vec![(PathBuf::from("p.toml"), format!("{POLICY}{rule}"))];
    let (policy, sources, mut found) = remit::policy::load_texts(files, PathBuf::new());
    found.extend(remit::check::check(&policy, &sources).1);
    remit::diagnostic::sort(&mut found, &sources);
    let unused = [Code::UnusedFact, Code::MissingBecause, Code::OptionNeverConcluded];
    found.retain(|d| !unused.contains(&d.code));
    found
}

/// That each condition has one fault, whose help says what stands in place of `odd` in it, and that nothing is wrong then.
fn conditions(cases: &[(&str, &str, &str)]) {
    for (written, odd, mend) in cases {
        let faults = found(written);
        assert_eq!(faults.len(), 1, "{written}: {faults:#?}");
        let help = faults[0].help.as_deref().unwrap_or_default();
        assert!(help.split('`').skip(1).step_by(2).any(|piece| piece == *mend), "{written}: {help}");
        let mended = written.replacen(odd, mend, 1);
        assert_ne!(*written, mended);
        assert_eq!(found(&mended), [], "{mended}");
    }
}

/// The same where all of the condition is replaced.
fn wholes(cases: &[(&str, &str)]) {
    let cases: Vec<(&str, &str, &str)> = cases.iter().map(|(written, mend)| (*written, *written, *mend)).collect();
    conditions(&cases);
}

/// A day less long ago is a later one.
#[test]
fn days_ago() {
    wholes(&[
        ("bought_on less than 30 days ago", "bought_on > today - 30"),
        ("bought_on more than 30 days ago", "bought_on < today - 30"),
        ("bought_on at least 2 weeks ago", "bought_on <= today - 14"),
        ("bought_on is not more than 30 days ago", "bought_on >= today - 30"),
        ("bought_on before 30 days ago", "bought_on < today - 30"),
        ("bought_on since 2 weeks ago", "bought_on >= today - 14"),
        ("bought_on less than 2 years ago", "bought_on > today - 730"),
        // What a sign says may be meant of the days or of how long ago they are.
        ("bought_on < 30 days ago", "bought_on > today - 30"),
        ("bought_on < 30 days ago", "bought_on < today - 30"),
        ("bought_on > 30 days ago", "bought_on < today - 30"),
    ]);
    conditions(&[
        ("not bought_on < 30 days ago", "bought_on < 30 days ago", "bought_on > today - 30"),
        ("bought_on + 2 years < today", "2 years", "730"),
        ("today - bought_on > 3 months", "3 months", "90"),
    ]);
}

/// What stands in the brackets of one row stays a condition on that row, also behind `not`.
#[test]
fn conditions_in_brackets() {
    wholes(&[
        ("part(kind: battery, age > 5)", "part(kind: battery, age: Age), Age > 5"),
        ("not part(kind: battery, age > 5)", "not (part(kind: battery, age: Age), Age > 5)"),
        ("part(kind: battery, price > 100)", "part(kind: battery, price: Price), Price > 100"),
        ("part(age > 5, age < 9)", "part(age: Age), Age > 5, Age < 9"),
        ("part(kind = battery, age: > 5)", "part(kind: battery, age: Age), Age > 5"),
        ("part(age: A, A > 5)", "part(age: A), A > 5"),
        ("not part(age: A, A > 5)", "not (part(age: A), A > 5)"),
        ("not part(kind in [battery, cable])", "not (part(kind: Kind), Kind in [battery, cable])"),
        ("part(kind: not in [battery, cable])", "part(kind: Kind), Kind not in [battery, cable]"),
        ("part(kind: battery and owner: vendor)", "part(kind: battery, owner: vendor)"),
        ("not part(kind: battery and age > 5)", "not (part(kind: battery, age: Age), Age > 5)"),
        ("hours(> 3)", "hours(Hours), Hours > 3"),
        ("not hours(> 3)", "not (hours(Hours), Hours > 3)"),
    ]);
    // In a condition that is counted, too.
    conditions(&[(
        "count(part(kind: battery, age > 5)) > 2",
        "part(kind: battery, age > 5)",
        "part(kind: battery, age: Age), Age > 5",
    )]);
}

/// That a row has another value is not that no row has this one.
#[test]
fn denials_of_values() {
    for body in ["part(kind: !battery)", "part(kind: not battery)"] {
        wholes(&[(body, "part(kind: Kind), Kind != battery"), (body, "not part(kind: battery)")]);
    }
    wholes(&[
        ("not part(kind: not battery)", "not (part(kind: Kind), Kind != battery)"),
        ("symptoms(not alarm)", "symptoms(Symptoms), Symptoms != alarm"),
        ("symptoms(not alarm)", "not symptoms(alarm)"),
        ("harm = !true", "harm != true"),
        ("harm = not false", "harm != false"),
        ("not all part(kind: battery)", "part(kind: Kind), Kind != battery"),
        ("all part(kind: battery)", "not (part(kind: Kind), Kind != battery)"),
        ("not hours > 3", "not (hours(H), H > 3)"),
        ("not 3 < hours", "not (hours(H), H > 3)"),
        ("hours > 3", "hours(H), H > 3"),
        ("not tags = \"vip\"", "not tags(\"vip\")"),
    ]);
}

#[test]
fn several_values_and_conditions_behind_not() {
    wholes(&[
        ("not symptoms(alarm and leak)", "not (symptoms(alarm), symptoms(leak))"),
        ("symptoms(alarm and leak)", "symptoms(alarm), symptoms(leak)"),
        ("not symptoms(alarm or leak)", "not (symptoms(alarm) or symptoms(leak))"),
        ("not both harm and old", "not (harm and old)"),
        ("both ward = icu and old", "ward = icu and old"),
        ("not symptoms(alarm) or leak", "not symptoms(alarm), not symptoms(leak)"),
        ("not symptoms(alarm) or leak or smoke", "not symptoms(alarm), not symptoms(leak), not symptoms(smoke)"),
        ("not part(kind: battery) or cable", "not part(kind: battery), not part(kind: cable)"),
        ("contains(title, \"virus\" or \"worm\")", "(contains(title, \"virus\") or contains(title, \"worm\"))"),
        ("not contains(title, \"virus\" or \"worm\")", "not (contains(title, \"virus\") or contains(title, \"worm\"))"),
    ]);
    conditions(&[
        ("symptoms(alarm) or leak", "leak", "symptoms(leak)"),
        ("not symptoms(alarm), not leak", "leak", "symptoms(leak)"),
        ("not symptoms(alarm, leak)", "symptoms(alarm, leak)", "(symptoms(alarm) or symptoms(leak))"),
        ("part(battery, cable)", "part(battery, cable)", "(part(kind: battery), part(kind: cable))"),
    ]);
}

/// An exception is all that follows, and of all that stands before it.
#[test]
fn exceptions() {
    for word in ["unless", "except", "but not", "without"] {
        wholes(&[
            (&format!("harm {word} old"), "harm, not old"),
            (&format!("harm {word} old and symptoms(leak)"), "harm, not (old and symptoms(leak))"),
            (&format!("harm or old {word} symptoms(leak)"), "(harm or old), not symptoms(leak)"),
        ]);
        conditions(&[
            (&format!("harm, {word} old"), &format!("{word} old"), "not old"),
            (
                &format!("harm, {word} old and symptoms(leak)"),
                &format!("{word} old and symptoms(leak)"),
                "not (old and symptoms(leak))",
            ),
            (&format!("ward = icu or (harm {word} old)"), &format!("harm {word} old"), "harm, not old"),
        ]);
    }
    let faults = found("harm or old but not symptoms(leak)");
    let help = faults.first().and_then(|fault| fault.help.as_deref()).unwrap_or_default();
    assert!(help.ends_with("or without the first brackets where it is meant of `old` alone"), "{help}");
}

/// Columns that are named beside each other are those of one row.
#[test]
fn columns_of_one_row() {
    let row = "part(kind: battery, age: Age), Age > 5";
    wholes(&[
        ("part.kind = battery and part.age > 5", row),
        ("part.kind = battery, part.age > 5", row),
        ("kind = battery and age > 5", row),
        ("age > 5, age < 9", "part(age: Age), Age > 5, Age < 9"),
        ("part(owner: vendor), kind = battery, age > 5", "part(owner: vendor, kind: battery, age: Age), Age > 5"),
    ]);
    conditions(&[("part.kind = battery, harm", "part.kind = battery", "part(kind: battery)")]);
    // Of two kinds, none can be both.
    assert_eq!(found("kind = battery and kind = cable").len(), 2);
}

#[test]
fn how_many_there_are() {
    conditions(&[
        ("length(tags) > 2", "length(tags)", "count(tags(_))"),
        ("length(part) > 2", "length(part)", "count(part(kind: _))"),
    ]);
    wholes(&[
        ("symptoms is empty", "not symptoms(_)"),
        ("symptoms is not empty", "symptoms(_)"),
        ("symptoms = empty", "not symptoms(_)"),
        ("symptoms != empty", "symptoms(_)"),
        ("symptoms = []", "not symptoms(_)"),
        ("title is empty", "title = \"\""),
    ]);
}
