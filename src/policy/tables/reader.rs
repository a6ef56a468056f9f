//! Reads typed values out of TOML tables: every key known, every value of the right kind.
//!
//! What does not fit becomes a diagnostic and is left out; a value that the TOML reader
//! has complained about already is left out in silence. Knows no table of the language.

use std::fmt::Display;
use std::ops::Range;
use std::sync::Arc;

use toml::de::{DeArray, DeTable, DeValue};

use super::fields::{Fields, Form, Key, Schema, Value};
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{Text, strings};
use crate::source::{Excerpt, FileId, Span};
use crate::syntax::tree::{Name, Spanned};

/// Reads the tables of one file.
pub struct Reader<'s> {
    /// The file.
    pub file: FileId,
    /// Its text as it lies on disk.
    pub source: &'s str,
    /// What has been found wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether there are keys of tables whose names are not said.
    pub nameless: bool,
}

impl<'s> Reader<'s> {
    /// A reader of a file.
    pub fn new(file: FileId, source: &'s str) -> Self {
        Self { file, source, diagnostics: Vec::new(), nameless: false }
    }

    /// The place of some bytes of the file.
    pub fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range)
    }

    fn raw(&self, range: Range<usize>) -> &'s str {
        self.source.get(range).unwrap_or_default()
    }

    /// A key as a name; its place is without the quotes, if it has any.
    pub fn name(&self, key: &Key<'_>) -> Name {
        let range = key.span();
        let written = strings::excerpt(self.file, range.start, self.raw(range));
        Spanned::new(Arc::from(key.get_ref().as_ref()), written.whole())
    }

    /// What a value is; `None` if the TOML reader could not tell and has said so.
    pub fn form<'v, 'd>(&self, value: &'v Value<'d>) -> Option<Form<'v, 'd>>
    where
        's: 'v,
    {
        let range = value.span();
        let raw = self.raw(range.clone());
        let verbatim = || Form::Text(Excerpt::verbatim(self.file, range.start, raw));
        let first = raw.chars().next();
        match value.get_ref() {
            DeValue::Table(table) => Some(Form::Table(table)),
            DeValue::Array(array) => Some(Form::List(array)),
            _ if raw.is_empty() => None,
            DeValue::String(text) => Some(Form::Text(self.excerpt(range.start, raw, text))),
            DeValue::Boolean(b) if raw == "true" || raw == "false" => Some(Form::Bool(*b)),
            DeValue::Boolean(_) => Some(verbatim()),
            DeValue::Float(f) if f.as_str().is_empty() => None,
            DeValue::Float(_) if first.is_some_and(char::is_alphabetic) && raw != "inf" && raw != "nan" => {
                Some(verbatim())
            }
            DeValue::Float(f) => Some(Form::Number(f.as_str())),
            DeValue::Integer(i) => {
                let number = first.is_some_and(|c| c.is_ascii_digit() || c == '-' || c == '+');
                (number && !i.as_str().is_empty()).then(|| Form::Integer(i.as_str(), i.radix()))
            }
            DeValue::Datetime(t) if t.time.is_some() => Some(Form::Time(raw)),
            DeValue::Datetime(t) if t.date.is_some() => Some(Form::Date(raw)),
            DeValue::Datetime(_) => None,
        }
    }

    fn excerpt(&self, start: usize, raw: &str, decoded: &str) -> Excerpt {
        let excerpt = strings::excerpt(self.file, start, raw);
        if excerpt.text == decoded {
            return excerpt;
        }
        let mut whole = Excerpt::new(self.file, start);
        whole.push_escape(start, raw.len(), decoded);
        whole
    }

    /// Sorts out the keys of a table. An unknown key that is meant to be a known one is taken for it.
    pub fn fields<'v, 'd>(
        &mut self,
        owner: String,
        place: Span,
        table: &'v DeTable<'d>,
        schema: &Schema,
    ) -> Fields<'v, 'd> {
        self.fields_but(owner, place, table, schema, |_| false)
    }

    /// As [`Reader::fields`], without keys that are told apart: what is to be said of them is for the caller.
    pub fn fields_but<'v, 'd>(
        &mut self,
        owner: String,
        place: Span,
        table: &'v DeTable<'d>,
        schema: &Schema,
        is_apart: impl Fn(&str) -> bool,
    ) -> Fields<'v, 'd> {
        let mut fields = Fields { owner, place, entries: Vec::new() };
        let mut strange = Vec::new();
        for (key, value) in in_order(table).into_iter().filter(|(key, _)| !is_apart(key.get_ref())) {
            match schema.keys.iter().find(|k| **k == key.get_ref()) {
                Some(known) => fields.entries.push((known, value)),
                None => strange.push((key, value)),
            }
        }
        for (key, value) in strange {
            let meant = schema.meant_by(key.get_ref());
            let taken = meant.is_some_and(|known| fields.has(known));
            let help = match meant {
                Some(known) if taken && matches!(value.get_ref(), DeValue::Array(_)) => {
                    format!("add what stands there to `{known}`, written the same way")
                }
                Some(known) if taken => format!("take it out: there is `{known}` already"),
                Some(known) => format!("write `{known}`"),
                None => format!("{} may have {}", fields.owner, listed(schema.keys)),
            };
            self.unknown_key(&fields.owner, key, help);
            if let Some(known) = meant.filter(|_| !taken) {
                fields.entries.push((known, value));
            }
        }
        fields
    }

    /// Reports a key that the table does not have.
    pub fn unknown_key(&mut self, owner: &str, key: &Key<'_>, help: String) {
        let name = self.name(key);
        let message = format!("{owner} has no key `{}`", name.node);
        self.diagnostics.push(Diagnostic::new(Code::UnknownKey, name.span, message).help(help));
    }

    /// Reports a key of a table that stands in a table within it, the value of the key `within`.
    pub fn misplaced(&mut self, owner: &str, key: &Key<'_>, within: &str, table: &Value<'_>) {
        let in_braces = self.raw(table.span()).starts_with('{');
        self.diagnostics.push(misplaced(&self.name(key), owner, within, in_braces));
    }

    /// Reports a key that must be there.
    pub fn missing(&mut self, place: Span, message: impl Into<String>, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(Code::MissingKey, place, message).help(help));
    }

    /// Reports a value of another kind than it must be, unless the TOML reader has complained of it.
    pub fn wrong_kind(
        &mut self,
        value: &Value<'_>,
        what: impl Display,
        expected: &str,
        came: &Form<'_, '_>,
        help: impl Into<String>,
    ) {
        if matches!(came, Form::Text(_)) && !self.is_quoted(value) {
            return;
        }
        let span = self.span(value.span());
        let message = format!("{what} must be {expected}, but it is {}", came.describe());
        self.diagnostics.push(Diagnostic::new(Code::WrongKind, span, message).help(help));
    }

    /// Whether a text stands in quotes; the TOML reader has complained of one that does not.
    pub fn is_quoted(&self, value: &Value<'_>) -> bool {
        self.raw(value.span()).starts_with(['"', '\''])
    }

    /// Whether a value is written below a header of its own.
    pub fn is_below_header(&self, value: &Value<'_>) -> bool {
        value.get_ref().is_table() && self.raw(value.span()).starts_with('[')
    }

    /// Whether a value is written below a header in double brackets: `[[…]]`.
    pub fn is_below_headers(&self, value: &Value<'_>) -> bool {
        self.raw(value.span()).starts_with("[[")
    }

    /// A key whose value must be a text.
    pub fn text(&mut self, fields: &Fields<'_, '_>, key: &str) -> Option<Text> {
        self.long_text(fields, key).map(|excerpt| text(&excerpt))
    }

    /// A key whose value must be a text, with the way back to every place in it.
    pub fn long_text(&mut self, fields: &Fields<'_, '_>, key: &str) -> Option<Excerpt> {
        let value = fields.get(key)?;
        match self.form(value)? {
            Form::Text(excerpt) => Some(excerpt),
            came => {
                let help = self.quote_help(key, value, &came);
                self.wrong_kind(value, fields.label(key), "a text in quotes", &came, help);
                None
            }
        }
    }

    fn quote_help(&self, key: &str, value: &Value<'_>, came: &Form<'_, '_>) -> String {
        match came {
            Form::List(_) | Form::Table(_) | Form::Bool(_) => format!("write `{key} = \"…\"`"),
            _ => format!("write `{key} = \"{}\"`", self.raw(value.span())),
        }
    }

    /// A key whose value must be `true` or `false`.
    pub fn flag(&mut self, fields: &Fields<'_, '_>, key: &str) -> Option<bool> {
        let value = fields.get(key)?;
        match self.form(value)? {
            Form::Bool(flag) => Some(flag),
            came => {
                let help = format!("write `{key} = true` or `{key} = false`, without quotes");
                self.wrong_kind(value, fields.label(key), "`true` or `false`", &came, help);
                None
            }
        }
    }

    /// A key whose value must be a list of texts; a text alone is reported and taken for a list of one.
    pub fn texts(&mut self, fields: &Fields<'_, '_>, key: &str) -> Option<Spanned<Vec<Text>>> {
        let value = fields.get(key)?;
        let span = self.span(value.span());
        match self.form(value)? {
            Form::List(list) => Some(Spanned::new(self.entries(list, &fields.label(key)), span)),
            came => {
                let help = match &came {
                    Form::Text(only) => format!("write `{key} = [\"{}\"]`", only.text),
                    _ => format!("write `{key} = [\"…\", \"…\"]`"),
                };
                self.wrong_kind(value, fields.label(key), "a list of texts", &came, help);
                let Form::Text(only) = came else { return None };
                Some(Spanned::new(vec![text(&only)], span))
            }
        }
    }

    /// The texts of a list; anything else in it is reported.
    pub fn entries(&mut self, list: &DeArray<'_>, label: &str) -> Vec<Text> {
        self.long_entries(list, label).iter().map(text).collect()
    }

    /// The texts of a list as excerpts; anything else in it is reported.
    pub fn long_entries(&mut self, list: &DeArray<'_>, label: &str) -> Vec<Excerpt> {
        let mut texts = Vec::new();
        for value in list {
            match self.form(value) {
                Some(Form::Text(excerpt)) => texts.push(excerpt),
                Some(came) => {
                    let what = format!("an entry of {label}");
                    self.wrong_kind(
                        value,
                        what,
                        "a text in quotes",
                        &came,
                        "put each entry in quotes: `[\"…\", \"…\"]`",
                    );
                }
                None => {}
            }
        }
        texts
    }
}

/// A key of a table that stands in a table within it, the value of the key `within`.
pub fn misplaced(key: &Name, owner: &str, within: &str, in_braces: bool) -> Diagnostic {
    let message = format!("`{}` of {owner} stands among its {within}", key.node);
    let help = match in_braces {
        true => format!("write it on a line of its own, outside the braces of `{within}`"),
        false => format!("write it above `[{}.{within}]`", path(owner)),
    };
    Diagnostic::new(Code::UnknownKey, key.span, message).help(help)
}

/// The whole of an excerpt as a text.
pub fn text(excerpt: &Excerpt) -> Text {
    Spanned::new(Arc::from(excerpt.text.as_str()), excerpt.whole())
}

/// The keys of a table in the order in which their author wrote them.
pub fn in_order<'v, 'd>(table: &'v DeTable<'d>) -> Vec<(&'v Key<'d>, &'v Value<'d>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| (key.span().start, key.span().end));
    entries
}

/// "`a`, `b` and `c`".
pub fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((only, _)) => only.clone(),
        None => String::new(),
    }
}

/// What a table is, as its header names it: ``fact `x` `` is `fact.x`.
pub fn path(owner: &str) -> String {
    owner.replace(' ', ".").replace('`', "")
}
