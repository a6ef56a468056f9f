//! remit's library: one line at a desk; the stream on one thread; the rules alone.

use std::path::Path;

use remit::engine::columnar::{BLOCK, Block, Compiled, Frame};
use remit::issue::{Documents, Input, Issue, Issues, ReadOptions, Reader};
use remit::program::{DecisionId, Program};
use remit::report::verdict::Fields;
use remit::source::Sources;
use remit::stream::{Desk, EngineName, Job, Shape, Worker};
use remit::verdict::Status;

use crate::issue::Answer;

pub fn program(policy: &Path) -> Program {
    let (program, diagnostics) = remit::check::load(policy, &mut Sources::default());
    program.unwrap_or_else(|| panic!("{} is a policy: {diagnostics:?}", policy.display()))
}

/// The decision that all peers make.
const TEAM: DecisionId = DecisionId(0);

/// For each issue of a file the answer, and whether nothing that is not known can change it.
pub fn answers(program: &Program, file: &Path) -> Vec<(Answer, bool)> {
    let compiled = Compiled::new(program);
    let mut frame = Frame::new(&compiled);
    let mut answers = Vec::new();
    for issues in issues(program, file).chunks(BLOCK) {
        let block = Block::from_issues(&compiled, issues);
        let outcomes = compiled.outcomes(&block, &mut frame);
        let answer = |issue| (outcomes.value(issue, TEAM).next(), outcomes.status(issue, TEAM) == Status::Settled);
        answers.extend((0..issues.len()).map(answer));
    }
    answers
}

fn issues(program: &Program, file: &Path) -> Vec<Issue> {
    let issues = Issues::open(program, vec![Input::File(file.to_owned())], ReadOptions::default());
    let issues = issues.unwrap_or_else(|error| panic!("{error}"));
    issues.map(|record| record.unwrap_or_else(|rejection| panic!("{rejection:?}")).issue).collect()
}

/// The rules alone: blocks that are full of issues, decided.
pub struct Blocks<'p> {
    compiled: &'p Compiled<'p>,
    blocks: Vec<Block>,
    frame: Frame,
}

impl<'p> Blocks<'p> {
    pub fn new(compiled: &'p Compiled<'p>, file: &Path) -> Self {
        let issues = issues(compiled.program(), file);
        let blocks = issues.chunks(BLOCK).map(|issues| Block::from_issues(compiled, issues)).collect();
        Self { compiled, blocks, frame: Frame::new(compiled) }
    }

    /// How many issues have an answer.
    pub fn decide(&mut self) -> usize {
        let Self { compiled, blocks, frame } = self;
        let options = compiled.program().decision(TEAM).options.len();
        let answered = |block: &Block| {
            let outcomes = compiled.outcomes(block, frame);
            (0..options).map(|option| outcomes.count(TEAM, option)).sum::<usize>()
        };
        blocks.iter().map(answered).sum()
    }
}

pub fn job(program: &Program) -> Job<'_> {
    let fields = Fields::parse(program, ["team"]).ok();
    Job::new(program, EngineName::Columnar, Shape::Rows).with_fields(fields)
}

/// One line at a time, without proof.
pub struct Single<'c, 'p>(Desk<'c, 'p>);

impl<'c, 'p> Single<'c, 'p> {
    pub fn new(compiled: &'c Compiled<'p>) -> Self {
        Self(Desk::new(compiled, ReadOptions::default()))
    }

    pub fn decide(&mut self, line: &str) -> Answer {
        let outcomes = self.0.decide_json(line).unwrap_or_else(|rejection| panic!("{rejection}"));
        outcomes.value(0, TEAM).next()
    }
}

/// The file as a stream, reading included; how many bytes are written.
pub fn stream(job: &Job<'_>, file: &Path) -> usize {
    let options = ReadOptions::default();
    let reader = Reader::new(job.program(), options);
    let mut worker = Worker::new(job, &reader);
    let documents = Documents::open(job.program(), vec![Input::File(file.to_owned())], options);
    let mut documents = documents.unwrap_or_else(|error| panic!("{error}"));
    let mut written = 0;
    while let Some(part) = documents.next_part() {
        let batch = worker.turn(vec![part]);
        assert_eq!(batch.tally.rejected, 0, "all issues are decided");
        written += batch.written.len();
    }
    written
}
