//! What the rules call: one step of one clause under one binding.
//!
//! Bindings and tuples are interned, so that relations hold small numbers; the numbers
//! mean nothing outside one run, and no output depends on them.

use std::cell::RefCell;
use std::hash::{BuildHasher, Hash, Hasher};
use std::ops::Deref;
use std::rc::Rc;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use crate::engine::judge::{Undo, join};
use crate::engine::plan::Step;
use crate::engine::{Binding, Derivation, Interpretation, Plane, Tuple};
use crate::program::{Atom, Clause, ClauseId, Expr, LiteralKind, PredicateId};
use crate::value::Value;

/// An interned binding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct BindingId(u32);

/// An interned tuple.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TupleId(u32);

/// What tuples are looked up by: a column with a value, or nothing. Two such may share a
/// key; the join itself compares the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key(u64);

impl Key {
    /// Under which every tuple is found.
    const ANY: Self = Self(0);

    fn new(column: usize, value: &Value) -> Self {
        let mut hasher = FxBuildHasher.build_hasher();
        column.hash(&mut hasher);
        value.hash(&mut hasher);
        Self(hasher.finish() | 1)
    }
}

/// A context as a value of a relation; two are equal if they are the same one.
#[derive(Clone, Copy)]
pub(super) struct Handle<'a>(pub(super) &'a Context<'a>);

impl PartialEq for Handle<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Handle<'_> {}

impl Hash for Handle<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::ptr::from_ref(self.0).addr().hash(state);
    }
}

impl<'a> Deref for Handle<'a> {
    type Target = Context<'a>;

    fn deref(&self) -> &Context<'a> {
        self.0
    }
}

/// Numbers for equal things.
#[derive(Debug)]
struct Interner<T> {
    items: Vec<T>,
    ids: FxHashMap<T, u32>,
}

impl<T: Clone + Eq + Hash> Interner<T> {
    fn new() -> Self {
        Self { items: Vec::new(), ids: FxHashMap::default() }
    }

    fn intern(&mut self, item: T) -> u32 {
        if let Some(id) = self.ids.get(&item) {
            return *id;
        }
        let id = u32::try_from(self.items.len()).expect("invariant: fewer than 2^32 bindings in one run");
        self.items.push(item.clone());
        self.ids.insert(item, id);
        id
    }
}

/// One run: what is judged against, in which plane, and what has been interned.
pub(super) struct Context<'a> {
    interpretation: Interpretation<'a>,
    plane: Plane,
    growing: &'a FxHashSet<PredicateId>,
    bindings: RefCell<Interner<Rc<Binding>>>,
    tuples: RefCell<Interner<Tuple>>,
}

impl<'a> Context<'a> {
    /// A run in a plane over what is known so far; the relations `growing` are what it concludes.
    pub(super) fn new(interpretation: Interpretation<'a>, plane: Plane, growing: &'a FxHashSet<PredicateId>) -> Self {
        let (bindings, tuples) = (RefCell::new(Interner::new()), RefCell::new(Interner::new()));
        Self { interpretation, plane, growing, bindings, tuples }
    }

    /// Whether no positive atom of a clause is sure to find nothing.
    pub(super) fn may_start(&self, clause: ClauseId) -> bool {
        self.positive_atoms(clause).all(|p| self.growing.contains(&p) || !self.relation(p).is_empty())
    }

    /// The tuples of complete relations that these clauses look at.
    pub(super) fn known_tuples(&self, clauses: &[ClauseId]) -> Vec<(PredicateId, TupleId)> {
        let mut seen = FxHashSet::default();
        let mut known = Vec::new();
        for predicate in clauses.iter().flat_map(|clause| self.positive_atoms(*clause)) {
            if !self.growing.contains(&predicate) && seen.insert(predicate) {
                let tuples = self.relation(predicate).iter();
                known.extend(tuples.map(|tuple| (predicate, self.intern_tuple(tuple.clone()))));
            }
        }
        known
    }

    fn relation(&self, predicate: PredicateId) -> &'a [Tuple] {
        &self.interpretation.model.relation(self.plane, predicate).tuples
    }

    fn clause(&self, id: ClauseId) -> &'a Clause {
        self.interpretation.program.clause(id)
    }

    fn step(&self, clause: ClauseId, step: usize) -> Option<&'a Step> {
        self.interpretation.plan.clause(clause).steps.get(step)
    }

    fn positive_atoms(&self, clause: ClauseId) -> impl Iterator<Item = PredicateId> + use<'a> {
        let body = &self.clause(clause).body;
        self.interpretation.plan.clause(clause).atoms.iter().filter_map(|literal| match &body[*literal].kind {
            LiteralKind::Atom(atom) => Some(atom.predicate),
            _ => None,
        })
    }

    fn atom_and_key(&self, clause: ClauseId, step: usize) -> Option<(&'a Atom, Option<usize>)> {
        let Some(Step::Atom { literal, key }) = self.step(clause, step) else { return None };
        match &self.clause(clause).body[*literal].kind {
            LiteralKind::Atom(atom) => Some((atom, *key)),
            _ => None,
        }
    }

    fn intern_binding(&self, binding: Rc<Binding>) -> BindingId {
        BindingId(self.bindings.borrow_mut().intern(binding))
    }

    fn binding(&self, id: BindingId) -> Rc<Binding> {
        self.bindings.borrow().items[id.0 as usize].clone()
    }

    fn intern_tuple(&self, tuple: Tuple) -> TupleId {
        TupleId(self.tuples.borrow_mut().intern(tuple))
    }

    /// The tuple of a number.
    pub(super) fn tuple(&self, id: TupleId) -> Tuple {
        self.tuples.borrow().items[id.0 as usize].clone()
    }

    /// The binding a clause starts with: no variable has a value.
    pub(super) fn unbound(&self, clause: ClauseId) -> BindingId {
        self.intern_binding(std::iter::repeat_n(None, self.clause(clause).variables.len()).collect())
    }

    /// The relation of the atom to be joined at a step, if it is one that is complete.
    pub(super) fn complete_atom(&self, clause: ClauseId, step: usize) -> Option<PredicateId> {
        let (atom, _) = self.atom_and_key(clause, step)?;
        (!self.growing.contains(&atom.predicate)).then_some(atom.predicate)
    }

    /// The relation of the atom to be joined at a step, if it is one that still grows.
    pub(super) fn growing_atom(&self, clause: ClauseId, step: usize) -> Option<PredicateId> {
        let (atom, _) = self.atom_and_key(clause, step)?;
        self.growing.contains(&atom.predicate).then_some(atom.predicate)
    }

    /// The keys under which an atom's tuples are looked for: the value of its key column and,
    /// in the possible plane, `⊥`.
    pub(super) fn asked(&self, clause: ClauseId, step: usize, binding: BindingId) -> impl Iterator<Item = Key> + use<> {
        let keys = match self.atom_and_key(clause, step) {
            Some((atom, Some(column))) => self.keys(column, &atom.args[column], binding),
            _ => [Some(Key::ANY), None],
        };
        keys.into_iter().flatten()
    }

    fn keys(&self, column: usize, arg: &Expr, binding: BindingId) -> [Option<Key>; 2] {
        let bound = self.binding(binding);
        let value = match arg {
            Expr::Constant(value) => Some(value),
            Expr::Variable(v) => bound[v.index()].as_ref(),
            _ => None,
        };
        let unknown = (self.plane == Plane::Possible).then(|| Key::new(column, &Value::Unknown));
        match value {
            Some(value) if !value.is_unknown() => [Some(Key::new(column, value)), unknown],
            _ => [Some(Key::ANY), None],
        }
    }

    /// The keys under which a tuple is found.
    pub(super) fn offered(&self, predicate: PredicateId, tuple: TupleId) -> impl Iterator<Item = Key> + use<> {
        let columns = self.interpretation.plan.keyed_columns(predicate);
        let tuples = self.tuples.borrow();
        let cells = &tuples.items[tuple.0 as usize];
        let keys: Vec<Key> = columns.iter().map(|column| Key::new(*column, &cells[*column])).collect();
        std::iter::once(Key::ANY).chain(keys)
    }

    /// A binding grown by a tuple that the atom at a step matches.
    pub(super) fn join(&self, clause: ClauseId, step: usize, binding: BindingId, tuple: TupleId) -> Option<BindingId> {
        let (atom, _) = self.atom_and_key(clause, step)?;
        if atom.args.is_empty() {
            return Some(binding);
        }
        let mut grown = self.binding(binding).to_vec();
        let mut undo = Undo::new();
        if !join(self.plane, atom, &self.tuple(tuple), &mut grown, &mut undo) {
            return None;
        }
        Some(if undo.is_empty() { binding } else { self.intern_binding(grown.into()) })
    }

    /// Whether a step is a condition and holds.
    pub(super) fn condition(&self, clause: ClauseId, step: usize, binding: BindingId) -> bool {
        let Some(Step::Condition(literal)) = self.step(clause, step) else { return false };
        self.interpretation.holds(self.plane, &self.clause(clause).body[*literal], &self.binding(binding))
    }

    /// A binding completed by the equations of a step, if they hold.
    pub(super) fn equations(&self, clause: ClauseId, step: usize, binding: BindingId) -> Option<BindingId> {
        let Some(Step::Equations { literals, binds }) = self.step(clause, step) else { return None };
        let mut bound = self.binding(binding).to_vec();
        let body = &self.clause(clause).body;
        let holds = self.interpretation.equate(self.plane, body, literals, binds, &mut bound);
        holds.then(|| self.intern_binding(bound.into()))
    }

    /// Whether a clause has no step left.
    pub(super) fn is_whole(&self, clause: ClauseId, step: usize) -> bool {
        self.step(clause, step).is_none()
    }

    /// What a clause concludes under a binding.
    pub(super) fn head(&self, clause: ClauseId, binding: BindingId) -> (PredicateId, TupleId) {
        let tuple = self.head_tuple(clause, &self.binding(binding));
        (self.clause(clause).head, self.intern_tuple(tuple))
    }

    fn head_tuple(&self, clause: ClauseId, binding: &Binding) -> Tuple {
        let value = |arg: &Expr| self.interpretation.value(arg, binding).map_or(Value::Unknown, |v| v.into_owned());
        self.clause(clause).args.iter().map(value).collect()
    }

    /// The record of a clause that holds under a binding.
    pub(super) fn derivation(&self, clause: ClauseId, binding: BindingId) -> Derivation {
        let binding = self.binding(binding);
        let tuple = self.head_tuple(clause, &binding);
        Derivation { clause, binding: binding.to_vec().into(), tuple }
    }
}
