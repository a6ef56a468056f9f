//! Policies as formulas over shared facts, and questions to a solver about them.
//!
//! One encoding holds one circuit and one solver; policies are encoded into it as often as
//! needed, whole, without some clauses, or with one fact another.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use super::abstraction::Abstraction;
use super::circuit::{Bit, Circuit};
use super::ground::{self, Meaning, Memory};
use super::inputs::Inputs;
use super::sat::{Assignment, Found, Sat, Stop};
use crate::engine::Plan;
use crate::issue::Issue;
use crate::program::{ClauseId, Program};
use crate::source::Span;
use crate::value::Value;

/// What is made of literals that the abstraction does not follow exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Faith {
    /// They are judged on the witnesses: an assignment is an issue, but there may be issues
    /// that no assignment stands for. For examples.
    Witnesses,
    /// They may be true or false: every issue has its assignment, but there may be
    /// assignments that stand for none. For proofs.
    Relaxed,
}

/// The policies are too large to be encoded, or it took too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the policies are too large for the prover, or it took too long")]
pub struct TooLarge;

/// Something that the abstraction does not follow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Construct {
    /// The literal, as written.
    pub text: Arc<str>,
    /// The policy.
    pub program: usize,
    /// Where it stands.
    pub span: Span,
}

/// The most gates of a circuit.
const MOST_GATES: usize = 6_000_000;

/// After how many conflicts it is left open whether two formulas are one.
const FEW_CONFLICTS: u64 = 200;

/// The most issues that are kept to tell formulas apart.
const MOST_SEEN: usize = 12;

/// Policies as formulas.
#[derive(Debug)]
pub struct Encoding<'a> {
    /// The policies.
    pub programs: Vec<&'a Program>,
    /// What issues can say.
    pub abstraction: &'a Abstraction,
    /// What is made of what is not followed exactly.
    pub faith: Faith,
    /// The formulas.
    pub circuit: Circuit,
    /// The issue that all policies are encoded over.
    pub inputs: Arc<Inputs>,
    /// Whether everything encoded so far is followed exactly: then what has no assignment
    /// has no issue.
    pub is_exact: bool,
    pub(super) plans: Vec<Arc<Plan>>,
    pub(super) free: Free,
    pub(super) faults: Vec<Bit>,
    /// What makes it too large, once it is.
    pub(super) too_large: Option<Construct>,
    /// Literals that are not followed exactly.
    pub(super) inexact: BTreeSet<Construct>,
    /// When the arithmetic of which literal fails.
    pub(super) suspects: Vec<(Bit, Construct)>,
    /// After how many conflicts the solver gives up on a question.
    pub(super) most_conflicts: u64,
    /// How many gates each clause of a policy has taken.
    pub(super) weights: BTreeMap<(usize, ClauseId), usize>,
    /// Issues that have been found, to tell formulas apart at a glance.
    seen: VecDeque<Assignment>,
    pub(super) memory: Memory,
    bases: Vec<Option<Arc<Meaning>>>,
    sat: Sat,
    stop: Option<Stop>,
}

/// Truth values and values that stand for what is not followed.
#[derive(Debug, Default)]
pub(super) struct Free {
    bits: HashMap<String, Bit>,
    /// By gate, all of which it is the truth of.
    constructs: HashMap<usize, BTreeSet<Construct>>,
    values: HashMap<String, u32>,
    names: Vec<String>,
    /// How each value compares with the constants it is compared with.
    orders: HashMap<u32, BTreeMap<Value, Order>>,
}

/// When a value is less than a constant, when it is that, when it is greater.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order {
    pub less: Bit,
    pub equal: Bit,
    pub greater: Bit,
}

impl<'a> Encoding<'a> {
    /// An encoding of nothing yet. `abstraction` is that of these policies, in this order.
    pub fn new(programs: &[&'a Program], abstraction: &'a Abstraction, faith: Faith, stop: Option<Stop>) -> Self {
        let (mut circuit, mut sat) = (Circuit::default(), Sat::new(stop.clone()));
        let inputs = Arc::new(Inputs::new(abstraction, &mut circuit, &mut sat));
        Self {
            programs: programs.to_vec(),
            abstraction,
            faith,
            circuit,
            inputs,
            is_exact: true,
            plans: programs.iter().map(|program| Arc::new(Plan::new(program))).collect(),
            free: Free::default(),
            faults: Vec::new(),
            too_large: None,
            inexact: BTreeSet::new(),
            suspects: Vec::new(),
            most_conflicts: u64::MAX,
            weights: BTreeMap::new(),
            seen: VecDeque::new(),
            memory: Memory::default(),
            bases: vec![None; programs.len()],
            sat,
            stop,
        }
    }

    /// What a policy makes of the issue.
    ///
    /// # Errors
    /// If that is too much.
    pub fn meaning(&mut self, number: usize) -> Result<Meaning, TooLarge> {
        let meaning = self.meaning_without(number, &BTreeSet::new())?;
        self.bases[number].get_or_insert_with(|| Arc::new(meaning.clone()));
        Ok(meaning)
    }

    /// What the policy makes of the issue as a whole, if that is known: most of it is the same
    /// where a clause is missing or a fact is another.
    fn base(&self, number: usize) -> Option<Arc<Meaning>> {
        self.bases[number].clone()
    }

    /// What a policy makes of the issue without some of its clauses.
    ///
    /// # Errors
    /// If that is too much.
    pub fn meaning_without(&mut self, number: usize, removed: &BTreeSet<ClauseId>) -> Result<Meaning, TooLarge> {
        let (inputs, base) = (self.inputs.clone(), self.base(number));
        ground::meaning(self, number, &inputs, removed, base)
    }

    /// As [`Encoding::meaning_without`], where another meaning of the issue is known of which most is the same.
    pub(super) fn meaning_beside(
        &mut self,
        base: &Arc<Meaning>,
        removed: &BTreeSet<ClauseId>,
    ) -> Result<Meaning, TooLarge> {
        let inputs = self.inputs.clone();
        ground::meaning(self, base.program, &inputs, removed, Some(base.clone()))
    }

    /// What a policy makes of another issue without some of its clauses.
    ///
    /// # Errors
    /// If that is too much.
    pub fn meaning_over(
        &mut self,
        number: usize,
        inputs: &Inputs,
        removed: &BTreeSet<ClauseId>,
    ) -> Result<Meaning, TooLarge> {
        let base = self.base(number);
        ground::meaning(self, number, inputs, removed, base)
    }

    /// The issue with another value of one fact.
    pub fn inputs_with_fresh(&mut self, slot: usize) -> Inputs {
        let inputs = self.inputs.clone();
        inputs.with_fresh(slot, self.abstraction, &mut self.circuit, &mut self.sat)
    }

    /// What a policy reads of an issue that, wherever `when` is true, gives a fact as [`Abstraction::places`] has it.
    pub fn inputs_with(&mut self, inputs: &Inputs, slot: usize, when: Bit, rows: &[Vec<Option<usize>>]) -> Inputs {
        inputs.with_rows(slot, when, rows, &mut self.circuit)
    }

    /// When some decision of a policy differs between two meanings of it.
    pub(super) fn differ(&mut self, one: &Meaning, other: &Meaning) -> Bit {
        let mut bits = Vec::new();
        for (one, other) in one.decisions.iter().zip(&other.decisions) {
            for (one, other) in one.value.iter().zip(&other.value) {
                bits.push(self.circuit.differ(*one, *other));
            }
            bits.push(self.circuit.differ(one.conflict, other.conflict));
        }
        self.circuit.or(bits)
    }

    /// Looks for an issue, in which no arithmetic fails, that makes all of these true.
    pub fn solve(&mut self, assumptions: &[Bit]) -> Found {
        let fails = self.fails();
        let mut assumed = assumptions.to_vec();
        assumed.push(!fails);
        match self.sat.solve_within(&self.circuit, &assumed, self.most_conflicts) {
            Found::Nothing(mut core) => {
                core.retain(|bit| assumptions.contains(bit));
                Found::Nothing(core)
            }
            found => found,
        }
    }

    /// Whether two bits are the same for every issue, as far as that is seen quickly.
    pub(super) fn are_one(&mut self, one: Bit, other: Bit) -> bool {
        if one == other {
            return true;
        }
        for seen in &mut self.seen {
            seen.extend(&self.circuit);
            if seen.is_true(one) != seen.is_true(other) {
                return false;
            }
        }
        let differ = self.circuit.differ(one, other);
        match self.sat.solve_within(&self.circuit, &[differ], FEW_CONFLICTS) {
            Found::Nothing(_) => true,
            Found::Assignment(found) => {
                self.seen.push_front(found.completed(&self.circuit));
                self.seen.truncate(MOST_SEEN);
                false
            }
            Found::GaveUp => false,
        }
    }

    /// The literals whose arithmetic fails in an issue that makes all of these true; sorted.
    pub fn failing(&mut self, bits: &[Bit]) -> Vec<Construct> {
        let Found::Assignment(found) = self.sat.solve_within(&self.circuit, bits, self.most_conflicts) else {
            return Vec::new();
        };
        let truth = found.completed(&self.circuit);
        let failing: BTreeSet<&Construct> =
            self.suspects.iter().filter(|(fails, _)| truth.is_true(*fails)).map(|(_, construct)| construct).collect();
        failing.into_iter().cloned().collect()
    }

    /// Looks for no example among the issues that make this true.
    pub(super) fn leave_out(&mut self, issues: Bit) {
        if issues != Bit::FALSE {
            self.is_exact = false;
            self.sat.require(&self.circuit, !issues);
        }
    }

    /// Some arithmetic fails.
    pub fn fails(&mut self) -> Bit {
        let faults = std::mem::take(&mut self.faults);
        let fails = self.circuit.or(faults);
        self.faults.push(fails);
        fails
    }

    /// The issue of an assignment, as a policy reads it.
    pub fn issue(&self, number: usize, found: &Assignment) -> Issue {
        self.issue_of(number, &self.inputs, found)
    }

    /// The issue that an assignment gives other inputs.
    pub fn issue_of(&self, number: usize, inputs: &Inputs, found: &Assignment) -> Issue {
        inputs.issue(self.abstraction, self.programs[number], number, found)
    }

    /// What the truth of a bit depends on and is not followed, or all that is not followed; sorted.
    pub fn constructs(&self, bits: &[Bit]) -> Vec<Construct> {
        let found = self.turns_on(bits);
        if found.is_empty() { self.inexact.iter().cloned().collect() } else { found }
    }

    /// What the truth of a bit depends on and is not followed; sorted.
    pub(super) fn turns_on(&self, bits: &[Bit]) -> Vec<Construct> {
        let support = self.circuit.support(bits.iter().copied());
        let found: BTreeSet<&Construct> =
            support.iter().filter_map(|gate| self.free.constructs.get(gate)).flatten().collect();
        found.into_iter().cloned().collect()
    }

    /// The names of records and lists that the truth of a bit depends on; sorted.
    pub fn bounded_by(&self, bits: &[Bit]) -> Vec<Arc<str>> {
        let support = self.circuit.support(bits.iter().copied());
        let slots = self.abstraction.slots.slots.iter().zip(&self.inputs.slots);
        let mut names: Vec<Arc<str>> = slots
            .filter(|(_, slot)| slot.present.iter().any(|bit| support.binary_search(&bit.gate()).is_ok()))
            .map(|(slot, _)| slot.name.clone())
            .collect();
        names.sort();
        names
    }

    /// Gives up if it is too much or takes too long.
    pub(super) fn go_on(&self) -> Result<(), TooLarge> {
        let stopped = self.stop.as_ref().is_some_and(Stop::now);
        if stopped || self.circuit.len() > MOST_GATES { Err(TooLarge) } else { Ok(()) }
    }

    /// Names what makes it too large, unless time ran out or something is named already.
    pub(super) fn blame(&mut self, construct: Construct) {
        let stopped = self.stop.as_ref().is_some_and(Stop::now);
        if !stopped {
            self.too_large.get_or_insert(construct);
        }
    }

    /// The truth value of a statement about one issue that is not followed.
    pub(super) fn free_bit(&mut self, statement: String, construct: Construct) -> Bit {
        let circuit = &mut self.circuit;
        let bit = *self.free.bits.entry(statement).or_insert_with(|| circuit.variable());
        self.free.constructs.entry(bit.gate()).or_default().insert(construct);
        bit
    }

    /// How a value that is not followed compares with a constant: with each in one way, and with all in order.
    pub(super) fn order(&mut self, value: u32, constant: &Value, construct: &Construct) -> Order {
        let known = self.free.orders.get(&value).and_then(|orders| orders.get(constant)).copied();
        let order = known.unwrap_or_else(|| self.new_order(value, constant));
        for bit in [order.less, order.equal, order.greater] {
            self.free.constructs.entry(bit.gate()).or_default().insert(construct.clone());
        }
        order
    }

    fn new_order(&mut self, value: u32, constant: &Value) -> Order {
        let [less, equal, greater] = [(); 3].map(|()| self.circuit.variable());
        let orders = self.free.orders.entry(value).or_default();
        let is_alike =
            |(other, _): &(&Value, &Order)| std::mem::discriminant(*other) == std::mem::discriminant(constant);
        let below = orders.range(..constant).next_back().filter(is_alike).map(|(_, order)| *order);
        let above = orders.range(constant..).next().filter(is_alike).map(|(_, order)| *order);
        let order = Order { less, equal, greater };
        orders.insert(constant.clone(), order);
        let mut clauses =
            vec![vec![less, equal, greater], vec![!less, !equal], vec![!equal, !greater], vec![!less, !greater]];
        for (lower, upper) in below.map(|below| (below, order)).into_iter().chain(above.map(|above| (order, above))) {
            clauses.extend([lower.less, lower.equal].map(|bit| vec![!bit, upper.less]));
        }
        for clause in clauses {
            self.sat.require_one(&self.circuit, &clause);
        }
        order
    }

    /// The value of an expression over one issue that is not followed.
    pub(super) fn opaque(&mut self, expression: String) -> u32 {
        let next = self.free.names.len() as u32;
        let number = *self.free.values.entry(expression.clone()).or_insert(next);
        if number == next {
            self.free.names.push(expression);
        }
        number
    }
}
