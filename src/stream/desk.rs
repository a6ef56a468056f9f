//! A desk: one issue at a time, answered at once, without proof.
//!
//! For programs that have the text of an issue in hand and want the answer before the next
//! one. The same scanner, planes and reader of documents as in a [`Worker`](super::Worker).

use super::keys::KeyCounts;
use super::scan::{Marked, Scanner};
use crate::engine::columnar::{Block, Compiled, Frame, Outcomes};
use crate::issue::marks::Marks;
use crate::issue::{Issue, ReadOptions, Reader, Rejection};
use crate::verdict::Verdict;

/// Decides one issue after the other on the columnar engine, in memory that is used again; one for each thread.
///
/// It belongs to the program that was compiled, and so do the issues that it is given: with an issue of another
/// program it gives wrong answers, or panics. It borrows what it is made from, so that it cannot outlive a policy; to
/// change the policy, make another.
///
/// ```
/// use remit::{engine::columnar::Compiled, issue::ReadOptions, stream::Desk, verdict::Status};
/// # let mut sources = remit::source::Sources::default();
/// # let policy = std::path::Path::new("policies/escalation");
/// # let program = remit::check::load(policy, &mut sources).0.ok_or("the policy has errors")?;
///
/// let reach = *program.decision_ids.get("reach").ok_or("the policy decides no reach")?;
/// let compiled = Compiled::new(&program);
/// let mut desk = Desk::new(&compiled, ReadOptions::default());
///
/// let outcomes = desk.decide_json(r#"{"severity": "p4"}"#)?;
/// let value: Vec<usize> = outcomes.value(0, reach).collect();
/// assert_eq!(outcomes.status(0, reach), Status::Settled);
/// assert_eq!(&*program.decision(reach).options[value[0]].id, "switchboard");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Desk<'c, 'p> {
    compiled: &'c Compiled<'p>,
    reader: Reader<'p>,
    scanner: Scanner<'p>,
    keys: KeyCounts,
    /// The marks of the text at hand.
    marks: Marks,
    /// The issue at hand, alone.
    block: Block,
    frame: Frame,
}

impl<'c, 'p> Desk<'c, 'p> {
    /// For issues of a compiled policy.
    pub fn new(compiled: &'c Compiled<'p>, options: ReadOptions) -> Self {
        let block = compiled.block(1);
        Self {
            compiled,
            reader: Reader::new(compiled.program(), options),
            scanner: Scanner::new(compiled.program(), options.strict, &block),
            keys: KeyCounts::default(),
            marks: Marks::default(),
            block,
            frame: Frame::new(compiled),
        }
    }

    /// Value and status of each decision on an issue, which is the text of one JSON object. In
    /// what comes back it is number 0. Keys that are no facts are passed over, unless the
    /// options are strict.
    ///
    /// # Errors
    /// Why the issue is not taken.
    pub fn decide_json(&mut self, text: &str) -> Result<Outcomes<'_>, Box<Rejection>> {
        self.block.clear();
        self.marks.set(text.as_bytes());
        let (marked, place) = (Marked { text, marks: &self.marks }, (0, text.len()));
        let is_scanned = self.scanner.scan(marked, place, 1, &mut self.block, &mut self.keys);
        self.keys.forget();
        if !is_scanned {
            let record = self.reader.read_json(text)?;
            self.block.push(&record.issue);
        }
        Ok(self.outcomes())
    }

    /// Value and status of each decision on an issue that has been read; it is number 0.
    pub fn decide(&mut self, issue: &Issue) -> Outcomes<'_> {
        self.block.clear();
        self.block.push(issue);
        self.outcomes()
    }

    fn outcomes(&mut self) -> Outcomes<'_> {
        self.block.finish();
        self.compiled.outcomes(&self.block, &mut self.frame)
    }

    /// The whole verdict on the issue that was decided last: also the rules, what is missing and
    /// the warnings. `None` before the first, and after one that was not taken.
    pub fn verdict(&mut self) -> Option<Verdict> {
        self.block.finish();
        self.compiled.verdicts(&self.block, &mut self.frame).pop()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_refused_issues_are_forgotten() {
        let files = vec![("p.toml".into(), include_str!("../../benches/routing.toml").to_owned())];
        let (program, _, _) = crate::check::load_texts(files, std::path::PathBuf::new());
        let program = program.expect("the policy is fine");
        let compiled = Compiled::new(&program);
        let mut desk = Desk::new(&compiled, ReadOptions::default());
        for number in 0..10_000 {
            assert!(desk.decide_json(&format!("{{\"other{number}\": 1, \"id\": [2]}}")).is_err());
        }
        assert!(desk.keys.remembered() < 5_000, "{} keys are remembered", desk.keys.remembered());
    }
}
