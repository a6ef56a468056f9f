//! Mutants as text and JSON: what no scenario notices, with a scenario that would.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::look::{Ink, Look};
use super::page::Page;
use crate::engine::{Plan, evaluate_planned};
use crate::issue::{FactState, Issue};
use crate::program::{HitPolicy, Program};
use crate::report::given;
use crate::source::Sources;
use crate::testing::mutants::{Fate, Tried};
use crate::verdict::{Status, settle};

/// Mutants with what they are of.
#[derive(Debug, Clone, Copy)]
pub struct Mutated<'a> {
    /// The policy.
    pub program: &'a Program,
    /// Its files.
    pub sources: &'a Sources,
    /// Each mutant with its fate.
    pub tried: &'a [Tried],
}

/// How many mutants had which fate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Some scenario fails.
    pub killed: usize,
    /// No scenario fails, and there is an issue on which it decides otherwise.
    pub alive: usize,
    /// No scenario fails, and no such issue was found.
    pub undetermined: usize,
    /// It says the same on every issue.
    pub equivalent: usize,
    /// It decides the same on every issue of which all is known.
    pub alike: usize,
    /// It does not pass the checks.
    pub refused: usize,
}

impl Counts {
    /// Counts the fates.
    pub fn of(tried: &[Tried]) -> Self {
        let mut counts = Self::default();
        for each in tried {
            *match &each.fate {
                Fate::Killed(_) => &mut counts.killed,
                Fate::Alive(_) => &mut counts.alive,
                Fate::Undetermined => &mut counts.undetermined,
                Fate::Equivalent => &mut counts.equivalent,
                Fate::Alike => &mut counts.alike,
                Fate::Refused => &mut counts.refused,
            } += 1;
        }
        counts
    }

    /// Killed of those that could be, in percent; 100 of none.
    pub fn percent(self) -> f64 {
        let all = self.killed + self.alive;
        #[allow(clippy::cast_precision_loss)]
        if all == 0 { 100.0 } else { self.killed as f64 * 100.0 / all as f64 }
    }
}

impl Mutated<'_> {
    fn place(&self, each: &Tried) -> String {
        let span = each.mutant.span;
        format!("{}:{}", self.sources.path(span.file).display(), self.sources.position(span).line)
    }
}

/// The text: counts, then each survivor before and after.
pub fn text(mutated: &Mutated<'_>, look: Look) -> String {
    let counts = Counts::of(mutated.tried);
    let mut page = Page::new(look);
    let alike = match counts.alike {
        0 => String::new(),
        alike => format!("{alike} decide alike every issue of which all is known, "),
    };
    let summary = format!(
        "{} killed, {} alive ({:.1} % killed); {} say the same on every issue, {alike}{} do not pass the checks, {} undetermined",
        counts.killed,
        counts.alive,
        counts.percent(),
        counts.equivalent,
        counts.refused,
        counts.undetermined
    );
    page.lead(0, Ink::Strong, &format!("Mutants of {}:", mutated.program.name), &summary);
    let mut out = page.finish();
    for (number, each) in mutated.tried.iter().enumerate() {
        let killer = match &each.fate {
            Fate::Alive(issue) => Some(issue),
            Fate::Undetermined => None,
            Fate::Killed(_) | Fate::Refused | Fate::Equivalent | Fate::Alike => continue,
        };
        let mut page = Page::new(look);
        out.push('\n');
        let head = format!("{}: {} in {}", mutated.place(each), each.mutant.change.as_str(), each.mutant.subject);
        let lead = if killer.is_some() { "alive:" } else { "undetermined:" };
        page.lead(2, Ink::Odd, lead, &head);
        page.line(4, &format!("before: {}", each.mutant.before));
        page.line(
            4,
            &format!("after:  {}", if each.mutant.after.is_empty() { "(nothing)" } else { &each.mutant.after }),
        );
        out.push_str(&page.finish());
        match killer {
            Some(issue) => {
                out.push_str("    a scenario that would notice:\n\n");
                for line in scenario(mutated.program, issue, number).lines() {
                    let _ = writeln!(out, "    {line}");
                }
            }
            None => out.push_str("    no issue was found on which it decides otherwise\n"),
        }
    }
    out
}

/// The mutants that no scenario notices, a sentence each, without places, which move with every line.
pub fn survivors(mutated: &Mutated<'_>) -> Vec<String> {
    let alive = mutated.tried.iter().filter(|each| matches!(each.fate, Fate::Alive(_)));
    let told = |each: &Tried| {
        let after = if each.mutant.after.is_empty() { "(nothing)" } else { &each.mutant.after };
        format!("alive: {} in {}: {after}", each.mutant.change.as_str(), each.mutant.subject)
    };
    alive.map(told).collect()
}

/// The JSON.
pub fn document(mutated: &Mutated<'_>) -> Json {
    let counts = Counts::of(mutated.tried);
    let mutants = mutated.tried.iter().enumerate().map(|(number, each)| {
        let (fate, killed_by, killer) = match &each.fate {
            Fate::Killed(index) => ("killed", mutated.program.scenarios.get(*index).map(|s| s.name.to_string()), None),
            Fate::Alive(issue) => ("alive", None, Some(scenario(mutated.program, issue, number))),
            Fate::Undetermined => ("undetermined", None, None),
            Fate::Alike => ("alike", None, None),
            Fate::Equivalent => ("equivalent", None, None),
            Fate::Refused => ("refused", None, None),
        };
        json!({
            "change": each.mutant.change.as_str(),
            "subject": &*each.mutant.subject,
            "place": mutated.place(each),
            "before": each.mutant.before,
            "after": each.mutant.after,
            "fate": fate,
            "killed_by": killed_by,
            "killer": killer,
        })
    });
    json!({
        "policy": &*mutated.program.name,
        "killed": counts.killed,
        "alive": counts.alive,
        "undetermined": counts.undetermined,
        "equivalent": counts.equivalent,
        "alike": counts.alike,
        "refused": counts.refused,
        "percent": counts.percent(),
        "mutants": mutants.collect::<Vec<_>>(),
    })
}

/// A scenario in TOML that expects what the policy decides now of an issue.
fn scenario(program: &Program, issue: &Issue, number: usize) -> String {
    let model = evaluate_planned(program, &Plan::new(program), issue);
    let verdict = settle(program, issue, &model);
    let mut out = format!("[scenario.notices-change-{}]\n", number + 1);
    let given = program.facts.iter().zip(&issue.facts).filter_map(|(fact, state)| match state {
        FactState::Given(given) => Some(format!("{} = {}", fact.name, given::toml(&fact.kind, given))),
        _ => None,
    });
    let _ = writeln!(out, "issue  = {{ {} }}", given.collect::<Vec<_>>().join(", "));
    let mut expected: Vec<String> = Vec::new();
    for outcome in &verdict.outcomes {
        let decision = program.decision(outcome.decision);
        let ids: Vec<String> = outcome.value.iter().map(|o| format!("\"{}\"", decision.options[*o].id)).collect();
        let value = match decision.hit_policy {
            HitPolicy::Collect => Some(format!("[{}]", ids.join(", "))),
            _ => ids.into_iter().next(),
        };
        expected.push(match (outcome.status, value) {
            (Status::Settled, Some(value)) => format!("{} = {value}", decision.name),
            (status, Some(value)) => {
                let possible: Vec<String> =
                    outcome.possible.iter().map(|o| format!("\"{}\"", decision.options[*o].id)).collect();
                let (status, possible) = (status.as_str(), possible.join(", "));
                format!("{} = {{ value = {value}, status = \"{status}\", possible = [{possible}] }}", decision.name)
            }
            (status, None) => format!("{} = {{ status = \"{}\" }}", decision.name, status.as_str()),
        });
    }
    let _ = writeln!(out, "expect = {{ {} }}", expected.join(", "));
    out
}
