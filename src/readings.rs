//! What is meant by a number or a date that is written as people write them: `1.200,50 €`, `31.12.2025`.
//!
//! Gives every reading there is, as remit reads it; none of what is something else. Words no message.

use crate::value::Date;

/// Words behind a number that make another one of it; `m` may also be a unit.
const MULTIPLIERS: &[&str] = &[
    "k", "m", "g", "b", "bn", "t", "tsd", "mio", "mill", "mln", "mrd", "thousand", "million", "millions", "billion",
    "billions", "dozen", "hundred", "lakh", "crore",
];

/// Whether something that is no number stands before or behind one.
pub fn has_unit(text: &str) -> bool {
    text.contains(|c: char| {
        c.is_alphabetic() || c == '$' || (!c.is_ascii() && !c.is_whitespace() && c != '−' && c != '’')
    })
}

/// The readings of a number: `1,200` is 1200 or 1.2; none of `2 Mio`.
pub fn numbers(text: &str) -> Vec<String> {
    let Some((sign, digits)) = without_unit(text) else { return Vec::new() };
    let is_separator = |c: char| matches!(c, '.' | ',' | '\'' | '’') || c.is_whitespace();
    let runs: Vec<&str> = digits.split(is_separator).collect();
    let separators: Vec<char> = digits.chars().filter(|c| is_separator(*c)).collect();
    let last = separators.last().copied();
    let before = separators.get(..separators.len().saturating_sub(1)).unwrap_or_default();
    let (part, whole) = runs.split_last().map_or(("", &[][..]), |(part, whole)| (*part, whole));
    let mut readings = Vec::new();
    if are_groups(&runs, &separators) {
        readings.push(format!("{sign}{}", plain(&runs.concat())));
    }
    if last.is_some_and(|last| matches!(last, '.' | ',') && !before.contains(&last)) && are_groups(whole, before) {
        let part = if part.is_empty() { String::new() } else { format!(".{part}") };
        readings.push(format!("{sign}{}{part}", plain(&whole.concat())));
    }
    readings
}

/// The sign and the digits of a number, without the unit before or behind it.
fn without_unit(text: &str) -> Option<(&'static str, &str)> {
    let is_sign = |c: char| !c.is_ascii() && !c.is_alphanumeric() || c == '$';
    let text = text.trim();
    let text = text.trim_start_matches(|c: char| is_sign(c) && c != '−').trim_start();
    let (sign, text) = match text.strip_prefix(['-', '−']) {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    if ["0x", "0o", "0b"].iter().any(|base| text.starts_with(base)) {
        return None;
    }
    let digits = text.trim_end_matches(|c: char| c.is_alphabetic() || is_sign(c) || c.is_whitespace());
    let unit = text.strip_prefix(digits).unwrap_or_default().to_lowercase();
    let is_multiplied = unit.split(|c: char| !c.is_alphabetic()).any(|word| MULTIPLIERS.contains(&word));
    let is_digits = !is_multiplied
        && digits.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','))
        && digits.contains(|c: char| c.is_ascii_digit())
        && !digits
            .contains(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '\'' | '’') && !c.is_whitespace());
    is_digits.then_some((sign, digits))
}

/// Whether runs of digits with these between them are one whole number: alone, or in groups of three.
fn are_groups(runs: &[&str], separators: &[char]) -> bool {
    match runs {
        [_] => true,
        [first, rest @ ..] => {
            (1..=3).contains(&first.len())
                && !first.starts_with('0')
                && rest.iter().all(|run| run.len() == 3)
                && separators.windows(2).all(|pair| pair.first() == pair.last())
        }
        [] => false,
    }
}

/// Digits without zeros before them.
fn plain(digits: &str) -> &str {
    match digits.trim_start_matches('0') {
        "" => "0",
        plain => plain,
    }
}

/// The readings of a date: `01/02/2026` is the first of February or the second of January.
pub fn dates(text: &str) -> Vec<String> {
    let text = text.trim();
    let Some(separator) = text.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '.' | '/' | '-')) else {
        return Vec::new();
    };
    let parts: Vec<&str> = text.split(separator).map(str::trim).collect();
    let &[first, second, third] = parts.as_slice() else { return Vec::new() };
    let written = match (first.len(), third.len()) {
        (4, 1 | 2) => vec![(first, second, third)],
        (1 | 2, 4) if separator == '.' => vec![(third, second, first)],
        (1 | 2, 4) => vec![(third, second, first), (third, first, second)],
        _ => Vec::new(),
    };
    let days = written.iter().map(|(year, month, day)| format!("{year}-{month:0>2}-{day:0>2}"));
    let mut readings: Vec<String> = days.filter(|day| Date::parse(day).is_some()).collect();
    readings.dedup();
    readings
}

/// "`1200`, or `1.200`"; `None` without any.
pub fn either(readings: &[String]) -> Option<String> {
    let quoted: Vec<String> = readings.iter().map(|reading| format!("`{reading}`")).collect();
    (!quoted.is_empty()).then(|| quoted.join(", or "))
}

#[cfg(test)]
mod tests {
    use super::{dates, numbers};

    #[test]
    fn numbers_are_read_in_every_way_there_is() {
        for (written, read) in [
            ("1.200,50", &["1200.50"][..]),
            ("1,200.50", &["1200.50"]),
            ("1,200", &["1200", "1.200"]),
            ("1.200.000", &["1200000"]),
            ("12 000 kg", &["12000"]),
            ("1'200.50", &["1200.50"]),
            ("12,5", &["12.5"]),
            ("0,125", &["0.125"]),
            ("-38,50 EUR", &["-38.50"]),
            ("€20", &["20"]),
            ("20.5€", &["20.5"]),
            ("01", &["1"]),
            ("00", &["0"]),
            (".5", &["0.5"]),
            ("1.", &["1"]),
            ("12.34.56", &[]),
            ("1,2,3", &[]),
            ("thirty", &[]),
            ("p1", &[]),
            ("0x1F", &[]),
            ("0xZZ", &[]),
            ("3 of 5", &[]),
            ("2 Mio", &[]),
            ("2 Mio. EUR", &[]),
            ("1.5k", &[]),
            ("3 months", &["3"]),
            ("5-7", &[]),
            ("", &[]),
            ("€", &[]),
        ] {
            assert_eq!(numbers(written), read, "{written}");
        }
    }

    #[test]
    fn dates_are_read_in_every_way_there_is() {
        for (written, read) in [
            ("31.12.2025", &["2025-12-31"][..]),
            ("1.2.2026", &["2026-02-01"]),
            ("01/02/2026", &["2026-02-01", "2026-01-02"]),
            ("12/31/2025", &["2025-12-31"]),
            ("02-02-2026", &["2026-02-02"]),
            ("2026/1/2", &["2026-01-02"]),
            ("2026-01-02", &["2026-01-02"]),
            ("31.02.2026", &[]),
            ("1.2.26", &[]),
            ("1.2", &[]),
            ("x", &[]),
        ] {
            assert_eq!(dates(written), read, "{written}");
        }
    }
}
