//! The comparison as text for people.

use super::{Compared, grouped, issues, occurring, policy, share, status_changes};
use crate::diff::differences::Difference;
use crate::diff::{Cell, DecisionCounts, Differences, Pair, Shared, Side};
use crate::report::look::{Ink, Look};
use crate::report::page::{Page, cut};
use unicode_width::UnicodeWidthStr;

/// The most answers of a side that are shown as a table; beyond it the moves alone are told.
const TABLE: usize = 10;

/// The most moves of a decision that are told.
const MOVES: usize = 50;

/// The most keys that are told.
const KEYS: usize = 10;

/// The text.
pub fn text(compared: &Compared<'_>, look: Look) -> String {
    let mut page = Page::new(look);
    page.lead(0, Ink::Strong, &compared.summary(), "");
    if compared.counts.rejected > 0 {
        let verb = if compared.counts.rejected == 1 { "was" } else { "were" };
        let rejected = issues(compared.counts.rejected);
        page.line(0, &format!("{rejected} of {} {verb} rejected and not compared", grouped(compared.counts.read())));
    }
    page.gap();
    policies(&mut page, compared.pair);
    written(&mut page, compared.differences);
    keys(&mut page, compared);
    let mut text = page.finish();
    for (shared, counts) in compared.decisions() {
        let mut page = Page::new(look);
        page.gap();
        decision(&mut page, compared, shared, counts);
        text.push('\n');
        text.push_str(&page.finish());
    }
    text
}

/// Which policies they are.
pub(super) fn policies(page: &mut Page, pair: Pair<'_>) {
    for side in Side::BOTH {
        let program = pair.of(side);
        page.line(0, &format!("{}: {}, {}", side.as_str(), policy(program), program.digest()));
    }
}

/// What differs as written.
pub(super) fn written(page: &mut Page, differences: &Differences) {
    if differences.is_empty() {
        page.line(0, "Facts, decisions and rules are the same.");
    }
    let kinds = [("fact", &differences.facts), ("decision", &differences.decisions), ("rule", &differences.rules)];
    for (kind, all) in kinds {
        all.iter().for_each(|difference| one(page, kind, difference));
    }
}

fn one(page: &mut Page, kind: &str, difference: &Difference) {
    let name = &difference.name;
    match difference.only() {
        Some(side) => {
            page.line(0, &format!("{kind} {name}: only in the {} policy", side.as_str()));
            let lines = difference.old.iter().chain(&difference.new).flatten();
            lines.for_each(|line| page.line(2, line));
        }
        None => {
            page.line(0, &format!("{kind} {name}: changed"));
            for (word, lines) in [("before:", &difference.old), ("now:   ", &difference.new)] {
                lines.iter().flatten().for_each(|line| page.line(2, &format!("{word} {line}")));
            }
        }
    }
}

fn keys(page: &mut Page, compared: &Compared<'_>) {
    let keys = &compared.counts.keys;
    for side in Side::BOTH {
        let known = keys.named.iter().filter(|(_, key)| key.known_to == Some(side));
        let shown: Vec<String> = known.map(|(name, key)| format!("{name} ({})", issues(key.issues))).collect();
        if !shown.is_empty() {
            page.line(0, &format!("given, and known to the {} policy alone: {}", side.as_str(), shown.join(", ")));
        }
    }
    let mut strange: Vec<_> = keys.named.iter().filter(|(_, key)| key.known_to.is_none()).collect();
    strange.sort_by(|a, b| b.1.issues.cmp(&a.1.issues).then_with(|| a.0.cmp(b.0)));
    let more = strange.len().saturating_sub(KEYS) + usize::from(keys.others > 0);
    let shown = strange.iter().take(KEYS).map(|(name, key)| match &key.suggestion {
        Some(near) => format!("`{}` {} (write `{near}`?)", cut(name), grouped(key.issues)),
        None => format!("`{}` {}", cut(name), grouped(key.issues)),
    });
    let mut shown = shown.collect::<Vec<_>>().join(", ");
    if more > 0 {
        shown.push_str(&format!(" and {more} more"));
    }
    if !shown.is_empty() {
        page.line(0, &format!("keys that are no facts: {shown}"));
    }
}

fn decision(page: &mut Page, compared: &Compared<'_>, shared: &Shared, counts: &DecisionCounts) {
    let question = &shared.decision(compared.pair, Side::New).question;
    page.lead(0, Ink::Strong, &format!("{}:", shared.name), question);
    page.line(2, &head(compared, counts));
    for (before, now, number) in status_changes(&counts.statuses) {
        let number = issues(number);
        page.line(2, &format!("{} → {}: {number}", before.as_str(), now.as_str()));
    }
    if counts.moved() == 0 {
        return;
    }
    table(page, shared, counts);
    let moves = counts.most_moves();
    for ((old, new), cell) in moves.iter().take(MOVES) {
        page.gap();
        let pair = format!("{} → {}:", shared.words(old), shared.words(new));
        page.lead(2, Ink::Strong, &pair, &cell_text(compared, cell));
        for side in Side::BOTH {
            page.line(4, &format!("{} {}", word(side), causes(compared, side, cell)));
        }
    }
    rest(page, counts, moves.len());
}

/// `9 of 4,310 issues move (0.2 %)`.
pub(super) fn head(compared: &Compared<'_>, counts: &DecisionCounts) -> String {
    let (moved, all) = (counts.moved(), compared.counts.compared);
    let verb = if moved < 2 || all == 1 { "moves" } else { "move" };
    match moved {
        0 => format!("none of {} {verb}", issues(all)),
        _ => format!("{} of {} {verb} ({})", grouped(moved), issues(all), share(moved, all)),
    }
}

fn rest(page: &mut Page, counts: &DecisionCounts, moves: usize) {
    let untold = moves.saturating_sub(MOVES);
    if untold > 0 {
        page.line(2, &format!("{untold} more moves are not shown; `--format csv` lists them all"));
    }
    if counts.other_moved > 0 {
        page.line(2, &format!("{} move in ways too many to be told apart", issues(counts.other_moved)));
    }
}

pub(super) fn word(side: Side) -> &'static str {
    match side {
        Side::Old => "before:",
        Side::New => "now:   ",
    }
}

/// `9 issues (0.2 %): INC-1042, INC-1050 and more`.
fn cell_text(compared: &Compared<'_>, cell: &Cell) -> String {
    let more = if cell.issues > cell.first.len() { " …" } else { "" };
    let first = cell.first.iter().map(|id| cut(id)).collect::<Vec<_>>().join(", ");
    format!("{} ({}), {first}{more}", issues(cell.issues), share(cell.issues, compared.counts.compared))
}

/// `services-take-custom 9 (added)`.
pub(super) fn causes(compared: &Compared<'_>, side: Side, cell: &Cell) -> String {
    let causes = compared.causes(side, cell).into_iter().map(|(cause, number)| {
        let name = compared.cause(side, cause);
        match compared.change(side, cause) {
            Some(change) => format!("{name} {} ({change})", grouped(number)),
            None => format!("{name} {}", grouped(number)),
        }
    });
    causes.collect::<Vec<_>>().join(", ")
}

/// The matrix of all answers, if it is not too large.
fn table(page: &mut Page, shared: &Shared, counts: &DecisionCounts) {
    let (rows, columns) = (occurring(counts, Side::Old), occurring(counts, Side::New));
    if rows.len() > TABLE || columns.len() > TABLE {
        return;
    }
    let mut lines = vec![vec!["before \\ now".to_owned()]];
    lines[0].extend(columns.iter().map(|answer| shared.words(answer)));
    for row in &rows {
        let mut line = vec![shared.words(row)];
        line.extend(columns.iter().map(|column| {
            let cell = counts.pairs.get(&((*row).clone(), (*column).clone()));
            cell.map_or("0".to_owned(), |cell| grouped(cell.issues))
        }));
        lines.push(line);
    }
    page.gap();
    for line in aligned(&lines) {
        page.fixed(2, &line);
    }
}

/// Lines of cells, the first one of each to the left, the others to the right.
fn aligned(lines: &[Vec<String>]) -> Vec<String> {
    let width = |column: usize| lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.width()).max();
    let cell = |(column, cell): (usize, &String)| {
        let blank = " ".repeat(width(column).unwrap_or_default() - cell.width());
        if column == 0 { format!("{cell}{blank}") } else { format!("  {blank}{cell}") }
    };
    lines.iter().map(|line| line.iter().enumerate().map(cell).collect()).collect()
}
