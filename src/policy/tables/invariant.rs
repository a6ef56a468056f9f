//! `[invariant.NAME]`: what must hold for every issue; exactly one of `never` and `always`.

use toml::de::DeTable;

use super::fields::{Fields, Schema};
use super::reader::Reader;
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{Claim, Invariant};
use crate::syntax;
use crate::syntax::tree::{Formula, Name};

pub const SCHEMA: Schema =
    Schema { keys: &["never", "always"], meant: &[("not", "never"), ("must", "always"), ("ever", "always")] };

/// Reads the invariant of this name.
pub fn read(reader: &mut Reader<'_>, name: Name, table: &DeTable<'_>) -> Invariant {
    let fields = reader.fields(format!("invariant `{}`", name.node), name.span, table, &SCHEMA);
    let never = body(reader, &fields, "never");
    let always = body(reader, &fields, "always");
    match (fields.get("never"), fields.get("always")) {
        (None, None) => {
            let message = format!("{} has neither `never` nor `always`", fields.owner);
            reader.missing(name.span, message, "write `never = 'condition'` or `always = 'condition'`");
        }
        (Some(first), Some(second)) => {
            let message = format!("{} has both `never` and `always`", fields.owner);
            let diagnostic = Diagnostic::new(Code::WrongKind, name.span, message)
                .label(reader.span(first.span()), "`never`")
                .label(reader.span(second.span()), "`always`")
                .help("keep one, and make a second invariant of the other");
            reader.diagnostics.push(diagnostic);
        }
        _ => {}
    }
    let claim = never.map(Claim::Never).or_else(|| always.map(Claim::Always));
    Invariant { name, claim }
}

fn body(reader: &mut Reader<'_>, fields: &Fields<'_, '_>, key: &str) -> Option<Formula> {
    let excerpt = reader.long_text(fields, key)?;
    let parsed = syntax::parse_body(&excerpt);
    reader.diagnostics.extend(parsed.diagnostics);
    parsed.tree
}
