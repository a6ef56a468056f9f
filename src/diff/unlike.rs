//! What issues can say that two policies do not make the same of: only one of them reads it,
//! they take it for different things, or they assume different values where it is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Pair, Side};
use crate::program::{Domain, Fact, FactKind, Given, Scalar};

/// Something of a fact that both policies know and do not make the same of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlike {
    /// The fact.
    pub fact: Arc<str>,
    /// What of it.
    pub what: What,
}

/// What is not the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// What the fact is in each policy: no value of one is a value of the other.
    Kinds(String, String),
    /// Options, or other spellings of them, that only one policy reads.
    Only(Side, Words),
    /// A spelling, with the option that it is in each policy.
    Otherwise(Words, Arc<str>, Arc<str>),
    /// What each policy assumes where an issue leaves the fact out; `None`: it is unknown then.
    Assumed(Option<Given>, Option<Given>),
}

/// Spellings of options that a fact, or a column of it, may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Whether the fact has one value, many, or rows with this column.
    pub place: Place,
    /// The spellings, sorted.
    pub words: Vec<Arc<str>>,
}

/// Where an option may stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// It is the value of the fact.
    Value,
    /// It is in the list.
    Item,
    /// It is in this column of a row.
    Column(Arc<str>),
}

/// Everything of the facts that both know, in the new policy's order.
pub fn unlike(pair: Pair<'_>) -> Vec<Unlike> {
    let both = pair.new.facts.iter().filter_map(|new| Some((pair.old.fact(*pair.old.fact_ids.get(&new.name)?), new)));
    both.flat_map(|(old, new)| of_fact(old, new).into_iter().map(|what| Unlike { fact: new.name.clone(), what }))
        .collect()
}

/// What two facts of one name are if no value of one is a value of the other, so that no issue can say both.
pub fn kinds(old: &Fact, new: &Fact) -> Option<(String, String)> {
    let plain = (kind(&old.kind, false), kind(&new.kind, false));
    if plain.0 != plain.1 {
        return Some(plain);
    }
    let nothing_shared = |(old, new): (&Domain, &Domain)| {
        old.scalar == Scalar::Choice && !old.options.iter().any(|option| new.options.iter().any(|o| o.id == option.id))
    };
    let apart = domains(&old.kind).zip(domains(&new.kind)).any(nothing_shared);
    apart.then(|| (kind(&old.kind, true), kind(&new.kind, true)))
}

fn of_fact(old: &Fact, new: &Fact) -> Vec<What> {
    if let Some((old, new)) = kinds(old, new) {
        return vec![What::Kinds(old, new)];
    }
    let mut found = Vec::new();
    for (place, (old, new)) in places(&new.kind).into_iter().zip(domains(&old.kind).zip(domains(&new.kind))) {
        of_domain(&place, old, new, &mut found);
    }
    if old.default != new.default {
        found.push(What::Assumed(old.default.clone(), new.default.clone()));
    }
    found
}

fn of_domain(place: &Place, old: &Domain, new: &Domain, found: &mut Vec<What>) {
    let (old, new) = (spellings(old), spellings(new));
    let words = |words: Vec<Arc<str>>| Words { place: place.clone(), words };
    for (side, mine, other) in [(Side::Old, &old, &new), (Side::New, &new, &old)] {
        let only: Vec<Arc<str>> = mine.keys().filter(|word| !other.contains_key(*word)).cloned().collect();
        if !only.is_empty() {
            found.push(What::Only(side, words(only)));
        }
    }
    for (word, before) in old {
        match new.get(&word) {
            Some(now) if *now != before => found.push(What::Otherwise(words(vec![word]), before, now.clone())),
            _ => {}
        }
    }
}

/// Every spelling that issues may use, with its option.
fn spellings(domain: &Domain) -> BTreeMap<Arc<str>, Arc<str>> {
    let options: BTreeSet<&Arc<str>> = domain.options.iter().map(|option| &option.id).collect();
    let aliases = domain.aliases.iter().filter(|(_, option)| options.contains(option));
    let aliases = aliases.map(|(word, option)| (word.clone(), option.clone()));
    // An option is itself, whatever else is spelled like it.
    aliases.chain(options.iter().map(|option| (Arc::clone(option), Arc::clone(option)))).collect()
}

fn domains(kind: &FactKind) -> impl Iterator<Item = &Domain> {
    let (single, columns) = match kind {
        FactKind::Single(domain) | FactKind::List(domain) => (Some(domain), [].as_slice()),
        FactKind::Records(columns) => (None, columns.as_slice()),
    };
    single.into_iter().chain(columns.iter().map(|column| &column.domain))
}

fn places(kind: &FactKind) -> Vec<Place> {
    match kind {
        FactKind::Single(_) => vec![Place::Value],
        FactKind::List(_) => vec![Place::Item],
        FactKind::Records(columns) => columns.iter().map(|column| Place::Column(column.name.clone())).collect(),
    }
}

/// The kind of a fact, as far as values of one kind cannot be of another; with options, if they are wanted.
fn kind(kind: &FactKind, with_options: bool) -> String {
    let scalar = |domain: &Domain| {
        let options: Vec<&str> = domain.options.iter().map(|option| &*option.id).collect();
        let of =
            if with_options && !options.is_empty() { format!(" of {}", options.join(", ")) } else { String::new() };
        format!("{}{of}", domain.scalar.as_str())
    };
    match kind {
        FactKind::Single(domain) => scalar(domain),
        FactKind::List(domain) => format!("list of {}", scalar(domain)),
        FactKind::Records(columns) => {
            let columns = columns.iter().map(|column| format!("{}: {}", column.name, scalar(&column.domain)));
            format!("records of {}", columns.collect::<Vec<_>>().join("; "))
        }
    }
}
