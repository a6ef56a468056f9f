//! All wording about issues that are not taken, so that it can be proof-read in one place.
//!
//! One function a fault: what was expected, what came, and what to write instead. Nothing
//! here looks at a document; the place is added by [`Fault::message`].

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::issue::fault::{Fault, SHOWN, Step, quote};
use crate::issue::raw::Raw;
use crate::issue::{RejectCode, UnknownKey};
use crate::program::{Domain, Scalar};
use crate::readings;
use crate::value::Date;

/// Options that a help lists.
const LISTED: usize = 12;

/// A key that is no fact, as an error.
pub(super) fn unknown_fact(unknown: &UnknownKey) -> Fault {
    let fault =
        Fault::new(RejectCode::UnknownFact, "the policy has no such fact").within(Step::Key(unknown.key.clone()));
    match &unknown.suggestion {
        Some(name) => fault.help(format!("did you mean `{name}`?")),
        None => fault.help("take the key out, or declare the fact in the policy"),
    }
}

/// A text that is no document of its format.
pub(super) fn not_parsed(format: &str, reason: impl fmt::Display) -> Fault {
    Fault::new(RejectCode::NotParsed, format!("this is no {format}: {reason}"))
}

/// Bytes that are no text; columns count from 1.
pub(super) fn not_utf8(bytes: &[u8], valid_up_to: usize) -> Fault {
    let before = bytes.get(..valid_up_to).unwrap_or_default();
    let line_start = before.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
    let column = String::from_utf8_lossy(before.get(line_start..).unwrap_or_default()).chars().count() + 1;
    let byte = bytes.get(valid_up_to).copied().unwrap_or_default();
    Fault::new(RejectCode::NotParsed, format!("the text is not UTF-8: byte 0x{byte:02x} at column {column}"))
        .help("save the file with the encoding UTF-8")
}

/// A line or a record beyond the limit.
pub(super) fn too_long(what: &str, limit: usize) -> Fault {
    Fault::new(RejectCode::NotParsed, format!("the {what} is longer than {}", bytes(limit)))
}

fn bytes(limit: usize) -> String {
    match limit >> 20 {
        0 => format!("{limit} bytes"),
        mebibytes => format!("{mebibytes} MiB"),
    }
}

/// A document of tables that policies are made of.
pub(super) fn part_of_policy(kind: &str) -> Fault {
    let help = match kind {
        "scenario" => "`remit test` runs scenarios; an issue is a file of facts: `fact = value`",
        _ => "an issue is a file of facts: `fact = value`",
    };
    Fault::new(RejectCode::NotParsed, format!("this is a part of a policy, with `[{kind}.…]`, and no issue")).help(help)
}

/// A document that is no table of facts.
pub(super) fn no_table(raw: &Raw<'_>) -> Fault {
    Fault::new(RejectCode::WrongType, format!("expected one issue as `{{ … }}`, got {}", raw.describe()))
}

/// A key given twice.
pub(super) fn duplicate(first: &Raw<'_>, second: &Raw<'_>) -> Fault {
    Fault::new(
        RejectCode::DuplicateFact,
        format!("given twice: first {}, then {}", first.describe(), second.describe()),
    )
    .help("keep one of the two")
}

/// A key given twice, where its values are not at hand.
pub(super) fn duplicate_lines(first: Option<usize>, second: usize) -> Fault {
    let what = match first {
        Some(first) if first == second => format!("given twice in line {first}"),
        Some(first) => format!("given twice: first in line {first}, then in line {second}"),
        None => "given twice".to_owned(),
    };
    Fault::new(RejectCode::DuplicateFact, what).help("keep one of the two")
}

/// A header that two columns of a CSV file have.
pub(super) fn duplicate_header(first: usize, second: usize) -> Fault {
    Fault::new(RejectCode::DuplicateFact, format!("columns {first} and {second} have the same header"))
        .help("keep one of the two")
}

/// An issue's `id` or `title` that is no text.
pub(super) fn expected_text(raw: &Raw<'_>) -> Fault {
    let fault = Fault::new(RejectCode::WrongType, format!("expected a text, got {}", raw.describe()));
    match as_written(raw) {
        Some(text) => fault.help(format!("write it in quotes: `\"{text}\"`")),
        None => fault,
    }
}

/// A list or records that is no list.
pub(super) fn expected_list(raw: &Raw<'_>) -> Fault {
    Fault::new(RejectCode::WrongType, format!("expected a list of values, got {}", raw.describe()))
        .help("write a list, even for one value: `[ … ]`")
}

/// Records that are no list of rows.
pub(super) fn expected_rows(raw: &Raw<'_>, columns: &[&str]) -> Fault {
    // The cells of a CSV file are texts.
    let in_csv = match (raw, columns.first()) {
        (Raw::Text(_), Some(first)) => {
            format!("; in CSV give each column a header of its own, such as `….{first}`")
        }
        _ => String::new(),
    };
    Fault::new(RejectCode::WrongType, format!("expected a list of rows, got {}", raw.describe()))
        .help(format!("write a list, even for one row: `[ {{ … }} ]`{in_csv}"))
}

/// `null` inside a list.
pub(super) fn null_item() -> Fault {
    Fault::new(RejectCode::BadRow, "a list that is given is complete and cannot hold `null`")
        .help("take the value out; if the list is not known, leave out the whole key")
}

/// `null` for a whole row.
pub(super) fn null_row() -> Fault {
    Fault::new(RejectCode::BadRow, "a row cannot be `null`")
        .help("take the row out, or leave out only the cells that are not known: `{}`")
}

/// A row that is neither a table nor a list.
pub(super) fn no_row(raw: &Raw<'_>, columns: &[&str]) -> Fault {
    Fault::new(RejectCode::BadRow, format!("expected a row, got {}", raw.describe()))
        .help(format!("write each row with its columns: {}", names(columns)))
}

/// A row given in column order with too many or too few cells.
pub(super) fn row_length(cells: usize, columns: &[&str]) -> Fault {
    let what = format!("expected {}, got {}", count(columns.len(), "cell"), cells);
    Fault::new(RejectCode::BadRow, what).help(format!(
        "the columns are, in order: {}; to leave a cell out, write the row with the names of its columns",
        names(columns)
    ))
}

/// A column that the records do not have.
pub(super) fn unknown_column(nearest: Option<&str>, columns: &[&str]) -> Fault {
    let fault = Fault::new(RejectCode::BadRow, "there is no such column").of_key();
    match nearest {
        Some(name) => fault.help(format!("did you mean `{name}`?")),
        None => fault.help(format!("the columns are: {}", names(columns))),
    }
}

/// A record of a CSV file with too many or too few cells.
pub(super) fn record_length(cells: usize, headers: usize, lines: (usize, usize)) -> Fault {
    let what = format!("expected {}, as many as the header has, got {cells}", count(headers, "cell"));
    let fault = Fault::new(RejectCode::BadRow, what);
    match lines {
        (first, last) if first < last => {
            fault.help(format!("the record runs from line {first} to line {last}: is a quote not closed?"))
        }
        _ if cells > headers => fault.help("a cell that holds a comma must be in quotes"),
        _ => fault.help("leave a cell empty where nothing is known, but keep its comma"),
    }
}

/// A CSV file that ends inside quotes.
pub(super) fn open_quote(line: usize) -> Fault {
    not_parsed("CSV", format!("the quote that opens in the record of line {line} is not closed"))
        .help("nothing behind it can be read: close the quote, or double it if it belongs to the text")
}

/// A CSV file that seems to be separated by something else than commas.
pub(super) fn other_separator(separator: char) -> Fault {
    let name = if separator == '\t' { "tabs" } else { "semicolons" };
    not_parsed("CSV", format!("its cells are separated by {name}")).help("save the file with commas between the cells")
}

/// A CSV file with line ends of another age.
pub(super) fn other_line_end() -> Fault {
    not_parsed("CSV", "its lines end in carriage returns alone").help("save the file as `CSV UTF-8`")
}

/// A CSV file with two bytes for each character.
pub(super) fn other_encoding() -> Fault {
    not_parsed("CSV", "its text has zero bytes, as UTF-16 has").help("save the file as `CSV UTF-8`")
}

/// A CSV file that begins with a line for one program alone.
pub(super) fn separator_line() -> Fault {
    not_parsed("CSV", "its first line is `sep=…`, where the header should be")
        .help("take that line out, and put commas between the cells")
}

/// A CSV file whose header says nothing of the policy.
pub(super) fn no_header(facts: &str) -> Fault {
    not_parsed("CSV", "no column of its first line is a fact of the policy, `id` or `title`")
        .help(format!("let the first line name the facts that the columns are, such as {facts}"))
}

/// A single value of another kind than its type.
pub(super) fn wrong_type(domain: &Domain, raw: &Raw<'_>) -> Fault {
    let expected = match domain.scalar {
        Scalar::Bool => "true or false",
        Scalar::Choice => "one of its options",
        Scalar::Integer => "an integer",
        Scalar::Number => "a number",
        Scalar::Date => "a date",
        Scalar::Text => "a text",
    };
    let fault = Fault::new(RejectCode::WrongType, format!("expected {expected}, got {}", raw.describe()));
    match wrong_type_help(domain, raw) {
        Some(help) => fault.help(help),
        None => fault,
    }
}

fn wrong_type_help(domain: &Domain, raw: &Raw<'_>) -> Option<String> {
    if let Raw::Array(_) = raw {
        return Some("write one value, without brackets".to_owned());
    }
    match (domain.scalar, raw) {
        (Scalar::Bool, Raw::Text(text)) => Some(match &*text.to_lowercase() {
            "true" | "false" => format!("write `{}` without quotes", text.to_lowercase()),
            "yes" => "write `true`".to_owned(),
            "no" => "write `false`".to_owned(),
            _ => "write `true` or `false`".to_owned(),
        }),
        (Scalar::Bool, Raw::Integer(1)) => Some("write `true`".to_owned()),
        (Scalar::Bool, Raw::Integer(0)) => Some("write `false`".to_owned()),
        (Scalar::Bool, _) => Some("write `true` or `false`".to_owned()),
        (Scalar::Choice, _) => Some(options(domain)),
        (Scalar::Integer, Raw::Float(_) | Raw::Number(_)) => Some(match (whole_numbers(raw), raw.as_f64()) {
            (Some(readings), _) => format!("write {readings}"),
            (None, Some(f)) if f.fract() == 0.0 && f.abs() < 1e15 => format!("write `{f:.0}`"),
            _ => "write a whole number".to_owned(),
        }),
        (Scalar::Integer, Raw::Text(text)) if text.trim().parse::<i64>().is_ok() => {
            Some(format!("write `{}` without quotes", text.trim()))
        }
        (Scalar::Number, Raw::Text(text))
            if readings::numbers(text).len() < 2 && text.trim().parse::<f64>().is_ok_and(f64::is_finite) =>
        {
            Some(format!("write `{}` without quotes", text.trim()))
        }
        (Scalar::Integer, Raw::Text(_)) => Some(match whole_numbers(raw) {
            Some(readings) => without_quotes(raw, &readings),
            None => "write a whole number in digits, such as `42`".to_owned(),
        }),
        (Scalar::Number, Raw::Text(text)) => Some(match readings::either(&readings::numbers(text)) {
            Some(readings) => without_quotes(raw, &readings),
            None => "write the number in digits, such as `42` or `0.5`".to_owned(),
        }),
        (Scalar::Date, _) => Some(DATE_HELP.to_owned()),
        (Scalar::Text, raw) => as_written(raw).map(|text| format!("write it in quotes: `\"{text}\"`")),
        _ => None,
    }
}

/// How a number is written that stands in quotes, perhaps with a unit.
fn without_quotes(raw: &Raw<'_>, readings: &str) -> String {
    match raw {
        Raw::Text(text) if readings::has_unit(text) => {
            format!("write the number alone, in the unit that the fact is in, and without quotes: {readings}")
        }
        _ => format!("write {readings}, without quotes"),
    }
}

/// The whole numbers that may be meant by what is written, `1` and `1000` by `1.000`.
fn whole_numbers(raw: &Raw<'_>) -> Option<String> {
    let (Raw::Text(written) | Raw::Number(written)) = raw else { return None };
    let whole = |number: String| match number.split_once('.') {
        None => Some(number),
        Some((whole, part)) => part.bytes().all(|digit| digit == b'0').then(|| whole.to_owned()),
    };
    let numbers = readings::numbers(written);
    // A number with a part behind its point is that, unless the part is nothing: `1.000`.
    let is_broken = matches!(raw, Raw::Number(_)) && numbers.iter().any(|number| whole(number.clone()).is_none());
    let readings: Vec<String> = numbers.into_iter().filter(|_| !is_broken).filter_map(whole).collect();
    readings::either(&readings)
}

const DATE_HELP: &str = "write the day as year, month, day: `2024-05-31`";

fn as_written(raw: &Raw<'_>) -> Option<String> {
    match raw {
        Raw::Bool(b) => Some(b.to_string()),
        Raw::Integer(i) => Some(i.to_string()),
        Raw::Float(f) if f.is_finite() => Some(format!("{f:?}")),
        Raw::Date(text) | Raw::Number(text) => Some(text.to_string()),
        _ => None,
    }
}

/// A text that is no option; `nearest` is an option or another spelling of one.
pub(super) fn unknown_option(domain: &Domain, text: &str, nearest: Option<&str>) -> Fault {
    let ids: Vec<&str> = domain.options.iter().map(|option| &*option.id).collect();
    let are_named = ids.len() <= NAMED;
    let named = if are_named { format!(": {}", names(&ids)) } else { String::new() };
    let what = match text {
        "" => format!("an empty text is none of the options{named}"),
        text => format!("{} is none of the options{named}", quote(text)),
    };
    let fault = Fault::new(RejectCode::UnknownOption, what);
    let is_label = |label: &str| label.to_lowercase() == text.to_lowercase();
    if let Some(option) = domain.options.iter().find(|option| option.label.as_deref().is_some_and(is_label)) {
        return fault.help(format!("write `{}`, whose label this is", option.id));
    }
    match nearest {
        Some(near) if near.to_lowercase() == text.to_lowercase() => {
            fault.help(format!("write `{near}`: small and capital letters differ"))
        }
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None if are_named => fault.help("write one of the options"),
        None => fault.help(options(domain)),
    }
}

/// The most options that a message names; a help names them all.
const NAMED: usize = 8;

fn options(domain: &Domain) -> String {
    let ids: Vec<&str> = domain.options.iter().map(|option| &*option.id).collect();
    format!("the options are: {}", names(&ids))
}

/// An integer beyond 64 bits.
pub(super) fn long_integer(raw: &Raw<'_>) -> Fault {
    Fault::new(RejectCode::OutOfRange, format!("expected an integer of at most 64 bits, got {}", raw.describe()))
        .help(format!("integers go from `{}` to `{}`", i64::MIN, i64::MAX))
}

/// A number that is infinite, or none.
pub(super) fn not_finite(raw: &Raw<'_>) -> Fault {
    let fault = Fault::new(RejectCode::OutOfRange, format!("expected a finite number, got {}", raw.describe()));
    match raw {
        Raw::Float(_) => fault.help("if the number is not known, leave it out"),
        _ => fault.help("numbers go up to about `1.8e308` in either direction"),
    }
}

/// A text or a date of TOML that is no day, or a day with a time.
pub(super) fn bad_date(raw: &Raw<'_>, text: &str) -> Fault {
    let what = format!("expected a day of the calendar, got {}", raw.describe());
    let fault = Fault::new(RejectCode::BadDate, what);
    let has_time = text.get(10..).is_some_and(|rest| rest.starts_with(['T', 't', ' ']));
    match text.get(..10).filter(|day| has_time && Date::parse(day).is_some()) {
        Some(day) => fault.help(format!("leave the time out: `{day}`")),
        None => match readings::either(&readings::dates(text)) {
            Some(days) => fault.help(format!("write {days}: year, month, day")),
            None => fault.help(DATE_HELP),
        },
    }
}

/// A date that TOML itself refuses.
pub(super) fn no_day(text: &str) -> Fault {
    bad_date(&Raw::Date(Cow::Borrowed(text)), text)
}

fn names(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(LISTED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// The nearest of some names; none for texts so long that nobody mistyped them.
pub(super) fn nearest<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if text.chars().take(SHOWN + 1).count() > SHOWN {
        return None;
    }
    crate::diagnostic::nearest(text, names)
}

/// The nearest option or other spelling: one that differs in capitals alone comes first.
pub(super) fn nearest_option<'a>(domain: &'a Domain, text: &str) -> Option<&'a str> {
    let mut aliases: Vec<&Arc<str>> = domain.aliases.keys().collect();
    aliases.sort();
    let candidates = || domain.options.iter().map(|option| &*option.id).chain(aliases.iter().map(|alias| &***alias));
    let lower = text.to_lowercase();
    candidates().find(|candidate| candidate.to_lowercase() == lower).or_else(|| nearest(text, candidates()))
}
