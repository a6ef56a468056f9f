//! Work handed from one reader to many workers and on to one writer, in order.
//!
//! Bounded: the reader waits while too much is under way. A worker takes what there is, so
//! that a slow input is answered line by line and a fast one in blocks.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Items that may be under way at once.
const WINDOW: usize = 4096;

/// The most items that a worker takes at once.
const BLOCK: usize = 64;

/// A queue of items to be worked on and of what has become of them.
#[derive(Debug)]
pub struct Queue<T, R> {
    state: Mutex<State<T, R>>,
    changed: Condvar,
    workers: usize,
}

#[derive(Debug)]
struct State<T, R> {
    waiting: VecDeque<T>,
    /// Number of the first of those waiting.
    next: usize,
    /// Results by the number of their first item.
    done: BTreeMap<usize, Vec<R>>,
    /// Number of the first item whose result is not yet taken.
    taken: usize,
    /// No further item will come.
    closed: bool,
}

impl<T, R> Queue<T, R> {
    /// A queue for so many workers.
    pub fn new(workers: usize) -> Self {
        let state = State { waiting: VecDeque::new(), next: 0, done: BTreeMap::new(), taken: 0, closed: false };
        Self { state: Mutex::new(state), changed: Condvar::new(), workers }
    }

    /// The reader: adds an item, as soon as there is room.
    pub fn push(&self, item: T) {
        let mut state = self.lock();
        while state.next + state.waiting.len() - state.taken >= WINDOW {
            state = self.wait(state);
        }
        state.waiting.push_back(item);
        self.changed.notify_all();
    }

    /// The reader: there are no more items.
    pub fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// A worker: turns items into results, until there are no more.
    pub fn work(&self, mut turn: impl FnMut(T) -> R) {
        while let Some((number, items)) = self.take_items() {
            let results = items.into_iter().map(&mut turn).collect();
            self.lock().done.insert(number, results);
            self.changed.notify_all();
        }
    }

    /// The writer: the next results in the order of their items; `None` after the last.
    pub fn results(&self) -> Option<Vec<R>> {
        let mut state = self.lock();
        loop {
            let taken = state.taken;
            if let Some(results) = state.done.remove(&taken) {
                state.taken += results.len();
                self.changed.notify_all();
                return Some(results);
            }
            if state.closed && state.waiting.is_empty() && state.taken == state.next {
                return None;
            }
            state = self.wait(state);
        }
    }

    fn take_items(&self) -> Option<(usize, Vec<T>)> {
        let mut state = self.lock();
        while state.waiting.is_empty() {
            if state.closed {
                return None;
            }
            state = self.wait(state);
        }
        let number = state.next;
        let share = state.waiting.len().div_ceil(self.workers).min(BLOCK);
        let items: Vec<T> = state.waiting.drain(..share).collect();
        state.next += items.len();
        Some((number, items))
    }

    fn lock(&self) -> MutexGuard<'_, State<T, R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State<T, R>>) -> MutexGuard<'a, State<T, R>> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}
