//! The matrix of every decision as CSV: one row a pair of answers.

use super::{Compared, fraction};

/// The rows, under a header.
pub fn csv(compared: &Compared<'_>) -> String {
    let mut rows = vec![["decision", "old", "new", "issues", "share"].map(str::to_owned)];
    for (shared, counts) in compared.decisions() {
        let row = |old: String, new: String, issues: usize| {
            let share = format!("{:.6}", fraction(issues, compared.counts.compared));
            [shared.name.to_string(), old, new, issues.to_string(), share]
        };
        let pairs = counts.pairs.iter();
        rows.extend(pairs.map(|((old, new), cell)| row(shared.words(old), shared.words(new), cell.issues)));
        let others = [("(others)", "(the same)", counts.other_same), ("(others)", "(another)", counts.other_moved)];
        let others = others.into_iter().filter(|(_, _, issues)| *issues > 0);
        rows.extend(others.map(|(old, new, issues)| row(old.to_owned(), new.to_owned(), issues)));
    }
    written(&rows)
}

/// Rows of one length as CSV.
pub(super) fn written<const N: usize>(rows: &[[String; N]]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).expect("invariant: a vector takes every byte, and all rows are of one length");
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}
