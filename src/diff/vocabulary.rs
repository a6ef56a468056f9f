//! Whether two policies read issues alike: the same facts, in the same order, of the same kinds.

use super::Pair;
use crate::program::{Domain, Fact, FactKind};

/// Whether two policies make the same of whatever an issue says.
pub(super) fn same_vocabulary(pair: Pair<'_>) -> bool {
    let facts = pair.old.facts.iter().zip(&pair.new.facts);
    let same =
        |old: &Fact, new: &Fact| old.name == new.name && old.default == new.default && same_kind(&old.kind, &new.kind);
    pair.old.facts.len() == pair.new.facts.len() && facts.into_iter().all(|(old, new)| same(old, new))
}

fn same_kind(old: &FactKind, new: &FactKind) -> bool {
    match (old, new) {
        (FactKind::Single(old), FactKind::Single(new)) | (FactKind::List(old), FactKind::List(new)) => {
            same_domain(old, new)
        }
        (FactKind::Records(old), FactKind::Records(new)) => {
            let columns = old.iter().zip(new);
            old.len() == new.len()
                && columns.into_iter().all(|(old, new)| old.name == new.name && same_domain(&old.domain, &new.domain))
        }
        _ => false,
    }
}

fn same_domain(old: &Domain, new: &Domain) -> bool {
    let ids = |domain: &Domain| domain.options.iter().map(|option| option.id.clone()).collect::<Vec<_>>();
    old.scalar == new.scalar && ids(old) == ids(new) && old.aliases == new.aliases
}
