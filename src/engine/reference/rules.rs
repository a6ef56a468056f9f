//! The rules, to be read beside "Meaning: certain and possible" of the language page.
//!
//! A partial binding of a clause grows step by step along the clause's plan: a positive
//! atom joins it with a tuple, a condition lets it pass, equations complete it. What a rule
//! calls judges one literal under one binding, against one tuple if it is an atom; joining
//! and the fixpoint are here, semi-naive, one run for a stratum and plane.
// What crepe writes has no documentation, and a handle hashes by its address, which does not change.
#![allow(missing_docs, clippy::mutable_key_type)]

use crepe::crepe;

use super::context::{BindingId, Context, Handle, Key, TupleId};
use crate::program::{ClauseId, PredicateId};

crepe! {
    // One row: what the functions below judge against.
    @input
    struct Scope<'a>(Handle<'a>);

    // Clauses that may hold.
    @input
    struct Start(ClauseId);

    // Tuples of relations that are complete.
    @input
    struct Known(PredicateId, TupleId);

    // The literals before a step of a clause's plan hold under a binding.
    struct Partial(ClauseId, usize, BindingId);

    // A tuple of a complete relation is found under a key.
    struct Found(PredicateId, Key, TupleId);

    // At an atom of a relation that still grows, a binding awaits tuples under a key.
    struct Awaiting(PredicateId, Key, ClauseId, usize, BindingId);

    // A tuple of a relation that still grows is offered under a key.
    struct Offered(PredicateId, Key, TupleId);

    // All literals of a clause hold under a binding.
    @output
    struct Derived(ClauseId, BindingId);

    // A clause concludes a tuple.
    @output
    struct Concluded(PredicateId, TupleId);

    Partial(c, 0, b) <- Start(c), Scope(x), let b = x.unbound(c);

    Found(p, k, t) <- Known(p, t), Scope(x), for key in x.offered(p, t), let k = key;
    Partial(c, s + 1, j) <- Partial(c, s, b), Scope(x), let Some(p) = x.complete_atom(c, s),
        for key in x.asked(c, s, b), let k = key, Found(p, k, t), let Some(j) = x.join(c, s, b, t);

    Awaiting(p, k, c, s, b) <- Partial(c, s, b), Scope(x), let Some(p) = x.growing_atom(c, s),
        for key in x.asked(c, s, b), let k = key;
    Offered(p, k, t) <- Concluded(p, t), Scope(x), for key in x.offered(p, t), let k = key;
    Partial(c, s + 1, j) <- Awaiting(p, k, c, s, b), Offered(p, k, t), Scope(x), let Some(j) = x.join(c, s, b, t);

    Partial(c, s + 1, b) <- Partial(c, s, b), Scope(x), (x.condition(c, s, b));
    Partial(c, s + 1, e) <- Partial(c, s, b), Scope(x), let Some(e) = x.equations(c, s, b);

    Derived(c, b) <- Partial(c, s, b), Scope(x), (x.is_whole(c, s));
    Concluded(p, t) <- Derived(c, b), Scope(x), let (p, t) = x.head(c, b);
}

/// Derivations and tuples concluded, in no order.
type Fixpoint = (Vec<(ClauseId, BindingId)>, Vec<(PredicateId, TupleId)>);

/// Runs the rules to their fixpoint.
pub(super) fn run(context: &Context<'_>, starts: Vec<ClauseId>, known: Vec<(PredicateId, TupleId)>) -> Fixpoint {
    let mut crepe = Crepe::new();
    crepe.extend([Scope(Handle(context))]);
    crepe.extend(starts.into_iter().map(Start));
    crepe.extend(known.into_iter().map(|(predicate, tuple)| Known(predicate, tuple)));
    let (derived, concluded) = crepe.run_with_hasher::<rustc_hash::FxBuildHasher>();
    let derived = derived.into_iter().map(|Derived(clause, binding)| (clause, binding)).collect();
    let concluded = concluded.into_iter().map(|Concluded(predicate, tuple)| (predicate, tuple)).collect();
    (derived, concluded)
}
