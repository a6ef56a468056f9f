//! Tables below a misspelt header, put where they belong: `[[decison.team.option]]`, `[fact.outages.columns]`.
//!
//! Each is reported, once. Only what has its place in the same file is moved; anything else is for who reads it.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::fields::{Key, Value};
use super::reader::{Reader, in_order};
use super::{SCHEMA, TABLES};
use crate::diagnostic::{Code, Diagnostic, nearest};

/// The most pairs of a piece and what it may be a part of that are looked at: so many slips are something else.
const LOOKED_AT: usize = 10_000;

/// The tables of a file with such pieces where they belong, if there are any.
pub fn joined<'d>(reader: &mut Reader<'_>, tables: &DeTable<'d>) -> Option<DeTable<'d>> {
    let mut joined: Option<DeTable<'d>> = None;
    for (key, value) in in_order(tables) {
        let Some(kind) = meant_kind(tables, key, value) else { continue };
        let all = joined.get_or_insert_with(|| tables.clone());
        if all.get_mut(kind).is_some_and(|into| join(into, value)) {
            all.remove(key.get_ref().as_ref());
            report_kind(reader, key, kind);
        }
    }
    for kind in ["decision", "fact"] {
        for piece in pieces(reader, joined.as_ref().unwrap_or(tables), kind) {
            let all = joined.get_or_insert_with(|| tables.clone());
            let Some(DeValue::Table(members)) = all.get_mut(kind).map(Value::get_mut) else { continue };
            let Some(stray) = members.remove(piece.name.as_str()) else { continue };
            if members.get_mut(piece.target.as_str()).is_some_and(|into| join(into, &stray)) {
                piece.report(reader, kind);
            }
        }
    }
    joined
}

/// Adds what stands below a second header; gives `false`, and changes nothing, where both say the same.
fn join<'d>(into: &mut Value<'d>, more: &Value<'d>) -> bool {
    match (into.get_mut(), more.get_ref()) {
        (DeValue::Array(into), DeValue::Array(more)) => {
            more.iter().for_each(|entry| into.push(entry.clone()));
            into.sort_by_key(|entry| entry.span().start);
            true
        }
        (DeValue::Table(into), DeValue::Table(more)) => {
            let mut all = into.clone();
            let fits = more.iter().all(|(key, value)| match all.get_mut(key.get_ref().as_ref()) {
                Some(there) => join(there, value),
                None => all.insert(key.clone(), value.clone()).is_none(),
            });
            if fits {
                *into = all;
            }
            fits
        }
        _ => false,
    }
}

/// The kind of tables that a misspelt one is, if some of its tables are there under the right name too.
fn meant_kind(tables: &DeTable<'_>, key: &Key<'_>, value: &Value<'_>) -> Option<&'static str> {
    let word = key.get_ref().as_ref();
    let kind = SCHEMA.meant_by(word).filter(|_| !TABLES.contains(&word))?;
    let known = tables.get(kind)?.get_ref().as_table()?;
    value.get_ref().as_table()?.keys().any(|name| known.contains_key(name.get_ref().as_ref())).then_some(kind)
}

fn report_kind(reader: &mut Reader<'_>, key: &Key<'_>, kind: &str) {
    let name = reader.name(key);
    let message = format!("a policy has no table `{}`", name.node);
    let start = reader.source.get(..key.span().start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let line = reader.source.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let header = line.rfind(']').and_then(|end| line.get(..=end)).filter(|header| header.trim_start().starts_with('['));
    let mended = header.map_or(format!("[{kind}.name]"), |header| header.trim().replacen(&*name.node, kind, 1));
    reader.diagnostics.push(Diagnostic::new(Code::UnknownKey, name.span, message).help(format!("write `{mended}`")));
}

/// What can only be a part of another fact or decision, of a name much like its own.
struct Piece {
    name: String,
    place: Range<usize>,
    /// `option` or `columns`.
    part: &'static str,
    /// The name of the other.
    target: String,
}

impl Piece {
    fn report(&self, reader: &mut Reader<'_>, kind: &str) {
        let code = if kind == "decision" { Code::UnknownDecision } else { Code::UnknownName };
        let path = format!("{kind}.{}.{}", self.target, self.part);
        let help = if self.part == "option" { format!("write `[[{path}]]`") } else { format!("write `[{path}]`") };
        let message = format!("there is no {kind} `{}`", self.name);
        reader.diagnostics.push(Diagnostic::new(code, reader.span(self.place.clone()), message).help(help));
    }
}

fn pieces(reader: &Reader<'_>, tables: &DeTable<'_>, kind: &str) -> Vec<Piece> {
    let Some(members) = tables.get(kind).and_then(|value| value.get_ref().as_table()) else { return Vec::new() };
    let mut whole = Vec::new();
    let mut parts = Vec::new();
    for (key, value) in in_order(members) {
        match part(reader, kind, value) {
            Some(part) => parts.push((key, part)),
            None => whole.extend(value.get_ref().as_table().map(|table| (key.get_ref().as_ref(), table))),
        }
    }
    let lacking = |part| whole.iter().filter(move |(_, table)| lacks(table, part)).map(|(name, _)| *name);
    let mut pieces = Vec::new();
    for part in ["option", "columns"] {
        let targets: Vec<&str> = lacking(part).collect();
        if targets.len() * parts.len() > LOOKED_AT {
            continue;
        }
        for (key, _) in parts.iter().filter(|(_, own)| *own == part && !targets.is_empty()) {
            if let Some(target) = nearest(key.get_ref(), targets.iter().copied()) {
                let (name, place) = (key.get_ref().to_string(), key.span());
                pieces.push(Piece { name, place, part, target: target.to_owned() });
            }
        }
    }
    pieces
}

/// The one key that all of a table stands below, in a header that is longer than that of the table.
fn part(reader: &Reader<'_>, kind: &str, value: &Value<'_>) -> Option<&'static str> {
    let table = value.get_ref().as_table().filter(|table| table.len() == 1)?;
    let (key, value) = table.iter().next()?;
    match (kind, key.get_ref().as_ref()) {
        ("decision", "option" | "options") => reader.is_below_headers(value).then_some("option"),
        ("fact", "columns") => reader.is_below_header(value).then_some("columns"),
        _ => None,
    }
}

/// Whether a fact or a decision has a place for such a part.
fn lacks(table: &DeTable<'_>, part: &str) -> bool {
    let of_type = |name: &str| table.get("type").is_none_or(|value| value.get_ref().as_str() == Some(name));
    match part {
        "columns" => !table.contains_key("columns") && !table.contains_key("options") && of_type("records"),
        _ => true,
    }
}
