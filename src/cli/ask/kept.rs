//! The file that an interview goes on from, with what people wrote into it: remarks, blank lines, how rows are told.
//!
//! Only what the interview has found out is put in; everything else stays as it stands, to the letter.

use remit::issue::{FactState, Issue};
use remit::program::{Given, Program};
use remit::report::interview::remarks;
use toml_edit::{DocumentMut, InlineTable, Item, TableLike, Value};

/// The file as it was when the interview began.
#[derive(Debug)]
pub struct Kept {
    /// Without the remarks of an earlier interview, which are written anew.
    document: DocumentMut,
    /// What it says.
    issue: Issue,
}

impl Kept {
    /// The text of a file and what it says; `None` if it is no TOML.
    pub fn new(text: &str, issue: &Issue) -> Option<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut without = text.to_owned();
        remarks(text).collect::<Vec<_>>().into_iter().rev().for_each(|place| without.replace_range(place, ""));
        Some(Self { document: without.parse().ok()?, issue: issue.clone() })
    }

    /// The file with what is known by now, of which `saved` is a file by itself.
    pub fn with(&self, program: &Program, issue: &Issue, saved: &str) -> Option<String> {
        let now: DocumentMut = saved.parse().ok()?;
        let mut document = self.document.clone();
        document.retain(|key, _| now.contains_key(key));
        for (key, item) in now.iter() {
            let states = program.fact_ids.get(key).map(|id| (self.issue.fact(*id), issue.fact(*id)));
            match (document.get_mut(key), states) {
                (None, _) => drop(document.insert(key, item.clone())),
                (Some(old), Some((before, now))) if before != now => {
                    if !(has_more(before, now) && fill(old, item).is_some()) {
                        replace(old, item.clone());
                    }
                }
                (Some(_), _) => {}
            }
        }
        let mut text = document.to_string();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.extend(remarks(saved).filter_map(|place| saved.get(place)));
        Some(text)
    }
}

/// Whether the rows are those of before, with cells told that were not known.
fn has_more(before: &FactState, now: &FactState) -> bool {
    let (Some(Given::Rows(before)), Some(Given::Rows(now))) = (before.given(), now.given()) else { return false };
    let mut cells = before.iter().flatten().zip(now.iter().flatten());
    before.len() == now.len() && cells.all(|(before, now)| before.is_unknown() || before == now)
}

/// Puts cells into rows, told as tables, that do not have them; `None` if they are told otherwise.
fn fill(rows: &mut Item, now: &Item) -> Option<()> {
    let now: Vec<&InlineTable> = now.as_array()?.iter().map(Value::as_inline_table).collect::<Option<_>>()?;
    let rows: Vec<&mut dyn TableLike> = match rows {
        Item::ArrayOfTables(tables) => tables.iter_mut().map(|table| table as &mut dyn TableLike).collect(),
        Item::Value(Value::Array(rows)) => {
            let tables = rows.iter_mut().map(|row| Some(row.as_inline_table_mut()? as &mut dyn TableLike));
            tables.collect::<Option<_>>()?
        }
        _ => return None,
    };
    for (row, cells) in rows.into_iter().zip(now) {
        for (column, cell) in cells.iter() {
            if !row.contains_key(column) {
                // The blanks round it are those of another row.
                let mut cell = cell.clone();
                cell.decor_mut().clear();
                row.insert(column, Item::Value(cell));
            }
        }
    }
    Some(())
}

/// Puts a value in the place of another, with the remarks beside it.
fn replace(old: &mut Item, mut new: Item) {
    if let (Some(old), Some(new)) = (old.as_value(), new.as_value_mut()) {
        *new.decor_mut() = old.decor().clone();
    }
    *old = new;
}
