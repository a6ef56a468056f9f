//! What two policies both decide: decisions of one name, their options on one scale.
//!
//! An option is the same in both if its id is. The scale is the new policy's order of
//! options, then those that only the old one has.

use std::sync::Arc;

use super::{Pair, Side};
use crate::program::{Decision, DecisionId, HitPolicy, Program};
use crate::verdict::{Outcome, Status};

/// A decision that both policies make.
#[derive(Debug, Clone)]
pub struct Shared {
    /// Its name.
    pub name: Arc<str>,
    /// In the old policy.
    pub old: DecisionId,
    /// In the new policy.
    pub new: DecisionId,
    /// The scale: ids of options of either.
    pub options: Vec<Arc<str>>,
    /// Where the old policy's options are on the scale.
    old_places: Vec<usize>,
    /// Where the new policy's are.
    new_places: Vec<usize>,
}

/// What a decision comes to: places of options on the scale, ascending, unless rules contradict each other.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Answer {
    /// These options; none: no value.
    Options(Vec<usize>),
    /// A `unique` decision has two values for certain.
    Conflict,
}

/// The decisions that both policies make, in the new one's order.
pub fn shared(pair: Pair<'_>) -> Vec<Shared> {
    let both = pair.new.decisions.iter().filter_map(|decision| {
        let old = *pair.old.decision_ids.get(&decision.name)?;
        let new = *pair.new.decision_ids.get(&decision.name)?;
        Some(Shared::new(pair, old, new))
    });
    both.collect()
}

impl Shared {
    fn new(pair: Pair<'_>, old: DecisionId, new: DecisionId) -> Self {
        let (before, now) = (pair.old.decision(old), pair.new.decision(new));
        let mut options: Vec<Arc<str>> = now.options.iter().map(|option| option.id.clone()).collect();
        let gone = before.options.iter().filter(|option| !options.contains(&option.id));
        let gone: Vec<Arc<str>> = gone.map(|option| option.id.clone()).collect();
        options.extend(gone);
        let places = |decision: &Decision| {
            let place = |id: &Arc<str>| options.iter().position(|known| known == id);
            decision.options.iter().filter_map(|option| place(&option.id)).collect()
        };
        let (old_places, new_places) = (places(before), places(now));
        Self { name: now.name.clone(), old, new, options, old_places, new_places }
    }

    /// The decision in the policy of a side.
    pub fn id(&self, side: Side) -> DecisionId {
        match side {
            Side::Old => self.old,
            Side::New => self.new,
        }
    }

    /// The decision as one of the policies has it.
    pub fn decision<'p>(&self, pair: Pair<'p>, side: Side) -> &'p Decision {
        let program: &'p Program = pair.of(side);
        program.decision(self.id(side))
    }

    /// Options of one of the policies, by their index there, as an answer.
    pub fn answer(&self, side: Side, options: impl Iterator<Item = usize>, status: Status) -> Answer {
        if status == Status::Conflict {
            return Answer::Conflict;
        }
        let places = self.places(side);
        let mut options: Vec<usize> = options.filter_map(|option| places.get(option).copied()).collect();
        options.sort_unstable();
        Answer::Options(options)
    }

    /// Something for each option of one of the policies, moved to its place on the scale.
    pub fn on_scale<T: Copy>(&self, side: Side, of_options: &[T], absent: T) -> Vec<T> {
        let mut scale = vec![absent; self.options.len()];
        for (place, each) in self.places(side).iter().zip(of_options) {
            scale[*place] = *each;
        }
        scale
    }

    fn places(&self, side: Side) -> &[usize] {
        match side {
            Side::Old => &self.old_places,
            Side::New => &self.new_places,
        }
    }

    /// What the outcome of one of the policies comes to.
    pub fn answer_of(&self, side: Side, outcome: &Outcome) -> Answer {
        self.answer(side, outcome.value.iter().copied(), outcome.status)
    }

    /// The answer in a few words: `support`, `a + b`, `(none)`, `(conflict)`.
    pub fn words(&self, answer: &Answer) -> String {
        match answer {
            Answer::Conflict => "(conflict)".to_owned(),
            Answer::Options(options) if options.is_empty() => "(none)".to_owned(),
            Answer::Options(options) => self.ids(options).collect::<Vec<_>>().join(" + "),
        }
    }

    /// Ids of places on the scale.
    pub fn ids<'a>(&'a self, options: &'a [usize]) -> impl Iterator<Item = &'a str> {
        options.iter().filter_map(|option| self.options.get(*option)).map(|id| &**id)
    }

    /// Whether answers of a side are lists.
    pub fn is_list(&self, pair: Pair<'_>, side: Side) -> bool {
        self.decision(pair, side).hit_policy == HitPolicy::Collect
    }
}
