//! TOML values that are yet to be typed: a fact's default, the issue of a scenario.

use std::num::IntErrorKind;

use super::fields::{Form, Value};
use super::reader::{Reader, in_order};
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{Literal, LiteralKind};

/// The value as it is; parts that the TOML reader has complained about are left out.
pub fn read(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Literal> {
    let kind = match reader.form(value)? {
        Form::Text(_) if !reader.is_quoted(value) => return None,
        Form::Text(excerpt) => LiteralKind::Text(excerpt.text),
        Form::Integer(digits, radix) => LiteralKind::Integer(integer(reader, value, digits, radix)?),
        Form::Number(number) => LiteralKind::Float(number.to_owned()),
        Form::Bool(flag) => LiteralKind::Bool(flag),
        Form::Date(date) => LiteralKind::Date(date.to_owned()),
        Form::Time(time) => LiteralKind::DateTime(time.to_owned()),
        Form::List(list) => LiteralKind::Array(list.iter().filter_map(|entry| read(reader, entry)).collect()),
        Form::Table(table) => LiteralKind::Table(
            in_order(table)
                .into_iter()
                .filter_map(|(key, value)| Some((reader.name(key), read(reader, value)?)))
                .collect(),
        ),
    };
    Some(Literal { kind, span: reader.span(value.span()) })
}

fn integer(reader: &mut Reader<'_>, value: &Value<'_>, digits: &str, radix: u32) -> Option<i128> {
    let error = match i128::from_str_radix(digits, radix) {
        Ok(number) => return Some(number),
        Err(error) => error,
    };
    if matches!(error.kind(), IntErrorKind::PosOverflow | IntErrorKind::NegOverflow) {
        let span = reader.span(value.span());
        let diagnostic = Diagnostic::new(Code::Toml, span, "the number has too many digits")
            .help("whole numbers go from -9223372036854775808 to 9223372036854775807");
        reader.diagnostics.push(diagnostic);
    }
    None
}
