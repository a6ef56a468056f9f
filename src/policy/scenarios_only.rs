//! Whether a file holds nothing but scenarios, told without parsing it.
//!
//! Never says so of a file that has another table, however broken it is: every line that
//! could be the header of one counts, even within a text of several lines.

/// Whether all that a file can have is `[scenario.…]`.
pub fn is_scenarios_only(text: &str) -> bool {
    let begins = |rest: &str| rest.starts_with("[scenario.");
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim_start);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    let all = memchr::memchr_iter(b'[', text.as_bytes()).filter(|at| begins_line(text, *at));
    first.is_some_and(begins) && all.into_iter().all(|at| text.get(at..).is_some_and(begins))
}

/// Whether nothing but white space stands before a byte in its line.
fn begins_line(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    before.trim_end_matches([' ', '\t', '\u{feff}']).ends_with(['\n', '\r']) || before.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::is_scenarios_only;

    #[test]
    fn scenarios_and_comments_are() {
        assert!(is_scenarios_only("# about\n\n[scenario.a]\nissue = {}\n  [scenario.b]\n"));
    }

    #[test]
    fn any_other_table_or_key_is_not() {
        for text in [
            "",
            "# about\n",
            "rule.a.says = 'p.'\n[scenario.a]\n",
            "[scenario.a]\n[rule.b]\nsays = 'p.'\n",
            "[scenario.a]\n because = \"\"\"\n[rule.b]\n",
            "[scenario]\na = {}\n",
            "[ scenario.a ]\n",
        ] {
            assert!(!is_scenarios_only(text), "{text}");
        }
    }
}
