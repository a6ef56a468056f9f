//! The words that the language keeps for itself, and what each of them calls.

use super::tree::{AggregateKind, FunctionKind, TestKind};

/// Words that no fact, conclusion, column or option may be called.
pub const RESERVED: &[&str] = &[
    "not",
    "and",
    "or",
    "if",
    "in",
    "true",
    "false",
    "count",
    "sum",
    "min",
    "max",
    "length",
    "lower",
    "upper",
    "contains",
    "starts_with",
    "ends_with",
    "matches",
    DECIDED,
];

/// The relation of what a decision has come to.
pub const DECIDED: &str = "decided";

/// Whether the language keeps this word for itself.
pub fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word)
}

/// Whether this is a keyword written in capitals, which reads as a variable.
pub fn is_capital_keyword(variable: &str) -> bool {
    let lower = variable.to_lowercase();
    lower != variable && matches!(lower.as_str(), "not" | "and" | "or" | "if" | "in" | "true" | "false")
}

/// The text test of this name.
pub fn test_kind(word: &str) -> Option<TestKind> {
    [TestKind::Contains, TestKind::StartsWith, TestKind::EndsWith, TestKind::Matches]
        .into_iter()
        .find(|test| test.as_str() == word)
}

/// The aggregate of this name.
pub fn aggregate_kind(word: &str) -> Option<AggregateKind> {
    [AggregateKind::Count, AggregateKind::Sum, AggregateKind::Min, AggregateKind::Max]
        .into_iter()
        .find(|aggregate| aggregate.as_str() == word)
}

/// The function of this name.
pub fn function_kind(word: &str) -> Option<FunctionKind> {
    [FunctionKind::Length, FunctionKind::Lower, FunctionKind::Upper]
        .into_iter()
        .find(|function| function.as_str() == word)
}

/// A name as a variable: with a capital.
pub fn as_variable(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_ascii_uppercase(), letters.as_str()))
}
