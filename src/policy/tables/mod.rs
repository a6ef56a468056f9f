//! The tables of one file → the policy, each in a file of its own.
//!
//! Tables of one name in several files are joined where each says something else, as
//! `[decision.team]` and its options may; else they are reported with both places, and the
//! first is kept. Names are taken as they are; `check` judges them.

mod concept;
mod decision;
mod domain;
mod expect;
mod fact;
mod fields;
mod header;
mod invariant;
mod literal;
mod loose;
mod parts;
mod reader;
mod rule;
mod scenario;
mod strays;
mod twice;

use std::sync::Arc;

use rustc_hash::FxHashMap;
use toml::de::DeTable;

use self::fields::{Form, Key, Schema, Value};
use self::parts::{Part, Parts};
pub use self::reader::misplaced;
use self::reader::{Reader, in_order, listed};
use self::twice::Twice;
use super::{Extent, Header, Policy};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Sources, Span};
use crate::syntax::tree::Name;

/// The tables that a file may have.
pub const TABLES: &[&str] = &["policy", "fact", "concept", "rule", "decision", "scenario", "invariant"];

const SCHEMA: Schema = Schema {
    keys: TABLES,
    meant: &[("test", "scenario"), ("tests", "scenario"), ("example", "scenario"), ("relation", "concept")],
};

/// A policy that is being put together.
#[derive(Default)]
pub struct Draft {
    /// How much of each file is read.
    extent: Extent,
    /// What has been read so far.
    pub policy: Policy,
    /// What has been found wrong so far.
    pub diagnostics: Vec<Diagnostic>,
    /// Where something is called `policy`.
    header: Option<Span>,
    /// Each other table that there is.
    declared: FxHashMap<(&'static str, Arc<str>), Declared>,
    /// Whether there are keys of tables whose names are not said, so that these are missing.
    pub nameless: bool,
    /// Tables in several parts.
    parts: Parts,
    /// What is declared again.
    twice: Vec<Twice>,
}

/// A table that there is.
#[derive(Clone, Copy)]
struct Declared {
    /// Where it is declared first.
    place: Span,
    /// Its index among those of its kind.
    index: usize,
}

impl Draft {
    /// An empty one.
    pub fn new(extent: Extent) -> Self {
        Self { extent, ..Self::default() }
    }

    /// Reports what is declared twice, and takes back that a part lacks what another one says.
    pub fn report_twice(&mut self, sources: &Sources) {
        std::mem::take(&mut self.parts).settle(&mut self.diagnostics);
        // What one of two lacks may stand in the other.
        let places: Vec<Span> = self.twice.iter().flat_map(|twice| [twice.first, twice.name.span]).collect();
        self.diagnostics.retain(|d| d.code != Code::MissingKey || d.span.is_none_or(|span| !places.contains(&span)));
        self.diagnostics.extend(twice::report(std::mem::take(&mut self.twice), sources));
    }

    /// Adds a table, or what it says beside the one of its name; `false` if that says the same thing already.
    fn add<T: Part>(&mut self, kind: &'static str, name: &Name, table: T, all: fn(&mut Policy) -> &mut Vec<T>) -> bool {
        let all = all(&mut self.policy);
        let Some(first) = self.declared.get(&(kind, Arc::clone(&name.node))) else {
            self.declared.insert((kind, Arc::clone(&name.node)), Declared { place: name.span, index: all.len() });
            all.push(table);
            return true;
        };
        let mut joined = all[first.index].clone();
        let fits = joined.join(table, &mut self.parts);
        if fits {
            all[first.index] = joined;
            self.parts.add(first.place, name.span);
        } else {
            self.twice.push(Twice { kind, name: name.clone(), first: first.place });
        }
        fits
    }

    /// Whether any file has something called `policy`.
    pub fn names_policy(&self) -> bool {
        self.header.is_some()
    }
}

/// Adds the tables of a file to the draft.
pub fn read(file: FileId, sources: &Sources, tables: &DeTable<'_>, draft: &mut Draft) {
    let mut reader = Reader::new(file, &sources.file(file).text);
    let is_header = |line: &str, name: &str| {
        let rest = line.trim_start().strip_prefix('[').map(|line| line.trim_start_matches('['));
        rest.and_then(|line| line.strip_prefix(name)).is_some_and(|rest| rest.starts_with([']', '.']))
    };
    let is_elsewhere = |name: &str| {
        let mut others = sources.iter().filter(|(other, _)| *other != file);
        others.any(|(_, source)| source.text.lines().any(|line| is_header(line, name)))
    };
    let joined = strays::joined(&mut reader, tables, &is_elsewhere);
    let tables = joined.as_ref().unwrap_or(tables);
    let are_told = loose::are_told(&mut reader, tables);
    let has_policy = draft.names_policy() || tables.contains_key("policy");
    for (key, value) in in_order(tables) {
        let is_known = TABLES.contains(&key.get_ref().as_ref());
        if are_told && !is_known && !matches!(reader.form(value), Some(Form::Table(_))) {
            continue;
        }
        if quoted_path(&mut reader, draft, key, value) {
            continue;
        }
        let known = TABLES.iter().copied().find(|table| *table == key.get_ref());
        match known.or_else(|| misspelt(&mut reader, key, value, has_policy)) {
            Some("policy") => policy(&mut reader, draft, key, value),
            Some("scenario") if draft.extent == Extent::Decisions => {}
            Some(kind) => group(&mut reader, draft, kind, value),
            None => {}
        }
    }
    draft.nameless |= reader.nameless;
    draft.diagnostics.append(&mut reader.diagnostics);
}

/// Reads the `[policy]` table of a file and nothing else.
pub fn read_header(source: &str, tables: &DeTable<'_>) -> Option<Header> {
    let mut reader = Reader::new(FileId(0), source);
    let mut draft = Draft::default();
    let (key, value) = header_of(tables)?;
    policy(&mut reader, &mut draft, key, value);
    draft.policy.header
}

/// The `[policy]` table, whether or not in capitals.
pub fn header_of<'v, 'd>(tables: &'v DeTable<'d>) -> Option<(&'v Key<'d>, &'v Value<'d>)> {
    tables.iter().find(|(key, _)| key.get_ref().eq_ignore_ascii_case("policy"))
}

/// Reports `["fact.a"]` and reads it as `[fact.a]`, if it is that.
fn quoted_path(reader: &mut Reader<'_>, draft: &mut Draft, key: &Key<'_>, value: &Value<'_>) -> bool {
    let Some((table, inner)) = key.get_ref().split_once('.') else { return false };
    let Some(kind) = TABLES.iter().find(|known| **known == table && table != "policy") else { return false };
    let written = reader.name(key);
    let message = format!("a policy has no table `{}`", written.node);
    let help = format!("write `[{}]`, without quotes", written.node);
    reader.diagnostics.push(Diagnostic::new(Code::UnknownKey, written.span, message).help(help));
    member(reader, draft, kind, Name::new(Arc::from(inner), written.span), value);
    true
}

/// Reports a table or key that the language does not have; gives the table that is meant, which is not `[policy]` if
/// there is one.
fn misspelt(reader: &mut Reader<'_>, key: &Key<'_>, value: &Value<'_>, has_policy: bool) -> Option<&'static str> {
    let name = reader.name(key);
    let tables = matches!(reader.form(value), Some(Form::Table(_) | Form::List(_)) | None);
    let meant = SCHEMA.meant_by(&name.node).filter(|table| tables && !(has_policy && *table == "policy"));
    let (message, help) = match meant {
        Some("policy") => (format!("a policy has no table `{}`", name.node), "write `[policy]`".to_owned()),
        Some(table) => (format!("a policy has no table `{}`", name.node), format!("write `[{table}.name]`")),
        None if tables => {
            let known = listed(TABLES);
            (format!("a policy has no table `{}`", name.node), format!("the tables of a policy are {known}"))
        }
        None => (
            format!("the key `{}` belongs to no table", name.node),
            "write it below a header such as `[policy]` or `[fact.name]`".to_owned(),
        ),
    };
    reader.diagnostics.push(Diagnostic::new(Code::UnknownKey, name.span, message).help(help));
    meant
}

fn policy(reader: &mut Reader<'_>, draft: &mut Draft, key: &Key<'_>, value: &Value<'_>) {
    let name = reader.name(key);
    if let Some(first) = draft.header {
        draft.twice.push(Twice { kind: "policy", name, first });
        return;
    }
    draft.header = Some(name.span);
    match reader.form(value) {
        Some(Form::Table(table)) => draft.policy.header = Some(header::read(reader, name.span, table)),
        Some(came) => reader.wrong_kind(value, "`policy`", "a table", &came, "write `[policy]` on a line of its own"),
        None => {}
    }
}

/// Reads all tables of a kind: `[fact.a]`, `[fact.b]`, …
fn group(reader: &mut Reader<'_>, draft: &mut Draft, kind: &'static str, value: &Value<'_>) {
    match reader.form(value) {
        Some(Form::Table(tables)) => {
            let (loose, members): (Vec<_>, Vec<_>) =
                in_order(tables).into_iter().partition(|(key, value)| is_loose(reader, kind, key, value));
            if let Some((first, _)) = loose.first() {
                let message = format!("`{}` stands below a header that gives the {kind} no name", first.get_ref());
                let diagnostic = Diagnostic::new(Code::UnknownKey, reader.span(first.span()), message);
                reader.nameless = true;
                reader.diagnostics.push(diagnostic.help(format!("write `[{kind}.name]` above it")));
            }
            for (key, value) in members {
                let name = reader.name(key);
                member(reader, draft, kind, name, value);
            }
        }
        Some(came) => {
            let help = format!("write `[{kind}.name]` on a line of its own, and its keys below");
            reader.wrong_kind(value, format!("`{kind}`"), "a table of tables", &came, help);
        }
        None => {}
    }
}

/// Whether a key is one of a table whose header gives its kind alone.
fn is_loose(reader: &Reader<'_>, kind: &str, key: &Key<'_>, value: &Value<'_>) -> bool {
    loose::may_have(kind, key.get_ref()) && !matches!(reader.form(value), Some(Form::Table(_)) | None)
}

fn member(reader: &mut Reader<'_>, draft: &mut Draft, kind: &'static str, name: Name, value: &Value<'_>) {
    match reader.form(value) {
        Some(Form::Table(table)) => add(reader, draft, kind, name, table),
        Some(came) => {
            let what = format!("{kind} `{}`", name.node);
            let help = match &came {
                Form::List(list) if list.len() > 1 => {
                    format!(
                        "write `[{kind}.{}]` in single brackets, and give each of the others another name",
                        name.node
                    )
                }
                Form::List(_) => format!("write `[{kind}.{}]` once, in single brackets", name.node),
                _ => format!("write `[{kind}.name]` on a line of its own, and the keys of the {kind} below it"),
            };
            reader.wrong_kind(value, what, "a table", &came, help);
            let first = if let Form::List(list) = came { list.first() } else { None };
            if let Some(table) = first.and_then(|first| first.get_ref().as_table()) {
                add(reader, draft, kind, name, table);
            }
        }
        None => {}
    }
}

/// Adds a table; what is wrong within one that is there already is not told.
fn add(reader: &mut Reader<'_>, draft: &mut Draft, kind: &'static str, name: Name, table: &DeTable<'_>) {
    let found_before = reader.diagnostics.len();
    let again = name.clone();
    let fits = match kind {
        "fact" => draft.add(kind, &again, fact::read(reader, name, table), |policy| &mut policy.facts),
        "concept" => draft.add(kind, &again, concept::read(reader, name, table), |policy| &mut policy.concepts),
        "rule" => draft.add(kind, &again, rule::read(reader, name, table), |policy| &mut policy.rules),
        "decision" => draft.add(kind, &again, decision::read(reader, name, table), |policy| &mut policy.decisions),
        "scenario" => draft.add(kind, &again, scenario::read(reader, name, table), |policy| &mut policy.scenarios),
        _ => draft.add(kind, &again, invariant::read(reader, name, table), |policy| &mut policy.invariants),
    };
    if !fits {
        reader.diagnostics.truncate(found_before);
    }
}
