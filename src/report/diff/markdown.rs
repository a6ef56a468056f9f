//! The comparison as Markdown that is fit for a review comment.
//!
//! Text from outside never becomes markup: what is not a number stands in code or is escaped.

use std::fmt::Write as _;

use super::text::head;
use super::{Compared, grouped, issues, occurring, policy, share, status_changes};
use crate::diff::differences::Difference;
use crate::diff::{Cell, DecisionCounts, Differences, Shared, Side};
use crate::report::page::cut;
use crate::source::escape_control;

/// The most answers of a side that are shown as a table.
const TABLE: usize = 12;

/// The most moves of a decision that are told.
const MOVES: usize = 25;

/// The most differences of a kind that are told.
const DIFFERENCES: usize = 50;

/// The Markdown.
pub fn markdown(compared: &Compared<'_>) -> String {
    let mut out = format!("### {}\n\n", compared.summary());
    let (old, new) = (compared.pair.old, compared.pair.new);
    let _ = writeln!(out, "{} → {}\n", code(&policy(old)), code(&policy(new)));
    if compared.counts.rejected > 0 {
        let rejected = issues(compared.counts.rejected);
        let _ = writeln!(out, "{rejected} of {} rejected and not compared.\n", grouped(compared.counts.read()));
    }
    for (shared, counts) in compared.decisions() {
        decision(&mut out, compared, shared, counts);
    }
    written(&mut out, compared.differences);
    keys(&mut out, compared);
    out
}

fn decision(out: &mut String, compared: &Compared<'_>, shared: &Shared, counts: &DecisionCounts) {
    let mut line = format!("**{}**: {}", escape(&shared.name), head(compared, counts));
    for (before, now, number) in status_changes(&counts.statuses) {
        let _ = write!(line, "; {} → {}: {}", before.as_str(), now.as_str(), grouped(number));
    }
    let _ = writeln!(out, "{line}\n");
    if counts.moved() == 0 {
        return;
    }
    table(out, shared, counts);
    let moves = counts.most_moves();
    out.push_str("| move | issues | share | decided before | decides now | for example |\n");
    out.push_str("| --- | ---: | ---: | --- | --- | --- |\n");
    for ((old, new), cell) in moves.iter().take(MOVES) {
        let examples: Vec<String> = cell.first.iter().map(|id| code(&cut(id))).collect();
        let _ = writeln!(
            out,
            "| {} → {} | {} | {} | {} | {} | {} |",
            code(&shared.words(old)),
            code(&shared.words(new)),
            grouped(cell.issues),
            escape(&share(cell.issues, compared.counts.compared)),
            causes(compared, Side::Old, cell),
            causes(compared, Side::New, cell),
            examples.join(", ")
        );
    }
    out.push('\n');
    let untold = moves.len().saturating_sub(MOVES);
    if untold > 0 {
        let _ = writeln!(out, "{untold} more moves are not shown.\n");
    }
    if counts.other_moved > 0 {
        let _ = writeln!(out, "{} move in ways too many to be told apart.\n", issues(counts.other_moved));
    }
}

fn table(out: &mut String, shared: &Shared, counts: &DecisionCounts) {
    let (rows, columns) = (occurring(counts, Side::Old), occurring(counts, Side::New));
    if rows.len() > TABLE || columns.len() > TABLE {
        return;
    }
    out.push_str("| before \\\\ now |");
    columns.iter().for_each(|answer| out.push_str(&format!(" {} |", code(&shared.words(answer)))));
    out.push_str("\n| --- |");
    columns.iter().for_each(|_| out.push_str(" ---: |"));
    out.push('\n');
    for row in rows {
        let _ = write!(out, "| {} |", code(&shared.words(row)));
        for column in &columns {
            let cell = counts.pairs.get(&(row.clone(), (*column).clone()));
            let number = cell.map_or("0".to_owned(), |cell| grouped(cell.issues));
            let _ = if row == *column || number == "0" {
                write!(out, " {number} |")
            } else {
                write!(out, " **{number}** |")
            };
        }
        out.push('\n');
    }
    out.push('\n');
}

fn causes(compared: &Compared<'_>, side: Side, cell: &Cell) -> String {
    let causes = compared.causes(side, cell).into_iter().map(|(cause, number)| {
        let name = compared.cause(side, cause);
        match compared.change(side, cause) {
            Some(change) => format!("{} {} ({change})", code(&name), grouped(number)),
            None => format!("{} {}", code(&name), grouped(number)),
        }
    });
    causes.collect::<Vec<_>>().join(", ")
}

pub(super) fn written(out: &mut String, differences: &Differences) {
    if differences.is_empty() {
        out.push_str("Facts, decisions and rules are the same.\n");
        return;
    }
    let number = differences.facts.len() + differences.decisions.len() + differences.rules.len();
    let noun = if number == 1 { "difference" } else { "differences" };
    let _ = writeln!(out, "<details>\n<summary>{} {noun} as written</summary>\n\n```diff", grouped(number));
    let kinds = [("fact", &differences.facts), ("decision", &differences.decisions), ("rule", &differences.rules)];
    for (kind, all) in kinds {
        all.iter().take(DIFFERENCES).for_each(|difference| one(out, kind, difference));
        let untold = all.len().saturating_sub(DIFFERENCES);
        if untold > 0 {
            let _ = writeln!(out, "# {untold} more: {kind}s");
        }
    }
    out.push_str("```\n\n</details>\n");
}

fn one(out: &mut String, kind: &str, difference: &Difference) {
    let _ = writeln!(out, "# {kind} {} ({})", difference.name, difference.word());
    for (sign, lines) in [('-', &difference.old), ('+', &difference.new)] {
        for line in lines.iter().flatten() {
            // Nothing in a line may end the block that it stands in.
            let _ = writeln!(out, "{sign} {}", plain(line).replace("```", "'''"));
        }
    }
}

fn keys(out: &mut String, compared: &Compared<'_>) {
    for side in Side::BOTH {
        let known = compared.counts.keys.named.iter().filter(|(_, key)| key.known_to == Some(side));
        let shown: Vec<String> = known.map(|(name, key)| format!("{} ({})", code(name), issues(key.issues))).collect();
        if !shown.is_empty() {
            let _ = writeln!(out, "\nGiven, and known to the {} policy alone: {}", side.as_str(), shown.join(", "));
        }
    }
}

/// A text on one line, without control characters.
pub(super) fn plain(text: &str) -> String {
    escape_control(&text.replace(['\n', '\r', '\t'], " ")).into_owned()
}

/// A text as code, also inside a table.
pub(super) fn code(text: &str) -> String {
    let text = plain(text).replace('`', "'").replace('|', "\\|");
    format!("`{text}`")
}

/// A text as text.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in plain(text).chars() {
        if matches!(c, '<' | '>' | '&' | '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '#' | '@' | '~') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
