//! What is said of what stands between conditions.

use super::super::{DEPTH, OPERATORS};
use super::{Words, brief, words};
use crate::syntax::token::TokenKind;

pub fn not_joined(shown: &str, follows_number: bool) -> Words {
    let shown = brief(shown);
    let units = if follows_number { "; a number has no unit" } else { "" };
    words(
        "nothing joins this to the condition before it",
        format!(
            "put a comma, `and` or `or` before `{shown}` if a condition begins there, a full stop if a rule does; take out \
             or replace words that are no names or values, and join those of one name with `_`{units}"
        ),
    )
}

pub fn capital_keyword(name: &str) -> Words {
    words(
        format!("`{name}` begins with a capital and reads as a variable"),
        format!("write `{}` in lower case", name.to_lowercase()),
    )
}

/// `is` or `is not`, perhaps before `in`, or between something and a lone name.
pub fn equals_word(written: &str, negated: bool, before_in: bool, sides: Option<(&str, &str)>) -> Words {
    let (op, word, not) = if negated { ("!=", "not in", "not ") } else { ("=", "in", "") };
    let help = match sides {
        _ if before_in => format!("write `{word}` alone"),
        Some((subject, truth @ ("true" | "false"))) => format!("write `{subject} {op} {truth}`"),
        Some((subject, name)) => {
            format!("write `{subject} {op} {name}`, or `{not}{name}` alone where that is a condition by itself")
        }
        None => format!("write `{op}`, or `{word} [one, other]` for several values"),
    };
    words(format!("`{written}` is not used in rules"), help)
}

/// `n mod 2`.
pub fn modulo(subject: &str, divisor: Option<&str>) -> Words {
    let help = format!("the rest of a division is written `{subject} % {}`", divisor.unwrap_or("…"));
    words("`mod` is not used in rules", help)
}

/// `n between 1 and 3`, perhaps behind `not`.
pub fn between(subject: &str, range: Option<(&str, &str)>, negated: bool) -> Words {
    let (low, high) = range.unwrap_or(("…", "…"));
    let (not, end) = if negated { ("not (", ")") } else { ("", "") };
    words("`between` is not used in rules", format!("write `{not}{subject} >= {low}, {subject} <= {high}{end}`"))
}

/// `a ! = b`, `a /= b`
pub fn operator_in_two(written: &str, meant: &str) -> Words {
    words(format!("`{written}` is not used in rules"), format!("write `{meant}`"))
}

/// The comparison that two marks are meant for.
pub fn joined_operator(first: &str, second: &str) -> Option<&'static str> {
    match (first, second) {
        ("/" | "!", "=") | ("<", ">") => Some("!="),
        ("<", "=") | ("=", "<") => Some("<="),
        (">", "=") | ("=", ">") => Some(">="),
        _ => None,
    }
}

/// `n > +5`
pub fn plus(number: &str) -> Words {
    words("`+` stands before a number", format!("take it out: write `{number}`"))
}

/// `source(*)`
pub fn star() -> Words {
    words("`*` stands where a value is expected", "write `_`, which any value fits")
}

pub fn bang_in() -> Words {
    words("`!in` is not used in rules", "write `not in`")
}

pub fn not_without_in() -> Words {
    words("`not` stands before a list without `in`", "write `not in [one, other]`")
}

pub fn square_brackets() -> Words {
    words("square brackets stand behind `in` alone", "write round brackets")
}

/// `source(kind: [ootb, custom])`
pub fn list_as_value() -> Words {
    words(
        "square brackets stand behind `in` alone",
        "write a variable here and `X in [one, other]` as a condition of its own; a test of a text is written once for \
         each, with `or` between",
    )
}

pub fn stray_colon() -> Words {
    words(
        "`:` stands behind a condition",
        "a colon stands behind a column's name, or between the two parts of `sum(X : …)`",
    )
}

pub fn not_opened(bracket: &str) -> Words {
    let open = if bracket == ")" { "(" } else { "[" };
    words(format!("`{bracket}` closes no bracket"), format!("take it out, or write `{open}` where the bracket begins"))
}

pub fn too_much_in_bracket(shown: &str) -> Words {
    words(format!("`{shown}` stands where `)` is expected"), format!("write `)` before `{shown}`, or take it out"))
}

pub fn not_closed(kind: &TokenKind, shown: &str) -> Words {
    let message = match kind {
        TokenKind::End => "a bracket is not closed".to_owned(),
        _ => format!("a bracket is not closed before `{shown}`"),
    };
    words(message, "write `)` where the bracket shall end")
}

pub fn too_deep() -> Words {
    words(
        format!("brackets, `not` and minus are nested more than {DEPTH} deep"),
        "give the inner part a rule and a name of its own",
    )
}

pub fn too_long() -> Words {
    words(
        format!("one rule has more than {OPERATORS} arithmetic operators"),
        "give a part of the sum a rule and a name of its own",
    )
}
