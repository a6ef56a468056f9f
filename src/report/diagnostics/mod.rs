//! Diagnostics as text and JSON (as SARIF: `report/sarif.rs`).
//!
//! At most a hundred are shown, errors before warnings; the rest are counted.

mod excerpt;
mod graphical;
mod json;
mod plain;

pub use json::{document, place};

use super::look::{Colour, Look};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Sources;

/// The most that a text shows.
pub const SHOWN: usize = 100;

/// How many errors and warnings there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
}

impl Count {
    /// Counts diagnostics.
    pub fn of<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> Self {
        let mut count = Self::default();
        for diagnostic in diagnostics {
            match diagnostic.severity() {
                Severity::Error => count.errors += 1,
                Severity::Warning => count.warnings += 1,
            }
        }
        count
    }

    /// The sum of two counts.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { errors: self.errors + other.errors, warnings: self.warnings + other.warnings }
    }

    /// In words: `2 errors, 1 warning`.
    pub fn words(self) -> String {
        format!("{}, {}", plural(self.errors, "error"), plural(self.warnings, "warning"))
    }
}

/// A number with its noun: `1 error`, `2 errors`, `no errors`.
pub fn plural(number: usize, noun: &str) -> String {
    match number {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

/// Diagnostics as text, an empty line between two; the first hundred, then how many more there are. `sources` are
/// those that the policy was loaded into: of others, wrong lines are shown.
///
/// # Panics
/// If one points into a file that the sources do not have, as others may not.
pub fn text(diagnostics: &[Diagnostic], sources: &Sources, look: Look) -> String {
    let shown = first(diagnostics);
    let texts: Vec<String> = match look.colour {
        Colour::Plain => shown.iter().map(|d| plain::render(d, sources, look)).collect(),
        Colour::Ansi => graphical::render(&shown, sources, look),
    };
    let mut text = texts.join("\n");
    let (all, shown) = (Count::of(diagnostics), Count::of(shown));
    let rest = Count { errors: all.errors - shown.errors, warnings: all.warnings - shown.warnings };
    if rest != Count::default() {
        text.push_str(&format!("\n{} more are not shown: {}\n", rest.errors + rest.warnings, rest.words()));
    }
    text
}

/// The first hundred in their order, errors preferred.
fn first(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut indices: Vec<usize> = (0..diagnostics.len()).collect();
    indices.sort_by_key(|i| diagnostics[*i].severity());
    indices.truncate(SHOWN);
    indices.sort_unstable();
    indices.into_iter().map(|i| &diagnostics[i]).collect()
}
