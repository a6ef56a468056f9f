//! Batches of items, turned by all cores and handed on in the order of the items.
//!
//! Each worker reads its own batch, which so is in the caches of the core that needs it, and one
//! reads at a time. Bounded: nobody reads on while too many batches wait for one that is behind.

use std::collections::BTreeMap;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Batches that may be under way for each worker.
const WINDOW: usize = 2;

/// What is read from, and the number of the next batch.
struct Source<I> {
    items: I,
    next: usize,
}

/// How far results have been taken.
struct Taken {
    state: Mutex<State>,
    changed: Condvar,
    window: usize,
}

#[derive(Default)]
struct State {
    taken: usize,
    stopped: bool,
}

/// Turns items in batches of a size, each worker with something of its own, until `take` fails.
///
/// # Errors
/// The first failure of `take`; nothing is read after it.
pub fn in_order<T: Send, S, R: Send, E>(
    items: impl Iterator<Item = T> + Send,
    (workers, size): (usize, usize),
    start: impl Fn() -> S + Sync,
    turn: impl Fn(&mut S, Vec<T>) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let source = Mutex::new(Source { items: items.fuse(), next: 0 });
    let taken = Taken { state: Mutex::default(), changed: Condvar::new(), window: workers * WINDOW };
    let (sender, receiver) = channel::<(usize, R)>();
    thread::scope(|scope| {
        for _ in 0..workers {
            let (source, taken, sender) = (&source, &taken, sender.clone());
            let (start, turn) = (&start, &turn);
            scope.spawn(move || work(source, taken, &sender, size, start, turn));
        }
        drop(sender);
        let _stop = Stop(&taken);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for (number, result) in receiver {
            waiting.insert(number, result);
            while let Some(result) = waiting.remove(&next) {
                take(result)?;
                next += 1;
                taken.advance(next);
            }
        }
        Ok(())
    })
}

fn work<T, S, R>(
    source: &Mutex<Source<impl Iterator<Item = T>>>,
    taken: &Taken,
    sender: &Sender<(usize, R)>,
    size: usize,
    start: &impl Fn() -> S,
    turn: &impl Fn(&mut S, Vec<T>) -> R,
) {
    let guard = Stop(taken);
    let mut own = start();
    loop {
        let mut from = lock(source);
        if !taken.has_room(from.next) {
            break;
        }
        let batch: Vec<T> = from.items.by_ref().take(size).collect();
        if batch.is_empty() {
            break;
        }
        let number = from.next;
        from.next += 1;
        drop(from);
        if sender.send((number, turn(&mut own, batch))).is_err() {
            break;
        }
    }
    guard.dismiss();
}

impl Taken {
    /// Waits until a batch of this number may be read; false if none may be any more.
    fn has_room(&self, number: usize) -> bool {
        let mut state = lock(&self.state);
        while number >= state.taken + self.window && !state.stopped {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        !state.stopped
    }

    fn advance(&self, taken: usize) {
        lock(&self.state).taken = taken;
        self.changed.notify_all();
    }

    fn stop(&self) {
        lock(&self.state).stopped = true;
        self.changed.notify_all();
    }
}

/// Stops all if whoever holds it breaks off, so that nobody waits for a result that never comes.
struct Stop<'a>(&'a Taken);

impl Stop<'_> {
    fn dismiss(self) {
        std::mem::forget(self);
    }
}

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.stop();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_whoever_is_slow() {
        let mut all = Vec::new();
        let slow = |_: &mut (), batch: Vec<usize>| {
            if batch.contains(&0) {
                (0..100).for_each(|_| thread::yield_now());
            }
            batch
        };
        let take = |batch: Vec<usize>| -> Result<(), ()> {
            all.extend(batch);
            Ok(())
        };
        assert_eq!(in_order(0..1000, (3, 7), || (), slow, take), Ok(()));
        assert_eq!(all, (0..1000).collect::<Vec<_>>());
    }

    #[test]
    fn only_so_many_are_read_ahead_of_the_one_that_is_behind() {
        let read = std::sync::atomic::AtomicUsize::new(0);
        let count = |_: &mut (), batch: Vec<usize>| {
            read.fetch_add(batch.len(), std::sync::atomic::Ordering::SeqCst);
        };
        let mut taken = 0;
        let mut ahead = 0;
        let take = |()| -> Result<(), ()> {
            ahead = ahead.max(read.load(std::sync::atomic::Ordering::SeqCst) - taken);
            taken += 10;
            Ok(())
        };
        assert_eq!(in_order(0..10_000, (2, 10), || (), count, take), Ok(()));
        assert!(ahead <= 2 * WINDOW * 10, "{ahead} items were under way");
    }

    #[test]
    fn nothing_is_read_behind_a_failure() {
        let read = Mutex::new(0);
        let items = std::iter::repeat_with(|| *lock(&read) += 1);
        let mut taken = 0;
        let take = |_: usize| {
            taken += 1;
            if taken < 3 { Ok(()) } else { Err("enough") }
        };
        assert_eq!(in_order(items, (2, 10), || (), |(), batch: Vec<()>| batch.len(), take), Err("enough"));
        assert!(*lock(&read) <= 10 * (3 + 2 * WINDOW));
    }
}
