//! Whether a file holds nothing but scenarios, told without parsing it.
//!
//! Never says so of a file that has another table, however broken it is: every line that
//! could be the header of one counts, even within a text of several lines.

/// Whether all that a file can have is `[scenario.…]`.
pub fn is_scenarios_only(text: &str) -> bool {
    let begins = |rest: &str| rest.starts_with("[scenario.");
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim_start);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    let mut headers = brackets(text).filter(|at| begins_line(text, *at));
    first.is_some_and(begins) && headers.all(|at| text.get(at..).is_some_and(begins))
}

/// Where the opening brackets are. Most chunks have none, which the compiler finds out by vectors; asking the
/// processor for wider ones takes longer than they save in a policy's few files.
fn brackets(text: &str) -> impl Iterator<Item = usize> {
    const CHUNK: usize = 32;
    let has_any = |chunk: &[u8]| chunk.iter().fold(0, |any, byte| any | u8::from(*byte == b'[')) != 0;
    let chunks = text.as_bytes().chunks(CHUNK).enumerate().filter(move |(_, chunk)| has_any(chunk));
    chunks.flat_map(|(number, chunk)| {
        let here = chunk.iter().enumerate().filter(|(_, byte)| **byte == b'[');
        here.map(move |(at, _)| number * CHUNK + at)
    })
}

/// Whether nothing but blanks stands before a byte in its line.
fn begins_line(text: &str, at: usize) -> bool {
    let mut before = text.get(..at).unwrap_or_default().chars().rev();
    before.find(|c| !matches!(c, ' ' | '\t' | '\u{feff}')).is_none_or(|c| matches!(c, '\n' | '\r'))
}

#[cfg(test)]
mod tests {
    use super::is_scenarios_only;

    #[test]
    fn scenarios_and_comments_are() {
        let text = "# about\n\n[scenario.a]\nissue = {}\n  [scenario.b]\n";
        assert!(is_scenarios_only(text));
        assert!(is_scenarios_only(&text.replace('\n', "\r\n")));
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
            "[scenario.a]\r[rule.b]\rsays = 'p.'\r",
        ] {
            assert!(!is_scenarios_only(text), "{text}");
        }
    }
}
