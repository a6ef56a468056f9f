//! Cedar: a `permit` for each clause, annotated with its team; the reasons of one request are all
//! clauses that hold, and the most important of their teams is the answer.
//!
//! Its JSON has no null, so the fields are read into a struct and handed over one by one.

use std::collections::HashMap;

use cedar_policy::{
    Authorizer, Context, Entities, EntityUid, PolicyId, PolicySet, Request, RestrictedExpression as Expression,
};

use crate::issue::{Answer, Facts, team};

pub struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    teams: HashMap<PolicyId, usize>,
    entities: Entities,
    uid: EntityUid,
}

impl Cedar {
    pub fn new() -> Self {
        let policies: PolicySet = include_str!("../policy/routing.cedar").parse().expect("Cedar");
        let teams = policies
            .policies()
            .filter_map(|policy| Some((policy.id().clone(), policy.annotation("team").and_then(team)?)))
            .collect();
        let uid = r#"Desk::"any""#.parse().expect("an entity");
        Self { authorizer: Authorizer::new(), policies, teams, entities: Entities::empty(), uid }
    }

    pub fn decide(&self, line: &str) -> Answer {
        let facts = Facts::read(line);
        let choices = facts
            .choices()
            .into_iter()
            .filter_map(|(name, value)| value.map(|value| (name.to_owned(), Expression::new_string(value.to_owned()))));
        let bools = facts
            .bools()
            .into_iter()
            .filter_map(|(name, value)| value.map(|value| (name.to_owned(), Expression::new_bool(value))));
        let users = facts.users.map(|users| ("users".to_owned(), Expression::new_long(users)));
        let context = Context::from_pairs(choices.chain(bools).chain(users)).expect("fields are there once");
        let uid = || self.uid.clone();
        let request = Request::new(uid(), uid(), uid(), context, None).expect("there is no schema");
        let response = self.authorizer.is_authorized(&request, &self.policies, &self.entities);
        response.diagnostics().reason().filter_map(|id| self.teams.get(id)).min().copied()
    }
}
