//! Two policies compared: as text, Markdown, JSON and CSV.
//!
//! All four tell the same; the first line of the texts is the summary, which JSON has too.

mod csv;
mod json;
mod markdown;
mod moved;
mod proven;
mod text;
mod twin;
pub(super) mod unproved;

pub use csv::csv;
pub use json::json;
pub use markdown::markdown;
pub use moved::{moved, rejected, rejected_text};
pub use proven::{
    Proven, contradictions, example_file, example_name, proven_csv, proven_json, proven_markdown, proven_summary,
    proven_text,
};
pub use text::text;

use std::time::Duration;

use super::diagnostics::plural;
use super::figures::{grouped, percent};
use crate::diff::differences::Difference;
use crate::diff::{Answer, Cause, Cell, Counts, DecisionCounts, Differences, Pair, Shared, Side};
use crate::explain::rules_below;
use crate::program::Program;
use crate::verdict::Status;

/// The most rules below another that are named.
const BELOW: usize = 3;

/// Two policies, compared over a history.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    /// The policies.
    pub pair: Pair<'a>,
    /// What differs as written.
    pub differences: &'a Differences,
    /// What both decide.
    pub shared: &'a [Shared],
    /// What became of the history.
    pub counts: &'a Counts,
}

impl<'a> Compared<'a> {
    /// Decisions that both make, with their counts.
    fn decisions(&self) -> impl Iterator<Item = (&'a Shared, &'a DecisionCounts)> {
        self.shared.iter().zip(&self.counts.decisions)
    }

    /// `12 of 4,310 issues move; 3 become open`.
    pub fn summary(&self) -> String {
        let counts = self.counts;
        let verb = if counts.moved == 1 || counts.compared == 1 { "moves" } else { "move" };
        let mut text = format!("{} of {} {verb}", grouped(counts.moved), issues(counts.compared));
        let words = [(Status::Open, "open"), (Status::Settled, "settled"), (Status::Conflict, "a conflict")];
        let became = words.into_iter().map(|(status, word)| (counts.statuses.became(status), word));
        let mut separator = ';';
        for (number, word) in became.filter(|(number, _)| *number > 0) {
            let verb = if number == 1 { "becomes" } else { "become" };
            text.push_str(&format!("{separator} {} {verb} {word}", grouped(number)));
            separator = ',';
        }
        text
    }

    /// What decided, in a word or two: the name of a rule, and whether it is another now.
    fn cause(&self, side: Side, cause: Cause) -> String {
        match cause {
            Cause::Rule(rule) => self.pair.of(side).rule(rule).name.to_string(),
            Cause::Default => "(no rule: the default)".to_owned(),
            Cause::Nothing => "(no rule)".to_owned(),
            Cause::Conflict => "(rules that contradict each other)".to_owned(),
        }
    }

    /// What became of a rule from one policy to the other: `added`, `removed`, `changed`.
    fn fate(&self, side: Side, cause: Cause) -> Option<&'static str> {
        let Cause::Rule(rule) = cause else { return None };
        self.differences.of_rule(&self.pair.of(side).rule(rule).name).map(Difference::word)
    }

    /// What differs among the rules that a rule rests on.
    fn below(&self, side: Side, cause: Cause) -> Vec<&'a Difference> {
        let Cause::Rule(rule) = cause else { return Vec::new() };
        let program = self.pair.of(side);
        let below = rules_below(program, rule).into_iter();
        below.filter_map(|rule| self.differences.of_rule(&program.rule(rule).name)).collect()
    }

    /// What became of a rule, or of what it rests on, in a few words.
    fn change(&self, side: Side, cause: Cause) -> Option<String> {
        if let Some(fate) = self.fate(side, cause) {
            return Some(fate.to_owned());
        }
        let below = self.below(side, cause);
        let names = below.iter().take(BELOW).map(|difference| format!("{} {}", difference.word(), difference.name));
        let mut text = names.collect::<Vec<_>>().join(", ");
        if below.len() > BELOW {
            text.push_str(&format!(" and {} more", below.len() - BELOW));
        }
        (!below.is_empty()).then(|| format!("rests on {text}"))
    }

    /// What decided the issues of a pair on one side, the most frequent first.
    fn causes(&self, side: Side, cell: &Cell) -> Vec<(Cause, usize)> {
        let causes = match side {
            Side::Old => &cell.before,
            Side::New => &cell.now,
        };
        let mut causes: Vec<(Cause, usize)> = causes.iter().map(|(cause, number)| (*cause, *number)).collect();
        causes.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| self.cause(side, a.0).cmp(&self.cause(side, b.0))));
        causes
    }
}

/// What is said beside the results: how many issues were read, and how fast.
pub fn read(counts: &Counts, elapsed: Duration) -> String {
    let read = format!("{} read: {} compared, {} rejected", counts.read(), counts.compared, counts.rejected);
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let rate = (counts.read() as f64 / elapsed.as_secs_f64().max(1e-6)) as usize;
    format!("{read}\n{:.3} s, {} a second\n", elapsed.as_secs_f64(), plural(rate, "issue"))
}

/// `connectors 1.0.0`.
fn policy(program: &Program) -> String {
    match &program.version {
        Some(version) => format!("{} {version}", program.name),
        None => program.name.to_string(),
    }
}

/// The answers that occur on one side, in the order of the scale.
fn occurring(counts: &DecisionCounts, side: Side) -> Vec<&Answer> {
    let mut answers: Vec<&Answer> = counts
        .pairs
        .keys()
        .map(|(old, new)| match side {
            Side::Old => old,
            Side::New => new,
        })
        .collect();
    answers.sort_unstable();
    answers.dedup();
    answers
}

/// `1 issue`, `4,310 issues`.
fn issues(number: usize) -> String {
    format!("{} {}", grouped(number), if number == 1 { "issue" } else { "issues" })
}

/// A share in percent: `0.3 %`.
fn share(part: usize, whole: usize) -> String {
    format!("{} %", percent(part as u64, whole as u64))
}

#[allow(clippy::cast_precision_loss)]
fn fraction(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Statuses before and now that differ, with how many issues have them.
fn status_changes(counts: &crate::diff::counts::Statuses) -> Vec<(Status, Status, usize)> {
    use crate::diff::counts::Statuses;
    let pairs = Statuses::ALL.into_iter().flat_map(|before| Statuses::ALL.map(|now| (before, now)));
    let changes = pairs.filter(|(before, now)| before != now);
    changes.map(|(before, now)| (before, now, counts.get(before, now))).filter(|(_, _, number)| *number > 0).collect()
}
