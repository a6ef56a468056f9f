//! Tables below a misspelt header, put where they belong: `[[decison.team.option]]`, `[fact.outages.columns]`.
//!
//! Each is reported, once. Only what has its place in the same file is moved; anything else is for who reads it.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::fields::{Key, Value};
use super::reader::{Reader, in_order};
use super::{SCHEMA, TABLES};
use crate::diagnostic::{Code, Diagnostic, nearest, proposed_name};

/// The most pairs of a piece and what it may be a part of that are looked at: so many slips are something else.
const LOOKED_AT: usize = 10_000;

/// The tables of a file with such pieces where they belong, if there are any. A header that another file has, too, is
/// right as it is.
pub fn joined<'d>(
    reader: &mut Reader<'_>,
    tables: &DeTable<'d>,
    is_elsewhere: &dyn Fn(&str) -> bool,
) -> Option<DeTable<'d>> {
    let mut joined: Option<DeTable<'d>> = None;
    for (key, value) in in_order(tables) {
        if let Some((kind, part)) = without_kind(reader, tables, key, value) {
            let all = joined.get_or_insert_with(|| tables.clone());
            if member(all, kind, key.get_ref()).is_some_and(|into| join(into, value)) {
                all.remove(key.get_ref().as_ref());
                report_without_kind(reader, key, kind, part);
            }
            continue;
        }
        let Some(kind) = meant_kind(tables, key, value) else { continue };
        let all = joined.get_or_insert_with(|| tables.clone());
        if all.get_mut(kind).is_some_and(|into| join(into, value)) {
            all.remove(key.get_ref().as_ref());
            report_kind(reader, key, kind);
        }
    }
    for kind in ["decision", "fact"] {
        for piece in pieces(reader, joined.as_ref().unwrap_or(tables), kind) {
            if [&piece.name, &piece.target].iter().any(|name| is_elsewhere(&format!("{kind}.{name}"))) {
                continue;
            }
            let all = joined.get_or_insert_with(|| tables.clone());
            let Some(DeValue::Table(members)) = all.get_mut(kind).map(Value::get_mut) else { continue };
            let Some((key, stray)) = members.remove_entry(piece.name.as_str()) else { continue };
            let fits = members.get_mut(piece.target.as_str()).is_some_and(|into| match into.get_mut() {
                DeValue::Table(into) if piece.is_part => into.insert(key, stray).is_none(),
                _ => join(into, &stray),
            });
            if fits {
                piece.report(reader, kind);
            }
        }
    }
    joined
}

/// A table of a kind.
fn member<'t, 'd>(tables: &'t mut DeTable<'d>, kind: &str, name: &str) -> Option<&'t mut Value<'d>> {
    match tables.get_mut(kind)?.get_mut() {
        DeValue::Table(members) => members.get_mut(name),
        _ => None,
    }
}

/// The kind and the part of what stands below `[damage.options]`, if there is a fact or decision of this name.
fn without_kind(
    reader: &Reader<'_>,
    tables: &DeTable<'_>,
    key: &Key<'_>,
    value: &Value<'_>,
) -> Option<(&'static str, &'static str)> {
    let is_there = |kind: &str| {
        let members = tables.get(kind).and_then(|members| members.get_ref().as_table());
        !TABLES.contains(&key.get_ref().as_ref()) && members.is_some_and(|all| all.contains_key(key.get_ref().as_ref()))
    };
    let of = |kind| part(reader, kind, value).filter(|_| is_there(kind)).map(|part| (kind, part));
    of("fact").or_else(|| of("decision"))
}

fn report_without_kind(reader: &mut Reader<'_>, key: &Key<'_>, kind: &str, part: &str) {
    let name = reader.name(key);
    let message = format!("a policy has no table `{}`", name.node);
    let diagnostic = Diagnostic::new(Code::UnknownKey, name.span, message);
    reader.diagnostics.push(diagnostic.help(format!("write `{}`", header(kind, &name.node, part))));
}

/// The header of a part of a table.
fn header(kind: &str, name: &str, part: &str) -> String {
    match part {
        "option" => format!("[[{kind}.{name}.{part}]]"),
        _ => format!("[{kind}.{name}.{part}]"),
    }
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

/// What can only be a part of another fact or decision.
struct Piece {
    name: String,
    place: Range<usize>,
    /// `option`, `options` or `columns`.
    part: &'static str,
    /// Whether it is the part itself, without a name: `[fact.options]`.
    is_part: bool,
    /// The name of the other.
    target: String,
}

impl Piece {
    fn report(&self, reader: &mut Reader<'_>, kind: &str) {
        let Self { name, target, part, .. } = self;
        let (code, message, help) = if self.is_part {
            let message = format!("`[{kind}.{name}]` does not say of which {kind}");
            (Code::UnknownName, message, header(kind, target, part))
        } else if proposed_name(name, '_') != *name {
            (Code::BadName, format!("`{name}` is no name for a {kind}"), format!("[{kind}.{target}]"))
        } else {
            let code = if kind == "decision" { Code::UnknownDecision } else { Code::UnknownName };
            (code, format!("there is no {kind} `{name}`"), header(kind, target, part))
        };
        let diagnostic = Diagnostic::new(code, reader.span(self.place.clone()), message);
        reader.diagnostics.push(diagnostic.help(format!("write `{help}`")));
    }
}

fn pieces(reader: &Reader<'_>, tables: &DeTable<'_>, kind: &str) -> Vec<Piece> {
    let Some(members) = tables.get(kind).and_then(|value| value.get_ref().as_table()) else { return Vec::new() };
    let (mut whole, mut parts, mut pieces) = (Vec::new(), Vec::new(), Vec::new());
    for (at, (key, value)) in in_order(members).into_iter().enumerate() {
        let Some(table) = value.get_ref().as_table() else { continue };
        if let Some(part) = nameless(reader, kind, key, value, table) {
            let before: Option<&(usize, &Key<'_>, &DeTable<'_>)> = whole.last();
            pieces.extend(before.filter(|(.., table)| lacks(table, part)).map(|(_, target, _)| Piece {
                name: key.get_ref().to_string(),
                place: key.span(),
                part,
                is_part: true,
                target: target.get_ref().to_string(),
            }));
        } else if let Some(part) = part(reader, kind, value) {
            parts.push((at, key, part));
        } else {
            whole.push((at, key, table));
        }
    }
    for part in ["option", "options", "columns"] {
        let parts: Vec<_> = parts.iter().filter(|(.., own)| *own == part).map(|(at, key, _)| (*at, *key)).collect();
        let lacking: Vec<_> = whole.iter().filter(|(.., table)| !parts.is_empty() && lacks(table, part)).collect();
        if lacking.len() * parts.len() > LOOKED_AT {
            continue;
        }
        let without: Vec<&Key<'_>> =
            lacking.iter().filter(|(.., table)| !table.contains_key(part)).map(|(_, key, _)| *key).collect();
        let only = match (without.as_slice(), parts.as_slice()) {
            ([only], [_]) if part == "option" => Some(*only),
            _ => None,
        };
        for (at, key) in parts {
            // Options alone are a fact of their own, if not directly behind another one.
            let may_be = |place: usize| part != "options" || place + 1 == at;
            let targets: Vec<&Key<'_>> =
                lacking.iter().filter(|(place, ..)| may_be(*place)).map(|(_, key, _)| *key).collect();
            pieces.extend(Piece::of(key, part, &targets, only));
        }
    }
    pieces
}

impl Piece {
    /// What stands below a name of its own, and what it may be a part of: what is called much like it, or the only one
    /// that has no such part.
    fn of(key: &Key<'_>, part: &'static str, targets: &[&Key<'_>], only: Option<&Key<'_>>) -> Option<Self> {
        let near = nearest(key.get_ref(), targets.iter().map(|target| target.get_ref().as_ref()));
        let target = match near {
            Some(near) => targets.iter().copied().find(|target| target.get_ref() == near)?,
            None => only?,
        };
        // The name that is one is right.
        let is_name = |key: &Key<'_>| proposed_name(key.get_ref(), '_') == key.get_ref().as_ref();
        let (stray, into) = if is_name(key) && !is_name(target) { (target, key) } else { (key, target) };
        let (name, place, target) = (stray.get_ref().to_string(), stray.span(), into.get_ref().to_string());
        Some(Self { name, place, part, is_part: false, target })
    }
}

/// What a header names a part of, without the name of the fact or decision that it is a part of.
fn nameless(
    reader: &Reader<'_>,
    kind: &str,
    key: &Key<'_>,
    value: &Value<'_>,
    table: &DeTable<'_>,
) -> Option<&'static str> {
    let part = ["options", "columns"].into_iter().find(|part| kind == "fact" && key.get_ref() == *part)?;
    let is_whole = ["type", "options", "columns"].iter().any(|key| table.contains_key(*key));
    (reader.is_below_header(value) && !is_whole).then_some(part)
}

/// The one key that all of a table stands below, in a header that is longer than that of the table.
fn part(reader: &Reader<'_>, kind: &str, value: &Value<'_>) -> Option<&'static str> {
    let table = value.get_ref().as_table().filter(|table| table.len() == 1)?;
    let (key, value) = table.iter().next()?;
    match (kind, key.get_ref().as_ref()) {
        ("decision", "option" | "options") => reader.is_below_headers(value).then_some("option"),
        ("fact", "columns") => reader.is_below_header(value).then_some("columns"),
        ("fact", "options") => reader.is_below_header(value).then_some("options"),
        _ => None,
    }
}

/// Whether a fact or a decision has a place for such a part.
fn lacks(table: &DeTable<'_>, part: &str) -> bool {
    let of_type = |name: &str| table.get("type").is_none_or(|value| value.get_ref().as_str() == Some(name));
    match part {
        "columns" => !table.contains_key("columns") && !table.contains_key("options") && of_type("records"),
        "options" => !table.contains_key("columns") && !table.contains_key("options") && of_type("choice"),
        _ => true,
    }
}
