//! What is said of a text whose tokens are in no order that rules have.
//!
//! Wording only, each function named after its fault: where it is said is the business of the callers.

mod english;
mod functions;

use super::recovery::brief;
use super::{DEPTH, OPERATORS};
pub use crate::syntax::faults::Words;
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{AggregateKind, CompareOp, TestKind};
use crate::syntax::words::{as_variable, is_reserved};
pub use english::*;
pub use functions::*;

fn words(message: impl Into<String>, help: impl Into<String>) -> Words {
    Words::new(message, help)
}

/// A body in brackets, if it has something in it that a comma would cut.
fn bracketed(body: &str) -> String {
    let has_or = body.contains(';') || body.split_whitespace().any(|word| word == "or");
    if has_or { format!("({body})") } else { body.to_owned() }
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
pub fn dashed(written: &str) -> Words {
    words(
        format!("`{written}` reads as minus"),
        format!(
            "names are written with `_`: `{}`; put blanks round a minus",
            written.replace(['-', '\u{2212}', '–', '—'], "_")
        ),
    )
}

// Clauses.

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
    words(format!("`{written}` stands where `if` is expected"), "write `if` behind the conclusion")
}

pub fn behind_head(shown: &str) -> Words {
    words(
        format!("`{shown}` stands behind the conclusion"),
        "write `if` before the condition, or a full stop where the rule ends",
    )
}

pub fn unless() -> Words {
    words("`unless` is not used in rules", "write `if not (…)`, or `not (…)` as a further condition")
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

// Bodies.

pub fn not_joined(follows_number: bool) -> Words {
    let units = if follows_number { "; a number has no unit" } else { "" };
    words(
        "nothing joins this to the condition before it",
        format!("put a comma, `and` or `or` between two conditions, a full stop between two rules{units}"),
    )
}

pub fn capital_keyword(name: &str) -> Words {
    words(
        format!("`{name}` begins with a capital and reads as a variable"),
        format!("write `{}` in lower case", name.to_lowercase()),
    )
}

/// `is` or `is not`, perhaps before `in`.
pub fn equals_word(written: &str, negated: bool, before_in: bool) -> Words {
    let help = match (negated, before_in) {
        (false, false) => "write `=`, or `in [one, other]` for several values",
        (true, false) => "write `!=`, or `not in [one, other]` for several values",
        (false, true) => "write `in` alone",
        (true, true) => "write `not in` alone",
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

// Conditions.

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
    let help = if behind.len() == 3 && whole != "0" {
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

// Lists.

pub fn no_list(kind: &TokenKind, shown: &str, subject: &str, values: &[&str]) -> Words {
    let help = match kind {
        _ if values.len() > 1 => format!("write `{} [{}]`", brief(subject), values.join(", ")),
        TokenKind::Mark("(") => "write square brackets: `in [one, other]`".to_owned(),
        TokenKind::Word(word) if !is_reserved(word) => {
            format!("write `in [one, other]`; whether a list has a value is asked by `{shown}(value)`")
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
        format!(
            "write `{name}` alone if it has no arguments, else what belongs into them, as in `source(kind: custom)`"
        ),
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

pub fn compared_argument() -> Words {
    words("a comparison stands inside the brackets", "write a variable here and compare it behind the bracket")
}

/// `r(v: V, V > 3)`.
pub fn condition_in_brackets() -> Words {
    words("a comparison stands inside the brackets", "put it behind the bracket, with a comma between the two")
}

pub fn column_equals(column: &str) -> Words {
    words("`=` stands inside the brackets", format!("a column's value is given with a colon: `{column}: …`"))
}

/// `tags("a" or "b")`: with what the condition is for each of the two values, if that can be told.
pub fn joined_arguments(joint: &str, each: Option<(String, String)>) -> Words {
    let help = match (joint, each) {
        ("or", Some((one, other))) => format!("write the condition once for each: `({one} or {other})`"),
        (_, Some((one, other))) => format!("write the condition once for each: `{one}, {other}`"),
        (_, None) => format!("write the whole condition once for each value, with `{joint}` between"),
    };
    words(format!("`{joint}` joins conditions, not values"), help)
}

/// `source(kind in [ootb, custom])`
pub fn listed_column(before: &str, column: &str, list: &str) -> Words {
    let variable = as_variable(column);
    words(
        "`in` stands inside the brackets",
        format!("write a variable there and put `in` behind: `{before}{column}: {variable}), {variable} {list}`"),
    )
}

pub fn behind_argument(shown: &str) -> Words {
    words(format!("`{shown}` stands behind an argument"), "put a comma between two arguments, and `)` behind the last")
}

/// `decided(team = support)`
pub fn decided_equals(decision: &str, value: &str) -> Words {
    words("`=` stands inside the brackets", format!("write `decided({decision}, {value})`"))
}

// Whole texts.

pub fn no_condition() -> Words {
    words("there is no condition here", "write a condition, as in `decided(team, support), not urgent`")
}

/// `if b`
pub fn if_before_condition() -> Words {
    words("a condition stands here, not a rule", "write what comes behind `if` alone")
}

/// `d if b`, where what is said of every issue is a condition.
pub fn rule_as_condition(head: &str, body: &str) -> Words {
    let [never, always] =
        [format!("{}, {}", bracketed(body), bracketed(head)), format!("not ({body}) or {}", bracketed(head))];
    if brief(&never) != never || brief(&always) != always {
        return words(
            "a condition stands here, not a rule",
            "`never` names what is not to be found together: `conditions, conclusion`; `always` what holds of every \
             issue: `not (conditions) or conclusion`",
        );
    }
    words(
        "a condition stands here, not a rule",
        format!(
            "`never` names what is not to be found together: `{never}`; `always` what holds of every issue: `{always}`"
        ),
    )
}

pub fn behind_condition(shown: &str) -> Words {
    words(
        format!("`{shown}` stands behind the end of the condition"),
        "write one condition; join its parts with `and` or `or`",
    )
}

pub fn no_atom() -> Words {
    words("there is nothing here", "write one fact or conclusion, as in `urgent` or `custom_source(S)`")
}

pub fn negated_atom() -> Words {
    words("`not` cannot stand here", "write one fact or conclusion alone, as in `urgent` or `custom_source(S)`")
}

pub fn behind_atom(shown: &str) -> Words {
    words(
        format!("`{shown}` stands behind the fact or conclusion"),
        "write one fact or conclusion alone, as in `urgent` or `custom_source(S)`, and nothing else",
    )
}

fn lower_case(variable: &str) -> String {
    let lower = variable.trim_start_matches('_').to_lowercase();
    if lower.is_empty() { "name".to_owned() } else { lower }
}
