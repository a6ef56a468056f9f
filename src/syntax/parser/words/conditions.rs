//! What is said of one condition.

use super::{Words, brief, lower_case, words};
use crate::syntax::tree::{AggregateKind, CompareOp, TestKind};

pub fn second_comparison(first: &str) -> Words {
    words(
        format!("a second comparison follows `{first}`"),
        "a comparison has two sides: write a range as in `1 < x and x < 3`",
    )
}

/// `severity = not p1`.
pub fn not_before_value(subject: &str, op: CompareOp, value: Option<&str>) -> Words {
    let written = format!("{subject} {} {}", op.negated().as_str(), value.unwrap_or("…"));
    words("`not` stands before a value", format!("write `{written}`"))
}

/// `severity = [p1, p2]` or `severity = (p1 or p2)`.
pub fn several_values(subject: &str, op: CompareOp, values: &[&str]) -> Words {
    let word = if op == CompareOp::Ne { "not in" } else { "in" };
    words(
        format!("several values stand behind `{}`", op.as_str()),
        format!("write `{subject} {word} [{}]`", values.join(", ")),
    )
}

pub fn compared_condition() -> Words {
    words(
        "a condition holds or does not hold; it has no value to compare",
        "take the comparison out, and write `not` before the condition where it shall not hold",
    )
}

pub fn variable_relation(name: &str) -> Words {
    words(
        format!("`{name}` begins with a capital and reads as a variable, but a name is expected"),
        format!("facts and conclusions are lower-case: write `{}`", lower_case(name)),
    )
}

pub fn variable_condition(name: &str) -> Words {
    words(
        format!("the variable `{name}` is no condition by itself"),
        format!(
            "facts and conclusions are lower-case, as in `{}`; a variable is compared, as in `{name} = 1`",
            lower_case(name)
        ),
    )
}

pub fn bool_condition() -> Words {
    words("`true` and `false` are no conditions by themselves", "write the fact alone, or `not` and the fact")
}

pub fn value_condition() -> Words {
    words(
        "a value stands where a condition is expected",
        "compare it with `=`, `!=`, `<`, `<=`, `>`, `>=` or `in [one, other]`",
    )
}

/// `1,000` or `0,5`.
pub fn comma_in_number(whole: &str, behind: &str) -> Words {
    let help = if whole.contains('.') {
        // `1.500,00`
        format!(
            "write numbers without points between thousands, and a point before a fraction: `{}.{behind}`",
            whole.replace('.', "")
        )
    } else if behind.contains('.') {
        format!("write numbers without commas: `{whole}{behind}`")
    } else if behind.len() == 3 && whole != "0" {
        format!("write numbers without commas: `{whole}{behind}`; a fraction has a point: `{whole}.{behind}`")
    } else {
        format!("a fraction has a point: write `{whole}.{behind}`")
    };
    words("a comma in a number ends the condition", help)
}

/// `1 000`
pub fn blank_in_number(digits: &str) -> Words {
    let written: String = digits.chars().filter(char::is_ascii_digit).collect();
    words(format!("`{digits}` reads as several numbers"), format!("write numbers without blanks: `{written}`"))
}

pub fn no_digit_before_point() -> Words {
    words("a number has a digit before its point", "write `0.5` for a half")
}

pub fn integer_too_large(digits: &str) -> Words {
    words(
        format!("`{digits}` is too large for an integer"),
        "integers go from -9223372036854775808 to 9223372036854775807",
    )
}

pub fn test_shape(test: TestKind) -> Words {
    let test = test.as_str();
    words(
        format!("`{test}` needs two values in brackets"),
        format!("write `{test}(title, \"…\")`; a name cannot be `{test}`"),
    )
}

pub fn function_shape(function: &str) -> Words {
    words(
        format!("`{function}` needs a value in brackets"),
        format!("write `{function}(title)`; a name cannot be `{function}`"),
    )
}

/// `count(source(kind: custom) > 2`.
pub fn aggregate_not_closed(opened: &str, before: &str, written: &str) -> Words {
    words(
        format!("the bracket opened at `{opened}` is not closed before `{before}`"),
        format!("write `)` before `{before}`: `{}) {before} …`", brief(written)),
    )
}

pub fn aggregate_shape(function: AggregateKind) -> Words {
    let name = function.as_str();
    words(
        format!("`{name}` needs a condition in brackets"),
        format!("write `{}`; a name cannot be `{name}`", aggregate_example(function)),
    )
}

pub fn no_aggregate_body(function: AggregateKind) -> Words {
    let message = match function {
        AggregateKind::Count => "`count` needs a condition to count by".to_owned(),
        _ => format!("`{}` needs a value, a colon and a condition", function.as_str()),
    };
    words(message, format!("write it as in `{}`", aggregate_example(function)))
}

fn aggregate_example(function: AggregateKind) -> &'static str {
    match function {
        AggregateKind::Count => "count(source(kind: custom))",
        AggregateKind::Sum => "sum(H : visit(hours: H))",
        AggregateKind::Min => "min(H : visit(hours: H))",
        AggregateKind::Max => "max(H : visit(hours: H))",
    }
}

pub fn decided_alone() -> Words {
    words("`decided` needs a decision and a value in brackets", "write `decided(team, support)` or `decided(team, T)`")
}

/// `decided(team) = support`.
pub fn decided_value(decision: &str, op: Option<CompareOp>, value: Option<&str>) -> Words {
    let help = match (op, value) {
        (Some(CompareOp::Eq), Some(value)) => format!("write `decided({decision}, {value})`"),
        (Some(CompareOp::Ne), Some(value)) => format!("write `not decided({decision}, {value})`"),
        _ => format!("write `decided({decision}, V)` as a condition of its own, and use `V` here"),
    };
    words("`decided` has no value: it takes the option inside its brackets", help)
}
