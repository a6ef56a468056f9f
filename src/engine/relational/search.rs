//! Search: the solutions of a body, found in nested loops over indexes.
//!
//! Registers hold the values of variables. Matching is exact, except in the possible plane,
//! where `⊥` matches anything and a variable that meets `⊥` and a value takes the value.

use std::ops::ControlFlow;

use super::body::{Body, Cell, Equation, Equations, Groups, Join, Marks, Mode, Operand, Step, Term};
use super::computed::Candidates;
use super::index::Rows;
use super::meet::Met;
use super::symbols::{Symbol, Symbols};
use super::table::Table;
use crate::engine::equation::{Ready, keep_this_round};

/// What a search looks at.
pub(super) struct Search<'a> {
    pub(super) tables: &'a [Table],
    pub(super) groups: &'a Groups,
    pub(super) symbols: &'a mut Symbols,
    /// Whether something turned out unknown where nothing was to be; what was found is then of no use.
    pub(super) failed: bool,
    /// By their number.
    marked: Vec<Marked>,
    /// By their number.
    pub(super) met: Vec<Met<'a>>,
}

/// The symbols that stand beside one symbol in a table, as bits.
#[derive(Default)]
struct Marked {
    beside: Option<Symbol>,
    bits: Vec<u64>,
    set: Vec<Symbol>,
}

impl Marked {
    fn mark(&mut self, beside: Symbol, table: &Table, marks: &Marks) {
        for symbol in self.set.drain(..) {
            self.bits[symbol.index() / 64] = 0;
        }
        self.beside = Some(beside);
        let rows = table.index(marks.index).rows(table.grid(), std::iter::once(beside));
        let _ = rows.find_map(0, u32::MAX, |row| {
            let symbol = table.row(row as usize)[marks.column];
            let word = symbol.index() / 64;
            if self.bits.len() <= word {
                self.bits.resize(word + 1, 0);
            }
            self.bits[word] |= 1 << (symbol.index() % 64);
            self.set.push(symbol);
            None::<()>
        });
    }
}

/// Told of each solution: the registers, and which row each positive atom matched.
pub(super) type Found<'f> = dyn FnMut(&[Symbol], &[u32]) -> ControlFlow<()> + 'f;

/// Registers that a row has given other values, with what they had.
type Undo = Vec<(usize, Symbol)>;

impl<'a> Search<'a> {
    pub(super) fn new(tables: &'a [Table], groups: &'a Groups, symbols: &'a mut Symbols) -> Self {
        Self { tables, groups, symbols, failed: false, marked: Vec::new(), met: Vec::new() }
    }

    /// Goes through the solutions until told to stop. Registers without a value are unbound.
    pub(super) fn solve(&mut self, body: &Body, registers: &mut [Symbol], found: &mut Found<'_>) -> ControlFlow<()> {
        self.step(body, 0, registers, &mut vec![0; body.atoms], found)
    }

    pub(super) fn step(
        &mut self,
        body: &Body,
        mut at: usize,
        registers: &mut [Symbol],
        matched: &mut [u32],
        found: &mut Found<'_>,
    ) -> ControlFlow<()> {
        loop {
            let holds = match body.steps.get(at) {
                None => return found(registers, matched),
                Some(Step::Join(join)) if body.mode == Mode::Possible => {
                    return self.join_loosely(body, at, join, registers, matched, found);
                }
                Some(Step::Join(join)) => {
                    return match &join.computed {
                        Some(computed) => self.join_computed(body, at, (join, computed), registers, matched, found),
                        None => self.join(body, at, join, registers, matched, found),
                    };
                }
                Some(Step::Meet(meet)) => return self.meet(body, at, meet, registers, matched, found),
                Some(Step::Equations(equations)) => {
                    return self.equations(body, at, equations, registers, matched, found);
                }
                Some(Step::Exists(join)) => self.exists(join, registers),
                Some(Step::IsMarked(marks)) => self.is_marked(marks, registers),
                Some(Step::Condition(condition)) => self.holds(body.mode, condition, registers),
            };
            if self.failed {
                return ControlFlow::Break(());
            }
            if !holds {
                return ControlFlow::Continue(());
            }
            at += 1;
        }
    }

    fn join(
        &mut self,
        body: &Body,
        at: usize,
        join: &Join,
        registers: &mut [Symbol],
        matched: &mut [u32],
        found: &mut Found<'_>,
    ) -> ControlFlow<()> {
        let table = &self.tables[join.table.index()];
        if let Some(rows) = look_up(table, join, registers) {
            return self.join_rows(body, at, join, rows, registers, matched, found);
        }
        let (low, high) = join.window.of(table);
        (low..high).try_for_each(|row| {
            if !bind(join, table.row(row as usize), registers) {
                return ControlFlow::Continue(());
            }
            matched[join.place] = row;
            self.step(body, at + 1, registers, matched, found)
        })
    }

    /// A join with the rows that an index has found.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn join_rows(
        &mut self,
        body: &Body,
        at: usize,
        join: &Join,
        rows: Rows<'_>,
        registers: &mut [Symbol],
        matched: &mut [u32],
        found: &mut Found<'_>,
    ) -> ControlFlow<()> {
        let table = &self.tables[join.table.index()];
        let (low, high) = join.window.of(table);
        let mut each = |row: u32, cells: &[Symbol]| {
            if !bind(join, cells, registers) {
                return ControlFlow::Continue(());
            }
            matched[join.place] = row;
            self.step(body, at + 1, registers, matched, found)
        };
        match rows {
            Rows::Sorted(rows, cells) => {
                let mut cells = cells.chunks_exact(table.arity().max(1));
                rows.iter().try_for_each(|row| each(*row, cells.next().unwrap_or_default()))
            }
            chained @ Rows::Chained(..) => {
                let stopped =
                    chained.find_map(low, high, |row| each(row, table.row(row as usize)).is_break().then_some(()));
                if stopped.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            }
        }
    }

    /// Whether an atom all of whose variables have values has a match, exactly.
    fn exists(&self, join: &Join, registers: &[Symbol]) -> bool {
        let table = &self.tables[join.table.index()];
        let (low, high) = join.window.of(table);
        let Some(rows) = look_up(table, join, registers) else { return low < high };
        let fits = |row: u32| {
            let cells = table.row(row as usize);
            join.rest.iter().all(|(column, cell)| match cell {
                Cell::Same(register) => cells[*column] == registers[*register],
                Cell::Bind(_) => true,
            })
        };
        rows.find_map(low, high, |row| fits(row).then_some(())).is_some()
    }

    fn is_marked(&mut self, marks: &Marks, registers: &[Symbol]) -> bool {
        if self.marked.len() <= marks.number {
            self.marked.resize_with(marks.number + 1, Marked::default);
        }
        let marked = &mut self.marked[marks.number];
        let beside = registers[marks.stays];
        if marked.beside != Some(beside) {
            marked.mark(beside, &self.tables[marks.table.index()], marks);
        }
        let symbol = registers[marks.runs];
        marked.bits.get(symbol.index() / 64).is_some_and(|word| word >> (symbol.index() % 64) & 1 == 1)
    }

    fn join_loosely(
        &mut self,
        body: &Body,
        at: usize,
        join: &Join,
        registers: &mut [Symbol],
        matched: &mut [u32],
        found: &mut Found<'_>,
    ) -> ControlFlow<()> {
        let candidates = match &join.computed {
            None => Candidates::Of(Symbol::UNBOUND, None),
            Some(computed) => self.candidates(body.mode, computed, registers),
        };
        let table = &self.tables[join.table.index()];
        let (low, high) = join.window.of(table);
        let mut undo = Undo::new();
        let mut each = |row: u32, registers: &mut [Symbol]| {
            let flow = if bind_loosely(join, table.row(row as usize), registers, &mut undo) {
                matched[join.place] = row;
                self.step(body, at + 1, registers, matched, found)
            } else {
                ControlFlow::Continue(())
            };
            for (register, symbol) in undo.drain(..).rev() {
                registers[register] = symbol;
            }
            flow
        };
        let key: Vec<Symbol> = join.key.iter().map(|term| term.of(registers)).collect();
        let (index, first, second) = match (candidates, join.index) {
            (Candidates::None, _) => return ControlFlow::Continue(()),
            (Candidates::Of(first, second), Some(index)) if !key.iter().any(|symbol| symbol.is_unknown()) => {
                (table.index(index), first, second)
            }
            _ => return (low..high).try_for_each(|row| each(row, registers)),
        };
        for row in index.loose().iter().copied().filter(|row| (low..high).contains(row)) {
            each(row, registers)?;
        }
        let computed = |symbol: Symbol| join.computed.as_ref().map(|_| symbol);
        for symbol in std::iter::once(first).chain(second) {
            let rows = index.rows(table.grid(), key.iter().copied().chain(computed(symbol)));
            if rows.find_map(low, high, |row| each(row, registers).is_break().then_some(())).is_some() {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }

    fn equations(
        &mut self,
        body: &Body,
        at: usize,
        equations: &Equations,
        registers: &mut [Symbol],
        matched: &mut [u32],
        found: &mut Found<'_>,
    ) -> ControlFlow<()> {
        let holds = self.equate(body.mode, equations, registers);
        let flow = match holds {
            _ if self.failed => ControlFlow::Break(()),
            true => self.step(body, at + 1, registers, matched, found),
            false => ControlFlow::Continue(()),
        };
        for register in &equations.binds {
            registers[*register] = Symbol::UNBOUND;
        }
        flow
    }

    /// Binds in rounds: in each all equations whose other side is bound, those with a known
    /// value first, those with `⊥` once no known value is left to be had. What remains is compared.
    fn equate(&mut self, mode: Mode, equations: &Equations, registers: &mut [Symbol]) -> bool {
        let mut waiting: Vec<usize> = (0..equations.equations.len()).collect();
        loop {
            let Some(mut ready) = self.ready(mode, equations, &waiting, registers) else { return false };
            if ready.is_empty() {
                break;
            }
            let values = &self.symbols;
            let order = |a: &Symbol, b: &Symbol| values.value(*a).cmp(values.value(*b));
            if !keep_this_round(&mut ready, |symbol| symbol.is_unknown(), order) && mode != Mode::Possible {
                return false;
            }
            for Ready { equation, variable, value } in ready {
                registers[variable] = value;
                waiting.retain(|other| *other != equation);
            }
        }
        waiting.iter().all(|equation| {
            let [left, right] = &equations.equations[*equation].sides;
            self.compares(mode, left, crate::program::CompareOp::Eq, right, registers)
        })
    }

    /// Equations that can bind a register now; none if one has no value at all.
    fn ready(
        &mut self,
        mode: Mode,
        equations: &Equations,
        waiting: &[usize],
        registers: &[Symbol],
    ) -> Option<Vec<Ready<Symbol>>> {
        let mut ready = Vec::new();
        for equation in waiting {
            let Equation { sides, needs } = &equations.equations[*equation];
            for (side, other) in [(0, 1), (1, 0)] {
                let Operand::Term(Term::Register(register)) = &sides[side] else { continue };
                let is_open = equations.binds.contains(register) && registers[*register] == Symbol::UNBOUND;
                if !is_open || needs[other].iter().any(|needed| registers[*needed] == Symbol::UNBOUND) {
                    continue;
                }
                let value = self.value(mode, &sides[other], registers)?;
                ready.push(Ready { equation: *equation, variable: *register, value });
            }
        }
        Some(ready)
    }
}

/// The rows that an index has under the values of a join's known columns; none without an index.
fn look_up<'t>(table: &'t Table, join: &Join, registers: &[Symbol]) -> Option<Rows<'t>> {
    let index = table.index(join.index?);
    let grid = table.grid();
    if join.key.is_empty() {
        return index.all();
    }
    Some(match *join.key.as_slice() {
        // The common cases without a loop.
        [one] => index.rows(grid, std::iter::once(one.of(registers))),
        [one, two] => index.rows(grid, [one.of(registers), two.of(registers)].into_iter()),
        _ => index.rows(grid, join.key.iter().map(|term| term.of(registers))),
    })
}

/// Binds variables to the cells of a row that an index has found; false if it does not fit.
pub(super) fn bind(join: &Join, cells: &[Symbol], registers: &mut [Symbol]) -> bool {
    join.rest.iter().all(|(column, cell)| {
        let symbol = cells[*column];
        match cell {
            Cell::Bind(register) => {
                registers[*register] = symbol;
                !symbol.is_unknown()
            }
            Cell::Same(register) => registers[*register] == symbol,
        }
    })
}

/// As [`bind`], of all columns, where `⊥` matches anything.
fn bind_loosely(join: &Join, cells: &[Symbol], registers: &mut [Symbol], undo: &mut Undo) -> bool {
    join.all.iter().all(|(column, term)| {
        let symbol = cells[*column];
        let wanted = term.of(registers);
        if let Term::Register(register) = term
            && (wanted == Symbol::UNBOUND || (wanted.is_unknown() && !symbol.is_unknown()))
        {
            undo.push((*register, wanted));
            registers[*register] = symbol;
            return true;
        }
        wanted.is_unknown() || symbol.is_unknown() || wanted == symbol
    })
}
