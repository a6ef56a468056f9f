//! What is said of functions that rules do not have.

use super::{Words, words};
use crate::syntax::unknown::NO_CLOCK;
use crate::syntax::words::is_reserved;

/// A function that other languages have, perhaps of one name.
pub fn foreign_function(name: &str, argument: Option<&str>) -> Option<Words> {
    let of = argument.unwrap_or("source");
    let help = match name {
        "len" | "strlen" | "char_length" => format!(
            "write `length({0})` for the number of characters of a text; rows are counted by `count({0}(column: _))`, \
             with the name of any column of theirs",
            argument.unwrap_or("…")
        ),
        "lowercase" | "to_lower" | "tolower" | "lcase" => "write `lower(…)`".to_owned(),
        "uppercase" | "to_upper" | "toupper" | "ucase" => "write `upper(…)`".to_owned(),
        "avg" | "average" | "mean" => {
            "divide a sum by a count, as in `sum(H : visit(hours: H)) / count(visit(hours: _))`".to_owned()
        }
        "count_distinct" => "`count(X : …)` counts each value of `X` once".to_owned(),
        "number" | "number_of" | "how_many" | "size" | "amount" | "quantity" => {
            format!("rows are counted by `count({of}(column: _))`, with the name of any column of theirs")
        }
        "total" | "sum_of" | "add" => {
            format!("a column is added up by `sum(X : {of}(column: X))`, with the name of the column")
        }
        "maximum" | "largest" | "highest" | "latest" | "greatest" => {
            format!("write `max(X : {of}(column: X))`, with the name of the column")
        }
        "minimum" | "smallest" | "lowest" | "earliest" | "least" => {
            format!("write `min(X : {of}(column: X))`, with the name of the column")
        }
        "year" | "month" | "day" | "weekday" | "week" | "quarter" => format!(
            "a date is compared as a whole, as in `{0} >= 2026-01-01, {0} <= 2026-12-31`",
            argument.unwrap_or("started_on")
        ),
        "days" | "date_diff" | "datediff" | "days_between" | "days_since" | "age" => {
            "write the difference of two dates, which is in days: `ended_on - started_on`".to_owned()
        }
        "today" | "now" | "current_date" => NO_CLOCK.to_owned(),
        "abs" | "round" | "floor" | "ceil" | "ceiling" | "trunc" | "sqrt" | "pow" | "mod" | "median" | "substring"
        | "substr" | "concat" | "trim" | "strip" | "coalesce" | "replace" | "if_else" | "date" | "int" | "str" => {
            FUNCTIONS.to_owned()
        }
        _ => return None,
    };
    Some(words(format!("there is no function `{name}`"), help))
}

const FUNCTIONS: &str =
    "the functions are `length`, `lower`, `upper`, and over several values `count`, `sum`, `min`, `max`";

/// `broken(…) = true`.
pub fn compared_with_truth(name: &str, holds: bool) -> Words {
    let help = match holds {
        true => format!("write `{name}(…)` alone"),
        false => format!("write `not {name}(…)`"),
    };
    words(format!("`{name}(…)` holds or does not hold by itself"), help)
}

/// A condition, or a function of which nothing is known, where a value is expected.
pub fn atom_as_value(name: &str) -> Words {
    let help = if is_reserved(name) {
        format!("write `{name}(…)` as a condition of its own, or `not {name}(…)`")
    } else {
        format!("write `{name}(X)` as a condition of its own, and use `X` here; {FUNCTIONS}")
    };
    words(format!("`{name}(…)` holds or does not hold; it is no value"), help)
}
