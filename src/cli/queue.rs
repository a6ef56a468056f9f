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
    /// Wakes workers.
    items: Condvar,
    /// Wakes the writer.
    results: Condvar,
    /// Wakes the reader.
    room: Condvar,
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
    /// A worker has broken off, so that some result will never come.
    broken: bool,
}

impl<T, R> Queue<T, R> {
    /// A queue for so many workers.
    pub fn new(workers: usize) -> Self {
        let (waiting, done) = (VecDeque::new(), BTreeMap::new());
        Self {
            state: Mutex::new(State { waiting, next: 0, done, taken: 0, closed: false, broken: false }),
            items: Condvar::new(),
            results: Condvar::new(),
            room: Condvar::new(),
            workers,
        }
    }

    /// The reader: adds items as soon as there is room, and closes the queue behind the last.
    pub fn fill(&self, items: impl Iterator<Item = T>) {
        for item in items {
            let mut state = self.lock();
            while state.next + state.waiting.len() - state.taken >= WINDOW && !state.broken {
                state = wait(&self.room, state);
            }
            if state.broken {
                return;
            }
            state.waiting.push_back(item);
            self.items.notify_one();
        }
        self.lock().closed = true;
        self.items.notify_all();
        self.results.notify_one();
    }

    /// A worker: turns items into results, until there are no more.
    pub fn work(&self, mut turn: impl FnMut(T) -> R) {
        let guard = Guard(self);
        while let Some((number, items)) = self.take_items() {
            let results = items.into_iter().map(&mut turn).collect();
            self.lock().done.insert(number, results);
            self.results.notify_one();
        }
        drop(guard);
    }

    /// The writer: the next results in the order of their items; `None` after the last.
    pub fn results(&self) -> Option<Vec<R>> {
        let mut state = self.lock();
        loop {
            let taken = state.taken;
            if let Some(results) = state.done.remove(&taken) {
                state.taken += results.len();
                self.room.notify_one();
                return Some(results);
            }
            let finished = state.closed && state.waiting.is_empty() && state.taken == state.next;
            if finished || state.broken {
                return None;
            }
            state = wait(&self.results, state);
        }
    }

    fn take_items(&self) -> Option<(usize, Vec<T>)> {
        let mut state = self.lock();
        while state.waiting.is_empty() {
            if state.closed || state.broken {
                return None;
            }
            state = wait(&self.items, state);
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
}

fn wait<'a, S>(condition: &Condvar, state: MutexGuard<'a, S>) -> MutexGuard<'a, S> {
    condition.wait(state).unwrap_or_else(PoisonError::into_inner)
}

/// Tells the others if a worker breaks off, so that nobody waits for it.
struct Guard<'a, T, R>(&'a Queue<T, R>);

impl<T, R> Drop for Guard<'_, T, R> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.lock().broken = true;
            self.0.items.notify_all();
            self.0.results.notify_all();
            self.0.room.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_their_items() {
        let queue: Queue<usize, usize> = Queue::new(3);
        let numbers = 3 * WINDOW;
        let all: Vec<usize> = std::thread::scope(|scope| {
            scope.spawn(|| queue.fill(0..numbers));
            (0..3).for_each(|_| drop(scope.spawn(|| queue.work(|number| number * 2))));
            std::iter::from_fn(|| queue.results()).flatten().collect()
        });
        assert_eq!(all, (0..numbers).map(|number| number * 2).collect::<Vec<_>>());
    }

    #[test]
    fn nobody_waits_for_a_worker_that_broke_off() {
        let queue: Queue<usize, usize> = Queue::new(1);
        let broke_off = std::thread::scope(|scope| {
            let worker =
                scope.spawn(|| queue.work(|number| if number < 5 { number } else { unreachable!("{number}") }));
            scope.spawn(|| queue.fill(0..3 * WINDOW));
            while queue.results().is_some() {}
            worker.join().is_err()
        });
        assert!(broke_off);
    }
}
