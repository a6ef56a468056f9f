//! Values: what a fact, a column or a variable may hold.
//!
//! `Unknown` is the value `⊥` of the language page: something is there, but not
//! known. Values order by kind, then by value; numbers are finite and `-0.0` is `0.0`.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A finite IEEE double without a negative zero, totally ordered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number(f64);

impl Number {
    /// From here on doubles do not tell integers apart; the same in either direction from zero.
    pub const INEXACT: f64 = 9_007_199_254_740_992.0;

    /// The number, or `None` if it is not finite.
    pub fn new(value: f64) -> Option<Self> {
        value.is_finite().then_some(Self(if value == 0.0 { 0.0 } else { value }))
    }

    /// The double.
    pub fn get(self) -> f64 {
        self.0
    }
}

/// As [`Value`] is shown: with a point, or an exponent.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A day of the proleptic Gregorian calendar, years 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(jiff::civil::Date);

impl Date {
    /// The first day of year 1.
    pub const MIN: Self = Self(jiff::civil::date(1, 1, 1));
    /// The last day of year 9999.
    pub const MAX: Self = Self(jiff::civil::date(9999, 12, 31));

    /// Reads `YYYY-MM-DD`; `None` if that is no day between years 1 and 9999.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let shape = bytes.len() == 10
            && bytes.iter().enumerate().all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() });
        if !shape {
            return None;
        }
        let year = text.get(0..4)?.parse().ok()?;
        let (month, day) = (text.get(5..7)?.parse().ok()?, text.get(8..10)?.parse().ok()?);
        Self::new(year, month, day)
    }

    /// The day, or `None` if there is none such.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        if !(1..=9999).contains(&year) {
            return None;
        }
        jiff::civil::Date::new(year, month, day).ok().map(Self)
    }

    /// Days from the other date to this one.
    pub fn days_since(self, other: Self) -> i64 {
        self.0.duration_since(other.0).as_hours() / 24
    }

    /// This date moved by a number of days; `None` if that leaves years 1 to 9999.
    pub fn plus_days(self, days: i64) -> Option<Self> {
        let span = jiff::Span::new().try_days(days).ok()?;
        let date = self.0.checked_add(span).ok()?;
        (1..=9999).contains(&date.year()).then_some(Self(date))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value {
    /// `⊥`: there is a value, but it is not known.
    Unknown,
    /// True or false.
    Bool(bool),
    /// An option of a choice; all options of a policy are one type.
    Symbol(Arc<str>),
    /// 64-bit signed.
    Integer(i64),
    /// Finite double.
    Number(Number),
    /// A day.
    Date(Date),
    /// A text; orders by code point.
    Text(Arc<str>),
}

impl Value {
    /// A symbol.
    pub fn symbol(name: &str) -> Self {
        Self::Symbol(Arc::from(name))
    }

    /// A text.
    pub fn text(text: &str) -> Self {
        Self::Text(Arc::from(text))
    }

    /// A finite number.
    pub fn number(value: f64) -> Option<Self> {
        Number::new(value).map(Self::Number)
    }

    /// Whether this is `⊥`.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// The integer or number as a double.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            #[allow(clippy::cast_precision_loss)]
            Self::Integer(i) => Some(*i as f64),
            Self::Number(n) => Some(n.get()),
            _ => None,
        }
    }

    /// How two known values compare: integer with number as doubles, others within
    /// their kind; `None` for two kinds that do not compare or if either is `⊥`.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => None,
            (Self::Integer(_), Self::Number(_)) | (Self::Number(_), Self::Integer(_)) => {
                self.as_f64()?.partial_cmp(&other.as_f64()?)
            }
            _ if std::mem::discriminant(self) == std::mem::discriminant(other) => Some(self.cmp(other)),
            _ => None,
        }
    }
}

/// As the value is shown to people and written in tab-separated output: text without quotes.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("unknown"),
            Self::Bool(b) => write!(f, "{b}"),
            Self::Symbol(s) | Self::Text(s) => f.write_str(s),
            Self::Integer(i) => write!(f, "{i}"),
            Self::Number(n) => write!(f, "{n}"),
            Self::Date(d) => write!(f, "{d}"),
        }
    }
}
