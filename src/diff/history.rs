//! Issues that there have been, decided by both policies, block by block.
//!
//! Both read every issue by their own vocabulary; what only one of them can read is
//! rejected. All values come from the columnar engine; which rules decide is asked only
//! for issues that change.

use std::sync::Arc;

use super::counts::{Cause, Cell, Counts, DecisionCounts};
use super::shared::{Answer, Shared, shared};
use super::vocabulary::same_vocabulary;
use super::{Pair, Side};
use crate::engine::columnar::{Block, Compiled, Frame};
use crate::issue::{Document, ReadOptions, Reader, Record, RejectCode, Rejection, Translator, UnknownKey};
use crate::verdict::{Outcome, Status, Verdict};

/// Issues that are compared at once.
pub const BATCH: usize = 1024;

/// Two policies, ready to decide issues; can be shared between threads.
#[derive(Debug)]
pub struct Comparison<'p> {
    /// The policies.
    pub pair: Pair<'p>,
    /// What both decide.
    pub shared: Vec<Shared>,
    old: Reading<'p>,
    new: Reading<'p>,
    /// Whether both read issues alike, so that reading once is enough.
    alike: bool,
    /// Whether a key that is a fact of neither is an error.
    strict: bool,
}

/// One of the policies.
#[derive(Debug)]
struct Reading<'p> {
    reader: Reader<'p>,
    compiled: Compiled<'p>,
}

/// Memory to compare in, for one batch after the other; one for each thread.
#[derive(Debug)]
pub struct Workspace<'p> {
    old: Desk,
    new: Desk,
    translator: Translator<'p>,
}

#[derive(Debug)]
struct Desk {
    block: Block,
    frame: Frame,
}

/// What became of a batch of issues.
#[derive(Debug)]
pub struct Batch {
    /// Counted.
    pub counts: Counts,
    /// Those that changed, in their order.
    pub changed: Vec<Changed>,
    /// Those that were not taken, in their order.
    pub rejected: Vec<Rejected>,
}

/// An issue of which a decision comes to something else, or is settled otherwise.
#[derive(Debug)]
pub struct Changed {
    /// The issue, as the new policy reads it, with where it came from.
    pub record: Record,
    /// What the old policy says.
    pub old: Verdict,
    /// What the new policy says.
    pub new: Verdict,
}

/// An issue that was not taken, and by whom.
#[derive(Debug)]
pub struct Rejected {
    /// Why the old policy does not take it.
    pub old: Option<Box<Rejection>>,
    /// Why the new policy does not take it.
    pub new: Option<Box<Rejection>>,
}

impl Rejected {
    /// The reasons, each with the policy that has it; `None`: both.
    pub fn reasons(&self) -> Vec<(Option<Side>, &Rejection)> {
        match (self.old.as_deref(), self.new.as_deref()) {
            (Some(old), Some(new)) if old == new => vec![(None, old)],
            (old, new) => {
                let old = old.map(|rejection| (Some(Side::Old), rejection));
                old.into_iter().chain(new.map(|rejection| (Some(Side::New), rejection))).collect()
            }
        }
    }
}

/// An issue that both policies can read.
struct Read {
    old: Record,
    /// As the new policy reads it; none if it reads it as the old one does.
    new: Option<Record>,
}

impl Read {
    fn for_new(&self) -> &Record {
        self.new.as_ref().unwrap_or(&self.old)
    }
}

impl<'p> Comparison<'p> {
    /// Prepares two policies.
    pub fn new(pair: Pair<'p>, options: ReadOptions) -> Self {
        let alike = same_vocabulary(pair);
        // A fact that only one of them knows is no error, so strictness is for both together.
        let apart = ReadOptions { strict: options.strict && alike, ..options };
        let reading = |side| {
            let program = pair.of(side);
            Reading { reader: Reader::new(program, apart), compiled: Compiled::new(program) }
        };
        let (old, new) = (reading(Side::Old), reading(Side::New));
        Self { pair, shared: shared(pair), old, new, alike, strict: options.strict }
    }

    /// Memory for one thread.
    pub fn workspace(&self) -> Workspace<'p> {
        Workspace { old: self.old.desk(), new: self.new.desk(), translator: Translator::new(self.pair.new) }
    }

    /// Compares up to [`BATCH`] documents, which were opened for the old policy.
    pub fn compare(&self, workspace: &mut Workspace<'p>, documents: Vec<Document>) -> Batch {
        let mut batch = Batch { counts: Counts::new(self.shared.len()), changed: Vec::new(), rejected: Vec::new() };
        let mut read = Vec::with_capacity(documents.len());
        for document in documents {
            match self.read(workspace, document) {
                Ok(issue) => {
                    batch.counts.keys.add(&issue.old.unknown_keys, &issue.for_new().unknown_keys);
                    read.push(issue);
                }
                Err(rejected) => batch.rejected.push(rejected),
            }
        }
        batch.counts.rejected = batch.rejected.len();
        batch.counts.compared = read.len();
        let changed = self.count(workspace, &read, &mut batch.counts);
        let changed = keep(read, &changed);
        batch.changed = self.explain(workspace, changed);
        for changed in &batch.changed {
            self.count_changed(changed, &mut batch.counts);
        }
        batch
    }

    fn read(&self, workspace: &mut Workspace<'p>, document: Document) -> Result<Read, Rejected> {
        if self.alike {
            return match self.old.reader.read(document) {
                Ok(old) => Ok(Read { old, new: None }),
                Err(rejection) => Err(Rejected { old: Some(rejection.clone()), new: Some(rejection) }),
            };
        }
        let translated = workspace.translator.translate(&document);
        match (self.old.reader.read(document), self.new.reader.read(translated)) {
            (Ok(old), Ok(new)) => match no_fact(&old, &new).filter(|_| self.strict) {
                Some(rejection) => Err(Rejected { old: Some(rejection.clone()), new: Some(rejection) }),
                None => Ok(Read { old, new: Some(new) }),
            },
            (old, new) => Err(Rejected { old: old.err(), new: new.err() }),
        }
    }

    /// Counts issues that do not change; which are the others?
    fn count(&self, workspace: &mut Workspace<'p>, read: &[Read], counts: &mut Counts) -> Vec<bool> {
        let Workspace { old, new, .. } = workspace;
        old.fill(read.iter().map(|read| &read.old));
        new.fill(read.iter().map(Read::for_new));
        let before = self.old.compiled.outcomes(&old.block, &mut old.frame);
        let now = self.new.compiled.outcomes(&new.block, &mut new.frame);
        let mut all_changed = vec![false; read.len()];
        let mut answers = Vec::with_capacity(self.shared.len());
        for (issue, changed) in all_changed.iter_mut().enumerate() {
            answers.clear();
            let (old_status, new_status) = (before.issue_status(issue), now.issue_status(issue));
            *changed = old_status != new_status;
            for each in &self.shared {
                let statuses = (before.status(issue, each.old), now.status(issue, each.new));
                let pair = (
                    each.answer(Side::Old, before.value(issue, each.old), statuses.0),
                    each.answer(Side::New, now.value(issue, each.new), statuses.1),
                );
                *changed |= pair.0 != pair.1 || statuses.0 != statuses.1;
                answers.push((pair, statuses));
            }
            if *changed {
                continue;
            }
            counts.statuses.add(old_status, new_status, 1);
            for ((pair, statuses), decision) in answers.drain(..).zip(&mut counts.decisions) {
                decision.statuses.add(statuses.0, statuses.1, 1);
                decision.add(pair, Cell { issues: 1, ..Cell::default() });
            }
        }
        all_changed
    }

    /// The whole verdicts on some issues.
    fn explain(&self, workspace: &mut Workspace<'p>, read: Vec<Read>) -> Vec<Changed> {
        if read.is_empty() {
            return Vec::new();
        }
        let Workspace { old, new, .. } = workspace;
        old.fill(read.iter().map(|read| &read.old));
        new.fill(read.iter().map(Read::for_new));
        let before = self.old.compiled.verdicts(&old.block, &mut old.frame);
        let now = self.new.compiled.verdicts(&new.block, &mut new.frame);
        let verdicts = before.into_iter().zip(now);
        read.into_iter()
            .zip(verdicts)
            .map(|(read, (old, new))| Changed { record: read.new.unwrap_or(read.old), old, new })
            .collect()
    }

    fn count_changed(&self, changed: &Changed, counts: &mut Counts) {
        counts.changed += 1;
        counts.statuses.add(changed.old.status, changed.new.status, 1);
        let mut moved = false;
        for (each, decision) in self.shared.iter().zip(&mut counts.decisions) {
            moved |= self.count_decision(each, changed, decision);
        }
        counts.moved += usize::from(moved);
    }

    /// Counts one decision of an issue; whether it comes to something else.
    fn count_decision(&self, each: &Shared, changed: &Changed, counts: &mut DecisionCounts) -> bool {
        let (old, new) = changed.outcomes(each);
        counts.statuses.add(old.status, new.status, 1);
        let pair = (each.answer_of(Side::Old, old), each.answer_of(Side::New, new));
        let moved = pair.0 != pair.1;
        let cell = if moved {
            Cell {
                issues: 1,
                first: vec![Arc::clone(&changed.record.issue.id)],
                before: causes(old).into_iter().map(|cause| (cause, 1)).collect(),
                now: causes(new).into_iter().map(|cause| (cause, 1)).collect(),
            }
        } else {
            Cell { issues: 1, ..Cell::default() }
        };
        counts.add(pair, cell);
        moved
    }
}

impl<'p> Reading<'p> {
    fn desk(&self) -> Desk {
        Desk { block: self.compiled.block(BATCH), frame: Frame::new(&self.compiled) }
    }
}

impl Desk {
    fn fill<'a>(&mut self, records: impl Iterator<Item = &'a Record>) {
        self.block.clear();
        records.for_each(|record| self.block.push(&record.issue));
        self.block.finish();
    }
}

impl Changed {
    /// What both policies say of a decision.
    pub fn outcomes(&self, shared: &Shared) -> (&Outcome, &Outcome) {
        (&self.old.outcomes[shared.old.index()], &self.new.outcomes[shared.new.index()])
    }
}

/// Why an issue is not taken that says something of what is a fact of neither policy.
fn no_fact(old: &Record, new: &Record) -> Option<Box<Rejection>> {
    let in_both = |key: &&UnknownKey| new.unknown_keys.iter().any(|other| other.key == key.key);
    let unknown = old.unknown_keys.iter().find(in_both)?;
    Some(Box::new(Rejection {
        file: Arc::clone(&old.file),
        line: Some(old.line),
        record: old.number,
        id: Some(Arc::clone(&old.issue.id)),
        code: RejectCode::UnknownFact,
        message: format!("`{}`: neither policy has such a fact", unknown.key),
        fact: Some(unknown.key.clone()),
        help: unknown.suggestion.as_ref().map(|name| format!("did you mean `{name}`?")),
    }))
}

/// What decides an outcome.
pub fn causes(outcome: &Outcome) -> Vec<Cause> {
    match outcome {
        _ if outcome.status == Status::Conflict => vec![Cause::Conflict],
        _ if outcome.from_default => vec![Cause::Default],
        _ if outcome.rules.is_empty() => vec![Cause::Nothing],
        _ => outcome.rules.iter().map(|rule| Cause::Rule(*rule)).collect(),
    }
}

/// Whether an outcome is another one than before: in value or in status.
pub fn is_other(shared: &Shared, old: &Outcome, new: &Outcome) -> bool {
    old.status != new.status || answers_differ(shared, old, new)
}

/// Whether an outcome comes to something else than before.
pub fn answers_differ(shared: &Shared, old: &Outcome, new: &Outcome) -> bool {
    let answer = |side, outcome| -> Answer { shared.answer_of(side, outcome) };
    answer(Side::Old, old) != answer(Side::New, new)
}

fn keep(read: Vec<Read>, changed: &[bool]) -> Vec<Read> {
    read.into_iter().zip(changed).filter(|(_, changed)| **changed).map(|(read, _)| read).collect()
}
