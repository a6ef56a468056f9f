//! `--watch`: a command is run again as soon as a file that it may have read has changed.
//!
//! Files are watched from before the first run on, so that no change is missed. What a run
//! cannot read is said, and the watch goes on: the file may be half written. Ctrl-C ends it.

mod difference;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use remit::source::escape_control;

pub use difference::Findings;

use super::exit::{Exit, Failure};
use super::output::Output;
use super::terminal::Terminal;

/// How long nothing must have been written before a run: an editor may write in several steps.
const QUIET: Duration = Duration::from_millis(80);

/// Files that policies and their scenarios are made of.
const READ: [&str; 5] = ["toml", "json", "jsonl", "ndjson", "csv"];

/// What reports changes, for as long as it is there, and where.
type Watched = (RecommendedWatcher, Receiver<notify::Result<Event>>);

/// What came of a run.
#[derive(Debug)]
pub struct Run {
    /// How the program would end.
    pub exit: Exit,
    /// What was found.
    pub findings: Findings,
}

/// What is watched, and where it is said what has changed.
#[derive(Debug)]
pub struct Watch<'a> {
    /// Folders with all that is in them, or files.
    pub roots: Vec<PathBuf>,
    /// The file that each run writes, which is no change.
    pub written: Option<&'a Path>,
    /// Whether the results are for programs, so that nothing may stand between them.
    pub pure: bool,
    /// Both outputs.
    pub terminal: &'a Terminal,
}

impl Watch<'_> {
    /// Runs the command, and again after each change.
    ///
    /// # Errors
    /// If it cannot be run the first time, nothing can be watched, or nobody reads the output any more.
    pub fn run(&self, mut command: impl FnMut() -> Result<Run, Failure>) -> Result<Exit, Failure> {
        if !self.has_roots() {
            return command().map(|run| run.exit);
        }
        let mut watched = Some(self.begin()?);
        let mut before = match command() {
            Ok(run) => Some(run.findings),
            Err(Failure::Told) => None,
            Err(failure) => return Err(failure),
        };
        self.terminal.remark("\nWatching for changes; Ctrl-C ends it.\n");
        loop {
            let changed = match &watched {
                Some((_, events)) => self.next_change(events)?,
                None => self.return_of_roots(),
            };
            self.tell(&format!("\nChanged: {}\n", names(&changed)))?;
            // A folder that was put in the place of another one is not watched yet.
            watched = if self.has_roots() { Some(self.begin()?) } else { None };
            match command() {
                Ok(Run { findings, .. }) => {
                    if let Some(before) = &before {
                        self.tell(&difference::difference(before, &findings))?;
                    }
                    before = Some(findings);
                }
                Err(Failure::BrokenPipe) => return Err(Failure::BrokenPipe),
                Err(Failure::Usage { message, help } | Failure::Input { message, help }) => {
                    self.terminal.error(&message, help.as_deref());
                }
                Err(Failure::Told | Failure::Asked) => {}
            }
        }
    }

    fn has_roots(&self) -> bool {
        self.roots.iter().all(|root| root.exists())
    }

    /// Waits until what was taken away is there again.
    fn return_of_roots(&self) -> BTreeSet<PathBuf> {
        while !self.has_roots() {
            std::thread::sleep(QUIET);
        }
        self.roots.iter().cloned().collect()
    }

    fn begin(&self) -> Result<Watched, Failure> {
        self.watched().map_err(|error| {
            let failure = Failure::input(format!("changes of files cannot be watched: {error}"));
            failure.help("run the command without `--watch`")
        })
    }

    fn watched(&self) -> notify::Result<Watched> {
        let (sender, events) = mpsc::channel();
        let mut watcher = notify::recommended_watcher(sender)?;
        for root in &self.roots {
            if root.is_dir() {
                watcher.watch(root, RecursiveMode::Recursive)?;
            } else {
                // Editors put a new file in the place of an old one, so it is the folder that is watched.
                let folder = root.parent().filter(|folder| !folder.as_os_str().is_empty());
                watcher.watch(folder.unwrap_or(Path::new(".")), RecursiveMode::NonRecursive)?;
            }
        }
        Ok((watcher, events))
    }

    /// Waits for a change, and until the writing has come to rest.
    fn next_change(&self, events: &Receiver<notify::Result<Event>>) -> Result<BTreeSet<PathBuf>, Failure> {
        let ended = |_| Failure::input("changes of files are no longer reported");
        let mut changed = BTreeSet::new();
        while changed.is_empty() {
            changed.extend(self.paths(events.recv().map_err(ended)?));
        }
        while let Ok(event) = events.recv_timeout(QUIET) {
            changed.extend(self.paths(event));
        }
        // Beside files, what has no extension is what an editor wrote on the way.
        if changed.iter().any(|path| path.extension().is_some()) {
            changed.retain(|path| path.extension().is_some());
        }
        Ok(changed)
    }

    /// The files that an event is about, if a run may come out differently for them.
    fn paths(&self, event: notify::Result<Event>) -> Vec<PathBuf> {
        match event {
            // Every run opens the files it reads.
            Ok(event) if matches!(event.kind, EventKind::Access(_)) => Vec::new(),
            Ok(event) => event.paths.into_iter().filter(|path| self.matters(path)).collect(),
            Err(error) => {
                self.terminal.error(&format!("a change may have been missed: {error}"), None);
                Vec::new()
            }
        }
    }

    fn matters(&self, path: &Path) -> bool {
        let is_read = match path.extension().and_then(|extension| extension.to_str()) {
            Some(extension) => READ.contains(&extension.to_ascii_lowercase().as_str()),
            // It may be a folder that was moved.
            None => !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')),
        };
        is_read && !self.is_written(path)
    }

    fn is_written(&self, path: &Path) -> bool {
        let Some(written) = self.written else { return false };
        match (fs::canonicalize(path), fs::canonicalize(written)) {
            (Ok(path), Ok(written)) => path == written,
            _ => false,
        }
    }

    fn tell(&self, text: &str) -> Result<(), Failure> {
        if self.pure {
            self.terminal.remark(text);
            return Ok(());
        }
        Output::open(None)?.write(text.as_bytes())
    }
}

/// Paths as people gave them, as far as that can be told: from the folder they are in.
fn names(paths: &BTreeSet<PathBuf>) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let name = |path: &PathBuf| {
        let shown = path.strip_prefix(&here).unwrap_or(path).display().to_string();
        escape_control(&shown).into_owned()
    };
    paths.iter().map(name).collect::<Vec<_>>().join(", ")
}
