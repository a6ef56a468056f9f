//! What is said of the beginnings of rules.

use super::{Words, lower_case, words};

pub fn no_rule() -> Words {
    words("there is no rule here", "write a conclusion and when it holds: `conclusion if condition`")
}

pub fn no_body() -> Words {
    words(
        "there is no condition behind `if`",
        "write the condition, or take `if` out where the conclusion always holds",
    )
}

pub fn variable_head(name: &str) -> Words {
    words(
        format!("`{name}` begins with a capital and reads as a variable, but a rule concludes a name"),
        format!("conclusions are lower-case: write `{}`", lower_case(name)),
    )
}

pub fn decided_concluded() -> Words {
    words("a rule cannot conclude `decided`", "conclude an option of the decision, as in `team(support) if …`")
}

pub fn negated_head() -> Words {
    words(
        "a rule cannot conclude that something does not hold",
        "what no rule concludes does not hold; write `not` before it where it is a condition",
    )
}

pub fn named_head(name: &str, columns: usize) -> Words {
    let places = ["X", "Y", "Z"].get(..columns).map_or_else(|| "X, Y, …".to_owned(), |names| names.join(", "));
    words("a conclusion takes no named arguments", format!("write its arguments by place: `{name}({places})`"))
}

pub fn compared_head(op: &str) -> Words {
    words(
        format!("`{op}` stands behind the conclusion, but a rule concludes no comparison"),
        "conclude a name, as in `team(support)`, and put comparisons behind `if`",
    )
}

pub fn two_heads() -> Words {
    words("a rule concludes one thing", "write a rule for each conclusion, with a full stop between them")
}

pub fn second_brackets() -> Words {
    words("a second bracket follows the conclusion", "write all arguments into one bracket, with commas between them")
}

pub fn condition_first() -> Words {
    words("the condition stands before the conclusion", "write the conclusion first: `conclusion if condition`")
}

pub fn not_if(written: &str) -> Words {
    words(format!("`{written}` stands where `if` is expected"), format!("write `if` in place of `{written}`"))
}

/// `p iff q`
pub fn word_behind_head(shown: &str) -> Words {
    words(
        format!("`{shown}` stands behind the conclusion"),
        format!("write `if` in place of `{shown}`, or before it where it belongs to the condition"),
    )
}

pub fn behind_head(shown: &str) -> Words {
    words(
        format!("`{shown}` stands behind the conclusion"),
        "write `if` before the condition, or a full stop where the rule ends",
    )
}

/// `a unless b`
pub fn unless_behind_head(rest: &str) -> Words {
    words("`unless` is not used in rules", format!("write `if not ({rest})`"))
}

/// `p only if q`
pub fn before_if(written: &str) -> Words {
    words(
        format!("`{written}` stands between the conclusion and `if`"),
        format!("take `{written}` out; the words of one name are joined with `_`"),
    )
}

/// `then team(support) if q`
pub fn before_head(written: &str, head: &str) -> Words {
    words(
        format!("`{written}` stands before the conclusion"),
        format!("a rule begins with what it concludes: take `{written}` out before `{head}`"),
    )
}

/// `team support if q`, `carrier pays if q`
pub fn two_words_of_head(first: &str, second: &str) -> Words {
    words(
        format!("`{second}` stands behind the conclusion"),
        format!(
            "write `{first}({second})` where `{second}` is an option of the decision `{first}`; words of one name are \
             joined: `{first}_{second}`"
        ),
    )
}

pub fn second_if() -> Words {
    words(
        "a second `if` in one rule",
        "put a full stop before the next rule's conclusion, or join conditions with `and`",
    )
}

pub fn no_branches(word: &str) -> Words {
    words(
        format!("`{word}` is not used in rules"),
        "write the conclusion first, `conclusion if condition`, and a rule for each case",
    )
}

/// `source.kind`, perhaps with what it is compared with as the question that it is here.
pub fn dotted(first: &str, second: &str, question: Option<String>) -> Words {
    let help = match (first, second) {
        ("fact" | "facts" | "issue" | "decision" | "concept" | "policy", _) => {
            format!("write the name alone: `{second}`")
        }
        (_, "year" | "month" | "weekday" | "quarter") => {
            format!("a date is compared as a whole, as in `{first} >= 2026-01-01, {first} <= 2026-12-31`")
        }
        _ => {
            let question = question.unwrap_or_else(|| format!("{first}({second}: …)"));
            format!("a column is written in brackets: `{question}`; words of a name are joined with `_`")
        }
    };
    words("a point inside a name ends the rule", help)
}

/// `team = support if …`.
pub fn value_of_head(name: &str, shown: &str, value: &str) -> Words {
    words(format!("`{shown}` stands behind the conclusion"), format!("write `{name}({value})`"))
}

pub fn foreign_comment() -> Words {
    words("`%` begins no rule", "a comment begins with `#`")
}
