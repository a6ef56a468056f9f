//! Random lines of JSON for a policy: plain ones, odd ones, and broken ones.

use std::fmt::Write as _;

use remit::program::{Domain, FactKind, Program, Scalar};

use crate::dice::Dice;

impl Dice {
    fn one(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }
}

/// Texts as JSON, quotes included.
const TEXTS: &[&str] = &[
    r#""""#,
    r#""a""#,
    r#""ann""#,
    r#""data loss""#,
    r#""Straße, \"quoted\"\n""#,
    r#""é 日本 🙂""#,
    r#""\ud83d\ude42 \u00e9\/""#,
    r#""a tab:\t and \\ a backslash""#,
    r#""a text that is longer than sixteen bytes, and than thirty-two, and than sixty-four of them too""#,
];

/// What stands in the place of a value and is hardly ever one.
const ODD: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1",
    "-7",
    "1.0",
    "1e2",
    "1E+2",
    "0.5",
    "12345678901234567890",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "1e999",
    "123456789012345678901234567890123456789012",
    r#""p1""#,
    r#""2026-02-30""#,
    r#""2026-02-28""#,
    r#""\u0061""#,
    "[]",
    "{}",
    "[null]",
    "[[1, 2], [3]]",
    r#"{"a": 1, "a": [true, {"b": null}]}"#,
    r#"[{"a": "x"}]"#,
];

/// What is no JSON.
const BROKEN: &[&str] = &[
    "",
    "tru",
    "nulL",
    "01",
    "-",
    "1.",
    ".5",
    "1e",
    "+1",
    "\"open",
    "\"\\x\"",
    "\"\\ud800\"",
    "\"\\u12\"",
    "[1,]",
    "{\"a\":}",
    "{a: 1}",
    "[1 2]",
    "\"a\tb\"",
    "NaN",
    "[",
    "]",
    "{\"a\" 1}",
    "'a'",
    "\"\\ud83d x\"",
];

/// What stands in cells of CSV that are not what their fact is, or only just.
const CELLS: &[&str] = &[
    "",
    " ",
    "\t",
    "true",
    "TRUE",
    " yes",
    "no",
    "1",
    "0",
    "-0",
    "+7",
    "1.0",
    "1e2",
    "0.5",
    "p1",
    " p1 ",
    "2026-02-28",
    "2026-02-30",
    "\"a, \"\"b\"\"\"",
    "\"two\nlines\"",
    "é 🙂",
    "null",
    "a;b",
    "9223372036854775808",
    "\u{a0}",
];

const KEYS: &[&str] =
    &["note", "url", "colour", "assignee", "descriptions", "é", "k\\u0065y", "", "nested \\\"key\\\""];

/// So many lines, with some blank ones between them.
pub fn lines(program: &Program, dice: &mut Dice, number: usize) -> Vec<u8> {
    let mut lines = Vec::new();
    if dice.one(8) {
        lines.extend_from_slice(b"\xef\xbb\xbf");
    }
    for _ in 0..number {
        let line = line(program, dice).into_bytes();
        lines.extend_from_slice(&line);
        match dice.below(60) {
            0 => lines.push(0xff),
            1 => lines.extend_from_slice(b"\xc3"),
            2 => lines.extend_from_slice(b" {}"),
            3 => lines.push(b'\r'),
            4 => lines.extend_from_slice(b"\n\n \t"),
            5 => lines.extend_from_slice(b"\x0b"),
            6 => lines.extend_from_slice(b"}"),
            _ => {}
        }
        lines.push(b'\n');
    }
    if dice.one(3) {
        lines.pop();
    }
    lines
}

/// A table of so many records, not all of which fit; names of facts and of nothing in its header.
pub fn table(program: &Program, dice: &mut Dice, number: usize) -> Vec<u8> {
    let mut names: Vec<String> = program.facts.iter().map(|fact| fact.name.to_string()).collect();
    names.retain(|_| !dice.one(4));
    names.extend(
        ["id", "title", "note", "note", "url", ""].iter().filter(|_| dice.one(3)).map(|name| (*name).to_owned()),
    );
    let records = program.facts.iter().filter(|fact| matches!(fact.kind, FactKind::Records(_)));
    names.extend(records.filter(|_| dice.one(2)).map(|fact| format!("{}.name", fact.name)));
    if dice.one(2) {
        let ahead = dice.below(4) % names.len().max(1);
        names.rotate_left(ahead);
    }
    let mut text = names.join(",") + "\n";
    for _ in 0..number {
        let mut cells: Vec<String> = names.iter().map(|name| cell(program, dice, name)).collect();
        match dice.below(40) {
            0 => drop(cells.pop()),
            1 => cells.push("more".to_owned()),
            _ => {}
        }
        let _ = writeln!(text, "{}", cells.join(","));
    }
    text.into_bytes()
}

fn cell(program: &Program, dice: &mut Dice, name: &str) -> String {
    let kind = program.fact_ids.get(name).map(|fact| &program.fact(*fact).kind);
    if dice.one(30) {
        return dice.pick(CELLS).to_owned();
    }
    match kind {
        _ if dice.one(4) => String::new(),
        None => format!("INC-{}", dice.below(100)),
        Some(FactKind::Single(domain)) if domain.scalar == Scalar::Choice => {
            let aliases = domain.aliases.keys().map(|alias| &**alias);
            let names: Vec<&str> = domain.options.iter().map(|option| &*option.id).chain(aliases).collect();
            dice.pick(&names).to_owned()
        }
        Some(FactKind::Single(domain)) => match domain.scalar {
            Scalar::Bool => dice.pick(&["true", "false", "yes", "no", "1", "0", "True"]).to_owned(),
            Scalar::Date => format!("2026-0{}-1{}", 1 + dice.below(9), dice.below(9)),
            Scalar::Number => format!("{}.5", dice.below(9)),
            _ => dice.below(9).to_string(),
        },
        Some(_) => format!("{};{}", dice.below(3), dice.below(3)),
    }
}

/// Those of some lines that are JSON, as one array; over several lines each, if that is wanted.
pub fn array(lines: &[u8], indented: bool) -> Vec<u8> {
    let lines = lines.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
    let elements = lines.filter_map(|line| {
        let value: serde_json::Value = serde_json::from_str(line).ok()?;
        if indented { serde_json::to_string_pretty(&value).ok() } else { Some(line.to_owned()) }
    });
    format!("[{}\n]", elements.collect::<Vec<_>>().join(",\n")).into_bytes()
}

fn line(program: &Program, dice: &mut Dice) -> String {
    match dice.below(50) {
        0 => return dice.pick(&["[]", "null", "7", "", "{", "\"a\"", "{} {}", "{,}", "{]"]).to_owned(),
        1 => return "{}".to_owned(),
        _ => {}
    }
    let space: &str = dice.pick(&["", "", "", " ", "\t ", " \r"]);
    let mut entries = Vec::new();
    if dice.below(4) != 0 {
        let id = match dice.below(8) {
            0 => dice.pick(ODD).to_owned(),
            1 => dice.pick(TEXTS).to_owned(),
            2 => dice.below(1000).to_string(),
            _ => format!("\"INC-{}\"", dice.below(1000)),
        };
        entries.push(format!("\"id\"{space}:{space}{id}"));
    }
    for fact in &program.facts {
        if dice.one(3) {
            continue;
        }
        let value = value(&fact.kind, dice);
        let key = match dice.below(60) {
            0 => fact.name.to_uppercase(),
            1 => fact.name.replace('a', "\\u0061"),
            _ => fact.name.to_string(),
        };
        entries.push(format!("\"{key}\"{space}:{space}{value}"));
    }
    if dice.one(3) {
        let title = if dice.one(9) { dice.pick(ODD) } else { dice.pick(TEXTS) };
        entries.push(format!("\"title\":{title}"));
    }
    for _ in 0..dice.below(3) {
        let value = match dice.below(20) {
            0 => dice.pick(BROKEN),
            1..9 => dice.pick(TEXTS),
            _ => dice.pick(ODD),
        };
        entries.push(format!("\"{}\"{space}:{value}", dice.pick(KEYS)));
    }
    for at in (1..entries.len()).rev() {
        if dice.one(2) {
            entries.swap(at, dice.below(at + 1));
        }
    }
    if dice.one(30) && !entries.is_empty() {
        let again = entries[dice.below(entries.len())].clone();
        entries.push(again);
    }
    let line = format!("{space}{{{space}{}{space}}}{space}", entries.join(&format!("{space},{space}")));
    if dice.one(40) { line.chars().take(dice.below(line.len() + 1)).collect() } else { line }
}

fn value(kind: &FactKind, dice: &mut Dice) -> String {
    match dice.below(80) {
        0 => return dice.pick(BROKEN).to_owned(),
        1..4 => return dice.pick(ODD).to_owned(),
        4..10 => return "null".to_owned(),
        _ => {}
    }
    match kind {
        FactKind::Single(domain) => scalar(domain, dice),
        FactKind::List(domain) => {
            let items: Vec<String> = (0..dice.below(3)).map(|_| scalar(domain, dice)).collect();
            format!("[{}]", items.join(", "))
        }
        FactKind::Records(columns) => {
            let mut rows = String::from("[");
            for at in 0..dice.below(3) {
                let separator = if at > 0 { "," } else { "" };
                let given = columns.iter().filter(|_| dice.below(5) != 0).collect::<Vec<_>>();
                let cells: Vec<String> = given
                    .iter()
                    .map(|column| format!("\"{}\":{}", column.name, scalar(&column.domain, dice)))
                    .collect();
                let _ = match dice.below(4) {
                    0 if given.len() == columns.len() => {
                        let cells: Vec<String> = columns.iter().map(|column| scalar(&column.domain, dice)).collect();
                        write!(rows, "{separator}[{}]", cells.join(","))
                    }
                    _ => write!(rows, "{separator}{{{}}}", cells.join(", ")),
                };
            }
            rows + "]"
        }
    }
}

fn scalar(domain: &Domain, dice: &mut Dice) -> String {
    match domain.scalar {
        Scalar::Bool => dice.pick(&["true", "false"]).to_owned(),
        Scalar::Choice => {
            let mut aliases: Vec<_> = domain.aliases.keys().collect();
            aliases.sort();
            let option = match dice.below(domain.options.len() + aliases.len()) {
                at if at < domain.options.len() => domain.options[at].id.to_string(),
                at => aliases[at - domain.options.len()].to_string(),
            };
            serde_json::Value::String(option).to_string()
        }
        Scalar::Integer => match dice.below(8) {
            0 => {
                dice.pick(&["-1", "0", "9223372036854775807", "-9223372036854775808", "1234567890123456789"]).to_owned()
            }
            _ => dice.below(9).to_string(),
        },
        Scalar::Number => match dice.below(8) {
            0 => dice
                .pick(&["-0", "-0.0", "1e3", "0.1", "123456789012345678", "1.7976931348623157e308", "5e-324"])
                .to_owned(),
            _ => format!("{}.{}", dice.below(9), dice.below(10)),
        },
        Scalar::Date => dice
            .pick(&["\"2026-01-01\"", "\"2026-03-09\"", "\"2024-02-29\"", "\"0001-01-01\"", "\"9999-12-31\""])
            .to_owned(),
        Scalar::Text => dice.pick(TEXTS).to_owned(),
    }
}
