//! Meets: several positive atoms that lack the same one variable, joined in one step.
//!
//! Each atom has a sorted list of the values that the variable may take; what all lists hold is
//! found from the shortest. A list that stays from one search to the next is marked as bits;
//! in others the place is found by galloping (Demaine, López-Ortiz, Munro 2000). So a node that
//! has edges with all others costs no more than its small neighbours.

use std::ops::ControlFlow;

use rustc_hash::FxHashSet;

use super::body::{Body, Cell, Join, Meet, MeetSide, Mode, Step, Term, Window};
use super::compile::{Compiler, Place};
use super::search::{Found, Search};
use super::symbols::Symbol;
use crate::program::{Literal, LiteralKind, VariableId};

/// From how many times the length of another a marked list is not worth going through.
const SHORTER: usize = 16;

impl Compiler<'_> {
    /// An atom together with those still waiting that lack nothing but the same variable; none if there are no such.
    /// Literals that are taken in are added to `met`.
    pub(super) fn meet(
        &mut self,
        first: &Join,
        literals: &[Literal],
        waiting: &[usize],
        place: Place<'_>,
        known: &FxHashSet<VariableId>,
        met: &mut FxHashSet<usize>,
    ) -> Option<Meet> {
        if place.in_group || place.mode == Mode::Possible {
            return None;
        }
        let (register, column) = lacks(first)?;
        let mut others = Vec::new();
        for literal in waiting.iter().filter(|literal| !met.contains(literal)) {
            let LiteralKind::Atom(atom) = &literals[*literal].kind else { continue };
            let join = self.join(atom, *literal, place, known, 0);
            if let Some((lacking, column)) = lacks(&join)
                && lacking == register
            {
                others.push((*literal, join, column));
            }
        }
        if others.is_empty() {
            return None;
        }
        let mut sides = vec![self.side(first, column)];
        for (literal, join, column) in others {
            met.insert(literal);
            sides.push(self.side(&join, column));
        }
        self.meets += 1;
        Some(Meet { number: self.meets - 1, register, sides })
    }

    fn side(&mut self, join: &Join, column: usize) -> MeetSide {
        let lists = self.relations.lists_on(join.table, &join.columns, column);
        MeetSide { table: join.table, lists, key: join.key.clone() }
    }

    /// Has a scan before a meet go in the order of a value that a side looks up, so that its list stays.
    pub(super) fn keep_a_side(&mut self, meet: &Meet, steps: &mut [Step]) {
        let Some(Step::Join(scan)) = steps.iter_mut().rfind(|step| !matches!(step, Step::Condition(_))) else { return };
        if scan.index.is_some() || scan.window != Window::Whole {
            return;
        }
        let column = |register: usize| {
            let is_it = |(_, cell): &&(usize, Cell)| matches!(cell, Cell::Bind(bound) if *bound == register);
            scan.rest.iter().find(is_it).map(|(column, _)| *column)
        };
        let runs = |side: &MeetSide| side.key.iter().any(|t| matches!(t, Term::Register(r) if column(*r).is_some()));
        let by = meet.sides.iter().find_map(|side| match side.key.as_slice() {
            [Term::Register(register)] => column(*register),
            _ => None,
        });
        if let (Some(column), true) = (by, meet.sides.iter().all(runs)) {
            scan.index = Some(self.relations.index_on(scan.table, &[column]));
        }
    }
}

/// The one variable that an atom of a complete relation lacks, and its column.
fn lacks(join: &Join) -> Option<(usize, usize)> {
    match join.rest.as_slice() {
        [(column, Cell::Bind(register))] if join.window == Window::Whole => Some((*register, *column)),
        _ => None,
    }
}

/// What a meet has found last.
#[derive(Debug, Default)]
pub(super) struct Met<'t> {
    sides: Vec<MetSide<'t>>,
    common: Vec<Symbol>,
}

#[derive(Debug, Default)]
struct MetSide<'t> {
    group: Option<usize>,
    list: &'t [Symbol],
    /// Whether the list is the one of the search before.
    stays: bool,
    /// The marked list, and its symbols as bits.
    marked: &'t [Symbol],
    bits: Vec<u64>,
}

impl MetSide<'_> {
    fn mark(&mut self) {
        for symbol in self.marked {
            self.bits[symbol.index() / 64] = 0;
        }
        self.marked = self.list;
        if let Some(last) = self.list.last().map(|symbol| symbol.index() / 64)
            && self.bits.len() <= last
        {
            self.bits.resize(last + 1, 0);
        }
        for symbol in self.list {
            self.bits[symbol.index() / 64] |= 1 << (symbol.index() % 64);
        }
    }

    fn is_marked(&self, symbol: Symbol) -> bool {
        self.bits.get(symbol.index() / 64).is_some_and(|word| word >> (symbol.index() % 64) & 1 == 1)
    }
}

impl Search<'_> {
    pub(super) fn meet(
        &mut self,
        body: &Body,
        at: usize,
        meet: &Meet,
        registers: &mut [Symbol],
        matched: &mut [u32],
        found: &mut Found<'_>,
    ) -> ControlFlow<()> {
        if self.met.len() <= meet.number {
            self.met.resize_with(meet.number + 1, Met::default);
        }
        // No step after this one comes back to it.
        let mut met = std::mem::take(&mut self.met[meet.number]);
        met.sides.resize_with(meet.sides.len(), MetSide::default);
        met.common.clear();
        if self.look_up_sides(meet, registers, &mut met) {
            intersect(&mut met);
        }
        let mut flow = ControlFlow::Continue(());
        for symbol in &met.common {
            registers[meet.register] = *symbol;
            flow = self.step(body, at + 1, registers, matched, found);
            if flow.is_break() {
                break;
            }
        }
        self.met[meet.number] = met;
        flow
    }
}

impl<'a> Search<'a> {
    /// Whether all sides have a list.
    fn look_up_sides(&self, meet: &Meet, registers: &[Symbol], met: &mut Met<'a>) -> bool {
        meet.sides.iter().zip(&mut met.sides).all(|(side, met)| {
            let table = &self.tables[side.table.index()];
            let lists = table.lists(side.lists);
            let group = match *side.key.as_slice() {
                // The common case without a loop.
                [one] => lists.group(table.grid(), std::iter::once(one.of(registers))),
                _ => lists.group(table.grid(), side.key.iter().map(|term| term.of(registers))),
            };
            met.stays = group.is_some() && group == met.group;
            met.group = group;
            met.list = group.map_or(&[], |group| lists.list(group));
            !met.list.is_empty()
        })
    }
}

/// Finds the symbols that all lists hold, none of which is empty.
fn intersect(met: &mut Met<'_>) {
    let Met { sides, common } = met;
    for side in sides.iter_mut().filter(|side| side.stays && !std::ptr::eq(side.marked, side.list)) {
        side.mark();
    }
    let shortest = |sides: &[MetSide<'_>], among: &dyn Fn(&MetSide<'_>) -> bool| {
        (0..sides.len()).filter(|at| among(&sides[*at])).min_by_key(|at| sides[*at].list.len())
    };
    let Some(least) = shortest(sides, &|_| true) else { return };
    // What stays is marked: better to ask it than to go through it, unless it is much shorter.
    let driver = match shortest(sides, &|side| !side.stays) {
        Some(runs) if sides[runs].list.len() < SHORTER * sides[least].list.len() => runs,
        _ => least,
    };
    let list = sides[driver].list;
    let mut others: Vec<usize> = (0..sides.len()).filter(|at| *at != driver).collect();
    others.sort_unstable_by_key(|at| (!sides[*at].stays, sides[*at].list.len()));
    match others.first().map(|at| &sides[*at]) {
        Some(side) if side.stays => common.extend(list.iter().filter(|symbol| side.is_marked(**symbol))),
        Some(side) => {
            let mut rest = side.list;
            common.extend(list.iter().filter(|symbol| gallop(&mut rest, **symbol)));
        }
        None => common.extend(list),
    }
    for side in others.iter().skip(1).map(|at| &sides[*at]) {
        let mut rest = side.list;
        common.retain(|symbol| if side.stays { side.is_marked(*symbol) } else { gallop(&mut rest, *symbol) });
    }
}

/// Whether a sorted list holds a symbol; moves the list on to where it is or would be.
fn gallop(list: &mut &[Symbol], symbol: Symbol) -> bool {
    let mut step = 1;
    while list.get(step).is_some_and(|other| *other <= symbol) {
        *list = &list[step..];
        step *= 2;
    }
    let within = &list[..list.len().min(step)];
    *list = &list[within.partition_point(|other| *other < symbol)..];
    list.first() == Some(&symbol)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lists of numbers below 200, some of them long.
    fn list(state: &mut u32, one_in: u32) -> Vec<Symbol> {
        let mut is_in = |_: &u32| {
            *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (*state >> 16).is_multiple_of(one_in)
        };
        (1..200).filter(|number| is_in(number)).map(Symbol).collect()
    }

    #[test]
    fn what_all_lists_hold_is_found_whichever_of_them_stay() {
        let mut state = 1;
        for round in 0..400_u32 {
            let one_in = [1, 2, 9, 60, 300];
            let density = |side: u32| one_in[(round / 3 + side * (1 + round % 4)) as usize % one_in.len()];
            let lists: Vec<Vec<Symbol>> = (0..2 + round % 3).map(|side| list(&mut state, density(side))).collect();
            if lists.iter().any(Vec::is_empty) {
                continue;
            }
            let expected: Vec<Symbol> =
                lists[0].iter().filter(|symbol| lists.iter().all(|list| list.contains(symbol))).copied().collect();
            for staying in 0..1 << lists.len() {
                let mut met = Met::default();
                for (side, list) in lists.iter().enumerate() {
                    let stays = staying >> side & 1 == 1;
                    met.sides.push(MetSide { list, stays, ..MetSide::default() });
                }
                intersect(&mut met);
                assert_eq!(met.common, expected, "{lists:?} {staying:b}");
            }
        }
    }

    #[test]
    fn a_gallop_finds_what_is_there_and_goes_on_from_there() {
        let list: Vec<Symbol> = (1..100).map(|number| Symbol(number * 3)).collect();
        for step in 1..40 {
            let mut rest = &list[..];
            for number in (0..320).step_by(step) {
                assert_eq!(gallop(&mut rest, Symbol(number)), list.contains(&Symbol(number)), "{number} by {step}");
            }
        }
    }
}
