//! JSON as text: one line or indented, safe to show.
//!
//! Control characters that JSON itself would let through (C1, and those that turn the
//! direction of writing round) are written as escapes, so that no terminal obeys them.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

/// A value on one line, without a line end.
///
/// # Panics
/// If JSON cannot say it: a map whose keys are no texts or numbers, or a value that refuses to be written. Nothing
/// from this library is such.
pub fn line(value: &impl Serialize) -> String {
    let mut bytes = Vec::with_capacity(512);
    write_line(&mut bytes, value);
    String::from_utf8(bytes).unwrap_or_default()
}

/// Appends a value on one line, without a line end.
///
/// # Panics
/// As [`line()`].
pub fn write_line(out: &mut Vec<u8>, value: &impl Serialize) {
    let mut serializer = Serializer::with_formatter(out, Safe(CompactFormatter));
    value.serialize(&mut serializer).expect("invariant: a report has text keys and a vector takes every byte");
}

/// A value over several lines, with a line end.
///
/// # Panics
/// As [`line()`].
pub fn indented(value: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, Safe(PrettyFormatter::new()));
    value.serialize(&mut serializer).expect("invariant: a report has text keys and a vector takes every byte");
    bytes.push(b'\n');
    String::from_utf8(bytes).unwrap_or_default()
}

/// A formatter that escapes what a terminal may obey.
struct Safe<F>(F);

fn is_hostile(c: char) -> bool {
    matches!(c, '\u{7f}'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

macro_rules! forward {
    ($($name:ident($($argument:ident: $kind:ty),*);)*) => {
        $(fn $name<W: ?Sized + io::Write>(&mut self, out: &mut W $(, $argument: $kind)*) -> io::Result<()> {
            self.0.$name(out $(, $argument)*)
        })*
    };
}

impl<F: Formatter> Formatter for Safe<F> {
    forward! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
    }

    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        if fragment.is_ascii() && !fragment.contains('\u{7f}') {
            return out.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some(at) = rest.find(is_hostile) {
            let (before, after) = rest.split_at(at);
            out.write_all(before.as_bytes())?;
            let mut characters = after.chars();
            if let Some(c) = characters.next() {
                write!(out, "\\u{:04x}", u32::from(c))?;
            }
            rest = characters.as_str();
        }
        out.write_all(rest.as_bytes())
    }
}
