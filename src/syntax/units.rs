//! Units that people write behind numbers, which rules have none of, and what is said of them.
//!
//! Nobody may look here before a text is known to have a fault: facts may be called all of these words.

use super::faults::Words;

/// What kind of unit a word is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// What a difference of dates is in.
    Day,
    /// Seven of those.
    Week,
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
    (
        Unit::Time,
        &[
            "month", "months", "year", "years", "hour", "hours", "minute", "minutes", "second", "seconds", "hrs",
            "mins", "h",
        ],
    ),
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

/// `14 days`, or `EUR 14`.
pub fn with_unit(number: &str, word: &str, unit: Unit) -> Words {
    let days = number.parse::<u64>().ok().and_then(|weeks| weeks.checked_mul(7)).filter(|_| unit == Unit::Week);
    let help = match (unit, days) {
        (Unit::Percent, _) => return percent(&format!("{number} {word}"), number, None),
        (Unit::Day, _) => format!("numbers stand without a unit: write `{number}`; a difference of dates is in days"),
        (Unit::Week, Some(days)) => format!("a difference of dates is in days: write `{days}`"),
        (Unit::Week | Unit::Time, _) => format!(
            "numbers stand without a unit: write `{number}` where the value is in {word}; a difference of dates is in \
             days: there, write how many days it is"
        ),
        (Unit::Money | Unit::Other, _) => format!("numbers stand without a unit: write `{number}`"),
    };
    Words::new(format!("the unit `{word}` stands beside the number `{number}`"), help)
}

/// `7 days ago`
pub fn ago(number: &str, word: &str, unit: Unit) -> Words {
    let days = number.parse::<u64>().ok().filter(|_| unit == Unit::Week).and_then(|weeks| weeks.checked_mul(7));
    let days = days.map_or_else(|| number.to_owned(), |days| days.to_string());
    let (days, in_days) = if unit == Unit::Time { ("…".to_owned(), ", in days") } else { (days, "") };
    let help =
        format!("a day is counted from a date that is known: `today - {days}`{in_days}, with a fact `[fact.today]`");
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
