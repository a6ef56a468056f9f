//! What people write to ask whether a fact is known, or what day it is, and what is said of it: no rule can.

use super::faults::Words;

/// Whether a word stands for something that is not known, or says that something is or is not.
pub fn means_unknown(word: &str) -> bool {
    const WORDS: &[&str] =
        &["unknown", "known", "null", "nil", "none", "undefined", "missing", "given", "provided", "defined"];
    WORDS.contains(&word.strip_prefix("is_").unwrap_or(word))
}

/// `price is unknown`.
pub fn asked_whether_known() -> Words {
    Words::new(
        "a rule cannot ask whether something is known",
        "take this condition out: where a fact is not known, what rests on it stays open, and the verdict names the \
         fact as missing; what to assume where an issue does not say is the `default` of the fact",
    )
}

/// What is said of what day it is.
pub const NO_CLOCK: &str =
    "rules do not look at the clock: declare a fact of type `date`, and let the issue say what day it is";
