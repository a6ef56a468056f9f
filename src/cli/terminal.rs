//! What the outputs are: with colour or without, how wide; and what is said beside the results.

use std::io::{self, IsTerminal, Write};

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use remit::report::look::{Colour, Ink, Look};
use remit::report::page::Page;
use terminal_size::{Width, terminal_size};

use super::common::{Common, When};

/// The two outputs.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    /// How results shall look.
    pub results: Look,
    /// How everything else shall look.
    pub asides: Look,
    quiet: bool,
    /// Whether results are shown on a terminal, where a line that changes would stand among them.
    shows_results: bool,
}

impl Terminal {
    /// Finds out what the outputs are.
    pub fn new(common: &Common) -> Self {
        let to_file = common.output.as_deref().is_some_and(|path| path.as_os_str() != "-");
        let results = match to_file {
            true => Look { colour: forced(common.color), width: None },
            false => look(common.color, &io::stdout()),
        };
        let shows_results = !to_file && io::stdout().is_terminal();
        Self { results, asides: look(common.color, &io::stderr()), quiet: common.quiet, shows_results }
    }

    /// Says something on standard error.
    pub fn say(&self, text: &str) {
        // If nobody listens, there is nobody to tell.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Says something on standard error that is no error, unless that is not wanted.
    pub fn remark(&self, text: &str) {
        if !self.quiet {
            self.say(text);
        }
    }

    /// Whether nothing but errors and what must be told is wanted.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Says that something may be wrong, unless that is not wanted.
    pub fn warning(&self, message: &str, help: &str) {
        if !self.quiet {
            self.tell((Ink::Odd, "warning:"), message, Some(help));
        }
    }

    /// Says that something is wrong.
    pub fn error(&self, message: &str, help: Option<&str>) {
        self.tell((Ink::Bad, "error:"), message, help);
    }

    fn tell(&self, (ink, what): (Ink, &str), message: &str, help: Option<&str>) {
        let mut page = Page::new(self.asides);
        page.lead(0, ink, what, message);
        if let Some(help) = help {
            page.line(2, &format!("help: {help}"));
        }
        self.say(&page.finish());
    }

    /// Whether a line on standard error that changes as work goes on disturbs nothing.
    pub fn shows_progress(&self) -> bool {
        self.shows_waiting() && !self.shows_results
    }

    /// As [`Terminal::shows_progress`], where results come after the work.
    pub fn shows_waiting(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }
}

fn forced(when: When) -> Colour {
    if when == When::Always { Colour::Ansi } else { Colour::Plain }
}

fn look(when: When, stream: &impl RawStream) -> Look {
    let colour = match when {
        When::Always => Colour::Ansi,
        When::Never => Colour::Plain,
        When::Auto if is_plain(stream) => Colour::Plain,
        When::Auto => Colour::Ansi,
    };
    Look { colour, width: stream.is_terminal().then(columns) }
}

/// Whether the environment and the stream ask for no colour; `CLICOLOR_FORCE=0` forces none.
fn is_plain(stream: &impl RawStream) -> bool {
    let is_forced = std::env::var_os("CLICOLOR_FORCE").is_some_and(|force| force != "0");
    AutoStream::choice(stream) == ColorChoice::Never || !(is_forced || stream.is_terminal())
}

fn columns() -> usize {
    terminal_size().map_or(80, |(Width(columns), _)| usize::from(columns))
}
