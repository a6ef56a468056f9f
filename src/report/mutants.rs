//! Mutants as text and JSON: what no scenario notices, with few scenarios that would.

mod counts;
mod scenario;

use serde_json::{Value as Json, json};

use super::diagnostics::plural;
use super::diff::unproved;
use super::look::{Ink, Look};
use super::page::Page;
use crate::diff::equivalence::Reason;
use crate::program::Program;
use crate::source::Sources;
use crate::testing::mutants::{Fate, Tried, Unproved};
use crate::testing::suggest::Suggestion;

pub use counts::Counts;
use counts::within_words;
use scenario::scenario;

/// Mutants with what they are of.
#[derive(Debug, Clone, Copy)]
pub struct Mutated<'a> {
    /// The policy.
    pub program: &'a Program,
    /// Its files.
    pub sources: &'a Sources,
    /// Each mutant with its fate.
    pub tried: &'a [Tried],
    /// Issues that would make scenarios.
    pub suggestions: &'a [Suggestion],
}

impl Mutated<'_> {
    fn place(&self, each: &Tried) -> String {
        let span = each.mutant.span;
        format!("{}:{}", self.sources.path(span.file).display(), self.sources.position(span).line)
    }

    /// The scenario of a suggestion, named after the first mutant that it notices.
    fn scenario(&self, suggestion: &Suggestion) -> String {
        let first = suggestion.notices.first().copied().unwrap_or(0);
        scenario(self.program, &suggestion.issue, first)
    }

    /// Why nothing is known of a mutant.
    fn why(&self, unproved: &Unproved) -> String {
        match unproved {
            Unproved::Reason(Reason::TooLong) => "it takes the prover too long".to_owned(),
            Unproved::Reason(reason) => unproved::reason(reason, [self.sources; 2]),
            Unproved::Counts(within, counted) => {
                format!(
                    "issues {} are decided alike, but rules count {}",
                    within_words(within),
                    plural(*counted, "row")
                )
            }
            Unproved::Disagreement => "prover and engine disagree, which is a fault of this program".to_owned(),
        }
    }
}

/// The text: counts, then each scenario that would notice something with what it would, then what is undetermined.
pub fn text(mutated: &Mutated<'_>, look: Look) -> String {
    let mut page = Page::new(look);
    let summary = Counts::of(mutated.tried).words();
    page.lead(0, Ink::Strong, &format!("Mutants of {}:", mutated.program.name), &summary);
    let mut out = page.finish();
    for suggestion in mutated.suggestions {
        let what = match suggestion.notices.len() {
            1 => "this change".to_owned(),
            number => format!("these {number} changes"),
        };
        out.push_str(&format!("\n  a scenario that would notice {what}:\n\n"));
        mutated.scenario(suggestion).lines().for_each(|line| out.push_str(&format!("    {line}\n")));
        for each in suggestion.notices.iter().filter_map(|number| mutated.tried.get(*number)) {
            survivor(&mut out, mutated, each, "alive:", look);
        }
    }
    for each in mutated.tried {
        let Fate::Undetermined(unproved) = &each.fate else { continue };
        survivor(&mut out, mutated, each, "undetermined:", look);
        let mut page = Page::new(look);
        page.line(4, &format!("no issue was found on which it decides otherwise: {}", mutated.why(unproved)));
        out.push_str(&page.finish());
    }
    out
}

/// A mutant that no scenario notices, before and after.
fn survivor(out: &mut String, mutated: &Mutated<'_>, each: &Tried, lead: &str, look: Look) {
    let mutant = &each.mutant;
    let mut page = Page::new(look);
    let head = format!("{}: {} in {}", mutated.place(each), mutant.change.as_str(), mutant.subject);
    page.lead(2, Ink::Odd, lead, &head);
    page.line(4, &format!("before: {}", mutant.before));
    page.line(4, &format!("after:  {}", after(each)));
    out.push('\n');
    out.push_str(&page.finish());
}

fn after(each: &Tried) -> &str {
    if each.mutant.after.is_empty() { "(nothing)" } else { &each.mutant.after }
}

/// The mutants that no scenario notices, a sentence each, without places, which move with every line.
pub fn survivors(mutated: &Mutated<'_>) -> Vec<String> {
    let alive = mutated.tried.iter().filter(|each| matches!(each.fate, Fate::Alive(_)));
    alive
        .map(|each| format!("alive: {} in {}: {}", each.mutant.change.as_str(), each.mutant.subject, after(each)))
        .collect()
}

/// The JSON.
pub fn document(mutated: &Mutated<'_>) -> Json {
    let counts = Counts::of(mutated.tried);
    let scenarios: Vec<String> = mutated.suggestions.iter().map(|suggestion| mutated.scenario(suggestion)).collect();
    let suggested = || mutated.suggestions.iter().zip(&scenarios);
    let mutants = mutated.tried.iter().enumerate().map(|(number, each)| {
        let (fate, why) = match &each.fate {
            Fate::Killed(_) => ("killed", None),
            Fate::Alive(_) => ("alive", None),
            Fate::Undetermined(unproved) => ("undetermined", Some(mutated.why(unproved))),
            Fate::Alike => ("alike", None),
            Fate::AlikeWithin(within) => ("alike-within", Some(within_words(within))),
            Fate::Equivalent => ("equivalent", None),
            Fate::Refused => ("refused", None),
        };
        let killed_by = if let Fate::Killed(index) = &each.fate { mutated.program.scenarios.get(*index) } else { None };
        let killer = suggested().find(|(suggestion, _)| suggestion.notices.contains(&number)).map(|(_, text)| text);
        json!({
            "change": each.mutant.change.as_str(),
            "subject": &*each.mutant.subject,
            "place": mutated.place(each),
            "before": each.mutant.before,
            "after": each.mutant.after,
            "fate": fate,
            "why": why,
            "killed_by": killed_by.map(|scenario| &*scenario.name),
            "killer": killer,
        })
    });
    let scenarios = suggested().map(|(suggestion, text)| json!({ "scenario": text, "notices": suggestion.notices }));
    json!({
        "policy": &*mutated.program.name,
        "killed": counts.killed,
        "alive": counts.alive,
        "undetermined": counts.undetermined,
        "equivalent": counts.equivalent,
        "alike": counts.alike,
        "alike_within": counts.alike_within,
        "refused": counts.refused,
        "percent": counts.percent(),
        "scenarios": scenarios.collect::<Vec<_>>(),
        "mutants": mutants.collect::<Vec<_>>(),
    })
}
