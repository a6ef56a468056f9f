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
    use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    use super::*;

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
