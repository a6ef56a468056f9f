//! Keys that stand above every header: whose they are, or that the file is an issue and no part of a policy.

use toml::de::DeTable;

use super::fields::{Form, Key};
use super::reader::{Reader, in_order};
use super::{SCHEMA, TABLES};
use crate::diagnostic::{Code, Diagnostic};

/// The keys that tell a kind of table, and those that may stand beside them.
const KINDS: [(&str, &[&str], &[&str]); 7] = [
    ("[rule.name]", &["says"], &["because", "overrides", "source"]),
    ("[decision.name]", &["question", "hit-policy"], &["default", "advisory"]),
    ("[scenario.name]", &["issue", "expect"], &["because", "skip"]),
    ("[concept.name]", &["means"], &[]),
    ("[invariant.name]", &["never", "always"], &[]),
    ("[fact.name]", &["type", "options", "ask"], &["aliases", "default", "of", "columns"]),
    ("[policy]", &["name"], &["version", "summary", "source", "default"]),
];

/// Whether a key is one of a kind of table.
pub fn may_have(kind: &str, key: &str) -> bool {
    let is_kind = |header: &str| header.trim_start_matches('[').split(['.', ']']).next() == Some(kind);
    KINDS.iter().any(|(header, own, more)| is_kind(header) && (own.contains(&key) || more.contains(&key)))
}

/// Reports such keys at once, if it is plain what they are; whether it is.
pub fn are_told(reader: &mut Reader<'_>, tables: &DeTable<'_>) -> bool {
    let is_header = |key: &str| TABLES.contains(&key) || SCHEMA.meant_by(key).is_some();
    let loose: Vec<&Key<'_>> = in_order(tables)
        .into_iter()
        .filter(|(key, value)| !matches!(reader.form(value), Some(Form::Table(_)) | None) && !is_header(key.get_ref()))
        .map(|(key, _)| key)
        .collect();
    let Some(first) = loose.first() else { return false };
    let any = |keys: &[&str]| loose.iter().any(|key| keys.contains(&key.get_ref().as_ref()));
    let all = |own: &[&str], more: &[&str]| {
        loose.iter().all(|key| own.contains(&key.get_ref().as_ref()) || more.contains(&key.get_ref().as_ref()))
    };
    let kind = KINDS.iter().find(|(_, own, more)| any(own) && all(own, more));
    let is_issue = tables.keys().all(|key| !is_header(key.get_ref()));
    let (message, help) = match kind {
        Some((header, ..)) => {
            reader.nameless = true;
            let message = format!("the key `{}` stands below no header", first.get_ref());
            (message, format!("write `{header}` on a line above it"))
        }
        None if is_issue => (
            "this file looks like an issue, and not like a part of a policy".to_owned(),
            "move it out of the policy's folder, or let a scenario name it: `issue = \"path of the file\"`".to_owned(),
        ),
        None => return false,
    };
    let span = reader.span(first.span());
    reader.diagnostics.push(Diagnostic::new(Code::UnknownKey, span, message).help(help));
    true
}
