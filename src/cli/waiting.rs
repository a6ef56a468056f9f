//! When to give up a proof; and a line on standard error that counts the seconds until then.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use remit::prove::Stop;

use super::terminal::Terminal;

/// How often the line is written anew.
const INTERVAL: Duration = Duration::from_secs(1);

/// So many seconds of work.
pub struct Waiting {
    terminal: Terminal,
    shown: bool,
    begin: Instant,
    seconds: u64,
    last: Mutex<Instant>,
}

impl Waiting {
    /// Begins to wait.
    pub fn new(terminal: &Terminal, seconds: u64) -> Arc<Self> {
        let begin = Instant::now();
        Arc::new(Self { terminal: *terminal, shown: terminal.shows_waiting(), begin, seconds, last: Mutex::new(begin) })
    }

    /// To give up once the time is over; whoever asks keeps the line up to date.
    pub fn stop(self: &Arc<Self>) -> Stop {
        let waiting = self.clone();
        Stop::when(move || {
            waiting.show();
            waiting.begin.elapsed() >= Duration::from_secs(waiting.seconds)
        })
    }

    fn show(&self) {
        if !self.shown {
            return;
        }
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.elapsed() >= INTERVAL {
            *last = Instant::now();
            let (passed, seconds) = (self.begin.elapsed().as_secs(), self.seconds);
            self.terminal.say(&format!("\rproving, {passed} of at most {seconds} s\u{1b}[K"));
        }
    }

    /// Takes the line away, for something else to be said.
    pub fn clear(&self) {
        if self.shown && self.begin.elapsed() >= INTERVAL {
            self.terminal.say("\r\u{1b}[K");
        }
    }
}
