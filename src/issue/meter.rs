//! How much of the inputs was read, for those who wait.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::issue::input::Input;

/// Counts bytes that are read, on any thread.
#[derive(Debug, Default)]
pub struct Meter {
    read: AtomicU64,
    /// The bytes of all inputs; `None` if not all of them are files.
    total: Option<u64>,
}

impl Meter {
    pub(super) fn new<'a>(inputs: impl Iterator<Item = &'a Input>) -> Self {
        let size = |input: &Input| match input {
            Input::File(path) => path.metadata().ok().filter(std::fs::Metadata::is_file).map(|file| file.len()),
            Input::Stdin | Input::Memory { .. } => None,
        };
        Self { read: AtomicU64::new(0), total: inputs.map(size).sum() }
    }

    /// The bytes of all inputs, if it is known what there is.
    pub(super) fn total(&self) -> Option<usize> {
        self.total.map(|total| usize::try_from(total).unwrap_or(usize::MAX))
    }

    pub(super) fn add(&self, bytes: u64) {
        self.read.fetch_add(bytes, Ordering::Relaxed);
    }

    /// The percentage that was read, if it is known what there is; a file may grow beyond.
    pub fn percent(&self) -> Option<u64> {
        let total = self.total?;
        let read = self.read.load(Ordering::Relaxed).min(total);
        (read * 100).checked_div(total)
    }
}

/// A reader whose bytes are counted.
#[derive(Debug)]
pub(super) struct Metered<R> {
    pub(super) reader: R,
    pub(super) meter: Arc<Meter>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.meter.add(read as u64);
        Ok(read)
    }
}
