//! Keys of issues that are not facts of both policies: how often, and who knows them.
//!
//! A limited number is told apart, so that the size does not grow with the history.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Side;
use crate::issue::UnknownKey;

/// The most keys that are told apart.
const KEYS: usize = 1000;

/// A key that is not a fact of both policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// In how many issues.
    pub issues: usize,
    /// The one policy that knows it as a fact; `None`: neither.
    pub known_to: Option<Side>,
    /// The nearest fact, of a key that neither knows.
    pub suggestion: Option<Arc<str>>,
}

/// Keys, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys {
    /// Those told apart.
    pub named: BTreeMap<String, Key>,
    /// Keys beyond the limit.
    pub others: usize,
}

impl Keys {
    /// Counts the keys of one issue that each of the policies does not know.
    pub fn add(&mut self, old: &[UnknownKey], new: &[UnknownKey]) {
        for key in old {
            let known_to = if has(new, &key.key) { None } else { Some(Side::New) };
            self.count(&key.key, 1, known_to, key.suggestion.as_ref());
        }
        for key in new.iter().filter(|key| !has(old, &key.key)) {
            self.count(&key.key, 1, Some(Side::Old), None);
        }
    }

    /// Adds what was counted behind these.
    pub fn merge(&mut self, other: &Self) {
        for (name, key) in &other.named {
            self.count(name, key.issues, key.known_to, key.suggestion.as_ref());
        }
        self.others += other.others;
    }

    fn count(&mut self, name: &str, issues: usize, known_to: Option<Side>, suggestion: Option<&Arc<str>>) {
        if let Some(key) = self.named.get_mut(name) {
            key.issues += issues;
        } else if self.named.len() < KEYS {
            let suggestion = suggestion.filter(|_| known_to.is_none()).cloned();
            self.named.insert(name.to_owned(), Key { issues, known_to, suggestion });
        } else {
            self.others += issues;
        }
    }
}

fn has(keys: &[UnknownKey], name: &str) -> bool {
    keys.iter().any(|key| key.key == name)
}
