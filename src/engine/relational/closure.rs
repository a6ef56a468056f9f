//! Linear recursion over pairs of dense numbers, without joins.
//!
//! Where all steps are on one side: from each source a frontier, with one row of bits for
//! what it has reached. Where they are on both: a matrix of bits, and each new pair stepped
//! once. Gives distinct pairs.

use super::symbols::Symbol;

/// The largest matrix of bits, in bits: 64 MiB.
const MATRIX: usize = 1 << 29;

/// Pairs of symbols, first and second in turn.
pub(super) type Pairs<'t> = &'t [Symbol];

/// A step: the relation from an old first cell to a new one, and that of second cells.
#[derive(Clone, Copy)]
pub(super) struct Sides<'t> {
    pub(super) left: Option<Pairs<'t>>,
    pub(super) right: Option<Pairs<'t>>,
}

/// The least relation that holds the base and whatever a step makes of its pairs; none if that
/// takes more room than is given. No symbol is `⊥`; `symbols` is how many there are.
pub(super) fn close(base: Pairs<'_>, steps: &[Sides<'_>], symbols: usize) -> Option<Vec<Symbol>> {
    let domain = Domain::of(base, steps, symbols);
    if steps.iter().all(|sides| sides.left.is_none()) {
        let arrows: Vec<Pairs<'_>> = steps.iter().filter_map(|sides| sides.right).collect();
        return Some(from_sources(&domain, base, &arrows, false));
    }
    if steps.iter().all(|sides| sides.right.is_none()) {
        let arrows: Vec<Pairs<'_>> = steps.iter().filter_map(|sides| sides.left).collect();
        return Some(from_sources(&domain, base, &arrows, true));
    }
    (domain.len() * domain.len() <= MATRIX).then(|| on_both_sides(&domain, base, steps))
}

/// The symbols that pairs hold, numbered from 0 in their order.
struct Domain {
    symbols: Vec<Symbol>,
    /// The number of each symbol.
    numbers: Vec<u32>,
}

impl Domain {
    fn of(base: Pairs<'_>, steps: &[Sides<'_>], symbols: usize) -> Self {
        let mut numbers = vec![u32::MAX; symbols];
        let steps = steps.iter().flat_map(|sides| [sides.left, sides.right]).flatten();
        for symbol in std::iter::once(base).chain(steps).flatten() {
            numbers[symbol.index()] = 0;
        }
        let mut present = Vec::new();
        for (symbol, number) in numbers.iter_mut().enumerate().filter(|(_, number)| **number == 0) {
            *number = present.len() as u32;
            present.push(Symbol(symbol as u32));
        }
        Self { symbols: present, numbers }
    }

    fn len(&self) -> usize {
        self.symbols.len()
    }

    fn number(&self, symbol: Symbol) -> u32 {
        self.numbers[symbol.index()]
    }

    fn pairs<'d>(&'d self, pairs: Pairs<'d>) -> impl Iterator<Item = (u32, u32)> + 'd {
        pairs.chunks_exact(2).map(|pair| (self.number(pair[0]), self.number(pair[1])))
    }
}

/// For each number those it leads to.
struct Arrows {
    starts: Vec<u32>,
    targets: Vec<u32>,
}

impl Arrows {
    fn new<I: Iterator<Item = (u32, u32)>>(len: usize, pairs: impl Fn() -> I) -> Self {
        let mut starts = vec![0_u32; len + 1];
        for (from, _) in pairs() {
            starts[from as usize + 1] += 1;
        }
        for at in 0..len {
            starts[at + 1] += starts[at];
        }
        let mut free = starts.clone();
        let mut targets = vec![0; starts[len] as usize];
        for (from, to) in pairs() {
            targets[free[from as usize] as usize] = to;
            free[from as usize] += 1;
        }
        Self { starts, targets }
    }

    fn from(&self, number: u32) -> &[u32] {
        let at = number as usize;
        &self.targets[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

/// From each source all that its pairs lead to. `turned`: the second cell is the source.
fn from_sources(domain: &Domain, base: Pairs<'_>, arrows: &[Pairs<'_>], turned: bool) -> Vec<Symbol> {
    let turn = move |(first, second)| if turned { (second, first) } else { (first, second) };
    let seeds = Arrows::new(domain.len(), || domain.pairs(base).map(turn));
    let arrows = Arrows::new(domain.len(), || arrows.iter().flat_map(|pairs| domain.pairs(pairs)));
    let mut reached = vec![0_u64; domain.len().div_ceil(64)];
    let mut front: Vec<u32> = Vec::new();
    let mut cells = Vec::new();
    for source in 0..domain.len() as u32 {
        front.clear();
        reach(&mut reached, seeds.from(source), &mut front);
        let mut at = 0;
        while let Some(number) = front.get(at) {
            let targets = arrows.from(*number);
            reach(&mut reached, targets, &mut front);
            at += 1;
        }
        let first = domain.symbols[source as usize];
        let mut conclude = |number: u32| {
            let second = domain.symbols[number as usize];
            cells.extend(if turned { [second, first] } else { [first, second] });
        };
        if front.len() * 8 < reached.len() {
            front.sort_unstable();
            for number in &front {
                reached[*number as usize / 64] = 0;
                conclude(*number);
            }
        } else {
            numbers_of(&reached, &mut conclude);
            reached.fill(0);
        }
    }
    cells
}

/// Adds to the front what was not reached before.
fn reach(reached: &mut [u64], targets: &[u32], front: &mut Vec<u32>) {
    for target in targets {
        let (word, bit) = (&mut reached[*target as usize / 64], 1 << (*target % 64));
        if *word & bit == 0 {
            *word |= bit;
            front.push(*target);
        }
    }
}

fn numbers_of(words: &[u64], each: &mut impl FnMut(u32)) {
    for (at, word) in words.iter().enumerate() {
        let mut rest = *word;
        while rest != 0 {
            each(at as u32 * 64 + rest.trailing_zeros());
            rest &= rest - 1;
        }
    }
}

/// Each new pair is stepped once, in rows of one first cell.
fn on_both_sides(domain: &Domain, base: Pairs<'_>, steps: &[Sides<'_>]) -> Vec<Symbol> {
    let len = domain.len();
    let words = len.div_ceil(64);
    let arrows = |pairs: Option<Pairs<'_>>| pairs.map(|pairs| Arrows::new(len, || domain.pairs(pairs)));
    let steps: Vec<[Option<Arrows>; 2]> = steps.iter().map(|sides| [arrows(sides.left), arrows(sides.right)]).collect();
    let mut matrix = vec![0_u64; words * len];
    let mut fresh: Vec<Vec<u32>> = vec![Vec::new(); len];
    let mut waiting: Vec<u32> = Vec::new();
    let mut add = |first: u32, seconds: &[u32], fresh: &mut Vec<Vec<u32>>, waiting: &mut Vec<u32>| {
        let row = first as usize;
        let was_idle = fresh[row].is_empty();
        reach(&mut matrix[row * words..(row + 1) * words], seconds, &mut fresh[row]);
        if was_idle && !fresh[row].is_empty() {
            waiting.push(first);
        }
    };
    for (first, second) in domain.pairs(base) {
        add(first, &[second], &mut fresh, &mut waiting);
    }
    while let Some(row) = waiting.pop() {
        let seconds = std::mem::take(&mut fresh[row as usize]);
        for [left, right] in &steps {
            let firsts = left.as_ref().map_or(std::slice::from_ref(&row), |left| left.from(row));
            for first in firsts {
                match right {
                    None => add(*first, &seconds, &mut fresh, &mut waiting),
                    Some(right) => {
                        for second in &seconds {
                            add(*first, right.from(*second), &mut fresh, &mut waiting);
                        }
                    }
                }
            }
        }
    }
    let mut cells = Vec::new();
    for (row, first) in matrix.chunks_exact(words.max(1)).zip(&domain.symbols) {
        numbers_of(row, &mut |second| cells.extend([*first, domain.symbols[second as usize]]));
    }
    cells
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    type Set = BTreeSet<(u32, u32)>;

    fn symbols(pairs: &Set) -> Vec<Symbol> {
        pairs.iter().flat_map(|(first, second)| [Symbol(*first), Symbol(*second)]).collect()
    }

    fn plainly(base: &Set, steps: &[(Option<Set>, Option<Set>)]) -> Set {
        let mut all = base.clone();
        loop {
            let mut more = all.clone();
            for ((left, right), (a, b)) in steps.iter().flat_map(|step| all.iter().map(move |pair| (step, pair))) {
                let next = |side: &Option<Set>, cell: u32| match side {
                    Some(set) => set.iter().filter(|(near, _)| *near == cell).map(|(_, far)| *far).collect(),
                    None => vec![cell],
                };
                for first in next(left, *a) {
                    more.extend(next(right, *b).into_iter().map(|second| (first, second)));
                }
            }
            if more == all {
                return all;
            }
            all = more;
        }
    }

    #[test]
    fn every_shape_gives_the_least_relation() {
        let mut state = 1_u32;
        let mut set = |count: u32| -> Set {
            let mut below = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                1 + (state >> 16) % 9
            };
            (0..count).map(|_| (below(), below())).collect()
        };
        for round in 0..60 {
            let base = set(1 + round % 5);
            let (a, b) = (set(7), set(5));
            let shapes = [
                vec![(None, Some(a.clone()))],
                vec![(Some(a.clone()), None)],
                vec![(Some(a.clone()), Some(b.clone()))],
                vec![(None, Some(a.clone())), (None, Some(b.clone()))],
                vec![(Some(a.clone()), None), (None, Some(b.clone()))],
            ];
            for steps in shapes {
                let cells: Vec<[Option<Vec<Symbol>>; 2]> =
                    steps.iter().map(|(l, r)| [l.as_ref().map(symbols), r.as_ref().map(symbols)]).collect();
                let sides: Vec<Sides<'_>> =
                    cells.iter().map(|[l, r]| Sides { left: l.as_deref(), right: r.as_deref() }).collect();
                let found = close(&symbols(&base), &sides, 10).expect("there is room");
                let pairs: Vec<(u32, u32)> = found.chunks_exact(2).map(|pair| (pair[0].0, pair[1].0)).collect();
                let distinct: Set = pairs.iter().copied().collect();
                assert_eq!(distinct.len(), pairs.len(), "no pair twice");
                assert_eq!(distinct, plainly(&base, &steps));
            }
        }
    }
}
