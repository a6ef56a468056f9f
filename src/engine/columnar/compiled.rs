//! A policy, compiled: layout, joins, and what to run for values alone or for whole verdicts.

use std::sync::Arc;

use super::block::Block;
use super::build::Builder;
use super::frame::{Frame, Planes};
use super::join::Join;
use super::layout::Layout;
use super::missing::missing;
use super::outcomes::{Outcomes, Settled};
use super::schedule::{Schedule, schedule};
use super::search::Searches;
use super::verdicts::{Judgements, verdicts};
use crate::engine::Plan;
use crate::engine::mentioned::Mentioned;
use crate::program::Program;
use crate::verdict::Verdict;

/// How much work value and status of all decisions are in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Planes that a block keeps of the facts.
    pub planes: usize,
    /// Planes that are computed.
    pub instructions: usize,
    /// Planes that are read to compute them.
    pub operands: usize,
    /// Computed planes that are kept at a time.
    pub registers: usize,
    /// Joins, which are judged issue by issue.
    pub joins: usize,
}

/// A policy, compiled for blocks of issues; the same for every block, so made once.
#[derive(Debug)]
pub struct Compiled<'p> {
    pub(super) program: &'p Program,
    pub(super) plan: Plan,
    pub(super) layout: Arc<Layout>,
    pub(super) joins: Vec<Join>,
    pub(super) searches: Searches,
    /// For the value and status of each decision.
    values: Schedule,
    settled: Vec<Settled>,
    /// For everything.
    whole: Schedule,
    judgements: Judgements,
}

impl<'p> Compiled<'p> {
    /// Compiles a policy.
    pub fn new(program: &'p Program) -> Self {
        let plan = Plan::new(program);
        let (mut builder, components) = Builder::build(program);
        let missing = missing(&mut builder, &components);
        if !builder.joins.is_empty() {
            keep_mentioned(program, &mut builder.layout);
        }
        let mut wanted = Vec::new();
        let settled = Settled::want(&builder, &mut wanted);
        let quiet = vec![false; builder.joins.len()];
        let values = schedule(&builder.circuit, &builder.joins, &wanted, &quiet);

        let mut wanted = Vec::new();
        let judgements = Judgements::want(&mut builder, missing, &mut wanted);
        let may_fault = |join: &Join| {
            join.concluded().is_some() && join.clauses.iter().any(|clause| plan.clause(clause.id).may_fault)
        };
        let warning: Vec<bool> = builder.joins.iter().map(may_fault).collect();
        let whole = schedule(&builder.circuit, &builder.joins, &wanted, &warning);

        let Builder { layout, joins, .. } = builder;
        let searches = Searches::new(program, &plan, &joins);
        let layout = Arc::new(layout);
        Self { program, plan, layout, joins, searches, values, settled, whole, judgements }
    }

    /// The policy.
    pub fn program(&self) -> &'p Program {
        self.program
    }

    /// Whether planes alone tell all values: no clause is judged issue by issue.
    pub fn is_planar(&self) -> bool {
        self.joins.iter().all(|join| join.concluded().is_none())
    }

    /// How much work value and status of all decisions are.
    pub fn size(&self) -> Size {
        let Schedule { gates, registers, .. } = &self.values;
        let (instructions, operands) = (gates.instructions, gates.operands());
        let joins = self.joins.iter().filter(|join| join.concluded().is_some()).count();
        Size { planes: self.layout.planes, instructions, operands, registers: *registers, joins }
    }

    /// An empty block with room for a number of issues.
    pub fn block(&self, capacity: usize) -> Block {
        Block::new(self.layout.clone(), capacity)
    }

    /// Value and status of each decision of a finished block, without what they rest on. The block and the frame were
    /// made for this very policy.
    ///
    /// # Panics
    /// If the block is not finished; perhaps if it, or the frame, was made for another policy.
    pub fn outcomes<'a>(&'a self, block: &'a Block, frame: &'a mut Frame) -> Outcomes<'a> {
        frame.run(self, &self.values, block);
        let planes = Planes { block, registers: &frame.registers };
        Outcomes::new(planes, &self.values.wanted, &self.settled, self.program)
    }

    pub(super) fn whole_parts(&self) -> (&Schedule, &Judgements) {
        (&self.whole, &self.judgements)
    }

    /// The verdict on each issue of a finished block, in order. The block and the frame were made for this very policy.
    ///
    /// # Panics
    /// If the block is not finished; perhaps if it, or the frame, was made for another policy.
    pub fn verdicts(&self, block: &Block, frame: &mut Frame) -> Vec<Verdict> {
        frame.run(self, &self.whole, block);
        verdicts(self, block, frame, &self.whole.wanted, &self.judgements)
    }
}

/// Keeps the values of all facts that some rule looks at.
fn keep_mentioned(program: &Program, layout: &mut Layout) {
    let mut mentioned = Mentioned::default();
    program.clauses.iter().for_each(|clause| mentioned.add(program, &clause.body));
    for fact in mentioned.all_facts(program) {
        layout.kept[fact.index()] = true;
    }
}
