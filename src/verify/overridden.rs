//! Checks which rules a decision's proof says are overridden: all that are, and no others.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::{Checker, ensure, plane};
use crate::naive::{CERTAIN, POSSIBLE};
use crate::program::{Clause, Decision, Rule};

impl Checker<'_> {
    /// Checks what is told of a decision.
    pub(super) fn overridden(&self, decision: &Decision, told: &[Json]) -> Result<(), String> {
        told.iter().try_for_each(|each| self.is_overridden(each))?;
        let names = told.iter().filter_map(|each| Some((each["rule"].as_str()?, each["by"].as_str()?)));
        let is_all = names.collect::<BTreeSet<_>>() == self.all_overridden(decision);
        ensure(is_all, || "other rules are overridden than it says".to_owned())
    }

    /// The rules of a decision whose own conditions hold for certain, each with a rule that may override it.
    fn all_overridden(&self, decision: &Decision) -> BTreeSet<(&str, &str)> {
        let holds = |plane, clause: &Clause| self.world.bindings(plane, clause).next().is_some();
        let applies = |rule: &Rule| rule.clauses.iter().any(|id| holds(POSSIBLE, self.program.clause(*id)));
        let mut found = BTreeSet::new();
        for clause in self.program.clauses.iter().filter(|clause| clause.head == decision.predicate) {
            let rule = self.program.rule(clause.rule);
            let mut own = clause.clone();
            own.body.retain(|literal| !self.program.is_override(literal));
            if !rule.overridden_by.is_empty() && holds(CERTAIN, &own) {
                let by = rule.overridden_by.iter().map(|by| self.program.rule(*by)).filter(|by| applies(by));
                found.extend(by.map(|by| (&*rule.name, &*by.name)));
            }
        }
        found
    }

    fn is_overridden(&self, told: &Json) -> Result<(), String> {
        let step = self.at(&told["step"]);
        let by = |rule: &Rule| rule.overridden_by.iter().any(|by| told["by"] == *self.program.rule(*by).name);
        let overrides = self.program.rules.iter().any(|rule| told["rule"] == *rule.name && by(rule));
        let applies = step["rule"] == told["by"] && told["certain"] == (plane(step) == Some(CERTAIN));
        ensure(overrides && applies, || format!("{} does not override {} so", told["by"], told["rule"]))
    }
}
