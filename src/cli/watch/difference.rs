//! What came out differently than in the run before.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use remit::source::escape_control;

/// What a run found: each finding or scenario by its name, with what became of it, if there is a choice.
pub type Findings = BTreeMap<String, Option<&'static str>>;

/// Says what is new, what is gone and what became of something else; a line each.
pub fn difference(before: &Findings, now: &Findings) -> String {
    let mut lines = String::new();
    let mut line = |lead: &str, name: &str| {
        // Writing into a text cannot fail.
        let _ = writeln!(lines, "{lead}: {}", escape_control(name));
    };
    for (name, state) in now {
        match (before.get(name), state) {
            (None, Some(state)) => line(&format!("New, {state}"), name),
            (None, None) => line("New", name),
            (Some(old), Some(state)) if *old != Some(*state) => line(&format!("Now {state}"), name),
            _ => {}
        }
    }
    for name in before.keys().filter(|name| !now.contains_key(*name)) {
        line("Gone", name);
    }
    if lines.is_empty() { "Nothing else came out than before.\n".to_owned() } else { lines }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(all: &[(&str, Option<&'static str>)]) -> Findings {
        all.iter().map(|(name, state)| ((*name).to_owned(), *state)).collect()
    }

    #[test]
    fn tells_new_from_gone_from_changed() {
        let before = findings(&[("a", Some("passed")), ("b", Some("passed")), ("c", Some("failed")), ("f", None)]);
        let now = findings(&[("b", Some("failed")), ("c", Some("failed")), ("d", Some("passed")), ("e\u{1b}", None)]);
        assert_eq!(difference(&before, &now), "Now failed: b\nNew, passed: d\nNew: e\\u{1b}\nGone: a\nGone: f\n");
    }

    #[test]
    fn says_that_all_is_as_before() {
        let same = findings(&[("a", Some("passed")), ("b", None)]);
        assert_eq!(difference(&same, &same), "Nothing else came out than before.\n");
    }
}
