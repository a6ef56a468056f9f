//! Parquet: with the feature, columns come out as the same lines do; without it, the error names it.

use crate::run::{CLEAN, Run};

fn decide(arguments: &[&str]) -> Run {
    let given = ["decide", "--policy", "p.toml", "--format", "csv"];
    Run::new(given.iter().chain(arguments).copied()).file("p.toml", CLEAN)
}

#[cfg(not(feature = "parquet"))]
#[test]
fn without_the_feature_the_error_names_it() {
    decide(&["a.parquet"])
        .file("a.parquet", "PAR1")
        .code(1)
        .stderr("error: `a.parquet` is Parquet, which this build of the program cannot read\n  help: build the program with its feature `parquet`: `cargo install --path . --features parquet`\n")
        .run();
}

#[cfg(feature = "parquet")]
mod with_the_feature {
    use std::sync::Arc;

    use parquet::basic::Compression;
    use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
    use parquet::file::properties::{WriterProperties, WriterVersion};
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    use super::*;
    use crate::dice::Dice;
    use crate::stream::{Stream, decided};
    use remit::issue::{Format, ReadOptions};
    use remit::stream::{EngineName, Shape};

    /// Three rows in two row groups: an id, whether it is urgent (the second is not known), a column that is no fact.
    fn table(urgent: &str) -> Vec<u8> {
        let schema =
            format!("message issues {{ required binary id (UTF8); optional {urgent} urgent; required int64 size; }}");
        let schema = Arc::new(parse_message_type(&schema).expect("a schema"));
        let properties = Arc::new(WriterProperties::builder().set_compression(Compression::SNAPPY).build());
        let mut bytes = Vec::new();
        let mut writer = SerializedFileWriter::new(&mut bytes, schema, properties).expect("a writer");
        for rows in [&[("a", Some(true)), ("b", None)][..], &[("c", Some(false))]] {
            let mut group = writer.next_row_group().expect("a row group");
            let ids: Vec<ByteArray> = rows.iter().map(|(id, _)| ByteArray::from(*id)).collect();
            let levels: Vec<i16> = rows.iter().map(|(_, urgent)| i16::from(urgent.is_some())).collect();
            let given = || rows.iter().filter_map(|(_, urgent)| *urgent);
            let mut column = group.next_column().expect("a column").expect("the id");
            column.typed::<ByteArrayType>().write_batch(&ids, None, None).expect("ids");
            column.close().expect("a column");
            let mut column = group.next_column().expect("a column").expect("urgent");
            if urgent == "boolean" {
                let values: Vec<bool> = given().collect();
                column.typed::<BoolType>().write_batch(&values, Some(&levels), None).expect("values");
            } else {
                let values: Vec<i64> = given().map(i64::from).collect();
                column.typed::<Int64Type>().write_batch(&values, Some(&levels), None).expect("values");
            }
            column.close().expect("a column");
            let mut column = group.next_column().expect("a column").expect("size");
            column.typed::<Int64Type>().write_batch(&vec![7; rows.len()], None, None).expect("sizes");
            column.close().expect("a column");
            group.close().expect("a row group");
        }
        writer.close().expect("a file");
        bytes
    }

    #[test]
    fn rows_are_decided_as_lines_are() {
        let lines = "{\"id\":\"a\",\"urgent\":true,\"size\":7}\n{\"id\":\"b\",\"size\":7}\n{\"id\":\"c\",\"urgent\":false,\"size\":7}\n";
        let rows = decide(&["a.parquet"]).file("a.parquet", table("boolean")).outcome();
        let expected = decide(&["a.jsonl"]).file("a.jsonl", lines).outcome();
        assert_eq!((rows.code, &rows.stdout, &rows.stderr), (expected.code, &expected.stdout, &expected.stderr));
        assert!(rows.stdout.contains("b,open,slow,open\n"), "{}", rows.stdout);
    }

    #[test]
    fn a_column_of_another_type_and_a_file_without_facts_are_refused() {
        let run = |file: Vec<u8>| decide(&["a.parquet"]).file("a.parquet", file).code(1);
        run(table("int64"))
            .stderr(
                "error: the column `urgent` of `a.parquet` holds integers, but should hold true or false\n  help: store the column with the type of the fact, or leave it out\n",
            )
            .run();
        run(columns("message issues { required binary id (UTF8); }", &["a"]))
            .stderr(
                "error: `a.parquet` has no column that is a fact of the policy\n  help: name the columns as the facts are named\n",
            )
            .run();
    }

    /// A file of one column of texts.
    fn columns(schema: &str, texts: &[&str]) -> Vec<u8> {
        let schema = Arc::new(parse_message_type(schema).expect("a schema"));
        let mut bytes = Vec::new();
        let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::default()).expect("a writer");
        let mut group = writer.next_row_group().expect("a row group");
        let mut column = group.next_column().expect("a column").expect("the only one");
        let texts: Vec<ByteArray> = texts.iter().map(|text| ByteArray::from(*text)).collect();
        column.typed::<ByteArrayType>().write_batch(&texts, None, None).expect("texts");
        column.close().expect("a column");
        group.close().expect("a row group");
        writer.close().expect("a file");
        bytes
    }

    /// A row whose value does not fit is refused, whatever the others of its stretch say.
    #[test]
    fn many_rows_are_decided_as_lines_are_and_those_that_do_not_fit_are_rejected() {
        const POLICY: &str = "[policy]\nname = \"p\"\n[fact.kind]\noptions = [\"a\", \"b\"]\n\
            [rule.r]\nsays = 'team(x) if kind = a'\nbecause = \"So.\"\n\
            [decision.team]\nquestion = \"Who?\"\nhit-policy = \"priority\"\noption = [{ id = \"x\" }]\n";
        let kinds: Vec<&str> =
            (0..40_000).map(|row| if row == 20_001 { "c" } else { ["a", "b"][row / 7 % 2] }).collect();
        let lines: String = kinds.iter().map(|kind| format!("{{\"kind\": \"{kind}\"}}\n")).collect();
        let table = columns("message issues { required binary kind (UTF8); }", &kinds);
        for threads in ["1", "3"] {
            let decide = |name: &str| {
                let arguments =
                    ["decide", name, "--policy", "p.toml", "--format", "csv", "--threads", threads, "--quiet"];
                Run::new(arguments).file("p.toml", POLICY)
            };
            let rows = decide("a.parquet").file("a.parquet", table.clone()).outcome();
            let expected = decide("a.jsonl").file("a.jsonl", lines.clone()).outcome();
            assert_eq!((rows.code, &rows.stdout), (1, &expected.stdout));
            assert!(rows.stderr.contains("  --> a.parquet:20002"), "{}", rows.stderr);
            assert_eq!(rows.stdout.lines().count(), 40_000);
        }
    }

    const EVERY_TYPE: &str = r#"
[fact.flag]
type = "bool"
default = true
[fact.kind]
options = ["a", "b", "a_kind_with_a_name_that_is_long"]
aliases = { "A" = "a" }
[fact.size]
type = "integer"
[fact.small]
type = "integer"
[fact.amount]
type = "number"
[fact.day]
type = "date"
[fact.note]
type = "text"
[decision.team]
question = "Who?"
hit-policy = "collect"
option = [{ id = "x" }, { id = "y" }, { id = "z" }]
[rule.x]
says = """
team(x) if flag, not kind = b.
team(y) if size > 3, small <= 2.
team(y) if amount < 1.5, not flag.
team(z) if day >= 1970-01-15, kind != a.
team(z) if contains(note, "7").
"""
because = "So."
"#;

    /// A column of a table: its type, its name, and each of its values, if there is one, as it is written in JSON.
    struct Typed(&'static str, &'static str, fn(u64) -> String);

    /// What the rows of a table say.
    const TYPED: [Typed; 8] = [
        Typed("binary", "id (UTF8)", |n| format!("\"issue {n}\"")),
        Typed("boolean", "flag", |n| (n % 2 == 0).to_string()),
        Typed("binary", "kind (UTF8)", |n| {
            let kinds = ["a", "b", "A", "a_kind_with_a_name_that_is_long", "none of them"];
            format!("\"{}\"", kinds[if n % 4001 == 0 { 4 } else { n as usize % 4 }])
        }),
        Typed("int64", "size", |n| (n % 7).to_string()),
        Typed("int32", "small", |n| (n % 5).to_string()),
        Typed("double", "amount", |n| format!("{:?}", (n % 9) as f64 / 4.0)),
        Typed("int32", "day (DATE)", |n| format!("\"1970-01-{:02}\"", 1 + n % 28)),
        Typed("binary", "note (UTF8)", |n| format!("\"note {}\"", n % 100)),
    ];

    /// A table in groups of so many rows, and the same rows as lines; what is not there is left out.
    fn every_type(groups: &[usize], properties: WriterProperties, seed: u64) -> (Vec<u8>, String) {
        let fields: String = TYPED.iter().map(|Typed(kind, name, _)| format!("optional {kind} {name};")).collect();
        let schema = Arc::new(parse_message_type(&format!("message issues {{ {fields} }}")).expect("a schema"));
        let (mut bytes, mut dice) = (Vec::new(), Dice(seed));
        let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties)).expect("a writer");
        let mut lines = String::new();
        for rows in groups {
            let mut cell = |make: &fn(u64) -> String| (dice.below(4) > 0).then(|| make(dice.below(1 << 20) as u64));
            let table: Vec<Vec<Option<String>>> =
                TYPED.iter().map(|Typed(_, _, make)| (0..*rows).map(|_| cell(make)).collect()).collect();
            for row in 0..*rows {
                let named = TYPED.iter().zip(&table).filter_map(|(Typed(_, name, _), cells)| {
                    let name = name.split(' ').next()?;
                    Some(format!("\"{name}\": {}", cells[row].as_ref()?))
                });
                lines.push_str(&format!("{{{}}}\n", named.collect::<Vec<_>>().join(", ")));
            }
            let mut group = writer.next_row_group().expect("a row group");
            for (Typed(kind, name, _), cells) in TYPED.iter().zip(&table) {
                let mut column = group.next_column().expect("a column").expect("one for each");
                let levels: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
                let values = || cells.iter().flatten().map(|cell| cell.trim_matches('"'));
                macro_rules! write {
                    ($of:ty, $value:expr) => {{
                        let values: Vec<_> = values().map($value).collect();
                        column.typed::<$of>().write_batch(&values, Some(&levels), None)
                    }};
                }
                let written = match *kind {
                    "boolean" => write!(BoolType, |value| value == "true"),
                    "int64" => write!(Int64Type, |value| value.parse().expect("an integer")),
                    "double" => write!(DoubleType, |value| value.parse().expect("a number")),
                    "int32" if name.starts_with("day") => {
                        write!(Int32Type, |value| value
                            .split('-')
                            .next_back()
                            .and_then(|day| day.parse::<i32>().ok())
                            .expect("a day")
                            - 1)
                    }
                    "int32" => write!(Int32Type, |value| value.parse().expect("an integer")),
                    _ => write!(ByteArrayType, ByteArray::from),
                };
                written.and_then(|_| column.close()).expect("a column");
            }
            group.close().expect("a row group");
        }
        writer.close().expect("a file");
        (bytes, lines)
    }

    /// Groups end where blocks and stretches do, and elsewhere; some rows do not fit.
    #[test]
    fn columns_of_every_type_come_out_as_lines_do() {
        let program = crate::evaluation::program(EVERY_TYPE);
        let properties = || WriterProperties::builder().set_data_page_row_count_limit(3000);
        let v2 = properties().set_writer_version(WriterVersion::PARQUET_2_0);
        let plain = properties().set_dictionary_enabled(false).set_compression(Compression::SNAPPY);
        for (seed, properties) in [properties(), v2, plain].into_iter().enumerate() {
            let groups = [5000, 3, 4096, 70, 1, 20_000];
            let (table, lines) = every_type(&groups, properties.build(), seed as u64);
            for shape in [Shape::Lines, Shape::Rows, Shape::Nothing] {
                let decided = |format, bytes| {
                    let options = ReadOptions { format: Some(format), strict: false };
                    let (inputs, every_case) = (vec![("issues", bytes)], false);
                    decided(
                        &program,
                        &Stream { inputs, options, shape, fields: None, every_case },
                        EngineName::Columnar,
                    )
                };
                let expected = decided(Format::Jsonl, lines.as_bytes());
                let rejected = expected.matches("none of them").count();
                assert!(rejected > 0, "{expected}");
                assert!(decided(Format::Parquet, &table) == expected, "seed {seed}, {shape:?}");
            }
        }
    }

    #[test]
    fn a_damaged_file_and_a_pipe_are_refused() {
        let mut half = table("boolean");
        half.truncate(half.len() / 2);
        let outcome = decide(&["a.parquet"]).file("a.parquet", half).outcome();
        assert_eq!((outcome.code, &*outcome.stdout), (1, ""));
        assert!(outcome.stderr.starts_with("error: `a.parquet` cannot be read: "), "{}", outcome.stderr);
        let outcome = decide(&["--input", "parquet"]).stdin(table("boolean")).outcome();
        assert_eq!(outcome.code, 1);
        assert!(
            outcome.stderr.starts_with("error: Parquet cannot be read from standard input\n"),
            "{}",
            outcome.stderr
        );
    }
}
