//! Keys that stand above every header: whose they are, or that the file is an issue and no part of a policy.

use toml::de::DeTable;

use super::fields::{Form, Key, Schema};
use super::reader::{Reader, in_order};
use super::{SCHEMA, TABLES, concept, decision, fact, header, invariant, rule, scenario};
use crate::diagnostic::{Code, Diagnostic};

/// Each kind of table, with the keys that tell it.
const KINDS: [(&str, &[&str], &Schema); 7] = [
    ("rule", &["says"], &rule::SCHEMA),
    ("decision", &["question", "hit-policy"], &decision::SCHEMA),
    ("scenario", &["issue", "expect"], &scenario::SCHEMA),
    ("concept", &["means"], &concept::SCHEMA),
    ("invariant", &["never", "always"], &invariant::SCHEMA),
    ("fact", &["type", "options", "ask"], &fact::SCHEMA),
    ("policy", &["name"], &header::SCHEMA),
];

/// Whether a key is one of a kind of table.
pub fn may_have(kind: &str, key: &str) -> bool {
    KINDS.iter().any(|(known, _, schema)| *known == kind && schema.keys.contains(&key))
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
    let all = |known: &[&str]| loose.iter().all(|key| known.contains(&key.get_ref().as_ref()));
    let kind = KINDS.iter().find(|(_, own, schema)| any(own) && all(schema.keys));
    let is_issue = tables.keys().all(|key| !is_header(key.get_ref()));
    let (message, help) = match kind {
        Some((kind, ..)) => {
            reader.nameless = true;
            let header = if *kind == "policy" { "[policy]".to_owned() } else { format!("[{kind}.name]") };
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
