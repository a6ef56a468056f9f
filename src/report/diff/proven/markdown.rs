//! What is proved of two policies, as Markdown that is fit for a review comment.

use std::fmt::Write as _;

use super::{Proven, proven_summary, twin};
use crate::diff::Side;
use crate::diff::equivalence::{Compared, Example};
use crate::diff::twin::only;
use crate::report::diff::markdown::{code, escape, plain, written};
use crate::report::diff::policy;
use crate::report::explanation;
use crate::report::look::Look;

/// The Markdown.
pub fn proven_markdown(proven: &Proven<'_>) -> String {
    let mut out = format!("### {}\n\n", sentence(&proven_summary(proven)));
    let (old, new) = (proven.pair.old, proven.pair.new);
    let _ = writeln!(out, "{} → {}\n", code(&policy(old)), code(&policy(new)));
    for compared in &proven.equivalence.decisions {
        let _ = writeln!(out, "**{}**: {}\n", escape(&compared.shared.name), escape(&proven.proof(compared)));
        for example in &compared.examples {
            self::example(&mut out, proven, compared, example);
        }
    }
    for remark in proven.remarks() {
        let _ = writeln!(out, "{}\n", escape(&remark));
    }
    written(&mut out, proven.differences);
    out
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or(String::new(), |first| first.to_uppercase().chain(characters).collect())
}

fn example(out: &mut String, proven: &Proven<'_>, compared: &Compared, example: &Example) {
    let shared = &compared.shared;
    let (old, new) = (shared.words(&example.pair.0), shared.words(&example.pair.1));
    let _ = writeln!(out, "<details>\n<summary><code>{old}</code> → <code>{new}</code></summary>\n");
    let issue = twin::document(proven.pair, &proven.equivalence.facts, &example.twin);
    if issue.is_empty() {
        out.push_str("Whatever the issue says.\n\n");
    } else {
        let _ = writeln!(out, "```toml\n{}```\n", block(&issue));
    }
    out.push_str("<table>\n<tr><th>before</th><th>now</th></tr>\n<tr valign=\"top\">");
    for (side, whole) in [(Side::Old, &example.old), (Side::New, &example.new)] {
        let only = only(whole, shared.id(side));
        let text = explanation::text(&proven.explained(side, example, &only), Look::default());
        let _ = writeln!(out, "<td>\n\n```text\n{}```\n\n</td>", block(&text));
    }
    out.push_str("</tr>\n</table>\n\n</details>\n\n");
}

/// Lines of which none can end the block that they stand in.
fn block(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", plain(line).replace("```", "'''"))).collect()
}
