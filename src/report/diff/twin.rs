//! An issue that two policies know, as a fact file and as JSON.

use serde_json::{Map, Value as Json};

use crate::diff::Pair;
use crate::diff::twin::{Twin, TwinFact};
use crate::issue::FactState;
use crate::program::{FactKind, Given};
use crate::report::given;

/// What is given of each fact: its name, of which kind, and what.
fn said<'a>(
    pair: Pair<'a>,
    facts: &'a [TwinFact],
    twin: &'a Twin,
) -> impl Iterator<Item = (&'a str, &'a FactKind, &'a Given)> {
    facts.iter().filter_map(move |fact| {
        let new = fact.new.map(|id| pair.new.fact(id));
        let known = new.or(fact.old.map(|id| pair.old.fact(id)))?;
        match twin.state(fact) {
            FactState::Given(given) => Some((&*fact.name, &known.kind, given)),
            _ => None,
        }
    })
}

/// The lines of a fact file; nothing if nothing needs to be said.
pub fn document(pair: Pair<'_>, facts: &[TwinFact], twin: &Twin) -> String {
    said(pair, facts, twin).map(|(name, kind, given)| format!("{name} = {}\n", given::toml(kind, given))).collect()
}

/// The same as JSON.
pub(super) fn json(pair: Pair<'_>, facts: &[TwinFact], twin: &Twin) -> Json {
    said(pair, facts, twin)
        .map(|(name, kind, given)| (name.to_owned(), given::json(kind, given)))
        .collect::<Map<_, _>>()
        .into()
}
