//! Columns of Parquet → a block of issues, column by column.
//!
//! Takes rows only where every value fits the policy; of any others it says so and leaves
//! no trace, and the reader of documents judges them row by row.

use std::sync::Arc;

use super::scan::Names;
use crate::engine::columnar::{BLOCK, Block};
use crate::issue::parquet::{Cells, Column, Columns, Key, Stretch};
use crate::issue::{InputError, Raw, given};
use crate::program::{FactId, FactKind, Given, OptionLabel, Program, Scalar};
use crate::value::Value;

/// Bits, one for each row of a block.
type Bits = Vec<u64>;

/// Columns that are being read, and what their values are to the policy.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) columns: Columns,
    takes: Vec<Take>,
}

/// What the values of a column are to become.
#[derive(Debug)]
enum Take {
    /// The id; `None` where a row has none.
    Id(Vec<Option<Arc<str>>>),
    /// The title, which no rule looks at.
    Title,
    /// True and false.
    Bool(FactId, [Bits; 2]),
    /// Options: the number of each name, what each says, and where it stands.
    Choice(FactId, Names<usize>, Vec<(Given, Bits)>),
    /// Whatever else, each value by itself.
    Other(FactId, FactKind, Vec<(usize, Given)>),
}

impl Table {
    /// The columns at the beginning of a stretch.
    ///
    /// # Errors
    /// If the file cannot be read there.
    pub(super) fn at(program: &Program, stretch: &Stretch, earlier: Option<Self>) -> Result<Self, InputError> {
        let columns = Columns::at(stretch, earlier.map(|table| table.columns))?;
        let takes = columns.columns.iter().map(|column| Take::new(program, column.key)).collect();
        Ok(Self { columns, takes })
    }

    /// Puts the rows read last into an empty block, under their ids or, from `first` on, their numbers; without a
    /// `first`, under none. Says whether they fit: if not, the block is as it was.
    pub(super) fn fill(&mut self, block: &mut Block, rows: usize, first: Option<usize>) -> bool {
        let mut columns = self.takes.iter_mut().zip(&self.columns.columns);
        if !columns.all(|(take, column)| take.read(column, rows).is_some()) {
            return false;
        }
        match first {
            None => block.open_to(rows),
            Some(first) => self.open(block, rows, first),
        }
        self.takes.iter().for_each(|take| take.put(block));
        true
    }

    fn open(&self, block: &mut Block, rows: usize, first: usize) {
        let ids = self.takes.iter().find_map(|take| match take {
            Take::Id(ids) => Some(ids),
            _ => None,
        });
        for row in 0..rows {
            match ids.and_then(|ids| ids.get(row)) {
                Some(Some(id)) => block.open(id),
                _ => block.open(&(first + row).to_string()),
            }
        }
    }
}

impl Take {
    fn new(program: &Program, key: Key) -> Self {
        let bits = || vec![0; BLOCK.div_ceil(64)];
        let fact = match key {
            Key::Id => return Self::Id(Vec::new()),
            Key::Title => return Self::Title,
            Key::Fact(fact) => fact,
        };
        match &program.fact(fact).kind {
            FactKind::Single(domain) if domain.scalar == Scalar::Bool => Self::Bool(fact, [bits(), bits()]),
            FactKind::Single(domain) if domain.scalar == Scalar::Choice => {
                let given = |option: &OptionLabel| Given::Value(Value::Symbol(option.id.clone()));
                let options = domain.options.iter().map(|option| (given(option), bits())).collect();
                Self::Choice(fact, Names::of_options(domain, |number| number), options)
            }
            kind => Self::Other(fact, kind.clone(), Vec::new()),
        }
    }

    /// Reads the values of a column; `None` if one does not fit.
    fn read(&mut self, column: &Column, rows: usize) -> Option<()> {
        let there = column.rows(rows).enumerate();
        match (self, &column.cells) {
            (Self::Id(ids), _) => {
                ids.clear();
                ids.resize(rows, None);
                for (number, row) in there {
                    *ids.get_mut(row)? = Some(id(column.value(number)?)?);
                }
            }
            (Self::Title, _) => {}
            (Self::Bool(_, [no, yes]), Cells::Bool(values)) => {
                no.fill(0);
                yes.fill(0);
                for ((_, row), value) in there.zip(values) {
                    let bits = if *value { &mut *yes } else { &mut *no };
                    *bits.get_mut(row / 64)? |= 1 << (row % 64);
                }
            }
            (Self::Choice(_, names, options), Cells::Bytes(values)) => {
                options.iter_mut().for_each(|(_, bits)| bits.fill(0));
                for ((_, row), value) in there.zip(values) {
                    let text = value.data();
                    let (_, bits) = options.get_mut(names.get(text, 0, text.len())?)?;
                    *bits.get_mut(row / 64)? |= 1 << (row % 64);
                }
            }
            (Self::Other(_, kind, read), _) => {
                read.clear();
                for (number, row) in there {
                    read.push((row, given(kind, &column.value(number)?).ok()??));
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn put(&self, block: &mut Block) {
        match self {
            Self::Id(_) | Self::Title => {}
            Self::Bool(fact, values) => {
                for (value, bits) in [false, true].into_iter().zip(values) {
                    block.say_where(*fact, Some(&Given::Value(Value::Bool(value))), bits);
                }
            }
            Self::Choice(fact, _, options) => {
                options.iter().for_each(|(given, bits)| block.say_where(*fact, Some(given), bits));
            }
            Self::Other(fact, _, read) => read.iter().for_each(|(row, given)| block.set_at(*row, *fact, given)),
        }
    }
}

/// An id as text, if nothing about it is odd.
fn id(raw: Raw<'static>) -> Option<Arc<str>> {
    match raw {
        Raw::Text(text) => Some(Arc::from(text)),
        Raw::Integer(number) => Some(Arc::from(number.to_string())),
        _ => None,
    }
}
