//! The rows of a list or records in a line → rows of a block.

use super::cursor::{Cursor, Three};
use crate::engine::columnar::Block;
use crate::program::{Column, Domain, FactId, FactKind, Scalar};
use crate::value::{Date, Value};

/// Scans a list or records; gives what comes behind them.
pub(super) fn rows<'a>(kind: &FactKind, mut cursor: Cursor<'a>, fact: FactId, block: &mut Block) -> Option<Cursor<'a>> {
    block.begin_rows(fact);
    match kind {
        FactKind::Single(_) => return None,
        FactKind::List(domain) => items(&mut cursor, [b'[', b']'], |cursor| {
            // `null` is no value of a list.
            let value = cell(domain, cursor)?;
            (!value.is_unknown()).then(|| block.push_row(fact, &[value]))
        })?,
        FactKind::Records(columns) => {
            let mut cells = Vec::with_capacity(columns.len());
            items(&mut cursor, [b'[', b']'], |cursor| {
                cells.clear();
                match cursor.peek() {
                    b'{' => named(columns, cursor, &mut cells)?,
                    _ => in_order(columns, cursor, &mut cells)?,
                }
                block.push_row(fact, &cells);
                Some(())
            })?;
        }
    }
    Some(cursor)
}

/// Passes over what stands between brackets, commas between.
fn items<'a>(
    cursor: &mut Cursor<'a>,
    [open, close]: [u8; 2],
    mut each: impl FnMut(&mut Cursor<'a>) -> Option<()>,
) -> Option<()> {
    cursor.eat(open)?;
    cursor.space();
    if cursor.eat(close).is_some() {
        return Some(());
    }
    loop {
        cursor.space();
        each(cursor)?;
        cursor.space();
        if cursor.eat(b',').is_none() {
            return cursor.eat(close);
        }
    }
}

/// A row by columns, those that are left out unknown.
fn named(columns: &[Column], cursor: &mut Cursor<'_>, cells: &mut Vec<Value>) -> Option<()> {
    cells.resize(columns.len(), Value::Unknown);
    let (mut next, mut seen) = (0, 0_u64);
    items(cursor, [b'{', b'}'], |cursor| {
        let key = cursor.string()?;
        let key = cursor.plain(key)?;
        // Most rows have their columns in the order of the row before, which most often is the author's.
        let is_next = columns.get(next).is_some_and(|column| *column.name == *key);
        let column = if is_next { next } else { columns.iter().position(|column| *column.name == *key)? };
        let bit = 1_u64.checked_shl(column as u32)?;
        if seen & bit != 0 {
            return None;
        }
        seen |= bit;
        cursor.space();
        cursor.eat(b':')?;
        cursor.space();
        cells[column] = cell(&columns[column].domain, cursor)?;
        next = column + 1;
        Some(())
    })
}

/// A row as an array, one cell for each column.
fn in_order(columns: &[Column], cursor: &mut Cursor<'_>, cells: &mut Vec<Value>) -> Option<()> {
    items(cursor, [b'[', b']'], |cursor| {
        cells.push(cell(&columns.get(cells.len())?.domain, cursor)?);
        Some(())
    })?;
    (cells.len() == columns.len()).then_some(())
}

/// One value; `⊥` for `null`.
fn cell(domain: &Domain, cursor: &mut Cursor<'_>) -> Option<Value> {
    if cursor.peek() == b'n' {
        return cursor.word(b"null").map(|()| Value::Unknown);
    }
    match domain.scalar {
        Scalar::Bool => Some(Value::Bool(cursor.three()? == Three(Three::YES))),
        Scalar::Integer => cursor.integer().map(Value::Integer),
        Scalar::Number => Value::number(cursor.number()?.parse().ok()?),
        Scalar::Choice | Scalar::Date | Scalar::Text => {
            let text = cursor.string()?;
            match cursor.plain(text) {
                Some(text) => of_text(domain, text),
                None => of_text(domain, &serde_json::from_str::<String>(cursor.quoted(text)?).ok()?),
            }
        }
    }
}

/// An option, a date or a text.
fn of_text(domain: &Domain, text: &str) -> Option<Value> {
    match domain.scalar {
        Scalar::Date => Date::parse(text).map(Value::Date),
        Scalar::Text => Some(Value::text(text)),
        _ => {
            let find = |name: &str| domain.options.iter().find(|option| *option.id == *name);
            let option = find(text).or_else(|| domain.aliases.get(text).and_then(|id| find(id)))?;
            Some(Value::Symbol(option.id.clone()))
        }
    }
}
