//! Queries: bodies outside any rule, solved over a whole model.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::interpretation::Interpretation;
use super::plan::{Conjunction, Plan};
use super::{Model, Plane};
use crate::issue::Issue;
use crate::program::{Literal, Program, Query};
use crate::value::Value;

/// The distinct answers of a query in a plane, sorted: a value for each of its `answer`
/// variables (`⊥` in the possible plane only). A query without such variables has one
/// empty answer if it holds.
pub fn solve(program: &Program, issue: &Issue, model: &Model, query: &Query, plane: Plane) -> Vec<Vec<Value>> {
    Interpretation::new(program, &Plan::new(program), issue, model).answers(query, plane)
}

impl Interpretation<'_> {
    /// As [`solve`].
    pub fn answers(&self, query: &Query, plane: Plane) -> Vec<Vec<Value>> {
        let mut answers = BTreeSet::new();
        for literals in &query.alternatives {
            let conjunction = Conjunction::new(self.program, literals, &[]);
            let mut binding = vec![None; query.variables.len()];
            let _ = self.search(plane, literals, &conjunction, &mut binding, &mut |binding, _| {
                let value = |v: &crate::program::VariableId| binding[v.index()].clone().unwrap_or(Value::Unknown);
                answers.insert(query.answer.iter().map(value).collect());
                ControlFlow::Continue(())
            });
        }
        answers.into_iter().collect()
    }

    /// Whether some literals have a solution in a plane; they name so many variables.
    pub(crate) fn body_holds(&self, plane: Plane, literals: &[Literal], variables: usize) -> bool {
        let conjunction = Conjunction::new(self.program, literals, &[]);
        let mut binding = vec![None; variables];
        self.search(plane, literals, &conjunction, &mut binding, &mut |_, _| ControlFlow::Break(())).is_break()
    }
}
