//! What is said of a text that has something which is no token.

use crate::syntax::faults::Words;
use crate::value::Date;

/// A name with capitals in the middle.
pub fn capital_in_name(word: &str, snake: &str) -> Words {
    Words::new(
        format!("`{word}` is no name: it has capital letters"),
        format!("names have lower-case letters a to z, digits and `_`: write `{snake}`"),
    )
}

/// A name with letters beyond a to z.
pub fn foreign_letter(word: &str) -> Words {
    Words::new(
        format!("`{word}` is no name: it has other letters than a to z"),
        "names have lower-case letters a to z, digits and `_`, as in `started_on`",
    )
}

/// A sign of another language.
pub fn foreign(written: &str, help: &str) -> Words {
    Words::new(format!("`{written}` is not used in rules"), help)
}

/// A character that nothing is written with.
pub fn unknown_character(c: char) -> Words {
    let shown = if c == '\\' { c.to_string() } else { c.escape_debug().to_string() };
    let message = format!("`{shown}` is not used in rules");
    Words::new(message, "take it out, or put it into a text in double quotes")
}

/// A quotation mark of another kind that closes nothing.
pub fn foreign_quote(open: char) -> Words {
    let message = format!("`{open}` is not used in rules");
    Words::new(message, "use double quotes `\"` round a text; options need none")
}

/// A text in quotes of another kind.
pub fn foreign_quotes(open: char, inner: &str) -> Words {
    let kind = match open {
        '\'' => "single quotes",
        '`' => "backticks",
        '«' | '»' => "angle quotes",
        _ => "curly quotes",
    };
    Words::new(
        format!("a text stands in {kind}"),
        format!("use double quotes `\"` round a text; an option needs none: `{}`", shorten(inner)),
    )
}

/// A text without a closing quote on its line.
pub fn text_not_closed() -> Words {
    Words::new("a text is not closed on its line", "put `\"` behind the text; a line break inside it is `\\n`")
}

/// Something behind a backslash that is no escape.
///
/// Where the text stands `escaped` in the file, TOML has taken one backslash of two already.
pub fn bad_escape(escape: &str, escaped: bool) -> Words {
    let help = if escaped {
        r"put the rule in single quotes, `'…'`, and write `\\` for a backslash in a text; in double quotes it is `\\\\`"
    } else {
        r#"a backslash is written `\\`; others are `\"` `\/` `\b` `\f` `\n` `\r` `\t` and `\u` with four digits"#
    };
    Words::new(format!("`{escape}` means nothing in a text"), help)
}

/// Digits with letters behind them.
pub fn number_and_letters(written: &str) -> Words {
    let plain = written.chars().all(|c| c.is_ascii_digit() || c == '_');
    let help = if plain {
        format!("write numbers without `_`: `{}`", written.replace('_', ""))
    } else {
        "names begin with a letter, and a number has nothing but digits and a point".to_owned()
    };
    Words::new(format!("`{written}` is neither a number nor a name"), help)
}

/// `1.2.3`
pub fn two_points(written: &str) -> Words {
    let message = format!("`{written}` is no number: it has several points");
    if let Some(date) = dotted_date(written) {
        return Words::new(message, format!("dates are written year, month, day with a minus between: `{date}`"));
    }
    let mut groups = written.split('.');
    let is_first = |first: &str| first.len() <= 3 && !first.starts_with('0');
    let is_thousands = groups.next().is_some_and(is_first) && groups.all(|group| group.len() == 3);
    if is_thousands {
        return Words::new(
            message,
            format!(
                "write numbers without points between thousands: `{}`; a version or the like is a text: `\"{written}\"`",
                written.replace('.', "")
            ),
        );
    }
    Words::new(message, format!("write a version or the like as a text: `\"{written}\"`"))
}

/// The day that `31.1.2026`, `31.01.26` or `2026.1.31` means.
fn dotted_date(written: &str) -> Option<Date> {
    let parts: Vec<&str> = written.split('.').collect();
    let [first, month, last] = parts.as_slice() else { return None };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    let century = if year.len() == 2 && month.len() == 2 { "20" } else { "" };
    Date::parse(&format!("{century}{year}-{month:0>2}-{day:0>2}"))
}

/// Beyond 64 bits.
pub fn integer_too_large(digits: &str) -> Words {
    Words::new(
        format!("`{}` is too large for an integer", shorten(digits)),
        "integers go from -9223372036854775808 to 9223372036854775807; write a number with a point, or a text in quotes",
    )
}

/// Beyond the finite doubles.
pub fn number_too_large(digits: &str) -> Words {
    Words::new(format!("`{}` is too large for a number", shorten(digits)), "numbers go up to about `1.7e308`")
}

/// A date with something behind it.
pub fn more_than_a_date(written: &str, date: &str) -> Words {
    let message = format!("`{}` is more than a date", shorten(written));
    Words::new(message, format!("dates are written year-month-day, without a time: `{date}`"))
}

/// A date with other dashes.
pub fn dashed_date(written: &str, date: &str) -> Words {
    Words::new(format!("`{written}` has other dashes than dates have"), format!("write `{date}`"))
}

/// A date that the calendar does not have.
pub fn no_day(date: &str) -> Words {
    Words::new(
        format!("`{date}` is no day of the calendar"),
        "dates are written year-month-day, from 0001-01-01 to 9999-12-31",
    )
}

/// The first characters of something long, on one line.
fn shorten(text: &str) -> String {
    const SHOWN: usize = 40;
    let shown: String = text.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(SHOWN).is_some() { format!("{shown}…") } else { shown }
}
