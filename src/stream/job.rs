//! A job: one policy, one engine, and how verdicts are written; shared by all threads.

use super::batch::{Batch, TOLD};
use crate::engine::columnar::Compiled;
use crate::engine::{Model, Plan};
use crate::issue::{Issue, Rejection};
use crate::program::Program;
use crate::report::json;
use crate::report::look::{Ink, Look};
use crate::report::page::Page;
use crate::report::rejection;
use crate::report::verdict::{Decided, Fields, Wire, header, row, text};
use crate::verdict::Verdict;

/// The engines, by the names that users give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineName {
    /// One issue at a time, with every derivation.
    Reference,
    /// Thousands of issues at once.
    Columnar,
}

/// How verdicts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// For people; each under a heading where there are many.
    Text {
        /// How it looks.
        look: Look,
        /// Whether there is a heading.
        headed: bool,
    },
    /// One JSON object over several lines.
    Object,
    /// The elements of a JSON array.
    Array,
    /// One JSON object a line.
    Lines,
    /// Rows of CSV under a header.
    Rows,
    /// Not at all: only counted.
    Nothing,
}

/// What is to be done with every issue of a stream.
#[derive(Debug)]
pub struct Job<'p> {
    pub(super) program: &'p Program,
    pub(super) plan: Plan,
    /// The columnar engine; without it, the reference engine evaluates.
    pub(super) compiled: Option<Compiled<'p>>,
    pub(super) shape: Shape,
    pub(super) every_case: bool,
    pub(super) writes_rejects: bool,
    pub(super) fields: Option<Fields>,
}

impl<'p> Job<'p> {
    /// Decides by a policy, on an engine.
    pub fn new(program: &'p Program, engine: EngineName, shape: Shape) -> Self {
        let compiled = (engine == EngineName::Columnar).then(|| Compiled::new(program));
        let plan = Plan::new(program);
        Self { program, plan, compiled, shape, every_case: false, writes_rejects: false, fields: None }
    }

    /// Writes these parts of verdicts only.
    #[must_use]
    pub fn with_fields(self, fields: Option<Fields>) -> Self {
        Self { fields, ..self }
    }

    /// Looks into every case of open decisions.
    #[must_use]
    pub fn with_every_case(self, every_case: bool) -> Self {
        Self { every_case, ..self }
    }

    /// Writes rejected issues as JSON lines.
    #[must_use]
    pub fn with_rejects(self, writes_rejects: bool) -> Self {
        Self { writes_rejects, ..self }
    }

    /// The policy.
    pub fn program(&self) -> &'p Program {
        self.program
    }

    /// What stands before the first verdict.
    pub fn header(&self) -> Vec<u8> {
        match (self.shape, &self.fields) {
            (Shape::Rows, Some(fields)) => header(fields),
            (Shape::Rows, None) => header(&Fields::standard(self.program)),
            (Shape::Array, _) => b"[\n".to_vec(),
            _ => Vec::new(),
        }
    }

    /// What stands between two verdicts.
    pub fn separator(&self) -> &'static [u8] {
        if self.shape == Shape::Array { b",\n" } else { b"" }
    }

    /// What stands after the last verdict, of so many.
    pub fn footer(&self, number: usize) -> &'static [u8] {
        match self.shape {
            Shape::Array if number == 0 => b"]\n",
            Shape::Array => b"\n]\n",
            _ => b"",
        }
    }

    /// Counts a rejected issue, and keeps what is to be told of it.
    pub fn reject(&self, rejection: Box<Rejection>, batch: &mut Batch) {
        batch.tally.rejected += 1;
        if self.writes_rejects {
            json::write_line(&mut batch.rejects, &rejection::Wire::from(&*rejection));
            batch.rejects.push(b'\n');
        }
        if batch.told.len() < TOLD {
            batch.told.push(rejection);
        }
    }

    /// Whether what is written shows the model, and not the verdict alone.
    pub(super) fn shows_model(&self) -> bool {
        matches!(self.shape, Shape::Text { .. })
    }

    /// Appends a verdict as it is written. Texts need the model.
    pub(super) fn write(&self, out: &mut Vec<u8>, verdict: &Verdict, model: Option<(&Issue, &Model)>) {
        let program = self.program;
        match (self.shape, &self.fields) {
            (Shape::Nothing, _) => {}
            (Shape::Text { look, headed }, _) => {
                let Some((issue, model)) = model else { return };
                let decided = Decided { program, issue: &issue.in_order(), model, verdict };
                out.extend_from_slice(told(&decided, look, headed).as_bytes());
            }
            (Shape::Rows, Some(fields)) => out.extend(row(program, verdict, fields)),
            (Shape::Rows, None) => out.extend(row(program, verdict, &Fields::standard(program))),
            (Shape::Object, Some(fields)) => out.extend(json::indented(&fields.of(program, verdict)).bytes()),
            (Shape::Object, None) => out.extend(json::indented(&Wire { program, verdict }).bytes()),
            (Shape::Array | Shape::Lines, Some(fields)) => json::write_line(out, &fields.of(program, verdict)),
            (Shape::Array | Shape::Lines, None) => json::write_line(out, &Wire { program, verdict }),
        }
        if self.shape == Shape::Lines {
            out.push(b'\n');
        }
    }
}

/// The text of an issue; of many, under its id and title.
fn told(decided: &Decided<'_>, look: Look, headed: bool) -> String {
    let text = text(decided, look);
    if !headed {
        return text;
    }
    let title = decided.issue.title.as_deref().map(|title| format!(": {title}")).unwrap_or_default();
    let mut page = Page::new(look);
    page.lead(0, Ink::Strong, &format!("# {}{title}", decided.issue.id), "");
    format!("{}\n{text}\n", page.finish())
}
