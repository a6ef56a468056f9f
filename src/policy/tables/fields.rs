//! What TOML tables are made of: keys that the language knows, and forms of values.
//!
//! Types alone; [`super::reader`] fills them.

use std::borrow::Cow;

use toml::Spanned as Toml;
use toml::de::{DeArray, DeTable, DeValue};

use crate::diagnostic::nearest;
use crate::source::{Excerpt, Span};

/// A key of a TOML table.
pub type Key<'d> = Toml<Cow<'d, str>>;
/// A TOML value.
pub type Value<'d> = Toml<DeValue<'d>>;

/// The keys that a table may have.
pub struct Schema {
    /// All of them.
    pub keys: &'static [&'static str],
    /// Words that people write, and the key they mean.
    pub meant: &'static [(&'static str, &'static str)],
}

impl Schema {
    /// The key that is meant by a word that is none.
    pub fn meant_by(&self, word: &str) -> Option<&'static str> {
        let synonym = self.meant.iter().find(|(written, _)| *written == word).map(|(_, key)| *key);
        let in_capitals = || self.keys.iter().copied().find(|key| key.eq_ignore_ascii_case(word));
        synonym.or_else(in_capitals).or_else(|| nearest(word, self.keys.iter().copied()))
    }
}

/// The keys of one table that the language knows, with their values.
pub struct Fields<'v, 'd> {
    /// What the table is, for messages: "fact `x`".
    pub owner: String,
    /// Where it is declared.
    pub place: Span,
    /// Each key with its value.
    pub entries: Vec<(&'static str, &'v Value<'d>)>,
}

impl<'v, 'd> Fields<'v, 'd> {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&'v Value<'d>> {
        self.entries.iter().find(|(k, _)| *k == key).map(|(_, value)| *value)
    }

    /// Every value of a key that is written in several ways.
    pub fn all(&self, key: &str) -> impl Iterator<Item = &'v Value<'d>> {
        self.entries.iter().filter(move |(k, _)| *k == key).map(|(_, value)| *value)
    }

    /// Whether a key is there, whatever its value.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// A key in a message: "`ask` of fact `x`".
    pub fn label(&self, key: &str) -> String {
        format!("`{key}` of {}", self.owner)
    }
}

/// What a value is.
pub enum Form<'v, 'd> {
    /// A string.
    Text(Excerpt),
    /// Digits and their base.
    Integer(&'v str, u32),
    /// A float, as written.
    Number(&'v str),
    /// A boolean.
    Bool(bool),
    /// A date, as written.
    Date(&'v str),
    /// A time, with or without a date, as written.
    Time(&'v str),
    /// An array.
    List(&'v DeArray<'d>),
    /// A table.
    Table(&'v DeTable<'d>),
}

impl Form<'_, '_> {
    /// In words.
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Integer(..) => "a whole number",
            Self::Number(_) => "a number",
            Self::Bool(_) => "`true` or `false`",
            Self::Date(_) => "a date",
            Self::Time(_) => "a time",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}
