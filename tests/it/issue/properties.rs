//! Random issues and values, judged by what the language page says of them and not by the code.

use std::fmt::Write as _;
use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use remit::issue::Format;
use remit::program::{Domain, FactKind, Program, Scalar};
use remit::value::Date;
use serde_json::Value as Json;

use super::{facts, known, read, read_all};

static PROGRAM: LazyLock<Program> = LazyLock::new(facts);

const BATCH: usize = 100;

/// A value as each format writes it, and as it is shown once it is read.
#[derive(Debug, Clone)]
struct Cell {
    json: String,
    toml: String,
    csv: String,
    shown: String,
}

impl Cell {
    fn plain(text: String) -> Self {
        Self { json: text.clone(), toml: text.clone(), csv: text.clone(), shown: text }
    }

    fn quoted(text: &str, shown: String) -> Self {
        let json = Json::from(text).to_string();
        Self { toml: json.clone(), json, csv: format!("\"{}\"", text.replace('"', "\"\"")), shown }
    }
}

fn cell(scalar: Scalar, options: Vec<String>) -> BoxedStrategy<Cell> {
    match scalar {
        Scalar::Bool => any::<bool>().prop_map(|b| Cell::plain(b.to_string())).boxed(),
        Scalar::Choice => select(options).prop_map(|text| Cell::quoted(&text, text.clone())).boxed(),
        Scalar::Integer => prop_oneof![any::<i64>(), -9..9_i64].prop_map(|i| Cell::plain(i.to_string())).boxed(),
        Scalar::Number => {
            let number = prop_oneof![prop::num::f64::NORMAL, prop::num::f64::SUBNORMAL, Just(0.0), Just(1.0)];
            number.prop_map(|f| Cell::plain(format!("{f:?}"))).boxed()
        }
        Scalar::Date => (1..=9999_i16, 1..=12_i8, 1..=31_i8)
            .prop_filter_map("a day", |(year, month, day)| Date::new(year, month, day))
            .prop_map(|date| Cell { toml: date.to_string(), ..Cell::quoted(&date.to_string(), date.to_string()) })
            .boxed(),
        Scalar::Text => "[a-z][ -~\u{1}\té😀\r\n]{0,6}[!-:<-~]"
            .prop_filter("no semicolon", |text| !text.contains(';'))
            .prop_map(|text| Cell::quoted(&text, format!("{text:?}")))
            .boxed(),
    }
}

fn cell_of(domain: &Domain) -> BoxedStrategy<Cell> {
    cell(domain.scalar, domain.options.iter().map(|option| option.id.to_string()).collect())
}

/// What an issue says of one fact: the key and value in JSON and TOML, headers and cells in CSV, and what is known.
#[derive(Debug, Clone, Default)]
struct Said {
    json: String,
    toml: String,
    csv: Vec<(String, String)>,
    shown: String,
}

fn single(name: String, cell: Cell) -> Said {
    Said {
        json: format!("\"{name}\": {}", cell.json),
        toml: format!("{name} = {}", cell.toml),
        shown: format!("{name}={}", cell.shown),
        csv: vec![(name, cell.csv)],
    }
}

fn list(name: String, cells: &[Cell]) -> Said {
    let join = |part: fn(&Cell) -> &str, gap: &str| cells.iter().map(part).collect::<Vec<_>>().join(gap);
    let shown: Vec<String> = cells.iter().map(|cell| format!("({})", cell.shown)).collect();
    let inner = |cell: &Cell| cell.csv.trim_matches('"').replace("\"\"", "\"");
    let csv = cells.iter().map(inner).collect::<Vec<_>>().join("; ").replace('"', "\"\"");
    Said {
        json: format!("\"{name}\": [{}]", join(|cell| &cell.json, ", ")),
        toml: format!("{name} = [{}]", join(|cell| &cell.toml, ", ")),
        shown: format!("{name}=[{}]", shown.join(",")),
        csv: vec![(name, format!("\"{csv}\""))],
    }
}

fn row(name: String, columns: &[String], cells: &[Option<Cell>]) -> Said {
    let given = || columns.iter().zip(cells).filter_map(|(column, cell)| Some((column, cell.as_ref()?)));
    let json: Vec<String> = given().map(|(column, cell)| format!("\"{column}\": {}", cell.json)).collect();
    let toml: Vec<String> = given().map(|(column, cell)| format!("{column} = {}", cell.toml)).collect();
    let shown: Vec<&str> = cells.iter().map(|cell| cell.as_ref().map_or("⊥", |cell| &cell.shown)).collect();
    let csv = given().map(|(column, cell)| (format!("{name}.{column}"), cell.csv.clone())).collect();
    Said {
        json: format!("\"{name}\": [{{{}}}]", json.join(", ")),
        toml: format!("{name} = [{{ {} }}]", toml.join(", ")),
        shown: format!("{name}=[({})]", shown.join(",")),
        csv,
    }
}

fn said(name: &str, kind: &FactKind) -> BoxedStrategy<Option<Said>> {
    let name = name.to_owned();
    let said = match kind {
        FactKind::Single(domain) => cell_of(domain).prop_map(move |cell| single(name.clone(), cell)).boxed(),
        FactKind::List(domain) => {
            // a quote at the end of a value would be taken for one of the cell's
            let inner = cell_of(domain).prop_filter("no quotes", |cell| !cell.shown.contains("\\\""));
            vec(inner, 1..4).prop_map(move |cells| list(name.clone(), &cells)).boxed()
        }
        FactKind::Records(columns) => {
            let names: Vec<String> = columns.iter().map(|column| column.name.to_string()).collect();
            let cells: Vec<_> = columns.iter().map(|column| option::of(cell_of(&column.domain))).collect();
            cells
                .prop_filter("some cell is given", |cells| cells.iter().any(Option::is_some))
                .prop_map(move |cells| row(name.clone(), &names, &cells))
                .boxed()
        }
    };
    option::of(said).boxed()
}

fn issue() -> impl Strategy<Value = Vec<Option<Said>>> {
    PROGRAM.facts.iter().map(|fact| said(&fact.name, &fact.kind)).collect::<Vec<_>>()
}

/// What is known: what is said, and the defaults of what is not.
fn expected(issue: &[Option<Said>]) -> String {
    let default = |name: &str| match name {
        "severity" => Some("severity~p3".to_owned()),
        "source" => Some("source~[]".to_owned()),
        _ => None,
    };
    let facts = PROGRAM.facts.iter().zip(issue);
    let known =
        facts.filter_map(|(fact, said)| said.as_ref().map_or_else(|| default(&fact.name), |s| Some(s.shown.clone())));
    known.collect::<Vec<_>>().join(" ")
}

fn same_in_all_formats(issue: &[Option<Said>]) -> Result<(), TestCaseError> {
    let expected = expected(issue);
    let said: Vec<&Said> = issue.iter().flatten().collect();
    let json = format!("{{{}}}", said.iter().map(|said| &*said.json).collect::<Vec<_>>().join(", "));
    let toml = said.iter().map(|said| &*said.toml).collect::<Vec<_>>().join("\n");
    let (mut header, mut cells) = ("id".to_owned(), "1".to_owned());
    for (name, cell) in said.iter().flat_map(|said| &said.csv) {
        let _ = write!(header, ",{name}");
        let _ = write!(cells, ",{cell}");
    }
    let csv = format!("{header}\r\n{cells}\r\n");
    let texts = [(Format::Toml, &toml), (Format::Json, &json), (Format::Jsonl, &json), (Format::Csv, &csv)];
    for (format, text) in texts {
        let record = read(&PROGRAM, format, text);
        prop_assert_eq!(known(&PROGRAM, &record.issue), &*expected, "{}", text);
        prop_assert!(record.unknown_keys.is_empty());
    }
    Ok(())
}

/// Values of JSON that fit some type, or nearly.
const VALUES: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-1",
    "3.0",
    "1.5",
    "1e3",
    "9223372036854775807",
    "9223372036854775808",
    "\"\"",
    "\"true\"",
    "\"1\"",
    "\"p1\"",
    "\"P1\"",
    "\"P2\"",
    "\"critical\"",
    "\"hr\"",
    "\"HR\"",
    "\"ootb\"",
    "\"custom \"",
    "\"2024-02-29\"",
    "\"2023-02-29\"",
    "\"2024-02-29T00:00:00\"",
    "{}",
    "[]",
    "{\"from\": 1}",
    "{\"to\": null, \"from\": 2}",
    "{\"name\": \"a\", \"kind\": \"ootb\"}",
    "{\"kind\": \"none\"}",
    "{\"colour\": 1}",
    "[1, 2]",
    "[1]",
    "[null, 3]",
    "[\"a\", \"custom\", true, 1]",
    "[\"a\", \"custom\", \"yes\", 1]",
];

fn value() -> impl Strategy<Value = String> {
    let one = select(VALUES).prop_map(str::to_owned);
    let many = vec(select(VALUES), 0..4).prop_map(|values| format!("[{}]", values.join(", ")));
    prop_oneof![one, many]
}

/// Whether a value fits, by the letter of the page.
fn fits(kind: &FactKind, value: &Json) -> bool {
    match (kind, value) {
        (_, Json::Null) => true,
        (FactKind::Single(domain), value) => fits_scalar(domain, value),
        (FactKind::List(domain), Json::Array(items)) => items.iter().all(|item| fits_scalar(domain, item)),
        (FactKind::Records(columns), Json::Array(rows)) => rows.iter().all(|row| match row {
            Json::Object(cells) => cells.iter().all(|(name, cell)| {
                let column = columns.iter().find(|column| *column.name == **name);
                column.is_some_and(|column| cell.is_null() || fits_scalar(&column.domain, cell))
            }),
            Json::Array(cells) => {
                let fit = |(column, cell): (&remit::program::Column, &Json)| {
                    cell.is_null() || fits_scalar(&column.domain, cell)
                };
                cells.len() == columns.len() && columns.iter().zip(cells).all(fit)
            }
            _ => false,
        }),
        _ => false,
    }
}

fn fits_scalar(domain: &Domain, value: &Json) -> bool {
    match (domain.scalar, value) {
        (Scalar::Bool, Json::Bool(_)) | (Scalar::Number, Json::Number(_)) | (Scalar::Text, Json::String(_)) => true,
        (Scalar::Choice, Json::String(text)) => {
            domain.options.iter().any(|option| *option.id == **text) || domain.aliases.contains_key(&**text)
        }
        (Scalar::Integer, Json::Number(number)) => number.is_i64(),
        (Scalar::Date, Json::String(text)) => text == "2024-02-29",
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, max_shrink_iters: 500, ..ProptestConfig::default() })]

    #[test]
    fn an_issue_is_the_same_in_all_four_formats(issues in vec(issue(), BATCH)) {
        issues.iter().try_for_each(|issue| same_in_all_formats(issue))?;
    }

    #[test]
    fn a_value_is_taken_exactly_if_it_fits(values in vec((any::<prop::sample::Index>(), value()), BATCH * 4)) {
        for (fact, value) in values {
            let fact = fact.get(&PROGRAM.facts);
            let json: Json = serde_json::from_str(&value).expect("a value of JSON");
            let text = format!("{{\"{}\": {value}}}", fact.name);
            let taken = read_all(&PROGRAM, Format::Jsonl, &text).iter().all(Result::is_ok);
            prop_assert_eq!(taken, fits(&fact.kind, &json), "{}", text);
        }
    }
}
