//! Columns of Parquet → a block of issues, column by column.
//!
//! Takes rows only where every value fits the policy; of any others it says so and leaves
//! no trace, and the reader of documents judges them row by row.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, BooleanArray, DictionaryArray, StringArray};
use arrow_schema::DataType;

use super::scan::names::{self, Names};
use crate::engine::columnar::{BLOCK, Block};
use crate::issue::parquet::{Columns, Key, raw};
use crate::issue::{Raw, given};
use crate::program::{Domain, FactId, FactKind, Given, Program, Scalar};
use crate::value::Value;

/// Words of a bit for each row of a block.
const WORDS: usize = BLOCK.div_ceil(64);

/// A bit for each row of a block.
type Bits = Box<[u64; WORDS]>;

/// What the values of columns are to the policy; used again for each block.
#[derive(Debug)]
pub(super) struct Table {
    /// One for each fact.
    takes: Vec<Take>,
}

/// What the values of a column are to become.
#[derive(Debug)]
enum Take {
    /// True and false.
    Bool(FactId, [Bits; 2]),
    /// Options.
    Choice(FactId, Options),
    /// Integers, by their rows.
    Integer(FactId, Vec<(usize, i64)>),
    /// Whatever else, each value by itself.
    Other(FactId, FactKind, Vec<(usize, Given)>),
}

/// The options of a choice.
#[derive(Debug)]
struct Options {
    /// The number of each name.
    names: Names<usize>,
    /// What each says.
    given: Vec<Given>,
    /// Where each stands; and, last, where there is what is none.
    rows: Vec<[u64; WORDS]>,
    /// The texts that numbers in the column stand for, as they were last.
    texts: Option<ArrayRef>,
    /// The option of each of these texts; one more than there are, if it is none.
    of_text: Vec<usize>,
}

impl Table {
    /// For issues of a policy.
    pub(super) fn new(program: &Program) -> Self {
        let facts = program.facts.iter().enumerate();
        Self { takes: facts.map(|(index, fact)| Take::new(FactId(index as u32), &fact.kind)).collect() }
    }

    /// Puts rows into an empty block, under their ids or, from `first` on, their numbers; without a `first`, under
    /// none. Says whether they fit: if not, the block is as it was.
    pub(super) fn fill(&mut self, block: &mut Block, columns: &Columns, first: Option<usize>) -> bool {
        let mut ids = None;
        for (key, array) in columns.iter() {
            match key {
                Key::Fact(fact) if self.takes[fact.index()].read(array).is_none() => return false,
                Key::Id if array.data_type().is_integer() || array.data_type() == &DataType::Utf8View => {
                    ids = Some(array)
                }
                Key::Id => return false,
                Key::Fact(_) | Key::Title => {}
            }
        }
        match first {
            None => block.open_to(columns.rows()),
            Some(first) => open(block, ids, columns.rows(), first),
        }
        for (key, _) in columns.iter() {
            if let Key::Fact(fact) = key {
                self.takes[fact.index()].put(block);
            }
        }
        true
    }
}

impl Take {
    fn new(fact: FactId, kind: &FactKind) -> Self {
        match kind {
            FactKind::Single(domain) if domain.scalar == Scalar::Bool => Self::Bool(fact, [bits(), bits()]),
            FactKind::Single(domain) if domain.scalar == Scalar::Choice => Self::Choice(fact, Options::new(domain)),
            FactKind::Single(domain) if domain.scalar == Scalar::Integer => Self::Integer(fact, Vec::new()),
            kind => Self::Other(fact, kind.clone(), Vec::new()),
        }
    }

    /// Reads the values of a column; `None` if one does not fit.
    fn read(&mut self, array: &ArrayRef) -> Option<()> {
        match self {
            Self::Bool(_, values) => bools(array.as_boolean_opt()?, values),
            Self::Choice(_, options) => options.read(array.as_dictionary_opt()?)?,
            Self::Integer(_, read) => {
                read.clear();
                if let Some(integers) = array.as_primitive_opt::<Int64Type>() {
                    each_row(array, |row| read.push((row, integers.value(row))));
                    return Some(());
                }
                for row in (0..array.len()).filter(|row| array.is_valid(*row)) {
                    let Raw::Integer(value) = raw(array, row)? else { return None };
                    read.push((row, value.try_into().ok()?));
                }
            }
            Self::Other(_, kind, read) => {
                read.clear();
                for row in (0..array.len()).filter(|row| array.is_valid(*row)) {
                    read.push((row, given(kind, &raw(array, row)?).ok()??));
                }
            }
        }
        Some(())
    }

    fn put(&self, block: &mut Block) {
        match self {
            Self::Bool(fact, values) => {
                for (value, bits) in [false, true].into_iter().zip(values) {
                    block.say_where(*fact, Some(&Given::Value(Value::Bool(value))), &**bits);
                }
            }
            Self::Choice(fact, Options { given, rows, .. }) => {
                given.iter().zip(rows).for_each(|(given, bits)| block.say_where(*fact, Some(given), bits));
            }
            Self::Integer(fact, read) => {
                read.iter().for_each(|(row, value)| block.set_at(*row, *fact, &Given::Value(Value::Integer(*value))));
            }
            Self::Other(fact, _, read) => read.iter().for_each(|(row, given)| block.set_at(*row, *fact, given)),
        }
    }
}

/// Calls `each` with every row in which there is a value.
fn each_row(array: &dyn Array, each: impl FnMut(usize)) {
    match array.nulls() {
        Some(nulls) => nulls.valid_indices().for_each(each),
        None => (0..array.len()).for_each(each),
    }
}

/// The rows in which there is a value.
fn valid(array: &dyn Array) -> [u64; WORDS] {
    let mut words = [0; WORDS];
    match array.nulls() {
        Some(nulls) => {
            let valid = nulls.inner().bit_chunks();
            words.iter_mut().zip(valid.iter_padded()).for_each(|(word, valid)| *word = valid);
        }
        None => (0..array.len().min(BLOCK)).for_each(|row| words[row / 64] |= 1 << (row % 64)),
    }
    words
}

fn bits() -> Bits {
    Box::new([0; WORDS])
}

/// Where a column is false and where it is true.
fn bools(array: &BooleanArray, [no, yes]: &mut [Bits; 2]) {
    no.fill(0);
    yes.fill(0);
    let words = array.values().bit_chunks().iter_padded().zip(valid(array));
    for ((no, yes), (value, valid)) in no.iter_mut().zip(yes.iter_mut()).zip(words) {
        (*no, *yes) = (!value & valid, value & valid);
    }
}

impl Options {
    fn new(domain: &Domain) -> Self {
        let given = domain.options.iter().map(|option| Given::Value(Value::Symbol(option.id.clone())));
        let rows = vec![[0; WORDS]; domain.options.len() + 1];
        let names = Names::new(names::options(domain));
        Self { names, given: given.collect(), rows, texts: None, of_text: Vec::new() }
    }

    /// Reads a column of numbers that stand for texts; `None` if one is no option.
    fn read(&mut self, array: &DictionaryArray<Int32Type>) -> Option<()> {
        if !self.texts.as_ref().is_some_and(|last| Arc::ptr_eq(last, array.values())) {
            let texts: &StringArray = array.values().as_string_opt()?;
            let option = |text: Option<&str>| self.names.get(text?.as_bytes(), 0, text?.len());
            let none = self.given.len();
            self.of_text = texts.iter().map(|text| option(text).copied().unwrap_or(none)).collect();
            self.texts = Some(Arc::clone(array.values()));
        }
        self.rows.iter_mut().for_each(|bits| bits.fill(0));
        for (word, (numbers, valid)) in array.keys().values().chunks(64).zip(valid(array)).enumerate() {
            for (bit, number) in numbers.iter().enumerate() {
                // What is not valid sets no bit, so that it needs no branch; its number is any.
                let option = self.of_text.get(*number as usize).copied().unwrap_or_default();
                if let Some(bits) = self.rows.get_mut(option).and_then(|bits| bits.get_mut(word)) {
                    *bits |= valid & 1 << bit;
                }
            }
        }
        self.rows.last()?.iter().all(|word| *word == 0).then_some(())
    }
}

/// Opens issues under their ids, or the numbers of their rows where they have none.
fn open(block: &mut Block, ids: Option<&ArrayRef>, rows: usize, first: usize) {
    let texts = ids.and_then(|ids| ids.as_string_view_opt());
    for row in 0..rows {
        match texts {
            Some(texts) if texts.is_valid(row) => block.open(texts.value(row)),
            _ => match ids.and_then(|ids| raw(ids, row)) {
                Some(Raw::Integer(number)) => block.open(&number.to_string()),
                _ => block.open(&(first + row).to_string()),
            },
        }
    }
}
