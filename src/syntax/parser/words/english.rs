//! What is said of words of English where rules have none.

use super::{Words, brief, words};
use crate::syntax::tree::{CompareOp, TestKind};
use crate::syntax::unknown;
use crate::syntax::words::as_variable;

/// A word or sign that rules do not have.
pub fn not_used(written: &str, help: impl Into<String>) -> Words {
    words(format!("`{written}` is not used in rules"), help)
}

/// Something that stands for what is written otherwise.
pub fn instead(written: &str, mend: &str) -> Words {
    not_used(written, format!("write `{mend}`"))
}

/// Something that is to be left out before a condition.
pub fn left_out(written: &str, condition: &str) -> Words {
    not_used(written, format!("leave it out: write `{condition}`"))
}

/// Something between two conditions.
pub fn joint(written: &str, mend: &str) -> Words {
    not_used(written, format!("put a comma between two conditions: `{}`", brief(mend)))
}

/// Something between two conditions that says that the second does not hold; perhaps behind an `or`.
pub fn except(written: &str, whole: &str, alternatives: Option<&str>, denied: &str) -> Words {
    let help = match alternatives {
        Some(all) => format!(
            "put a comma between two conditions: `({all}), not {denied}`, or without the first brackets where it is meant \
             of `{whole}` alone"
        ),
        None => format!("put a comma between two conditions: `{}`", brief(&format!("{whole}, not {denied}"))),
    };
    not_used(written, help)
}

/// `all part(kind: battery)`, perhaps behind `not`; with the rows that are otherwise, if that can be told.
pub fn all_rows(written: &str, is_denied: bool, relation: Option<&str>, otherwise: Option<&str>) -> Words {
    let relation = relation.unwrap_or("source");
    let help = match (is_denied, otherwise) {
        (true, Some(otherwise)) => format!("say that one is otherwise, without `not`: `{otherwise}`"),
        (true, None) => {
            format!("say that one is otherwise, without `not`: `{relation}(…)`, with the opposite inside the brackets")
        }
        (false, Some(otherwise)) => format!("say that none is otherwise: `not ({otherwise})`"),
        (false, None) => {
            format!("say that none is otherwise: `not {relation}(…)`, with the opposite inside the brackets")
        }
    };
    not_used(written, help)
}

/// `both a and b`, perhaps behind `not`.
pub fn both(is_denied: bool, two: Option<(&str, &str)>) -> Words {
    let (one, other) = two.unwrap_or(("…", "…"));
    let help = match is_denied {
        true => format!("put the two into brackets: `not ({one} and {other})`"),
        false => format!("leave it out: write `{one} and {other}`"),
    };
    not_used("both", help)
}

/// `price under 100 or over 500`, at the second.
pub fn nothing_compared(written: &str, op: CompareOp, number: &str) -> Words {
    not_used(
        written,
        format!("each condition names what is compared: write it here too, before `{} {number}`", op.as_str()),
    )
}

/// `symptoms is empty`, `symptoms = []`
pub fn asked_whether_empty(written: &str, subject: &str, is_denied: bool) -> Words {
    let (not, op) = if is_denied { ("", "!=") } else { ("not ", "=") };
    let option = if written == "empty" { format!("; an option, `{subject} {op} empty`") } else { String::new() };
    words(
        format!("`{written}` is not used in rules"),
        format!("of a list, write `{not}{subject}(_)`; a text is compared: `{subject} {op} \"\"`{option}"),
    )
}

/// `either a or b`
pub fn either(two: Option<(&str, &str)>) -> Words {
    let (one, other) = two.unwrap_or(("…", "…"));
    not_used("either", format!("put the two into brackets: `({one} or {other})`"))
}

/// `neither a nor b`
pub fn neither(two: Option<(&str, &str)>) -> Words {
    let (one, other) = two.unwrap_or(("…", "…"));
    not_used("neither", format!("write `not` before each: `not {one}, not {other}`"))
}

/// `at least 2 of (a, b, c)`, or `at least 2 part(…)`.
pub fn number_of(written: &str, op: CompareOp, number: &str, row: Option<&str>, fact: Option<&str>) -> Words {
    let help = match row {
        None if let Some(fact) = fact => format!(
            "write `{fact} {0} {number}` where that is a number; what it has several of is counted: `count({fact}(…)) {0} \
             {number}`",
            op.as_str()
        ),
        Some(row) => format!("write `count({row}) {} {number}`", op.as_str()),
        None => format!(
            "conditions are not counted: write each case, as two of three in `(a, b) or (a, c) or (b, c)`; rows are: \
             `count(source(kind: custom)) {} {number}`",
            op.as_str()
        ),
    };
    not_used(written, help)
}

/// A column, and what it is compared with.
pub type Column<'t> = (&'t str, Option<(CompareOp, &'t str)>);

/// Columns of a relation, as they are asked for: with a value, as true, or in a comparison of its own.
pub fn column_question(relation: &str, columns: &[Column<'_>]) -> String {
    let (mut values, mut behind): (Vec<String>, String) = Default::default();
    for (column, compared) in columns {
        let value = match compared {
            None => "true".to_owned(),
            Some((CompareOp::Eq, value)) => (*value).to_owned(),
            Some((op, value)) => {
                let variable = as_variable(column);
                behind.push_str(&format!(", {variable} {} {value}", op.as_str()));
                variable
            }
        };
        let value = format!("{column}: {value}");
        if !values.contains(&value) {
            values.push(value);
        }
    }
    format!("{relation}({}){behind}", values.join(", "))
}

/// `part with spare = true`
pub fn column_in_brackets(written: &str, question: &str) -> Words {
    not_used(written, format!("a column is asked for inside the brackets: `{question}`"))
}

/// `reason not damaged`
pub fn not_between(subject: &str, value: &str, is_name: bool) -> Words {
    let comma =
        if is_name { format!("; put a comma before `not` where `{value}` is a condition") } else { String::new() };
    words(format!("`not` stands behind `{subject}`"), format!("write `{subject} != {value}`{comma}"))
}

/// `price is unknown`
pub fn asked_whether_known(subject: &str, op: CompareOp, word: &str) -> Words {
    let mut words = unknown::asked_whether_known();
    words.help = format!("where `{word}` is an option, write `{subject} {} {word}`; else {}", op.as_str(), words.help);
    words
}

/// What a text is looked for with.
pub enum Pattern<'t> {
    /// Nothing.
    None,
    /// A name.
    Word(&'t str),
    /// A text that stands behind `like`, without quotes.
    Like(&'t str),
    /// A text in quotes, or something else.
    Text(&'t str),
}

/// A test in the middle of its two values.
pub fn test_between(test: TestKind, help: String) -> Words {
    words(format!("`{}` stands between its two values", test.as_str()), help)
}

/// How `title contains "x"` is written, perhaps of what may be a list.
pub fn test_help(not: &str, test: TestKind, subject: &str, pattern: &Pattern<'_>, may_be_list: bool) -> String {
    let asked = |test: TestKind, pattern: &str| format!("{not}{}({subject}, {pattern})", test.as_str());
    match pattern {
        Pattern::None => format!("write `{}`", asked(test, "\"…\"")),
        Pattern::Like(text) => {
            let inner = text.trim_matches('%');
            let test = match (text.starts_with('%'), text.ends_with('%')) {
                (false, true) => TestKind::StartsWith,
                (true, false) => TestKind::EndsWith,
                _ => TestKind::Contains,
            };
            format!("write `{}`", asked(test, &format!("\"{inner}\"")))
        }
        Pattern::Word(word) if may_be_list => format!(
            "of a list, write `{not}{subject}({word})`, or `{not}{subject}(\"{word}\")` if it holds texts; of a text, \
             `{}`, without quotes if `{word}` is a fact",
            asked(test, &format!("\"{word}\""))
        ),
        Pattern::Word(word) => format!("write `{}`; a text stands in quotes", asked(test, word)),
        Pattern::Text(text) if may_be_list && text.starts_with('"') => {
            format!("write `{}`; of a list, `{not}{subject}({text})`", asked(test, text))
        }
        Pattern::Text(text) => format!("write `{}`", asked(test, text)),
    }
}
