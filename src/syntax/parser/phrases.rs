//! Words of English that people write in rules, and what is written for them.
//!
//! Nobody may look here before a text is known to have a fault: facts and options may be called all of these words.

use crate::syntax::tree::{CompareOp, TestKind};

/// What words between two conditions mean.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Joint {
    /// A further condition.
    And,
    /// A further condition, that something does not hold.
    AndNot,
    /// The same of all that follows.
    Except,
    /// A column of the rows before it.
    Column,
}

/// What words before a condition mean.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// Nothing: a condition asks whether there is something.
    Nothing,
    /// That it does not hold.
    Not,
    /// The same of all that follows.
    Except,
    /// Two conditions together.
    Both,
    /// That all rows are so.
    All,
    /// One of two.
    Either,
    /// None of two.
    Neither,
}

/// Comparisons in words. In all tables, longer ones stand before those they begin with.
pub const COMPARISONS: &[(&str, CompareOp)] = &[
    ("more than or equal to", CompareOp::Ge),
    ("greater than or equal to", CompareOp::Ge),
    ("less than or equal to", CompareOp::Le),
    ("no more than", CompareOp::Le),
    ("no less than", CompareOp::Ge),
    ("no fewer than", CompareOp::Ge),
    ("more than", CompareOp::Gt),
    ("greater than", CompareOp::Gt),
    ("larger than", CompareOp::Gt),
    ("bigger than", CompareOp::Gt),
    ("higher than", CompareOp::Gt),
    ("longer than", CompareOp::Gt),
    ("later than", CompareOp::Gt),
    ("less than", CompareOp::Lt),
    ("fewer than", CompareOp::Lt),
    ("smaller than", CompareOp::Lt),
    ("lower than", CompareOp::Lt),
    ("shorter than", CompareOp::Lt),
    ("earlier than", CompareOp::Lt),
    ("at least", CompareOp::Ge),
    ("at most", CompareOp::Le),
    ("up to", CompareOp::Le),
    ("equal to", CompareOp::Eq),
    ("equal", CompareOp::Eq),
    ("exactly", CompareOp::Eq),
    ("different from", CompareOp::Ne),
    ("over", CompareOp::Gt),
    ("above", CompareOp::Gt),
    ("exceeds", CompareOp::Gt),
    ("exceed", CompareOp::Gt),
    ("after", CompareOp::Gt),
    ("since", CompareOp::Ge),
    ("under", CompareOp::Lt),
    ("below", CompareOp::Lt),
    ("before", CompareOp::Lt),
    ("until", CompareOp::Le),
];

/// Those of [`COMPARISONS`] that go from one day to another; all others measure how much there is between them.
pub const OF_DAYS: &[&str] = &["later than", "earlier than", "after", "since", "before", "until"];

/// Tests of texts between their two values.
pub const TESTS: &[(&str, TestKind)] = &[
    ("starts with", TestKind::StartsWith),
    ("start with", TestKind::StartsWith),
    ("begins with", TestKind::StartsWith),
    ("begin with", TestKind::StartsWith),
    ("starts_with", TestKind::StartsWith),
    ("ends with", TestKind::EndsWith),
    ("end with", TestKind::EndsWith),
    ("ends_with", TestKind::EndsWith),
    ("contains", TestKind::Contains),
    ("contain", TestKind::Contains),
    ("containing", TestKind::Contains),
    ("includes", TestKind::Contains),
    ("include", TestKind::Contains),
    ("including", TestKind::Contains),
    ("has", TestKind::Contains),
    ("have", TestKind::Contains),
    ("like", TestKind::Contains),
    ("matches", TestKind::Matches),
    ("match", TestKind::Matches),
];

/// What joins two conditions.
pub const JOINTS: &[(&str, Joint)] = &[
    ("but only if", Joint::And),
    ("but also", Joint::And),
    ("but not", Joint::Except),
    ("but", Joint::And),
    ("only if", Joint::And),
    ("although", Joint::And),
    ("though", Joint::And),
    ("while", Joint::And),
    ("when", Joint::And),
    ("whereas", Joint::And),
    ("as well as", Joint::And),
    ("also", Joint::And),
    ("plus", Joint::And),
    ("provided that", Joint::And),
    ("provided", Joint::And),
    ("except if", Joint::Except),
    ("except when", Joint::Except),
    ("except for", Joint::Except),
    ("except", Joint::Except),
    ("without", Joint::Except),
    ("unless", Joint::Except),
    ("nor", Joint::AndNot),
    ("with", Joint::Column),
    ("where", Joint::Column),
    ("having", Joint::Column),
    ("whose", Joint::Column),
];

/// What stands before a condition.
pub const BEFORE: &[(&str, Before)] = &[
    ("there is no", Before::Not),
    ("there are no", Before::Not),
    ("there is a", Before::Nothing),
    ("there is an", Before::Nothing),
    ("there is any", Before::Nothing),
    ("there is", Before::Nothing),
    ("there are", Before::Nothing),
    ("there exists", Before::Nothing),
    ("exists", Before::Nothing),
    ("exist", Before::Nothing),
    ("any", Before::Nothing),
    ("some", Before::Nothing),
    ("has", Before::Nothing),
    ("the", Before::Nothing),
    ("both", Before::Both),
    ("but not", Before::Except),
    ("but", Before::Nothing),
    ("also", Before::Nothing),
    ("although", Before::Nothing),
    ("only if", Before::Nothing),
    ("is not", Before::Not),
    ("is", Before::Nothing),
    ("it is not", Before::Not),
    ("it is", Before::Nothing),
    ("yet", Before::Nothing),
    ("no longer", Before::Not),
    ("never", Before::Not),
    ("no", Before::Not),
    ("without", Before::Except),
    ("except if", Before::Except),
    ("except when", Before::Except),
    ("except for", Before::Except),
    ("except", Before::Except),
    ("unless", Before::Except),
    ("forall", Before::All),
    ("for all", Before::All),
    ("all", Before::All),
    ("every", Before::All),
    ("each", Before::All),
    ("either", Before::Either),
    ("neither", Before::Neither),
];

/// The entry whose words are those that `word` gives, from 0 on: what it means, and how many words it has.
pub fn find<'t, M: Copy>(table: &[(&str, M)], word: impl Fn(usize) -> Option<&'t str>) -> Option<(M, usize)> {
    let fits = |phrase: &str| phrase.split(' ').enumerate().all(|(ahead, own)| word(ahead) == Some(own));
    table.iter().find(|(phrase, _)| fits(phrase)).map(|(phrase, meant)| (*meant, phrase.split(' ').count()))
}

#[cfg(test)]
mod tests {
    use super::{BEFORE, COMPARISONS, JOINTS, TESTS, find};

    #[test]
    fn longer_ones_come_first() {
        fn check<M: Copy + PartialEq>(table: &[(&str, M)]) {
            for (phrase, _) in table {
                let words: Vec<&str> = phrase.split(' ').collect();
                let found = find(table, |ahead| words.get(ahead).copied());
                assert_eq!(found.map(|(_, length)| length), Some(words.len()), "`{phrase}` is never found");
            }
        }
        check(COMPARISONS);
        check(TESTS);
        check(JOINTS);
        check(BEFORE);
    }
}
