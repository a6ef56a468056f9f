//! A line of JSON, or a record of CSV → an issue of a block, without anything in between.
//!
//! Takes only what is perfectly plain and fits the policy; of any other line it says so and
//! leaves no trace, and the reader of documents judges it. So errors are worded in one
//! place, and the two agree on every line, which the tests hold them to.

mod cells;
mod cursor;
pub mod names;
mod order;
mod rows;

use std::sync::Arc;

pub use self::cells::CellScanner;
pub use self::cursor::Marked;
use self::cursor::{Before, Cursor, Text, Three};
use self::names::Names;
use self::order::{Key, Order};
use super::keys::KeyCounts;
use crate::engine::columnar::{Block, Code};
use crate::program::{Domain, FactId, FactKind, Program, Scalar};
use crate::value::{Date, Number};

/// What a key is; an index into the slots.
type SlotNumber = usize;

/// The slots of `id` and `title`; those of other facts follow.
const ID: SlotNumber = 0;
const TITLE: SlotNumber = 1;

/// A key that is known.
#[derive(Debug)]
struct Slot {
    /// The line that it was last given in, by its count.
    seen: u64,
    take: Take,
}

/// What to make of the value of a key.
#[derive(Debug)]
enum Take {
    /// The issue's id; perhaps a fact too.
    Id(Option<FactId>),
    /// The issue's title; perhaps a fact too.
    Title(Option<FactId>),
    /// A bool whose values are not kept: what each of [`Three`] does to a block.
    Three(FactId, [Code; 3]),
    Bool(FactId),
    Choice(FactId, Box<Options>),
    Integer(FactId),
    Number(FactId),
    Date(FactId),
    Text(FactId),
    Rows(FactId),
}

/// The options of a choice and their aliases.
#[derive(Debug)]
struct Options {
    known: Names<Chosen>,
    ids: Vec<Arc<str>>,
}

/// An option, by its number.
#[derive(Debug, Clone, Copy)]
struct Chosen {
    number: u32,
    /// What it does to a block, if values are not kept.
    code: Option<Code>,
}

impl Options {
    fn new(fact: FactId, domain: &Domain, block: &Block) -> Self {
        let chosen = |number| Chosen { number: number as u32, code: block.code_of_option(fact, number) };
        let ids = domain.options.iter().map(|option| option.id.clone()).collect();
        Self { known: Names::new(names::options(domain).map(|(name, number)| (name, chosen(number)))), ids }
    }

    /// Sets one of them.
    #[inline(always)]
    fn set(&self, chosen: &Chosen, fact: FactId, block: &mut Block) -> Option<()> {
        match chosen.code {
            Some(code) => block.set_code(code),
            None => {
                let number = chosen.number as usize;
                block.set_option(fact, number, self.ids.get(number)?);
            }
        }
        Some(())
    }
}

/// Scans lines of issues of one policy.
#[derive(Debug)]
pub struct Scanner<'p> {
    program: &'p Program,
    strict: bool,
    keys: Names<SlotNumber>,
    slots: Vec<Slot>,
    /// Lines that have been scanned.
    count: u64,
    /// The line that last gave its id, by its count.
    named: u64,
    /// Keys of the line that are no facts, each once.
    unknown: Vec<usize>,
    /// The line that last gave each such key, by its count.
    strange: Vec<u64>,
    order: Order,
    /// The era of the counts of keys that the order is of.
    era: u64,
}

impl<'p> Scanner<'p> {
    /// For the issues of a policy, to be put into this block; `strict` if a key that is no fact is an error.
    pub fn new(program: &'p Program, strict: bool, block: &Block) -> Self {
        let fact = |name: &str| program.fact_ids.get(name).copied();
        let mut takes = vec![Take::Id(fact("id")), Take::Title(fact("title"))];
        let mut names = vec![("id", ID), ("title", TITLE)];
        for (index, fact) in program.facts.iter().enumerate() {
            if !matches!(&*fact.name, "id" | "title") {
                names.push((&*fact.name, takes.len()));
                takes.push(take(FactId(index as u32), &fact.kind, block));
            }
        }
        Self {
            program,
            strict,
            keys: Names::new(names),
            slots: takes.into_iter().map(|take| Slot { seen: 0, take }).collect(),
            count: 0,
            named: 0,
            unknown: Vec::new(),
            strange: Vec::new(),
            order: Order::default(),
            era: 0,
        }
    }

    /// Adds the issue of a line, which begins at a byte of a text and ends before `end`; the
    /// record's number is its id if it has none. Says whether it has: if not, the block is
    /// as it was, and so are the counts of keys.
    pub fn scan(
        &mut self,
        text: Marked<'_>,
        place: (usize, usize),
        record: usize,
        block: &mut Block,
        keys: &mut KeyCounts,
    ) -> bool {
        self.count += 1;
        self.unknown.clear();
        if self.era != keys.era() {
            self.era = keys.era();
            self.order.clear();
        }
        block.open("");
        if self.line(text, place, record, block, keys).is_none() {
            block.withdraw();
            return false;
        }
        self.unknown.iter().for_each(|key| keys.count(*key));
        true
    }

    #[inline(never)]
    fn line(
        &mut self,
        text: Marked<'_>,
        (start, end): (usize, usize),
        record: usize,
        block: &mut Block,
        keys: &mut KeyCounts,
    ) -> Option<()> {
        let mut cursor = Cursor::new(text, start);
        cursor.space();
        cursor.eat(b'{')?;
        cursor.space();
        if cursor.eat(b'}').is_none() {
            self.members(&mut cursor, block, keys)?;
        }
        if self.named != self.count {
            block.set_id(&record.to_string());
        }
        cursor.ends_at(end).then_some(())
    }

    /// Keys and values up to the brace behind them. A key is looked for first right behind the comma, then behind
    /// the comma and white space.
    #[inline(always)]
    fn members(&mut self, cursor: &mut Cursor<'_>, block: &mut Block, keys: &mut KeyCounts) -> Option<()> {
        let (mut place, mut before) = (0, Before::Passed);
        loop {
            let key = match self.order.guess(&mut place, cursor, before) {
                Some(key) => key,
                None if before == Before::Comma => {
                    cursor.space();
                    if cursor.eat(b',').is_none() {
                        return cursor.eat(b'}');
                    }
                    cursor.space();
                    before = Before::Passed;
                    continue;
                }
                None => {
                    let key;
                    (key, place, *cursor) = self.key(place, *cursor, keys)?;
                    key
                }
            };
            cursor.space();
            match key {
                Key::Known(slot) => self.take(slot, cursor, block)?,
                Key::Unknown(number) => {
                    self.note(number);
                    cursor.value()?;
                }
            }
            before = Before::Comma;
        }
    }

    /// Notes a key that is no fact, unless the line has given it.
    fn note(&mut self, number: usize) {
        if number >= self.strange.len() {
            self.strange.resize(number + 1, 0);
        }
        if std::mem::replace(&mut self.strange[number], self.count) != self.count {
            self.unknown.push(number);
        }
    }

    /// Looks a key up: what it is, the place behind it in the order, and what comes behind its colon.
    fn key<'a>(
        &mut self,
        mut place: usize,
        mut cursor: Cursor<'a>,
        keys: &mut KeyCounts,
    ) -> Option<(Key, usize, Cursor<'a>)> {
        let text = cursor.string()?;
        let (bytes, start, end) = cursor.plain_place(text)?;
        let name = cursor.plain(text)?;
        cursor.space();
        cursor.eat(b':')?;
        let key = match self.keys.get(bytes, start, end) {
            Some(slot) => Key::Known(*slot),
            None if self.strict => return None,
            None => Key::Unknown(keys.number(name)),
        };
        self.order.learn(&mut place, name, key);
        Some((key, place, cursor))
    }

    /// Takes the value of a key.
    #[inline(always)]
    fn take(&mut self, slot: SlotNumber, cursor: &mut Cursor<'_>, block: &mut Block) -> Option<()> {
        let Slot { seen, take } = &mut self.slots[slot];
        if std::mem::replace(seen, self.count) == self.count {
            return None;
        }
        match take {
            Take::Three(_, codes) => block.set_code(*codes.get(cursor.three()?.0)?),
            take if cursor.peek() == b'n' => {
                cursor.word(b"null")?;
                if let Some(fact) = take.fact() {
                    block.set_unknown(fact);
                }
            }
            Take::Id(fact) => {
                let id = id(cursor)?;
                block.set_id(id);
                self.named = self.count;
                if let Some(fact) = fact {
                    block.set_text(*fact, id);
                }
            }
            Take::Title(None) => drop(cursor.string()?),
            Take::Title(Some(fact)) | Take::Text(fact) => {
                let text = cursor.string()?;
                set_text(*cursor, text, *fact, block)?;
            }
            Take::Bool(fact) => {
                let value = cursor.peek() == b't';
                cursor.word(if value { b"true" } else { b"false" })?;
                block.set_bool(*fact, value);
            }
            Take::Choice(fact, options) => {
                let text = cursor.string()?;
                let (bytes, start, end) = cursor.plain_place(text)?;
                options.set(options.known.get(bytes, start, end)?, *fact, block)?;
            }
            Take::Integer(fact) => block.set_integer(*fact, cursor.integer()?),
            Take::Number(fact) => block.set_number(*fact, Number::new(cursor.number()?.parse().ok()?)?),
            Take::Date(fact) => {
                let text = cursor.string()?;
                block.set_date(*fact, Date::parse(cursor.plain(text)?)?);
            }
            Take::Rows(fact) => *cursor = rows::rows(&self.program.fact(*fact).kind, *cursor, *fact, block)?,
        }
        Some(())
    }
}

impl Take {
    fn fact(&self) -> Option<FactId> {
        match self {
            Self::Id(fact) | Self::Title(fact) => *fact,
            Self::Three(fact, _)
            | Self::Bool(fact)
            | Self::Choice(fact, _)
            | Self::Integer(fact)
            | Self::Number(fact)
            | Self::Date(fact)
            | Self::Text(fact)
            | Self::Rows(fact) => Some(*fact),
        }
    }
}

fn take(fact: FactId, kind: &FactKind, block: &Block) -> Take {
    match kind {
        FactKind::Single(domain) => match domain.scalar {
            Scalar::Bool => {
                let codes = || {
                    let mut codes = [block.code_of_unknown(fact)?; 3];
                    codes[Three::NO] = block.code_of_bool(fact, false)?;
                    codes[Three::YES] = block.code_of_bool(fact, true)?;
                    Some(codes)
                };
                codes().map_or(Take::Bool(fact), |codes| Take::Three(fact, codes))
            }
            Scalar::Choice => Take::Choice(fact, Box::new(Options::new(fact, domain, block))),
            Scalar::Integer => Take::Integer(fact),
            Scalar::Number => Take::Number(fact),
            Scalar::Date => Take::Date(fact),
            Scalar::Text => Take::Text(fact),
        },
        FactKind::List(_) | FactKind::Records(_) => Take::Rows(fact),
    }
}

/// An id: a plain text, or a number as it is written.
#[inline(always)]
fn id<'a>(cursor: &mut Cursor<'a>) -> Option<&'a str> {
    if cursor.peek() == b'"' {
        let text = cursor.string()?;
        return cursor.plain(text);
    }
    cursor.number()
}

fn set_text(cursor: Cursor<'_>, text: Text, fact: FactId, block: &mut Block) -> Option<()> {
    match cursor.plain(text) {
        Some(text) => block.set_text(fact, text),
        None => {
            let text: String = serde_json::from_str(cursor.quoted(text)?).ok()?;
            block.set_text(fact, &text);
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::columnar::{Compiled, Frame};
    use crate::issue::marks::Marks;
    use crate::program::{DecisionId, Given};
    use crate::verdict::Status;

    const POLICY: &str = r#"
[policy]
name = "scanned"
[fact.a]
type = "bool"
[fact.b]
options = ["x", "y"]
aliases = { "Why" = "y" }
[fact.c]
type = "integer"
[fact.d]
type = "list"
of = "text"
[fact.e]
type = "records"
columns = { p = "text", q = "integer", r = ["x", "y"] }
[rule.r]
says = 't(u) if a, b = x, c > 1, d("k"), e(p: P, q: Q, r: x), P != "", Q > 1'
[decision.t]
question = "Which?"
hit-policy = "priority"
option = [{ id = "u" }]
"#;

    fn program() -> Program {
        let files = vec![("p.toml".into(), POLICY.to_owned())];
        let (policy, sources, _) = crate::policy::load_texts(files, std::path::PathBuf::new());
        crate::check::check(&policy, &sources).0.expect("a policy without errors")
    }

    #[test]
    fn plain_lines_are_taken_and_all_others_leave_no_trace() {
        let program = program();
        let compiled = Compiled::new(&program);
        let (mut block, mut keys) = (compiled.block(64), KeyCounts::default());
        let mut scanner = Scanner::new(&program, false, &block);
        let mut marks = Marks::default();
        let mut scan = |line: &str, block: &mut Block| {
            let text = format!("..{line}\n");
            marks.set(text.as_bytes());
            scanner.scan(Marked { text: &text, marks: &marks }, (2, 2 + line.len()), 7, block, &mut keys)
        };
        let plain = [
            r#"{}"#,
            r#"{"id":"é-1","a":true,"b":"Why","c":-3,"d":["k"],"extra":{"deep":[1,{"x":null}]}}"#,
            r#" { "c" : 12 , "id" : 5 , "title" : "a \"b\"" , "extra" : "\u00e9\n" } "#,
            r#"{"a":null,"b":null,"c":null,"d":null,"id":null,"title":null}"#,
            r#"{"id":1234567890123456789,"e":[{"q":1,"p":"\u00e9"}, {}, { "r" : null , "p" : "k" } ]}"#,
            r#"{"id":-1.50,"d":[],"e":[["a",1,"x"],["b",null,"y"]]}"#,
        ];
        for _ in 0..3 {
            assert!(plain.iter().all(|line| scan(line, &mut block)));
        }
        let ids = ["7", "é-1", "5", "7", "1234567890123456789", "-1.50"];
        let cells = |issue| match block.given(issue, FactId(4)) {
            Some(Given::Rows(rows)) => rows.iter().flatten().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            _ => String::new(),
        };
        assert_eq!(
            [cells(4), cells(5)],
            ["é 1 unknown unknown unknown unknown k unknown unknown", "a 1 x b unknown y"]
        );
        assert_eq!((0..6).map(|issue| block.id(issue)).collect::<Vec<_>>(), ids);
        let others = [
            "",
            "{\"id\":\"q\",\"a\":true,\"c\":5,\"e\":[[\"a\",1,\"x\"]],",
            "{\"c\":01}",
            "{\"c\":-01}",
            "{\"c\":-}",
            "{",
            "[]",
            "{}}",
            "{\"a\":1}",
            "{\"a\":true,}",
            "{\"b\":\"z\"}",
            "{\"c\":1.0}",
            "{\"c\":1e2}",
            "{\"a\":true,\"a\":true}",
            "{\"d\":[1]}",
            "{\"d\":[null]}",
            "{\"d\":{}}",
            "{\"e\":[null]}",
            "{\"e\":[[\"a\",1]]}",
            "{\"e\":[[\"a\",1,\"x\",2]]}",
            "{\"e\":[{\"q\":1.0}]}",
            "{\"e\":[{\"r\":\"z\"}]}",
            "{\"e\":[{\"z\":1}]}",
            "{\"e\":[{\"p\":\"a\",\"p\":\"a\"}]}",
            "{\"e\":[{\"p\":\"a\"},]}",
            "{\"e\":[{\"p\":\"a\",}]}",
            "{\"n\":01}",
            "{\"n\":\"\\x\"}",
            "{\"title\":1}",
            "{\"id\":true}",
            "{\"id\":1e3}",
            "{\"\\u0061\":true}",
            "{\"a\" true}",
            "{\"c\":99999999999999999999}",
            "{\"extra\":1}{}",
        ];
        for line in others {
            assert!(!scan(line, &mut block), "{line}");
        }
        assert_eq!(block.len(), 18);
        assert_eq!(block.ids(), ids.concat().repeat(3));
        assert!(scan("{}", &mut block));
        assert_eq!(block.id(18), "7");
        assert!(block.given(18, FactId(4)).is_none());
        block.finish();
        let mut frame = Frame::new(&compiled);
        let outcomes = compiled.outcomes(&block, &mut frame);
        assert!(outcomes.status(18, DecisionId(0)) == Status::Open, "nothing is left of what was refused");
        assert_eq!(keys.take(), [("extra".to_owned(), 6)]);
    }
}
