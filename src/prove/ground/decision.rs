//! Hit policies as formulas; the table of `verdict::hit_policy` where everything is known.

use super::Grounder;
use crate::program::{DecisionId, HitPolicy};
use crate::prove::circuit::Bit;
use crate::prove::term::{Term, Tuple};
use crate::value::Value;

/// When a decision has which value. Options are indices in the decision's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionBits {
    /// When each option is concluded.
    pub concluded: Vec<Bit>,
    /// When the value is this option; for collect: when it is among the values.
    pub value: Vec<Bit>,
    /// When nothing is concluded: the default is the value, if there is one.
    pub nothing: Bit,
    /// When a `unique` decision has two values; never for others.
    pub conflict: Bit,
    /// When there is no value: a conflict, or nothing is concluded and there is no default.
    pub no_value: Bit,
}

impl Grounder<'_, '_> {
    /// What a decision is, once all that concludes its options is known.
    pub(super) fn decision(&mut self, index: usize) -> DecisionBits {
        let decision = &self.program.decisions[index];
        let relation = &self.relations[decision.predicate.index()];
        let concluded: Vec<Bit> = decision
            .options
            .iter()
            .map(|option| {
                let tuple: Tuple = Box::new([Term::Known(Value::Symbol(option.id.clone()))]);
                relation.get(&tuple).copied().unwrap_or(Bit::FALSE)
            })
            .collect();
        let circuit = &mut self.encoding.circuit;
        let nothing = !circuit.or(concluded.iter().copied());
        let conflict = match decision.hit_policy {
            HitPolicy::Unique => circuit.several(&concluded),
            HitPolicy::Priority | HitPolicy::Collect => Bit::FALSE,
        };
        let value = (0..concluded.len())
            .map(|option| {
                let wins = match decision.hit_policy {
                    HitPolicy::Collect => return concluded[option],
                    HitPolicy::Priority => {
                        let above = concluded[..option].iter().map(|bit| !*bit);
                        circuit.and(above.chain([concluded[option]]))
                    }
                    HitPolicy::Unique => circuit.and([concluded[option], !conflict]),
                };
                if decision.default == Some(option) { circuit.or([wins, nothing]) } else { wins }
            })
            .collect();
        let no_value = if decision.default.is_some() { conflict } else { circuit.or([conflict, nothing]) };
        DecisionBits { concluded, value, nothing, conflict, no_value }
    }

    /// Fills the relation `decided` of a decision.
    pub(super) fn decided(&mut self, id: DecisionId) {
        let bits = self.decision(id.index());
        let decision = self.program.decision(id);
        let tuples = decision.options.iter().zip(bits.value).filter(|(_, bit)| *bit != Bit::FALSE);
        let tuples = tuples.map(|(option, bit)| (Tuple::from([Term::Known(Value::Symbol(option.id.clone()))]), bit));
        self.relations[decision.decided.index()] = tuples.collect();
    }
}
