//! Batches of items, turned by all cores and handed on in the order of the items.
//!
//! Each worker reads its own batch, which so is in the caches of the core that needs it, and one
//! reads at a time. Results are handed on by whichever worker has the one that is next, so that
//! there are no more threads than workers. Bounded: nobody reads on while too many batches wait
//! for one that is behind.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;

/// Batches that may be under way for each worker.
const WINDOW: usize = 2;

/// How often a worker looks again whether it may read, before it sleeps. Some ten microseconds, as long as it takes
/// to be put to sleep and woken, so that it never waits much more than twice as long as it must.
const LOOKS: usize = 1000;

/// What is read from, and the number of the next batch.
struct Source<I> {
    items: I,
    next: usize,
}

/// Results on their way out.
struct Results<R, E> {
    state: Mutex<State<R, E>>,
    changed: Condvar,
    window: usize,
}

struct State<R, E> {
    /// Those that wait for one before them, by number.
    waiting: BTreeMap<usize, R>,
    /// How many have been handed on.
    taken: usize,
    /// Whether a worker is handing on.
    busy: bool,
    /// Whether a worker waits for results to be handed on: only then is anybody woken, which takes a system call.
    held_up: bool,
    stopped: bool,
    failure: Option<E>,
}

/// Turns items in batches of a size, each worker with something of its own, until `take` fails.
///
/// # Errors
/// The first failure of `take`; nothing is read after it.
pub fn in_order<T: Send, S, R: Send, E: Send>(
    items: impl Iterator<Item = T> + Send,
    (workers, size): (usize, usize),
    start: impl Fn() -> S + Sync,
    turn: impl Fn(&mut S, Vec<T>) -> R + Sync,
    take: impl FnMut(R) -> Result<(), E> + Send,
) -> Result<(), E> {
    let source = Mutex::new(Source { items: items.fuse(), next: 0 });
    let state =
        State { waiting: BTreeMap::new(), taken: 0, busy: false, held_up: false, stopped: false, failure: None };
    let results = Results { state: Mutex::new(state), changed: Condvar::new(), window: workers * WINDOW };
    let take = Mutex::new(take);
    let work = || {
        let stop = Stop(&results);
        let mut own = start();
        while let Some((number, batch)) = read(&source, &results, size) {
            results.hand_on(number, turn(&mut own, batch), &take);
        }
        stop.dismiss();
    };
    thread::scope(|scope| {
        for _ in 1..workers {
            scope.spawn(work);
        }
        work();
    });
    results.state.into_inner().unwrap_or_else(PoisonError::into_inner).failure.map_or(Ok(()), Err)
}

/// The next batch and its number; `None` if there is none, or none may be read any more.
fn read<T, R, E>(
    source: &Mutex<Source<impl Iterator<Item = T>>>,
    results: &Results<R, E>,
    size: usize,
) -> Option<(usize, Vec<T>)> {
    let mut from = lock_soon(source);
    if !results.has_room(from.next) {
        return None;
    }
    let batch: Vec<T> = from.items.by_ref().take(size).collect();
    from.next += 1;
    (!batch.is_empty()).then_some((from.next - 1, batch))
}

impl<R, E> Results<R, E> {
    /// Waits until a batch of this number may be read; false if none may be any more.
    fn has_room(&self, number: usize) -> bool {
        let mut state = lock(&self.state);
        while number >= state.taken + self.window && !state.stopped {
            state.held_up = true;
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        !state.stopped
    }

    /// Hands on a result and those that waited for it, as soon as all before it are; whoever is
    /// at it already does it otherwise.
    fn hand_on(&self, number: usize, result: R, take: &Mutex<impl FnMut(R) -> Result<(), E>>) {
        let mut state = lock(&self.state);
        state.waiting.insert(number, result);
        if std::mem::replace(&mut state.busy, true) {
            return;
        }
        while let Some(result) = state.next() {
            drop(state);
            let outcome = lock(take)(result);
            state = lock(&self.state);
            match outcome {
                Ok(()) => state.taken += 1,
                Err(failure) => (state.failure, state.stopped) = (Some(failure), true),
            }
            if std::mem::take(&mut state.held_up) {
                self.changed.notify_all();
            }
        }
        state.busy = false;
    }

    fn stop(&self) {
        lock(&self.state).stopped = true;
        self.changed.notify_all();
    }
}

impl<R, E> State<R, E> {
    /// The result that is to be handed on now.
    fn next(&mut self) -> Option<R> {
        if self.stopped { None } else { self.waiting.remove(&self.taken) }
    }
}

/// Stops all if whoever holds it breaks off, so that nobody waits for a result that never comes.
struct Stop<'a, R, E>(&'a Results<R, E>);

impl<R, E> Stop<'_, R, E> {
    fn dismiss(self) {
        std::mem::forget(self);
    }
}

impl<R, E> Drop for Stop<'_, R, E> {
    fn drop(&mut self) {
        self.0.stop();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The lock of what is most often free again in a moment.
fn lock_soon<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    for _ in 0..LOOKS {
        match mutex.try_lock() {
            Ok(guard) => return guard,
            Err(TryLockError::WouldBlock) => std::hint::spin_loop(),
            Err(TryLockError::Poisoned(_)) => break,
        }
    }
    lock(mutex)
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
    fn whoever_waits_for_room_is_told_of_a_failure() {
        let read = std::sync::atomic::AtomicUsize::new(0);
        let count = || read.load(std::sync::atomic::Ordering::SeqCst);
        let items = std::iter::repeat_with(|| read.fetch_add(1, std::sync::atomic::Ordering::SeqCst));
        let take = |_: usize| {
            // Until nobody may read on.
            while count() < 3 * WINDOW {
                thread::yield_now();
            }
            Err("enough")
        };
        assert_eq!(in_order(items, (3, 1), || (), |(), batch: Vec<usize>| batch.len(), take), Err("enough"));
        assert_eq!(count(), 3 * WINDOW);
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
