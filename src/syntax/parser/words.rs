//! What is said of a text whose tokens are in no order that rules have.
//!
//! Wording only, each function named after its fault: where it is said is the business of the callers.

mod bodies;
mod brackets;
mod clauses;
mod conditions;
mod english;
mod functions;
mod whole;

use super::recovery::brief;
pub use crate::syntax::faults::Words;
use crate::syntax::token::TokenKind;
use crate::syntax::words::is_reserved;
pub use bodies::*;
pub use brackets::*;
pub use clauses::*;
pub use conditions::*;
pub use english::*;
pub use functions::*;
pub use whole::*;

fn words(message: impl Into<String>, help: impl Into<String>) -> Words {
    Words::new(message, help)
}

/// The text or the bracket ends where `what` is expected.
pub fn missing(what: &str, before: &str) -> Words {
    words(
        format!("{what} is missing behind `{before}`"),
        format!("write {what} behind `{before}`, or take `{before}` out"),
    )
}

/// Something else stands where `what` is expected.
pub fn expected(what: &str, kind: &TokenKind, shown: &str) -> Words {
    let help = match kind {
        TokenKind::Mark("[") if what == "a value" => return list_as_value(),
        TokenKind::Mark("[") => return square_brackets(),
        TokenKind::Text(_) if what != "a value" => format!("write {what} here, without quotes"),
        // Without its operator, what is behind it would mean something else.
        kind if kind.is_comparison() && what == "a value" => format!(
            "write {what} before `{shown}`, or a variable in its place and `X {shown} …` as a condition of its own"
        ),
        kind if kind.is_operator() => format!("write {what} before `{shown}`"),
        TokenKind::Mark(_) => format!("write {what} before `{shown}`, or take `{shown}` out"),
        _ => format!("write {what} here"),
    };
    words(format!("{} where {what} is expected", stands(kind, shown)), help)
}

fn stands(kind: &TokenKind, shown: &str) -> String {
    match kind {
        TokenKind::End => "the text ends".to_owned(),
        TokenKind::Word(word) if is_reserved(word) => format!("the word `{shown}` stands"),
        TokenKind::Text(_) => "a text in quotes stands".to_owned(),
        _ => format!("`{shown}` stands"),
    }
}

/// A word of the language where `what` is expected.
pub fn keyword(word: &str, what: &str) -> Words {
    let help = match word {
        "not" if what == "a value" => {
            "`not` stands before a whole condition: put it there, or give a variable here and \
                                       compare that with `!=`"
                .to_owned()
        }
        "and" | "or" | "if" | "in" | "not" => {
            format!("write {what} before `{word}`, or take `{word}` out; a name cannot be `{word}`")
        }
        _ => format!("`{word}` is a word of the rule language: a name must be another one"),
    };
    words(format!("the word `{word}` stands where {what} is expected"), help)
}

/// A name with a hyphen.
pub fn dashed(written: &str, is_rule: bool) -> Words {
    let rules = if is_rule { "" } else { "; the name of a rule is no condition: name what the rule concludes" };
    words(
        format!("`{written}` reads as minus"),
        format!(
            "names are written with `_`: `{}`; put blanks round a minus{rules}",
            written.replace(['-', '\u{2212}', '–', '—'], "_")
        ),
    )
}

fn lower_case(variable: &str) -> String {
    let lower = variable.trim_start_matches('_').to_lowercase();
    if lower.is_empty() { "name".to_owned() } else { lower }
}
