//! Symbols: values as dense numbers, so that relations are columns of 32-bit cells.
//!
//! Equal values have equal symbols. `⊥` is symbol 0. Symbols that were there when
//! [`Symbols::sort`] was called order as their values do.

use std::cmp::Ordering;

use rustc_hash::FxHashMap;

use crate::value::Value;

/// A value by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Symbol(pub(super) u32);

impl Symbol {
    /// `⊥`.
    pub const UNKNOWN: Self = Self(0);
    /// A register without a value; no value has this symbol.
    pub(super) const UNBOUND: Self = Self(u32::MAX);

    /// As an index into tables of values.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// Whether this is `⊥`.
    pub fn is_unknown(self) -> bool {
        self == Self::UNKNOWN
    }
}

/// The values that have symbols.
#[derive(Debug, Clone)]
pub struct Symbols {
    values: Vec<Value>,
    /// Of integers, which most computed values are.
    integers: FxHashMap<i64, Symbol>,
    /// Of all other values.
    others: FxHashMap<Value, Symbol>,
    /// Whether some value is a number, which may compare as equal to an integer.
    has_numbers: bool,
}

impl Default for Symbols {
    fn default() -> Self {
        let others = [(Value::Unknown, Symbol::UNKNOWN)].into_iter().collect();
        Self { values: vec![Value::Unknown], integers: FxHashMap::default(), others, has_numbers: false }
    }
}

impl Symbols {
    /// The symbol of a value, which is a new one if the value has none.
    pub fn intern(&mut self, value: &Value) -> Symbol {
        self.find(value).unwrap_or_else(|| self.add(value.clone()))
    }

    /// The symbol of a value, if it has one.
    pub(super) fn find(&self, value: &Value) -> Option<Symbol> {
        match value {
            Value::Integer(integer) => self.integers.get(integer).copied(),
            Value::Number(_) if !self.has_numbers => None,
            other => self.others.get(other).copied(),
        }
    }

    fn add(&mut self, value: Value) -> Symbol {
        let number = u32::try_from(self.values.len()).expect("invariant: so many values fit into no memory");
        self.values.push(value.clone());
        self.has_numbers |= matches!(value, Value::Number(_));
        match value {
            Value::Integer(integer) => self.integers.insert(integer, Symbol(number)),
            other => self.others.insert(other, Symbol(number)),
        };
        Symbol(number)
    }

    /// The value of a symbol.
    pub fn value(&self, symbol: Symbol) -> &Value {
        &self.values[symbol.index()]
    }

    /// The values of all symbols, in the order of symbols.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// How many symbols there are.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// How two values compare, as [`Value::compare`].
    pub(super) fn compare(&self, left: Symbol, right: Symbol) -> Option<Ordering> {
        if left == right {
            return (!left.is_unknown()).then_some(Ordering::Equal);
        }
        self.value(left).compare(self.value(right))
    }

    /// Numbers all symbols in the order of their values; the new symbol of each old one.
    pub(super) fn sort(&mut self) -> Vec<Symbol> {
        let mut order: Vec<u32> = (0..self.values.len() as u32).collect();
        order.sort_unstable_by(|a, b| self.values[*a as usize].cmp(&self.values[*b as usize]));
        let mut renamed = vec![Symbol::UNKNOWN; order.len()];
        for (new, old) in order.iter().enumerate() {
            renamed[*old as usize] = Symbol(new as u32);
        }
        self.values =
            order.iter().map(|old| std::mem::replace(&mut self.values[*old as usize], Value::Unknown)).collect();
        let symbols = self.integers.values_mut().chain(self.others.values_mut());
        symbols.for_each(|symbol| *symbol = renamed[symbol.index()]);
        renamed
    }

    /// For each symbol its place in the order of values.
    pub(super) fn ranks(&self) -> Vec<u32> {
        let mut ranks: Vec<u32> = (0..self.values.len() as u32).collect();
        if self.values.is_sorted() {
            return ranks;
        }
        let mut order = ranks.clone();
        order.sort_unstable_by(|a, b| self.values[*a as usize].cmp(&self.values[*b as usize]));
        for (rank, symbol) in order.into_iter().enumerate() {
            ranks[symbol as usize] = rank as u32;
        }
        ranks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_symbols_order_as_their_values() {
        let mut symbols = Symbols::default();
        let values = [Value::text("b"), Value::Integer(7), Value::text("a"), Value::Integer(-1)];
        let before: Vec<Symbol> = values.iter().map(|value| symbols.intern(value)).collect();
        let renamed = symbols.sort();
        for (value, old) in values.iter().zip(before) {
            assert_eq!(symbols.value(renamed[old.index()]), value);
            assert_eq!(symbols.intern(value), renamed[old.index()]);
        }
        assert!(symbols.values().is_sorted());
        assert_eq!(symbols.intern(&Value::Unknown), Symbol::UNKNOWN);
        symbols.intern(&Value::Integer(0));
        assert_eq!(symbols.ranks(), [0, 1, 3, 4, 5, 2]);
    }
}
