//! What comes next: a question with what its answers lead to, or the end.

use super::Item;
use crate::program::{DecisionId, Given};
use crate::verdict::{Status, Verdict};

/// What may be decided after an answer: the values of each decision that is not advisory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidates {
    /// Which decision.
    pub decision: DecisionId,
    /// Options that may be the value, or be in it; ascending.
    pub options: Vec<usize>,
    /// Whether there may be no value, and no option.
    pub nothing: bool,
    /// Whether there may be a conflict.
    pub conflict: bool,
}

impl Candidates {
    /// Whether there can be no value but one option.
    pub fn is_one_option(&self) -> bool {
        self.options.len() == 1 && !self.nothing && !self.conflict
    }
}

/// An answer to a question, and what it leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The answer; of a cell, its value.
    pub given: Given,
    /// What may be decided then, for the decisions that a question is about.
    pub candidates: Vec<Candidates>,
}

/// The next question.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What is asked.
    pub item: Item,
    /// What may be decided, for each decision that is open and not advisory.
    pub candidates: Vec<Candidates>,
    /// Answers that lead to different ends: all of them for a bool or a choice, else some.
    pub answers: Vec<Answer>,
    /// How many questions are still expected, this one among them, if that could be worked out.
    pub expected: Option<f64>,
}

/// What comes next.
#[derive(Debug, Clone)]
pub enum Step {
    /// A question.
    Ask(Question),
    /// Nothing that could be asked changes a decision any more.
    Done(End),
}

/// How an interview ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// What every answer to what is still unknown comes to, though rules alone do not show it:
    /// the value of each decision that is not advisory.
    pub whatever: Vec<(DecisionId, Vec<usize>)>,
}

impl End {
    /// Adds it to the verdict: what every case comes to.
    pub fn complete(&self, verdict: &mut Verdict) {
        for (decision, value) in &self.whatever {
            let outcome = &mut verdict.outcomes[decision.index()];
            if outcome.status == Status::Open && outcome.every_case.is_none() {
                outcome.every_case = Some(value.clone());
            }
        }
    }
}
