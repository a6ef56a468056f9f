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

/// `all part(spare: true)`
pub fn all_rows(written: &str, relation: Option<&str>) -> Words {
    let relation = relation.unwrap_or("source");
    not_used(written, format!("say that none is otherwise: `not {relation}(…)`, with the opposite inside the brackets"))
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

/// A column of a relation, as it is asked for: with a value, as true, or in a comparison of its own.
pub fn column_question(relation: &str, column: &str, compared: Option<(CompareOp, &str)>) -> String {
    match compared {
        None => format!("{relation}({column}: true)"),
        Some((CompareOp::Eq, value)) => format!("{relation}({column}: {value})"),
        Some((op, value)) => {
            let variable = as_variable(column);
            format!("{relation}({column}: {variable}), {variable} {} {value}", op.as_str())
        }
    }
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
