//! A line on standard error that counts while a stream runs: the share of the input that was read, where known.

use std::sync::Arc;
use std::time::{Duration, Instant};

use remit::issue::Meter;

use super::terminal::Terminal;

/// How often the line is written anew.
const INTERVAL: Duration = Duration::from_millis(100);

/// The line; nothing if it would disturb.
pub struct Progress<'a> {
    terminal: &'a Terminal,
    shown: bool,
    begin: Instant,
    last: Instant,
    meter: Arc<Meter>,
}

impl<'a> Progress<'a> {
    /// Begins to count.
    pub fn new(terminal: &'a Terminal, meter: Arc<Meter>) -> Self {
        let now = Instant::now();
        Self { terminal, shown: terminal.shows_progress(), begin: now, last: now, meter }
    }

    /// Time since the beginning.
    pub fn elapsed(&self) -> Duration {
        self.begin.elapsed()
    }

    /// So many issues are read.
    pub fn at(&mut self, read: usize) {
        if !self.shown || self.last.elapsed() < INTERVAL {
            return;
        }
        self.last = Instant::now();
        let share = self.meter.percent().map(|percent| format!("{percent} %, ")).unwrap_or_default();
        self.terminal.say(&format!("\r{share}{read} issues, {:.0} s\u{1b}[K", self.elapsed().as_secs_f64()));
    }

    /// Takes the line away, for something else to be said.
    pub fn clear(&self) {
        if self.shown {
            self.terminal.say("\r\u{1b}[K");
        }
    }
}
