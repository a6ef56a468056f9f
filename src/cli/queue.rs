//! Work handed from one reader to many workers and on to one writer, in order.
//!
//! Bounded by weight: the reader waits while too much is under way. A worker takes what
//! there is, so that a slow input is answered line by line and a fast one in blocks.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes that may be under way at once; one item always may.
const WINDOW: usize = 16 << 20;

/// Bytes that a worker takes at once; one item it always takes.
const SHARE: usize = 1 << 20;

/// An item of work.
#[derive(Debug)]
pub struct Item<T> {
    /// What it is.
    pub content: T,
    /// The bytes it holds, about.
    pub weight: usize,
}

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
    waiting: VecDeque<Item<T>>,
    /// Bytes of those waiting.
    waiting_weight: usize,
    /// Bytes of all whose results are not yet taken.
    weight: usize,
    /// Shares that workers have taken.
    shares: usize,
    /// Results by the number of their share, with its weight.
    done: BTreeMap<usize, (usize, R)>,
    /// Number of the first share whose result is not yet taken.
    taken: usize,
    /// No further item will come.
    closed: bool,
    /// A worker has broken off, so that some result will never come.
    broken: bool,
}

impl<T, R> Queue<T, R> {
    /// A queue for so many workers.
    pub fn new(workers: usize) -> Self {
        let state = State {
            waiting: VecDeque::new(),
            waiting_weight: 0,
            weight: 0,
            shares: 0,
            done: BTreeMap::new(),
            taken: 0,
            closed: false,
            broken: false,
        };
        Self { state: Mutex::new(state), items: Condvar::new(), results: Condvar::new(), room: Condvar::new(), workers }
    }

    /// The reader: adds items as soon as there is room, and closes the queue behind the last.
    pub fn fill(&self, items: impl Iterator<Item = Item<T>>) {
        let guard = Guard(self);
        for item in items {
            let mut state = self.lock();
            while state.weight > 0 && state.weight + item.weight > WINDOW && !state.broken {
                state = wait(&self.room, state);
            }
            if state.broken {
                return;
            }
            state.weight += item.weight;
            state.waiting_weight += item.weight;
            state.waiting.push_back(item);
            self.items.notify_one();
        }
        drop(guard);
        self.lock().closed = true;
        self.items.notify_all();
        self.results.notify_one();
    }

    /// A worker: turns items into results, until there are no more.
    pub fn work(&self, mut turn: impl FnMut(Vec<T>) -> R) {
        let guard = Guard(self);
        while let Some((number, weight, items)) = self.take_items() {
            let result = turn(items);
            self.lock().done.insert(number, (weight, result));
            self.results.notify_one();
        }
        drop(guard);
    }

    /// The writer: the next result in the order of its items; `None` after the last.
    pub fn result(&self) -> Option<R> {
        let mut state = self.lock();
        loop {
            let taken = state.taken;
            if let Some((weight, result)) = state.done.remove(&taken) {
                state.taken += 1;
                state.weight -= weight;
                self.room.notify_one();
                return Some(result);
            }
            let finished = state.closed && state.waiting.is_empty() && state.taken == state.shares;
            if finished || state.broken {
                return None;
            }
            state = wait(&self.results, state);
        }
    }

    fn take_items(&self) -> Option<(usize, usize, Vec<T>)> {
        let mut state = self.lock();
        while state.waiting.is_empty() {
            if state.closed || state.broken {
                return None;
            }
            state = wait(&self.items, state);
        }
        let share = state.waiting_weight.div_ceil(self.workers).min(SHARE);
        let (mut items, mut weight) = (Vec::new(), 0);
        let fits = |next: &Item<T>, weight: usize| weight == 0 || weight + next.weight <= share;
        while state.waiting.front().is_some_and(|next| fits(next, weight)) {
            let Some(item) = state.waiting.pop_front() else { break };
            weight += item.weight;
            items.push(item.content);
        }
        state.waiting_weight -= weight;
        let number = state.shares;
        state.shares += 1;
        Some((number, weight, items))
    }

    fn lock(&self) -> MutexGuard<'_, State<T, R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wait<'a, S>(condition: &Condvar, state: MutexGuard<'a, S>) -> MutexGuard<'a, S> {
    condition.wait(state).unwrap_or_else(PoisonError::into_inner)
}

/// Tells the others if a thread breaks off, so that nobody waits for it.
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

    fn items(number: usize, weight: usize) -> impl Iterator<Item = Item<usize>> {
        (0..number).map(move |content| Item { content, weight })
    }

    #[test]
    fn results_come_in_the_order_of_their_items() {
        for weight in [1, 100, WINDOW / 3, 2 * WINDOW] {
            let queue: Queue<usize, Vec<usize>> = Queue::new(3);
            let all: Vec<usize> = std::thread::scope(|scope| {
                scope.spawn(|| queue.fill(items(10_000, weight)));
                (0..3).for_each(|_| drop(scope.spawn(|| queue.work(|share| share.iter().map(|n| n * 2).collect()))));
                std::iter::from_fn(|| queue.result()).flatten().collect()
            });
            assert_eq!(all, (0..10_000).map(|number| number * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn no_more_is_under_way_than_the_window_holds() {
        let queue: Queue<usize, usize> = Queue::new(2);
        let most = std::thread::scope(|scope| {
            scope.spawn(|| queue.fill(items(1_000, WINDOW / 8)));
            (0..2).for_each(|_| drop(scope.spawn(|| queue.work(|share| share.len()))));
            let mut most = 0;
            while queue.result().is_some() {
                most = most.max(queue.lock().weight);
            }
            most
        });
        assert!(most <= WINDOW, "{most}");
    }

    #[test]
    fn nobody_waits_for_a_worker_that_broke_off() {
        let queue: Queue<usize, usize> = Queue::new(1);
        let queue = &queue;
        let broke_off = std::thread::scope(|scope| {
            let turn = |share: Vec<usize>| if share.contains(&5) { unreachable!("{share:?}") } else { share.len() };
            let worker = scope.spawn(move || queue.work(turn));
            scope.spawn(|| queue.fill(items(100_000, WINDOW / 100)));
            while queue.result().is_some() {}
            worker.join().is_err()
        });
        assert!(broke_off);
    }
}
