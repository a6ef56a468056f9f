//! What is said of lists and of arguments in brackets.

use super::{Words, brief, lower_case, words};
use crate::syntax::token::TokenKind;
use crate::syntax::words::is_reserved;

pub fn no_list(kind: &TokenKind, subject: &str, negated: bool, values: &[&str]) -> Words {
    let subject = brief(subject);
    let (word, op, not) = if negated { ("not in", "!=", "not ") } else { ("in", "=", "") };
    let help = match kind {
        _ if values.len() > 1 => format!("write `{subject} {word} [{}]`", values.join(", ")),
        TokenKind::Mark("(") => "write square brackets: `in [one, other]`".to_owned(),
        TokenKind::Word(name) if !is_reserved(name) && subject.starts_with(|c: char| c.is_ascii_lowercase()) => {
            format!(
                "where `{name}` is an option, write `{subject} {op} {name}`, or `{subject} {word} [{name}]` with others of \
             them; where it is a list, `{not}{name}({subject})`"
            )
        }
        TokenKind::Word(name) if !is_reserved(name) => {
            format!(
                "whether a list has a value is asked by `{not}{name}({subject})`; other values are listed: `{word} [one, other]`"
            )
        }
        _ => "write `in [one, other]`".to_owned(),
    };
    words("`in` needs a list in square brackets", help)
}

pub fn empty_list() -> Words {
    words("the list is empty", "write at least one value in it")
}

pub fn list_not_closed(kind: &TokenKind, shown: &str) -> Words {
    let message = match kind {
        TokenKind::End => "a list is not closed".to_owned(),
        _ => format!("a list is not closed before `{shown}`"),
    };
    words(message, "write `]` where the list shall end")
}

/// `n in [1..3]`.
pub fn range_in_list(subject: &str, least: &str, most: &str) -> Words {
    words("a list names each of its values", format!("write `{subject} >= {least}, {subject} <= {most}`"))
}

pub fn variable_in_list(name: &str) -> Words {
    words(
        format!("`{name}` begins with a capital and reads as a variable, but a list holds values alone"),
        format!("options are lower-case, as in `{}`; a text stands in double quotes", lower_case(name)),
    )
}

pub fn no_constant() -> Words {
    words("a list holds values alone", "write options, texts in quotes, numbers or dates")
}

// Arguments.

pub fn empty_brackets(name: &str) -> Words {
    words(
        "there is nothing in the brackets",
        format!("write what belongs into them, or `{name}` alone if nothing does"),
    )
}

pub fn trailing_comma() -> Words {
    words("nothing stands behind the last comma", "take the comma out")
}

pub fn mixed_arguments() -> Words {
    words(
        "arguments by name and by place are mixed",
        "write all of them with a column's name, as in `source(kind: custom)`, or none",
    )
}

pub fn variable_column(name: &str) -> Words {
    words(
        format!("`{name}` begins with a capital and reads as a variable, but a column's name is expected"),
        format!("columns are lower-case: write `{}:`", lower_case(name)),
    )
}

/// `r(v: V, V > 3)`, perhaps with what is to be written for the whole.
pub fn condition_in_brackets(question: Option<&str>) -> Words {
    let help = match question {
        Some(question) => format!("put it behind the bracket: `{question}`"),
        None => "write a variable in its place, and compare that behind the bracket, with a comma between the two; \
                 behind `not`, the two stand in brackets: `not (…, …)`"
            .to_owned(),
    };
    words("a comparison stands inside the brackets", help)
}

/// `source(kind: [ootb, custom])`
pub fn list_in_brackets(question: &str) -> Words {
    words("a list stands inside the brackets", format!("put it behind the bracket: `{question}`"))
}

/// `source(kind: not custom)`, with another option asked for, or that no row has this one.
pub fn not_before_argument(other: &str, none: Option<&str>) -> Words {
    let help = match none {
        Some(none) => format!("that it is another one is written `{other}`; that there is none at all, `{none}`"),
        None => format!("write `{other}`"),
    };
    words("`not` stands before a value", help)
}

pub fn column_equals(column: &str, question: Option<&str>) -> Words {
    let mend = question.map_or_else(|| format!("{column}: …"), str::to_owned);
    words("`=` stands inside the brackets", format!("a column's value is given with a colon: `{mend}`"))
}

/// `part(kind: battery and owner: vendor)`
pub fn joined_columns(question: Option<&str>) -> Words {
    let mend = question.map(|question| format!(": `{question}`")).unwrap_or_default();
    words("`and` joins conditions, not columns", format!("put a comma between two columns{mend}"))
}

/// `tags("a" or "b")`: with what the condition is for each of the two values, if that can be told.
pub fn joined_arguments(joint: &str, whole: Option<&str>) -> Words {
    let help = match whole {
        Some(whole) => format!("write the condition once for each: `{whole}`"),
        None => format!("write the whole condition once for each value, with `{joint}` between"),
    };
    words(format!("`{joint}` joins conditions, not values"), help)
}

/// `team(desk or support) if …`
pub fn joined_heads(joint: &str, one: &str, other: &str) -> Words {
    words(
        format!("`{joint}` joins conditions, and a rule concludes one thing"),
        format!("write a rule for each: `{one} if …` and `{other} if …`"),
    )
}

pub fn behind_argument(shown: &str) -> Words {
    words(format!("`{shown}` stands behind an argument"), "put a comma between two arguments, and `)` behind the last")
}

/// `decided(team = support)`
pub fn decided_equals(decision: &str, value: &str) -> Words {
    words("`=` stands inside the brackets", format!("write `decided({decision}, {value})`"))
}
