//! An explanation as text: a tree in the author's words, shared parts told once.

use std::collections::{BTreeMap, BTreeSet};

use super::{Explained, leaf, rule_at};
use crate::explain::{DecisionProof, Effect, OptionProof, Overridden, Premise, StepId, Support, conclusion, fill};
use crate::program::{Decision, DecisionId, Program};
use crate::report::look::{Ink, Look};
use crate::report::page::Page;
use crate::report::verdict::words;
use crate::verdict::{Outcome, Status};

/// The text of an explanation, decision by decision.
pub fn text(explained: &Explained<'_>, look: Look) -> String {
    text_of(explained, &|_| true, look)
}

/// The text of an explanation of some decisions.
pub fn text_of(explained: &Explained<'_>, chosen: &dyn Fn(DecisionId) -> bool, look: Look) -> String {
    let mut teller = Teller { explained, page: Page::new(look), told: BTreeMap::new(), shared: shared(explained) };
    let outcomes = &explained.explanation.verdict.outcomes;
    for (proof, outcome) in explained.explanation.decisions.iter().zip(outcomes) {
        if chosen(proof.decision) {
            teller.page.gap();
            teller.decision(proof, outcome);
        }
    }
    teller.page.finish()
}

/// Steps that more than one other step or answer rests on.
fn shared(explained: &Explained<'_>) -> BTreeSet<StepId> {
    let explanation = explained.explanation;
    let mut uses: BTreeMap<StepId, usize> = BTreeMap::new();
    let premises = explanation.steps.iter().flat_map(|step| &step.premises);
    let below = premises.filter_map(|premise| match premise.support {
        Support::Step(id) => Some(id),
        _ => None,
    });
    let roots =
        explanation.decisions.iter().flat_map(|d| d.certain.iter().chain(&d.open)).flat_map(|o| o.steps.clone());
    let overriding = explanation.decisions.iter().flat_map(|d| &d.overridden).filter_map(|o| o.because);
    for id in below.chain(roots).chain(overriding) {
        *uses.entry(id).or_default() += 1;
    }
    uses.into_iter().filter(|(_, count)| *count > 1).map(|(id, _)| id).collect()
}

struct Teller<'a> {
    explained: &'a Explained<'a>,
    page: Page,
    /// Numbers of shared steps that have been told.
    told: BTreeMap<StepId, usize>,
    shared: BTreeSet<StepId>,
}

impl Teller<'_> {
    fn decision(&mut self, proof: &DecisionProof, outcome: &Outcome) {
        let program = self.explained.program;
        let decision = program.decision(proof.decision);
        self.page.lead(0, Ink::Strong, &decision.question, &leaf::answer(decision, outcome));
        if outcome.from_default {
            self.page.line(2, by_default(outcome));
        }
        for each in &proof.certain {
            self.option(decision, each, "because", proof.certain.len() > 1 || !outcome.value.contains(&each.option));
        }
        for each in &proof.open {
            self.option(decision, each, "may still come, because", true);
        }
        for each in &proof.overridden {
            self.page.lead(2, Ink::Faint, "Overridden:", &overridden(program, each));
            if let Some(step) = each.because {
                self.step(4, step);
            }
        }
        self.effects(&proof.effects, outcome);
    }

    fn option(&mut self, decision: &Decision, proof: &OptionProof, word: &str, named: bool) {
        let lead =
            if named { format!("{} {word}:", words::option(decision, proof.option)) } else { "Because:".to_owned() };
        self.page.lead(2, Ink::Strong, &lead, "");
        for step in &proof.steps {
            self.step(4, *step);
        }
    }

    fn step(&mut self, indent: usize, id: StepId) {
        let program = self.explained.program;
        let step = &self.explained.explanation.steps[id.0 as usize];
        let reason = fill(program, step.clause, &step.binding);
        if let Some(number) = self.told.get(&id) {
            self.page.line(indent, &format!("{reason} (see [{number}] above)"));
            return;
        }
        let mut mark = String::new();
        if self.shared.contains(&id) {
            let number = self.told.len() + 1;
            self.told.insert(id, number);
            mark = format!("[{number}] ");
        }
        self.page.line(indent, &format!("{mark}{reason}"));
        let concludes = conclusion(program, step.clause, &step.tuple);
        let rule = rule_at(program, self.explained.sources, step.clause);
        self.page.lead(indent + 2, Ink::Faint, &format!("{rule}: {concludes}"), "");
        for premise in &step.premises {
            self.premise(indent + 2, id, premise);
        }
    }

    fn premise(&mut self, indent: usize, step: StepId, premise: &Premise) {
        if let Support::Step(below) = &premise.support {
            return self.step(indent, *below);
        }
        let step = &self.explained.explanation.steps[step.0 as usize];
        self.page.line(indent, &leaf::premise(self.explained, step, premise));
    }

    fn effects(&mut self, effects: &[Effect], now: &Outcome) {
        for effect in effects {
            self.page.lead(2, Ink::Odd, &leaf::asked(self.explained, effect), "");
            for line in leaf::outcomes(self.explained, effect, now) {
                self.page.line(4, &line);
            }
        }
    }
}

/// Which rule is overridden, and by which.
pub(super) fn overridden(program: &Program, each: &Overridden) -> String {
    let (rule, by) = (program.rule(each.rule), program.rule(each.by));
    let reason = rule.because.as_deref().filter(|because| !because.contains('{'));
    let reason = reason.map_or(String::new(), |because| format!("{because} "));
    let verb = if each.certain { "is overridden by" } else { "may be overridden by" };
    format!("{reason}The rule {} would apply, but {verb} {}, because", rule.name, by.name)
}

/// Why the default is taken.
pub(super) fn by_default(outcome: &Outcome) -> &'static str {
    if outcome.status == Status::Open {
        "By default, until more is known: no rule concludes anything for certain yet."
    } else {
        "By default: no rule concludes anything."
    }
}
