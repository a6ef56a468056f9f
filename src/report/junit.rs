//! Scenarios as JUnit XML, the format of test reports.
//!
//! One suite a policy, one case a scenario. No times: what was not measured is not claimed.

use std::fmt::Write;

use super::look::Look;
use super::scenarios::{Count, Fate, Suite};
use crate::testing::ScenarioResult;

/// The whole document.
pub fn document(suites: &[Suite<'_>]) -> String {
    let count = Count::of(suites.iter().flat_map(|suite| suite.results));
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(xml, "<testsuites name=\"remit\" {}>", attributes(count));
    for suite in suites {
        let name = escape(&suite.program.name);
        let _ = writeln!(xml, "  <testsuite name=\"{name}\" {}>", attributes(Count::of(suite.results)));
        suite.results.iter().for_each(|result| case(&mut xml, suite, result));
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn attributes(count: Count) -> String {
    let tests = count.passed + count.failed + count.skipped;
    format!("tests=\"{tests}\" failures=\"{}\" errors=\"0\" skipped=\"{}\"", count.failed, count.skipped)
}

fn case(xml: &mut String, suite: &Suite<'_>, result: &ScenarioResult) {
    let scenario = suite.scenario(result);
    let at = suite.sources.position(scenario.span);
    let _ = write!(
        xml,
        "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\"",
        escape(&suite.program.name),
        escape(&scenario.name),
        escape(&suite.sources.path(scenario.span.file).display().to_string()),
        at.line,
    );
    match Fate::of(result) {
        Fate::Passed => xml.push_str("/>\n"),
        Fate::Skipped => {
            let reason = escape(result.skipped.as_deref().unwrap_or_default());
            let _ = write!(xml, ">\n      <skipped message=\"{reason}\"/>\n    </testcase>\n");
        }
        Fate::Failed => {
            xml.push_str(">\n");
            // The proof is of all that failed, so it stands once.
            let mut proof = suite.proof(result, Look::default());
            for failure in &result.failures {
                let text = format!("{}: expected {}, got {}", failure.subject, failure.expected, failure.got);
                let text = escape(&text);
                let body = proof.take().map_or(String::new(), |proof| format!("\n\n{}", lines(&proof)));
                let _ = writeln!(xml, "      <failure type=\"expectation\" message=\"{text}\">{text}{body}</failure>");
            }
            xml.push_str("    </testcase>\n");
        }
    }
}

/// A text of several lines as XML 1.0 takes it between tags.
fn lines(text: &str) -> String {
    text.lines().map(escape).collect::<Vec<_>>().join("\n")
}

/// A text as XML 1.0 takes it, in attributes too.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.extend(c.escape_unicode()),
            c => escaped.push(c),
        }
    }
    escaped
}
