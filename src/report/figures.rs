//! Numbers and shares as people read them.

/// A number with a comma after each three digits.
pub(super) fn grouped(number: impl ToString) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A share in percent, to one digit; only what is nothing is none, and only all is all.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let (part, whole) = (u128::from(part), u128::from(whole));
    let is_little = |part: u128| 0 < part && part * 1000 < whole;
    if is_little(part) {
        return "< 0.1".to_owned();
    }
    if is_little(whole.saturating_sub(part)) {
        return "> 99.9".to_owned();
    }
    let tenths = (part * 1000 + whole / 2).checked_div(whole).unwrap_or_default();
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let texts = [0, 7, 999, 1000, 4310, 1_234_567].map(grouped);
        assert_eq!(texts, ["0", "7", "999", "1,000", "4,310", "1,234,567"]);
    }

    #[test]
    fn shares_are_rounded_but_for_nothing_and_all() {
        let shares = [(0, 0), (0, 9), (9, 9), (261, 1512), (8, 28), (1, 1001), (1, 1000), (1000, 1001), (9995, 10_000)];
        let texts = shares.map(|(part, whole)| percent(part, whole));
        assert_eq!(texts, ["0.0", "0.0", "100.0", "17.3", "28.6", "< 0.1", "0.1", "> 99.9", "> 99.9"]);
    }
}
