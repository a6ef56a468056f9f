//! What changes come to: by the columnar engine for many sets of changes, by the reference engine for one.

use crate::engine::columnar::{Asked, BLOCK, Compiled, Frame};
use crate::engine::{Plan, evaluate_planned};
use crate::issue::Issue;
use crate::program::{DecisionId, HitPolicy, Program};
use crate::verdict::{Outcome, Status, settle};

use super::change::{Change, applied};

/// Judges changes by whether they make a decision an option.
pub(super) struct Judge<'a> {
    program: &'a Program,
    plan: &'a Plan,
    issue: &'a Issue,
    decision: DecisionId,
    option: usize,
    compiled: &'a Compiled<'a>,
    frame: Frame,
    /// No more is asked for than this.
    worst: Status,
    /// How many sets may still be judged.
    left: usize,
}

/// What a set of changes comes to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Prospect {
    /// How settled the decision is, if it is the option.
    pub(super) status: Option<Status>,
    /// Whether it may be the option once more is known.
    pub(super) may: bool,
}

impl<'a> Judge<'a> {
    /// Of the changes to an issue. `worst`: the decision may be as unsettled as this.
    pub(super) fn new(
        (program, plan, compiled): (&'a Program, &'a Plan, &'a Compiled<'a>),
        issue: &'a Issue,
        (decision, option): (DecisionId, usize),
        worst: Status,
        left: usize,
    ) -> Self {
        let frame = Frame::new(compiled);
        Self { program, plan, issue, decision, option, compiled, frame, worst, left }
    }

    /// Whether more sets may be judged.
    pub(super) fn may_go_on(&self) -> bool {
        self.left > 0
    }

    /// What becomes of each set, in order; of fewer if no more may be judged.
    pub(super) fn several(&mut self, sets: &[Vec<Change>]) -> Vec<Prospect> {
        let sets = &sets[..sets.len().min(self.left)];
        self.left -= sets.len();
        sets.chunks(BLOCK).flat_map(|sets| self.block(sets)).collect()
    }

    fn block(&mut self, sets: &[Vec<Change>]) -> Vec<Prospect> {
        let mut block = self.compiled.block(sets.len());
        sets.iter().for_each(|changes| block.push(&applied(self.issue, changes)));
        block.finish();
        let whole = self.compiled.whole(&block, &mut self.frame);
        let (decision, option) = (self.decision, self.option);
        let declared = self.program.decision(decision);
        let among = |options: &mut dyn Iterator<Item = usize>| {
            let mut which = vec![false; sets.len()];
            options.for_each(|option| whole.issues(Asked::Certain(decision, option)).for_each(|set| which[set] = true));
            which
        };
        let all = 0..declared.options.len();
        let concluded = among(&mut all.clone());
        // What certainly stands before it stays there, whatever else becomes known.
        let barred = match declared.hit_policy {
            HitPolicy::Priority => among(&mut (0..option)),
            HitPolicy::Unique => among(&mut all.filter(|other| *other != option)),
            HitPolicy::Collect => vec![false; sets.len()],
        };
        let is_default = declared.default == Some(option);
        let mut prospects: Vec<Prospect> =
            concluded.iter().map(|concluded| Prospect { status: None, may: is_default && !concluded }).collect();
        for set in whole.issues(Asked::Value(decision, option)) {
            prospects[set] = Prospect { status: Some(Status::Settled), may: true };
        }
        whole.issues(Asked::Possible(decision, option)).for_each(|set| prospects[set].may = true);
        for (asked, status) in [(Asked::Open(decision), Status::Open), (Asked::Conflict(decision), Status::Conflict)] {
            for set in whole.issues(asked) {
                prospects[set].status = prospects[set].status.map(|_| status);
            }
        }
        for (prospect, barred) in prospects.iter_mut().zip(barred) {
            prospect.status = prospect.status.filter(|status| *status <= self.worst);
            prospect.may &= !barred;
        }
        prospects
    }

    /// What one set comes to.
    pub(super) fn outcome(&self, changes: &[Change]) -> Option<Outcome> {
        let changed = applied(self.issue, changes);
        let model = evaluate_planned(self.program, self.plan, &changed);
        settle(self.program, &changed, &model).outcomes.into_iter().nth(self.decision.index())
    }

    /// Whether one set makes the decision the option, and as settled as asked.
    pub(super) fn brings(&self, changes: &[Change], status: Status) -> bool {
        self.outcome(changes).is_some_and(|outcome| outcome.value.contains(&self.option) && outcome.status <= status)
    }
}
