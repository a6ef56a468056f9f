//! Scenarios that were run: as text and as JSON (as JUnit: `report/junit.rs`).

use serde_json::{Value, json};

use super::diagnostics::place;
use super::explanation::{self, Explained};
use super::look::{Ink, Look};
use super::page::Page;
use crate::program::{DecisionId, Program, Scenario};
use crate::source::Sources;
use crate::testing::ScenarioResult;

/// The scenarios of one policy that were run.
#[derive(Debug, Clone, Copy)]
pub struct Suite<'a> {
    /// The policy.
    pub program: &'a Program,
    /// Its files.
    pub sources: &'a Sources,
    /// What came of them, in the author's order.
    pub results: &'a [ScenarioResult],
}

/// What became of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Everything came out as expected.
    Passed,
    /// Something did not.
    Failed,
    /// It was not run.
    Skipped,
}

impl Fate {
    /// Of a result.
    pub fn of(result: &ScenarioResult) -> Self {
        match result {
            _ if result.skipped.is_some() => Self::Skipped,
            _ if result.failures.is_empty() => Self::Passed,
            _ => Self::Failed,
        }
    }

    /// As users see it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// Which scenarios a text tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Those that failed.
    Failed,
    /// Those that failed or were skipped.
    Usual,
    /// All.
    All,
}

/// How many passed, failed and were skipped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// As expected.
    pub passed: usize,
    /// Otherwise.
    pub failed: usize,
    /// Not run.
    pub skipped: usize,
}

impl Count {
    /// Counts results.
    pub fn of<'a>(results: impl IntoIterator<Item = &'a ScenarioResult>) -> Self {
        let mut count = Self::default();
        for result in results {
            match Fate::of(result) {
                Fate::Passed => count.passed += 1,
                Fate::Failed => count.failed += 1,
                Fate::Skipped => count.skipped += 1,
            }
        }
        count
    }
}

impl<'a> Suite<'a> {
    /// Why the decisions that a failed scenario is about came out as they did, all of them if it is about none.
    pub fn proof(&self, result: &ScenarioResult, look: Look) -> Option<String> {
        let explained = self.explained(result)?;
        let about: Vec<DecisionId> = result.failures.iter().filter_map(|failure| failure.decision).collect();
        let chosen = |decision| about.is_empty() || about.contains(&decision);
        Some(explanation::text_of(&explained, &chosen, look))
    }

    fn explained(&self, result: &'a ScenarioResult) -> Option<Explained<'a>> {
        let issue = &self.scenario(result).issue;
        let explanation = result.proof.as_deref()?;
        Some(Explained { program: self.program, sources: self.sources, issue, explanation })
    }

    /// Whether a scenario passed that expects nothing, so that it says nothing but which issue keeps the invariants.
    fn is_empty(&self, result: &ScenarioResult) -> bool {
        result.passed() && self.scenario(result).expect.is_empty()
    }

    /// The scenario of a result.
    pub fn scenario(&self, result: &ScenarioResult) -> &'a Scenario {
        &self.program.scenarios[result.scenario]
    }
}

/// One scenario after the other, and the counts at the end.
pub fn text(suites: &[Suite<'_>], detail: Detail, look: Look) -> String {
    let mut page = Page::new(look);
    for suite in suites {
        for result in suite.results {
            one(&mut page, suite, result, detail);
        }
    }
    let count = Count::of(suites.iter().flat_map(|suite| suite.results));
    let empty = suites.iter().flat_map(|suite| suite.results.iter().filter(|result| suite.is_empty(result))).count();
    let empty = match empty {
        0 => String::new(),
        1 => "; of 1 that passed nothing is expected".to_owned(),
        several => format!("; of {several} that passed nothing is expected"),
    };
    page.line(0, &format!("{} passed, {} failed, {} skipped{empty}", count.passed, count.failed, count.skipped));
    page.finish()
}

fn one(page: &mut Page, suite: &Suite<'_>, result: &ScenarioResult, detail: Detail) {
    let scenario = suite.scenario(result);
    let name = format!("{} / {}", suite.program.name, scenario.name);
    match Fate::of(result) {
        Fate::Passed if detail != Detail::Failed && suite.is_empty(result) => {
            page.lead(0, Ink::Odd, "nothing expected", &format!("{name}: say in `expect` what must come out"));
        }
        Fate::Passed if detail == Detail::All => page.lead(0, Ink::Good, "passed", &name),
        Fate::Skipped if detail != Detail::Failed => {
            let reason = result.skipped.as_deref().unwrap_or_default();
            page.lead(0, Ink::Odd, "skipped", &format!("{name}: {reason}"));
        }
        Fate::Failed => failed(page, suite, result, &name),
        Fate::Passed | Fate::Skipped => {}
    }
}

fn failed(page: &mut Page, suite: &Suite<'_>, result: &ScenarioResult, name: &str) {
    let scenario = suite.scenario(result);
    page.lead(0, Ink::Bad, "FAILED", name);
    page.line(2, &format!("--> {}", suite.sources.place(scenario.span)));
    for failure in &result.failures {
        page.line(2, &format!("{}:", failure.subject));
        page.line(4, &format!("expected: {}", failure.expected));
        page.line(4, &format!("got:      {}", failure.got));
    }
    if let Some(because) = &scenario.because {
        page.line(2, &format!("because: {because}"));
    }
    page.line(2, "proof:");
    let narrow = Look { width: page.look().width.map(|width| width.saturating_sub(4)), ..page.look() };
    let proof = suite.proof(result, narrow).unwrap_or_default();
    page.block(4, &proof);
    page.gap();
}

/// Everything as one document.
pub fn document(suites: &[Suite<'_>]) -> Value {
    let policies: Vec<Value> = suites
        .iter()
        .map(|suite| {
            let scenarios: Vec<Value> = suite.results.iter().map(|result| scenario(suite, result)).collect();
            json!({ "name": &*suite.program.name, "scenarios": scenarios })
        })
        .collect();
    let count = Count::of(suites.iter().flat_map(|suite| suite.results));
    json!({ "passed": count.passed, "failed": count.failed, "skipped": count.skipped, "policies": policies })
}

fn scenario(suite: &Suite<'_>, result: &ScenarioResult) -> Value {
    let scenario = suite.scenario(result);
    let failures: Vec<Value> =
        result.failures.iter().map(|f| json!({ "subject": f.subject, "expected": f.expected, "got": f.got })).collect();
    json!({
        "name": &*scenario.name,
        "result": Fate::of(result).as_str(),
        "skip": result.skipped.as_deref(),
        "because": scenario.because.as_deref(),
        "place": place(scenario.span, suite.sources),
        "failures": failures,
        "proof": suite.explained(result).map(|explained| explanation::json(&explained)),
    })
}
