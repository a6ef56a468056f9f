//! A record of CSV → an issue of a block.
//!
//! As with lines of JSON, only what is perfectly plain is taken; any other record leaves no
//! trace and is judged by the reader of documents.

use std::sync::Arc;

use super::cursor::Three;
use super::{KeyCounts, Take, take};
use crate::engine::columnar::Block;
use crate::issue::csv::{Column, Header, fact_cell};
use crate::issue::given;
use crate::issue::records::Cells;
use crate::program::{FactId, Program};

/// What to make of a cell.
#[derive(Debug)]
enum Cell {
    Id,
    Title,
    /// Nothing: the column is no fact, and counted by this number.
    Unknown(Option<usize>),
    Fact(FactId, Take),
}

/// Scans records under one header after the other.
#[derive(Debug)]
pub struct CellScanner<'p> {
    program: &'p Program,
    strict: bool,
    /// The header that the cells are of; `None`: none yet.
    header: Option<Arc<Header>>,
    /// What each cell is; empty if records under the header are for the reader of documents.
    cells: Vec<Cell>,
    /// The era of the counts of keys that the numbers are of.
    era: u64,
}

impl<'p> CellScanner<'p> {
    /// For the issues of a policy; `strict` if a key that is no fact is an error.
    pub fn new(program: &'p Program, strict: bool) -> Self {
        Self { program, strict, header: None, cells: Vec::new(), era: 0 }
    }

    /// Adds the issue of a record, whose number is its id if it has none. Says whether it has: if not, the block is
    /// as it was, and so are the counts of keys.
    pub fn scan(
        &mut self,
        (header, record): (&Arc<Header>, &Cells),
        number: usize,
        block: &mut Block,
        keys: &mut KeyCounts,
    ) -> bool {
        let is_known = self.header.as_ref().is_some_and(|known| Arc::ptr_eq(known, header));
        if !is_known || self.era != keys.era() {
            self.era = keys.era();
            self.cells = self.cells_of(header, block, keys).unwrap_or_default();
            self.header = Some(Arc::clone(header));
        }
        if self.cells.is_empty() || record.len() != self.cells.len() {
            return false;
        }
        block.open("");
        if self.record(record, number, block).is_none() {
            block.withdraw();
            return false;
        }
        for cell in &self.cells {
            if let Cell::Unknown(Some(number)) = cell {
                keys.count(*number);
            }
        }
        true
    }

    fn cells_of(&self, header: &Header, block: &Block, keys: &mut KeyCounts) -> Option<Vec<Cell>> {
        let columns = header.columns();
        let cell = |(index, (name, column)): (usize, &(String, Column))| match column {
            Column::Label if name == "id" => Some(Cell::Id),
            Column::Label => Some(Cell::Title),
            Column::Fact(_) if matches!(&**name, "id" | "title") => None,
            Column::Fact(fact) => Some(Cell::Fact(*fact, take(*fact, &self.program.fact(*fact).kind, block))),
            Column::Cell(..) => None,
            // A column without a name counts if some cell of it is not blank.
            Column::Unknown if self.strict || name.is_empty() => None,
            Column::Unknown => {
                let is_first = columns.iter().take(index).all(|(earlier, _)| earlier != name);
                Some(Cell::Unknown(is_first.then(|| keys.number(name))))
            }
        };
        columns.iter().enumerate().map(cell).collect()
    }

    fn record(&self, record: &Cells, number: usize, block: &mut Block) -> Option<()> {
        let mut named = false;
        for (cell, text) in self.cells.iter().zip(record.iter()) {
            match cell {
                Cell::Unknown(_) | Cell::Title => {}
                _ if text.is_empty() => {}
                Cell::Id if text.trim().is_empty() => {}
                Cell::Id => {
                    block.set_id(text);
                    named = true;
                }
                Cell::Fact(fact, take) => self.fact(*fact, take, text, block)?,
            }
        }
        if !named {
            block.set_id(&number.to_string());
        }
        Some(())
    }

    fn fact(&self, fact: FactId, take: &Take, text: &str, block: &mut Block) -> Option<()> {
        match (take, text) {
            (Take::Three(_, codes), "true" | "yes" | "1") => block.set_code(codes[Three::YES]),
            (Take::Three(_, codes), "false" | "no" | "0") => block.set_code(codes[Three::NO]),
            _ if text.trim().is_empty() => {}
            (Take::Choice(_, options), _) => {
                let name = text.trim();
                options.set(options.known.get(name.as_bytes(), 0, name.len())?, fact, block)?;
            }
            _ => {
                let kind = &self.program.fact(fact).kind;
                block.set(fact, &given(kind, &fact_cell(kind, text)).ok()??);
            }
        }
        Some(())
    }
}
