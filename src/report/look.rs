//! How a text shall look: with colour or without, and how wide.
//!
//! Colour only repeats what the words say, so that a plain text lacks nothing.

use std::borrow::Cow;

/// Whether escape sequences may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colour {
    /// Letters only.
    #[default]
    Plain,
    /// ANSI colours.
    Ansi,
}

/// How a text shall look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// With colour or without.
    pub colour: Colour,
    /// Columns to wrap at; `None`: each paragraph is one line.
    pub width: Option<usize>,
}

/// What a colour is to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// The answer.
    Strong,
    /// Something is wrong.
    Bad,
    /// Something is not clear yet.
    Odd,
    /// All is well.
    Good,
    /// An aside.
    Faint,
}

impl Ink {
    fn sequence(self) -> &'static str {
        match self {
            Self::Strong => "\u{1b}[1m",
            Self::Bad => "\u{1b}[1;31m",
            Self::Odd => "\u{1b}[1;33m",
            Self::Good => "\u{1b}[32m",
            Self::Faint => "\u{1b}[2m",
        }
    }
}

impl Look {
    /// The text in a colour, if there is colour.
    pub fn paint<'a>(self, ink: Ink, text: &'a str) -> Cow<'a, str> {
        match self.colour {
            Colour::Plain => Cow::Borrowed(text),
            Colour::Ansi => Cow::Owned(format!("{}{text}\u{1b}[0m", ink.sequence())),
        }
    }
}
