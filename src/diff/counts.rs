//! What became of a history: counted issue by issue, with the first few of each kind named.
//!
//! Its size is bounded by the policies, not by the history. Counts of stretches that follow
//! each other are merged in their order, which makes them independent of who counted what.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Answer, Keys};
use crate::program::RuleId;
use crate::verdict::Status;

/// Pairs of answers of one decision that are told apart; a `collect` decision could have very many.
pub const PAIRS: usize = 4096;

/// Issues that are named as examples of a pair.
pub const NAMED: usize = 3;

/// The counts of a history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Issues that were decided by both policies.
    pub compared: usize,
    /// Issues that one of the policies, or both, could not read.
    pub rejected: usize,
    /// Issues for which a decision comes to something else.
    pub moved: usize,
    /// Issues for which a decision comes to something else or is settled otherwise.
    pub changed: usize,
    /// The status of issues before and now.
    pub statuses: Statuses,
    /// One for each shared decision.
    pub decisions: Vec<DecisionCounts>,
    /// Keys that are not facts of both.
    pub keys: Keys,
}

/// How many have which status before and now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Statuses([[usize; 3]; 3]);

/// The counts of one decision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DecisionCounts {
    /// Its status before and now.
    pub statuses: Statuses,
    /// What it came to and comes to, with the issues of which that is so.
    pub pairs: BTreeMap<(Answer, Answer), Cell>,
    /// Issues of pairs beyond [`PAIRS`], whose answers are equal.
    pub other_same: usize,
    /// Issues of pairs beyond [`PAIRS`], whose answers differ.
    pub other_moved: usize,
}

/// The issues of a pair of answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// How many.
    pub issues: usize,
    /// The first few of them, if the answers differ.
    pub first: Vec<Arc<str>>,
    /// What decided them before, and how many of them; only if the answers differ.
    pub before: BTreeMap<Cause, usize>,
    /// What decides them now.
    pub now: BTreeMap<Cause, usize>,
}

/// What decided an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// A rule that concludes the answer.
    Rule(RuleId),
    /// No rule; the decision's default.
    Default,
    /// No rule, and there is no default.
    Nothing,
    /// Rules that contradict each other.
    Conflict,
}

impl Statuses {
    /// Counts some.
    pub fn add(&mut self, before: Status, now: Status, number: usize) {
        self.0[before as usize][now as usize] += number;
    }

    /// How many had one status and have the other.
    pub fn get(&self, before: Status, now: Status) -> usize {
        self.0[before as usize][now as usize]
    }

    /// How many have a status and had another.
    pub fn became(&self, now: Status) -> usize {
        let others = Self::ALL.into_iter().filter(|before| *before != now);
        others.map(|before| self.get(before, now)).sum()
    }

    /// All statuses, from best to worst.
    pub const ALL: [Status; 3] = [Status::Settled, Status::Open, Status::Conflict];

    fn merge(&mut self, other: &Self) {
        for (before, now) in Self::ALL.into_iter().flat_map(|before| Self::ALL.map(|now| (before, now))) {
            self.add(before, now, other.get(before, now));
        }
    }
}

impl Counts {
    /// Nothing counted yet, of so many shared decisions.
    pub fn new(decisions: usize) -> Self {
        Self { decisions: vec![DecisionCounts::default(); decisions], ..Self::default() }
    }

    /// Issues read.
    pub fn read(&self) -> usize {
        self.compared + self.rejected
    }

    /// Adds what was counted of the stretch behind this one.
    pub fn merge(&mut self, other: Self) {
        self.compared += other.compared;
        self.rejected += other.rejected;
        self.moved += other.moved;
        self.changed += other.changed;
        self.statuses.merge(&other.statuses);
        for (mine, other) in self.decisions.iter_mut().zip(other.decisions) {
            mine.merge(other);
        }
        self.keys.merge(&other.keys);
    }
}

impl DecisionCounts {
    /// Issues for which the decision comes to something else.
    pub fn moved(&self) -> usize {
        self.moves().map(|(_, cell)| cell.issues).sum::<usize>() + self.other_moved
    }

    /// Issues for which it comes to the same.
    pub fn same(&self) -> usize {
        let same = self.pairs.iter().filter(|((before, now), _)| before == now);
        same.map(|(_, cell)| cell.issues).sum::<usize>() + self.other_same
    }

    /// The pairs of different answers.
    pub fn moves(&self) -> impl Iterator<Item = (&(Answer, Answer), &Cell)> {
        self.pairs.iter().filter(|((before, now), _)| before != now)
    }

    /// The pairs of different answers, those of most issues first.
    pub fn most_moves(&self) -> Vec<(&(Answer, Answer), &Cell)> {
        let mut moves: Vec<_> = self.moves().collect();
        moves.sort_by(|a, b| b.1.issues.cmp(&a.1.issues).then_with(|| a.0.cmp(b.0)));
        moves
    }

    /// Counts issues of a pair of answers.
    pub fn add(&mut self, pair: (Answer, Answer), cell: Cell) {
        if let Some(known) = self.pairs.get_mut(&pair) {
            known.merge(cell);
        } else if self.pairs.len() < PAIRS {
            self.pairs.insert(pair, cell);
        } else if pair.0 == pair.1 {
            self.other_same += cell.issues;
        } else {
            self.other_moved += cell.issues;
        }
    }

    fn merge(&mut self, other: Self) {
        self.statuses.merge(&other.statuses);
        self.other_same += other.other_same;
        self.other_moved += other.other_moved;
        for (pair, cell) in other.pairs {
            self.add(pair, cell);
        }
    }
}

impl Cell {
    fn merge(&mut self, other: Self) {
        self.issues += other.issues;
        let room = NAMED.saturating_sub(self.first.len());
        self.first.extend(other.first.into_iter().take(room));
        for (mine, other) in [(&mut self.before, other.before), (&mut self.now, other.now)] {
            for (cause, number) in other {
                *mine.entry(cause).or_default() += number;
            }
        }
    }
}
