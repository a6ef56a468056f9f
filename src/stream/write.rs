//! Lines of a block: pieces of text that are made once, put together for each issue.
//!
//! A part of a verdict has few distinct forms in a block (a status, a set of options, of
//! rules, of facts). Each form is a mask; its text is made the first time it comes. Says
//! what the reports of single verdicts say, to the byte.

use rustc_hash::FxHashMap;

use super::job::Shape;
use crate::engine::columnar::{Asked, Block, Compiled, Whole};
use crate::program::{DecisionId, HitPolicy, Program};
use crate::report::json;
use crate::report::verdict::{Field, Fields, Part, csv_cell};
use crate::verdict::Status;

/// Forms of one part that are remembered.
const FORMS: usize = 1 << 16;

/// Bits of a mask that is looked up in a table, not by hashing.
const FEW: u32 = 10;

/// A form whose text was not made yet.
const NONE: u32 = u32::MAX;

/// Writes the issues of blocks.
#[derive(Debug)]
pub(super) struct Writer {
    segments: Vec<Segment>,
    columns: Vec<Column>,
    separator: &'static [u8],
    /// How an id is written.
    id: Script,
}

/// How values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Json,
    /// A cell that stands alone in its row, or does not.
    Csv {
        alone: bool,
    },
}

/// A stretch of a line.
#[derive(Debug)]
enum Segment {
    /// The same for each issue.
    Text(Vec<u8>),
    /// The issue's id.
    Id,
    /// What a column has.
    Column(usize),
}

/// A part of the verdicts.
#[derive(Debug)]
struct Column {
    /// What is asked, and the bit that it sets.
    asked: Vec<(Asked, u32)>,
    form: Form,
    masks: Vec<u64>,
    /// What stands before and behind it in each line.
    around: [Vec<u8>; 2],
    /// The text of each form that has come, with what is around it.
    texts: Vec<Box<[u8]>>,
    /// The number of the text of a form: of small masks, by index, and of others.
    small: Vec<u32>,
    numbers: FxHashMap<u64, u32>,
}

/// What a mask stands for.
#[derive(Debug)]
enum Form {
    /// Open, conflict.
    Status,
    /// Whether.
    Bool,
    /// One of some names, or none.
    One(Vec<Box<str>>),
    /// Some of them.
    Many(Vec<Box<str>>),
}

impl Writer {
    /// For a shape; `None` if that or the policy is beyond what is written by pieces.
    pub(super) fn new(compiled: &Compiled<'_>, shape: Shape, fields: Option<&Fields>) -> Option<Self> {
        let program = compiled.program();
        // Planes do not say what comes out in every case.
        if fields.is_some_and(Fields::have_every_case) {
            return None;
        }
        let alone = fields.is_some_and(|fields| fields.iter().count() == 1);
        let (script, separator): (_, &[u8]) = match shape {
            Shape::Lines | Shape::Nothing => (Script::Json, b""),
            Shape::Array => (Script::Json, b",\n"),
            Shape::Rows => (Script::Csv { alone }, b""),
            Shape::Text { .. } | Shape::Object => return None,
        };
        let mut writer = Self { segments: Vec::new(), columns: Vec::new(), separator, id: script };
        match (shape, fields) {
            (Shape::Nothing, _) => {}
            (Shape::Rows, Some(fields)) => writer.rows(compiled, fields),
            (Shape::Rows, None) => writer.rows(compiled, &Fields::standard(program)),
            (_, Some(fields)) => writer.picked(compiled, fields),
            (_, None) => writer.whole(compiled),
        }
        if shape == Shape::Lines {
            writer.text(b"\n");
        }
        writer.merge();
        writer.columns.iter().all(|column| column.asked.iter().all(|(_, bit)| *bit < 64)).then_some(writer)
    }

    /// Appends the lines of a block, behind so many verdicts.
    pub(super) fn write(&mut self, whole: &Whole<'_>, block: &Block, verdicts: usize, out: &mut Vec<u8>) {
        if self.segments.is_empty() {
            return;
        }
        let (script, plain_ids) = (self.id, is_plain(block.ids()));
        out.reserve(32 * whole.len());
        self.columns.iter_mut().for_each(|column| column.fill(whole, script));
        for issue in 0..whole.len() {
            if verdicts + issue > 0 {
                out.extend_from_slice(self.separator);
            }
            for segment in &self.segments {
                match segment {
                    Segment::Text(text) => out.extend_from_slice(text),
                    Segment::Id => write_id(block.id(issue), plain_ids, script, out),
                    Segment::Column(number) => out.extend_from_slice(self.columns[*number].text(issue)),
                }
            }
        }
    }

    /// Makes the texts beside columns part of theirs: the fewer pieces a line has, the better.
    fn merge(&mut self) {
        let mut merged: Vec<Segment> = Vec::new();
        for segment in std::mem::take(&mut self.segments) {
            if let (Segment::Column(number), Some(Segment::Text(text))) = (&segment, merged.last_mut()) {
                self.columns[*number].around[0] = std::mem::take(text);
                merged.pop();
            }
            merged.push(segment);
        }
        if let [.., Segment::Column(number), Segment::Text(text)] = merged.as_mut_slice() {
            self.columns[*number].around[1] = std::mem::take(text);
            merged.pop();
        }
        self.segments = merged;
    }

    fn text(&mut self, text: &[u8]) {
        match self.segments.last_mut() {
            Some(Segment::Text(last)) => last.extend_from_slice(text),
            _ => self.segments.push(Segment::Text(text.to_vec())),
        }
    }

    fn column(&mut self, asked: Vec<(Asked, u32)>, form: Form) {
        self.segments.push(Segment::Column(self.columns.len()));
        self.columns.push(Column::new(asked, form));
    }

    fn rows(&mut self, compiled: &Compiled<'_>, fields: &Fields) {
        for (number, (_, field)) in fields.iter().enumerate() {
            if number > 0 {
                self.text(b",");
            }
            self.field(compiled, field);
        }
        self.text(b"\n");
    }

    fn picked(&mut self, compiled: &Compiled<'_>, fields: &Fields) {
        self.text(b"{");
        for (number, (name, field)) in fields.iter().enumerate() {
            self.key(name, number > 0);
            self.field(compiled, field);
        }
        self.text(b"}");
    }

    fn whole(&mut self, compiled: &Compiled<'_>) {
        let program = compiled.program();
        self.text(b"{\"id\":");
        self.segments.push(Segment::Id);
        self.key("status", true);
        self.field(compiled, Field::Status);
        let version = program.version.as_deref();
        let policy = [("name", Some(&*program.name)), ("version", version), ("digest", Some(program.digest()))];
        self.text(b",\"policy\":{");
        for (number, (key, value)) in policy.into_iter().enumerate() {
            self.key(key, number > 0);
            self.text(json::line(&value).as_bytes());
        }
        self.text(b"},\"decisions\":{");
        for (index, decision) in program.decisions.iter().enumerate() {
            let id = DecisionId(index as u32);
            self.key(&decision.name, index > 0);
            self.text(b"{");
            for (number, (key, field)) in parts(id).into_iter().enumerate() {
                self.key(key, number > 0);
                self.field(compiled, field);
            }
            self.text(b"}");
        }
        self.text(b"},\"assumed\":");
        let names = compiled.assumable().iter().map(|fact| Box::from(&*program.fact(*fact).name)).collect();
        let asked = (0..).zip(compiled.assumable()).map(|(bit, fact)| (Asked::Assumed(*fact), bit)).collect();
        self.column(asked, Form::Many(names));
        self.text(b",\"warnings\":[]}");
    }

    /// `"key":`, behind a comma if it is not the first.
    fn key(&mut self, key: &str, follows: bool) {
        let comma = if follows { "," } else { "" };
        self.text(format!("{comma}{}:", json::line(&key)).as_bytes());
    }

    fn field(&mut self, compiled: &Compiled<'_>, field: Field) {
        let program = compiled.program();
        match field {
            Field::Id => self.segments.push(Segment::Id),
            Field::Status => {
                let ids = (0..program.decisions.len()).map(|index| DecisionId(index as u32));
                let counted = ids.filter(|id| !program.decision(*id).advisory);
                self.column(counted.flat_map(status).collect(), Form::Status);
            }
            Field::Value(id) => {
                let collects = program.decision(id).hit_policy == HitPolicy::Collect;
                let names = options(program, id);
                self.options(id, Asked::Value, if collects { Form::Many(names) } else { Form::One(names) });
            }
            Field::Part(id, part) => match part {
                Part::Status => self.column(status(id).to_vec(), Form::Status),
                Part::Default => self.column(vec![(Asked::FromDefault(id), 0)], Form::Bool),
                Part::Certain => self.options(id, Asked::Certain, Form::Many(options(program, id))),
                Part::Possible => self.options(id, Asked::Possible, Form::Many(options(program, id))),
                Part::Rules => {
                    let names: Vec<_> =
                        compiled.rules_of(id).map(|rule| Box::from(&*program.rule(rule).name)).collect();
                    self.options(id, Asked::Rule, Form::Many(names));
                }
                Part::Missing => {
                    let names: Vec<_> =
                        compiled.missing_of(id).map(|fact| Box::from(&*program.fact(fact).name)).collect();
                    self.options(id, Asked::Missing, Form::Many(names));
                }
                Part::EveryCase => {}
            },
        }
    }

    /// A column with a bit for each name.
    fn options(&mut self, id: DecisionId, asked: fn(DecisionId, usize) -> Asked, form: Form) {
        let number = match &form {
            Form::One(names) | Form::Many(names) => names.len(),
            Form::Status | Form::Bool => 0,
        };
        let asked = (0..).zip(0..number).map(|(bit, number)| (asked(id, number), bit)).collect();
        self.column(asked, form);
    }
}

/// The parts of a decision, as they follow each other in a whole verdict.
fn parts(id: DecisionId) -> [(&'static str, Field); 7] {
    [
        ("status", Field::Part(id, Part::Status)),
        ("value", Field::Value(id)),
        ("default", Field::Part(id, Part::Default)),
        ("certain", Field::Part(id, Part::Certain)),
        ("possible", Field::Part(id, Part::Possible)),
        ("rules", Field::Part(id, Part::Rules)),
        ("missing", Field::Part(id, Part::Missing)),
    ]
}

fn status(id: DecisionId) -> [(Asked, u32); 2] {
    [(Asked::Open(id), 0), (Asked::Conflict(id), 1)]
}

fn options(program: &Program, id: DecisionId) -> Vec<Box<str>> {
    program.decision(id).options.iter().map(|option| Box::from(&*option.id)).collect()
}

impl Column {
    fn new(asked: Vec<(Asked, u32)>, form: Form) -> Self {
        let bits = asked.iter().map(|(_, bit)| bit + 1).max().unwrap_or(0);
        let small = if bits <= FEW { vec![NONE; 1 << bits] } else { Vec::new() };
        let (masks, texts, numbers) = (Vec::new(), Vec::new(), FxHashMap::default());
        Self { asked, form, masks, around: Default::default(), texts, small, numbers }
    }

    /// Reads the forms of a block. Leaves the number of its text in place of each mask.
    fn fill(&mut self, whole: &Whole<'_>, script: Script) {
        if self.texts.len() > FORMS {
            self.texts.clear();
            self.numbers.clear();
        }
        self.masks.clear();
        self.masks.resize(whole.len(), 0);
        for (asked, bit) in &self.asked {
            for issue in whole.issues(*asked) {
                self.masks[issue] |= 1 << bit;
            }
        }
        for mask in &mut self.masks {
            let few = self.small.get_mut(*mask as usize);
            let number = few.unwrap_or_else(|| self.numbers.entry(*mask).or_insert(NONE));
            if *number == NONE {
                let [before, after] = &self.around;
                let text = [before, &*self.form.text(*mask, script), after].concat();
                *number = self.texts.len() as u32;
                self.texts.push(text.into_boxed_slice());
            }
            *mask = (*number).into();
        }
    }

    fn text(&self, issue: usize) -> &[u8] {
        self.masks.get(issue).and_then(|number| self.texts.get(*number as usize)).map_or(&[], |text| text)
    }
}

impl Form {
    fn text(&self, mask: u64, script: Script) -> Vec<u8> {
        let named = |names: &[Box<str>]| -> Vec<String> {
            let names = names.iter().enumerate().filter(|(number, _)| mask >> number & 1 == 1);
            names.map(|(_, name)| name.to_string()).collect()
        };
        let status = if mask & 2 != 0 { Status::Conflict } else { [Status::Settled, Status::Open][mask as usize & 1] };
        match (self, script) {
            (Self::Status, Script::Json) => json::line(&status.as_str()).into_bytes(),
            (Self::Status, Script::Csv { .. }) => status.as_str().into(),
            (Self::Bool, _) => (mask == 1).to_string().into_bytes(),
            (Self::One(names), Script::Json) => json::line(&named(names).first()).into_bytes(),
            (Self::Many(names), Script::Json) => json::line(&named(names)).into_bytes(),
            (Self::One(names) | Self::Many(names), Script::Csv { alone }) => csv_cell(&named(names).join(";"), alone),
        }
    }
}

/// Whether a text is written as it is, whatever the format. Looks at every byte, so that it compiles to vectors.
fn is_plain(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() | matches!(byte, b'-' | b'_' | b'.' | b'/' | b':');
    text.bytes().fold(true, |all, byte| all & plain(byte))
}

/// Writes an id; `plain` says that all of the block are.
#[inline(always)]
fn write_id(id: &str, plain: bool, script: Script, out: &mut Vec<u8>) {
    let plain = !id.is_empty() && (plain || is_plain(id));
    match script {
        Script::Json if plain => {
            out.push(b'"');
            out.extend_from_slice(id.as_bytes());
            out.push(b'"');
        }
        Script::Json => json::write_line(out, &id),
        Script::Csv { .. } if plain => out.extend_from_slice(id.as_bytes()),
        Script::Csv { alone } => out.extend(csv_cell(&crate::source::escape_control(id), alone)),
    }
}
