//! An explanation as text: a tree in the author's words, shared parts told once.

use std::collections::{BTreeMap, BTreeSet};

use super::{Explained, rule_at};
use crate::explain::{
    Absence, DecisionProof, Effect, FactUse, OptionProof, Premise, StepId, Support, conclusion, fill, shown,
};
use crate::program::{Decision, DecisionId, LiteralKind};
use crate::report::look::{Ink, Look};
use crate::report::page::Page;
use crate::report::verdict::words;
use crate::value::Value;
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
        self.page.lead(0, Ink::Strong, &decision.question, &answer(decision, outcome));
        if outcome.from_default {
            self.page.line(2, "By default: no rule concludes anything for certain.");
        }
        for each in &proof.certain {
            self.option(decision, each, "because", proof.certain.len() > 1 || !outcome.value.contains(&each.option));
        }
        for each in &proof.open {
            self.option(decision, each, "may still come, because", true);
        }
        for each in &proof.overridden {
            let (rule, by) = (&program.rule(each.rule).name, &program.rule(each.by).name);
            let verb = if each.certain { "is overridden by" } else { "may be overridden by" };
            self.page.lead(
                2,
                Ink::Faint,
                "Overridden:",
                &format!("the rule {rule} would apply, but {verb} {by}, because"),
            );
            if let Some(step) = each.because {
                self.step(4, step);
            }
        }
        self.effects(decision, &proof.effects);
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
        let program = self.explained.program;
        let clause = program.clause(self.explained.explanation.steps[step.0 as usize].clause);
        let literal = &clause.body[premise.literal];
        let open = if premise.judgement.certain { "" } else { " (open)" };
        match &premise.support {
            Support::Step(id) => self.step(indent, *id),
            Support::Fact(fact) => self.fact(indent, fact),
            Support::Decided(decision, value) => {
                let name = &program.decision(*decision).name;
                self.page.line(indent, &format!("{}{open}: {name} is decided to be {value}", literal.text));
            }
            Support::Values(facts) => {
                let uses: Vec<String> = facts.iter().map(|fact| self.fact_text(fact)).collect();
                let rest = if uses.is_empty() { String::new() } else { format!(": {}", uses.join("; ")) };
                self.page.line(indent, &format!("{}{open}{rest}", literal.text));
            }
            Support::Absent(reasons) => {
                let lead = if matches!(&literal.kind, LiteralKind::NotAtom(_) | LiteralKind::NotGroup(_)) {
                    ""
                } else {
                    "not "
                };
                let texts: Vec<String> = reasons.iter().map(|reason| self.absence(reason)).collect();
                self.page.line(indent, &format!("{lead}{}{open}: {}", literal.text, texts.join("; ")));
            }
        }
    }

    fn fact(&mut self, indent: usize, fact: &FactUse) {
        let text = self.fact_text(fact);
        self.page.line(indent, &text);
    }

    fn fact_text(&self, used: &FactUse) -> String {
        let program = self.explained.program;
        let name = &program.fact(used.fact).name;
        let value = shown(program, self.explained.issue, used);
        match used.origin {
            crate::explain::Origin::Unknown => format!("{name} (unknown)"),
            origin => format!("{name}: {value} ({})", origin.as_str()),
        }
    }

    fn absence(&self, reason: &Absence) -> String {
        let program = self.explained.program;
        match reason {
            Absence::Fact(used) => self.fact_text(used),
            Absence::Clause { clause, literal } => {
                let rule = &program.rule(program.clause(*clause).rule).name;
                match literal {
                    Some(literal) => format!("the rule {rule} lacks `{literal}`"),
                    None => format!("the rule {rule} does not conclude it"),
                }
            }
            Absence::Decided(decision) => format!("{} is decided otherwise", program.decision(*decision).name),
            Absence::NoRule => "no rule concludes it".to_owned(),
            Absence::Group(_) => "nothing meets these conditions".to_owned(),
        }
    }

    fn effects(&mut self, decision: &Decision, effects: &[Effect]) {
        let program = self.explained.program;
        for effect in effects {
            let fact = program.fact(effect.fact);
            let question = fact.ask.as_deref().unwrap_or(&fact.name);
            self.page.lead(2, Ink::Odd, &format!("{question} ({})", fact.name), "");
            if effect.outcomes.is_empty() {
                self.page.line(4, "Its answer could settle this; it has too many values to go through.");
            }
            for (value, outcome) in &effect.outcomes {
                let value = match (&fact.kind, value) {
                    (crate::program::FactKind::Single(domain), value) => crate::explain::label(domain, value),
                    (_, value) => Value::to_string(value),
                };
                self.page.line(4, &format!("{value}: {}", answer(decision, outcome)));
            }
        }
    }
}

/// `SaaS Support`, `open; until then CSM`, `conflict: A and B`.
pub(super) fn answer(decision: &Decision, outcome: &Outcome) -> String {
    let value = words::together(decision, &outcome.value);
    match outcome.status {
        Status::Settled => value,
        Status::Open => format!("open; until then {value}"),
        Status::Conflict => format!("conflict: {}", words::together(decision, &outcome.certain)),
    }
}
