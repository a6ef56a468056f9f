//! Units that people write behind numbers, which rules have none of, and what is said of them.
//!
//! Nobody may look here before a text is known to have a fault: facts may be called all of these words.

use super::faults::Words;
use super::tree::CompareOp;

/// What kind of unit a word is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// What a difference of dates is in.
    Day,
    /// Seven of those.
    Week,
    /// About thirty of those.
    Month,
    /// About 365 of those.
    Year,
    /// Another time, which no difference of dates is in.
    Time,
    /// Hundredths.
    Percent,
    /// A currency.
    Money,
    /// Whatever else is counted or measured.
    Other,
}

const UNITS: &[(Unit, &[&str])] = &[
    (Unit::Day, &["day", "days", "d"]),
    (Unit::Week, &["week", "weeks", "w"]),
    (Unit::Month, &["month", "months"]),
    (Unit::Year, &["year", "years"]),
    (Unit::Time, &["hour", "hours", "minute", "minutes", "second", "seconds", "hrs", "mins", "h"]),
    (Unit::Percent, &["percent", "percents", "pct"]),
    (
        Unit::Money,
        &["eur", "euro", "euros", "usd", "dollar", "dollars", "gbp", "pound", "pounds", "chf", "cent", "cents"],
    ),
    (
        Unit::Other,
        &["times", "time", "pieces", "pcs", "items", "units", "rows", "characters", "letters", "km", "kg", "cm", "mm"],
    ),
];

/// The unit that a word is, however it is written.
pub fn find(word: &str) -> Option<Unit> {
    let lower = word.to_lowercase();
    UNITS.iter().find(|(_, words)| words.contains(&lower.as_str())).map(|(unit, _)| *unit)
}

/// How many days that is, and how many one of the unit is taken to have, if that is not fixed.
fn days(number: &str, unit: Unit) -> Option<(u64, &'static str)> {
    let (each, taken) = match unit {
        Unit::Day => (1, ""),
        Unit::Week => (7, ""),
        Unit::Month => (30, ", with 30 days for a month"),
        Unit::Year => (365, ", with 365 days for a year"),
        _ => return None,
    };
    Some((number.parse::<u64>().ok()?.checked_mul(each)?, taken))
}

/// `14 days`, or `EUR 14`.
pub fn with_unit(number: &str, word: &str, unit: Unit) -> Words {
    let help = match (unit, days(number, unit)) {
        (Unit::Percent, _) => return percent(&format!("{number} {word}"), number, None),
        (Unit::Day, _) => format!("numbers stand without a unit: write `{number}`; a difference of dates is in days"),
        (Unit::Week, Some((days, _))) => format!("a difference of dates is in days: write `{days}`"),
        (Unit::Month | Unit::Year, Some((days, taken))) => format!(
            "beside dates, write `{days}`, since they are counted in days{taken}; beside a number of {word}, write \
             `{number}`"
        ),
        (Unit::Week | Unit::Month | Unit::Year | Unit::Time, _) => format!(
            "numbers stand without a unit: write `{number}` where the value is in {word}; a difference of dates is in \
             days: there, write how many days it is"
        ),
        (Unit::Money | Unit::Other, _) => format!("numbers stand without a unit: write `{number}`"),
    };
    Words::new(format!("the unit `{word}` stands beside the number `{number}`"), help)
}

/// What is compared with a day that is so long ago.
#[derive(Clone, Copy)]
pub enum Since<'t> {
    /// It cannot be told.
    Unclear,
    /// A date, as dates are compared.
    Day(&'t str, CompareOp),
    /// A date, by a sign that may be meant of the dates or of how long it is between them.
    Either(&'t str, CompareOp),
}

/// `7 days ago`
pub fn ago(number: &str, word: &str, unit: Unit, since: Since<'_>) -> Words {
    let (day, taken) = match days(number, unit) {
        Some((days, taken)) => (format!("today - {days}"), taken),
        None => ("today - …".to_owned(), ", in days"),
    };
    let help = match since {
        Since::Unclear => {
            format!("a day is counted from a date that is known: `{day}`{taken}, with a fact `[fact.today]`")
        }
        Since::Day(date, op) => {
            format!("write `{date} {} {day}`{taken}, with a fact `[fact.today]`", op.as_str())
        }
        Since::Either(date, op) => {
            let (meant, otherwise) = match op {
                CompareOp::Lt | CompareOp::Le => ("less than", "longer ago"),
                _ => ("more than", "less long ago"),
            };
            format!(
                "{meant} {number} {word} ago is `{date} {} {day}`, {otherwise} `{date} {} {day}`{taken}, with a fact \
                 `[fact.today]`",
                op.flipped().as_str(),
                op.as_str()
            )
        }
    };
    Words::new(format!("`{number} {word} ago` is not used in rules"), help)
}

/// `50%`, perhaps `of` something.
pub fn percent(written: &str, number: &str, of: Option<&str>) -> Words {
    let share = share(number);
    let help = match of {
        Some(whole) => format!("write `{whole} * {share}`"),
        None => {
            format!(
                "write `{number}` where the value is in percent, or the share as a number, `{share}`; of a price, it is \
                 a product: `price * {share}`"
            )
        }
    };
    Words::new(format!("`{written}` is no number: `%` is the remainder of a division"), help)
}

/// As many hundredths, as a number with a point.
fn share(number: &str) -> String {
    if !number.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return format!("{number} / 100");
    }
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole:0>3}");
    let (units, hundredths) = digits.split_at_checked(digits.len().saturating_sub(2)).unwrap_or((whole, "0"));
    let behind = format!("{hundredths}{fraction}");
    let behind = behind.trim_end_matches('0');
    let units = units.trim_start_matches('0');
    format!("{}.{}", if units.is_empty() { "0" } else { units }, if behind.is_empty() { "0" } else { behind })
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn hundredths_are_written_with_a_point() {
        for (number, written) in [
            ("50", "0.5"),
            ("5", "0.05"),
            ("100", "1.0"),
            ("12.5", "0.125"),
            ("250", "2.5"),
            ("0", "0.0"),
            ("007", "0.07"),
        ] {
            assert_eq!(share(number), written);
        }
    }
}
