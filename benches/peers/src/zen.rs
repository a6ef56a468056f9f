//! zen-engine: a decision table whose first row that holds decides.

use tokio::runtime::Runtime;
use zen_engine::model::DecisionContent;
use zen_engine::{Decision, Variable};

use crate::issue::{Answer, team};

type Table = Decision<zen_engine::loader::NoopLoader, zen_engine::handler::custom_node_adapter::NoopCustomNode>;

pub struct Zen {
    table: Table,
    runtime: Runtime,
}

impl Zen {
    pub fn new() -> Self {
        let content: DecisionContent =
            serde_json::from_str(include_str!("../policy/routing.zen.json")).expect("a decision graph");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        Self { table: Decision::from(content), runtime }
    }

    pub fn decide(&self, line: &str) -> Answer {
        let issue: Variable = serde_json::from_str::<serde_json::Value>(line).expect("a line of JSON").into();
        let verdict = self.runtime.block_on(self.table.evaluate(issue)).expect("an evaluation");
        verdict.result.dot("team").and_then(|name| name.as_str().and_then(team))
    }
}
