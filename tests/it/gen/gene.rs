//! What proptest generates and shrinks: genes, which the builders read as choices.
//!
//! Every choice has its simplest case at 0 and a gene that is used up gives 0, so that
//! smaller genes are simpler policies; no gene gives a policy that the checks refuse.

use proptest::collection::vec;
use proptest::prelude::*;

/// Choices, and genes for what is inside.
#[derive(Debug, Clone, Default)]
pub struct Gene {
    pub choices: Vec<u8>,
    pub inner: Vec<Gene>,
}

/// Genes of one policy.
#[derive(Debug, Clone)]
pub struct PolicyGene {
    pub facts: Vec<Gene>,
    pub nodes: Vec<NodeGene>,
    pub overrides: Vec<u8>,
}

/// A conclusion or a decision, with the rules that conclude it.
#[derive(Debug, Clone)]
pub struct NodeGene {
    pub choices: Vec<u8>,
    /// Each rule's clauses; `inner` of a clause's gene are its literals.
    pub rules: Vec<Vec<Gene>>,
}

fn literal() -> impl Strategy<Value = Gene> {
    let leaf = vec(any::<u8>(), 0..14).prop_map(|choices| Gene { choices, inner: Vec::new() });
    leaf.prop_recursive(2, 12, 3, |inner| {
        (vec(any::<u8>(), 0..14), vec(inner, 0..4)).prop_map(|(choices, inner)| Gene { choices, inner })
    })
}

fn flat(choices: std::ops::Range<usize>) -> impl Strategy<Value = Gene> {
    vec(any::<u8>(), choices).prop_map(|choices| Gene { choices, inner: Vec::new() })
}

/// Genes of random policies.
pub fn policy() -> impl Strategy<Value = PolicyGene> {
    let clause = (vec(any::<u8>(), 0..8), vec(literal(), 0..5)).prop_map(|(choices, inner)| Gene { choices, inner });
    let rules = vec(vec(clause, 1..3), 1..4);
    let node = (vec(any::<u8>(), 0..10), rules).prop_map(|(choices, rules)| NodeGene { choices, rules });
    (vec(flat(0..12), 1..7), vec(node, 1..6), vec(any::<u8>(), 0..6)).prop_map(|(facts, nodes, overrides)| PolicyGene {
        facts,
        nodes,
        overrides,
    })
}

/// Genes of random issues: one for each fact.
pub fn issue() -> impl Strategy<Value = Vec<Gene>> {
    vec(flat(0..14), 7)
}

/// A random order of anything: see [`Tape::shuffle`].
pub fn order() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..64)
}

/// Reads choices one after the other.
pub struct Tape<'a> {
    choices: &'a [u8],
    at: usize,
}

impl<'a> Tape<'a> {
    pub fn new(choices: &'a [u8]) -> Self {
        Self { choices, at: 0 }
    }

    fn byte(&mut self) -> u8 {
        let byte = self.choices.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        byte
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        usize::from(self.byte()) % n.max(1)
    }

    /// True in `n` of 16 cases.
    pub fn chance(&mut self, n: u8) -> bool {
        self.byte() % 16 > 15 - n.min(15)
    }

    /// One of some, by weight.
    pub fn weighted<T: Copy>(&mut self, cases: &[(u8, T)]) -> T {
        let total: u32 = cases.iter().map(|(weight, _)| u32::from(*weight)).sum();
        let mut left = u32::from(self.byte()) % total;
        for (weight, case) in cases {
            if left < u32::from(*weight) {
                return *case;
            }
            left -= u32::from(*weight);
        }
        cases[0].1
    }

    /// One of some; `None` of none.
    pub fn one<'t, T>(&mut self, items: &'t [T]) -> Option<&'t T> {
        let index = self.below(items.len());
        items.get(index)
    }

    /// Another order; as it is if the tape is used up.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = i - self.below(i + 1);
            items.swap(i, j);
        }
    }
}
