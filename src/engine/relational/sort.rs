//! Rows in the order of what their cells stand for.

use super::symbols::Symbol;

/// Whether there are too many symbols to count each of them for so many rows.
pub(super) fn is_sparse(symbols: usize, rows: usize) -> bool {
    symbols > 4 * rows
}

/// Rows sorted by the ranks of their cells: by one column after the other, the last first, each
/// time keeping the order of rows that are equal in it.
pub(super) fn sorted(ranks: &[u32], cells: &[Symbol], width: usize) -> Vec<Symbol> {
    let rank = |cell: &Symbol| ranks[cell.index()];
    let key = |row: usize| cells[row * width..(row + 1) * width].iter().map(rank);
    let len = cells.len().checked_div(width).unwrap_or(0);
    if (1..len).all(|row| key(row - 1).le(key(row))) {
        return cells.to_vec();
    }
    let mut order: Vec<u32> = (0..len as u32).collect();
    if is_sparse(ranks.len(), len) {
        order.sort_unstable_by(|a, b| key(*a as usize).cmp(key(*b as usize)));
    } else {
        let mut next = vec![0; len];
        for column in (0..width).rev() {
            let rank_of = |row: u32| rank(&cells[row as usize * width + column]) as usize;
            let mut places = vec![0_u32; ranks.len() + 1];
            order.iter().for_each(|row| places[rank_of(*row) + 1] += 1);
            for at in 1..places.len() {
                places[at] += places[at - 1];
            }
            for row in &order {
                let place = &mut places[rank_of(*row)];
                next[*place as usize] = *row;
                *place += 1;
            }
            std::mem::swap(&mut order, &mut next);
        }
    }
    order.iter().flat_map(|row| &cells[*row as usize * width..(*row as usize + 1) * width]).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::super::symbols::Symbols;
    use super::*;
    use crate::value::Value;

    #[test]
    fn rows_are_sorted_by_value() {
        let mut symbols = Symbols::default();
        let numbers: Vec<Symbol> = [3, 1, 2].map(|n| symbols.intern(&Value::Integer(n))).to_vec();
        let many: Vec<[i64; 2]> = vec![[2, 1], [1, 3], [3, 3], [1, 1], [2, 3]];
        for rows in [&many[..], &many[..1], &[]] {
            let symbol = |n: &i64| numbers[[1, 2, 0][*n as usize - 1]];
            let cells: Vec<Symbol> = rows.iter().flatten().map(symbol).collect();
            let mut expected = rows.to_vec();
            expected.sort_unstable();
            assert_eq!(sorted(&symbols.ranks(), &cells, 2), expected.iter().flatten().map(symbol).collect::<Vec<_>>());
        }
        for number in 4..100 {
            symbols.intern(&Value::Integer(number));
        }
        let cells: Vec<Symbol> = many.iter().flatten().map(|n| numbers[[1, 2, 0][*n as usize - 1]]).collect();
        let values: Vec<&Value> = sorted(&symbols.ranks(), &cells, 2).iter().map(|cell| symbols.value(*cell)).collect();
        assert!(values.chunks(2).is_sorted());
        assert_eq!(sorted(&symbols.ranks(), &[], 0), []);
    }
}
