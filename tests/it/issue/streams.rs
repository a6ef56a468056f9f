//! Streams: what goes on after a fault, where a record stands, what a run is about.

use remit::issue::Format::{Json, Jsonl, Toml};
use remit::issue::{Document, Documents, Format, Input, Issues, ReadOptions, Reader, RejectCode};

use super::{facts, listed, read_all, rejected, run, told};

#[test]
fn in_a_stream_the_others_go_on() {
    let program = facts();
    let text = b"{\"id\": \"a\", \"broken\": true}\n\
        \n  \t\r\n\
        {\"id\": \"b\", \"broken\": \"yes\"}\n\
        {\"id\": \"c\", \n\
        {\"id\": \"d\"} {\"id\": \"e\"}\n\
        {\"id\": \"f\xff\"}\n\
        [{\"id\": \"g\"}]\n\
        {\"id\": \"h\", \"extra\": 1}\r\n\
        {\"broken\": 5}";
    insta::assert_snapshot!(listed(&program, &read_all(&program, Jsonl, text)), @r"
    in.jsonl:1 #1 a broken=true severity~p3 source~[]
    in.jsonl:4 #2 b wrong-type broken
      `broken`: expected true or false, got the text `yes`
      help: write `true`
    in.jsonl:5 #3 ? not-parsed -
      this is no JSON: it ends too early
    in.jsonl:6 #4 ? not-parsed -
      this is no JSON: something follows the end of the issue at column 13
      help: write each issue on a line of its own, in a file that is called `.jsonl` or read with `--input jsonl`
    in.jsonl:7 #5 ? not-parsed -
      the text is not UTF-8: byte 0xff at column 10
      help: save the file with the encoding UTF-8
    in.jsonl:8 #6 6 wrong-type -
      expected one issue as `{ … }`, got a list
    in.jsonl:9 #7 h severity~p3 source~[] unknown: extra
    in.jsonl:10 #8 8 wrong-type broken
      `broken`: expected true or false, got the integer `5`
      help: write `true` or `false`
    ");
}

#[test]
fn an_array_is_many_issues_each_at_its_line() {
    let program = facts();
    let text = "\u{feff}\n[\n {\"id\": 1},\n\n {\"id\": 2,\n  \"days\": 1.5}, 7,\n null, {\"days\": 1e999}, {\"id\": 3,\n\"days\": 3}\n]\n";
    insta::assert_snapshot!(listed(&program, &read_all(&program, Json, text)), @r"
    in.json:3 #1 1 severity~p3 source~[]
    in.json:6 #2 2 wrong-type days
      `days`: expected an integer, got the number `1.5`
      help: write a whole number
    in.json:6 #3 3 wrong-type -
      expected one issue as `{ … }`, got the integer `7`
    in.json:7 #4 4 wrong-type -
      expected one issue as `{ … }`, got `null`
    in.json:7 #5 5 out-of-range days
      `days`: expected a finite number, got the number `1e999`
      help: numbers go up to about `1.8e308` in either direction
    in.json:7 #6 3 severity~p3 days=3 source~[]
    ");
    assert!(read_all(&program, Json, " [ ] ").is_empty());
}

#[test]
fn an_array_that_does_not_parse_is_one_rejection() {
    let rejection = rejected(&facts(), Json, "[{},\n {},\n {]");
    assert_eq!((rejection.code, rejection.line, rejection.record), (RejectCode::NotParsed, Some(3), 1));
}

#[test]
fn deep_nesting_is_an_error_and_no_crash() {
    let program = facts();
    let json = |open: &str, close: &str| format!("{{\"note\": {}1{}}}", open.repeat(100_000), close.repeat(100_000));
    for text in [json("[", "]"), json("{\"a\":", "}"), "[".repeat(100_000)] {
        assert_eq!(rejected(&program, Jsonl, &text).code, RejectCode::NotParsed);
        assert_eq!(rejected(&program, Json, &text).code, RejectCode::NotParsed);
        let rejection = rejected(&program, Json, &format!("[{text}]"));
        assert_eq!(rejection.code, RejectCode::NotParsed);
    }
    let dots = "a.".repeat(79) + "a = ";
    let inline = format!("{dots}{}1{}", format!("{{{dots}").repeat(70), "}".repeat(70));
    let arrays = format!("note = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    for text in [arrays, format!("{}a = 1", "a.".repeat(100_000)), inline] {
        assert_eq!(rejected(&program, Toml, &text).code, RejectCode::NotParsed);
    }
}

#[test]
fn a_line_beyond_64_mib_is_rejected_and_the_next_is_read() {
    let program = facts();
    let mut text = b"{\"id\": \"a\"}\n{\"note\": \"".to_vec();
    text.resize(text.len() + (64 << 20), b'x');
    text.extend_from_slice(b"\"}\n{\"id\": \"c\"}\n");
    let items = read_all(&program, Jsonl, &text);
    assert_eq!(items.len(), 3);
    let rejection = items[1].as_ref().expect_err("too long");
    assert_eq!((rejection.code, rejection.line), (RejectCode::NotParsed, Some(2)));
    assert_eq!(rejection.message, "the line is longer than 64 MiB");
    assert_eq!(items[2].as_ref().map(|record| (record.line, &*record.issue.id)), Ok((3, "c")));
}

#[test]
fn a_csv_record_beyond_64_mib_is_rejected_and_the_next_is_read_if_it_ends() {
    let program = facts();
    let mut text = b"id,note\n1,a\n2,\"".to_vec();
    for _ in 0..66 {
        text.resize(text.len() + (1 << 20) - 1, b'x');
        text.push(b'\n');
    }
    let ids = |text: &[u8]| {
        let items = run(&program, &[("a.csv", text), ("b.csv", b"id\nb\n")], ReadOptions::default());
        let rejection = items[1].as_ref().expect_err("too long");
        assert_eq!(
            (rejection.code, rejection.line, &*rejection.message),
            (RejectCode::NotParsed, Some(3), "the record is longer than 64 MiB")
        );
        items.iter().skip(2).map(|record| record.as_ref().expect("an issue").issue.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&text), ["b"], "the quote is open to the end of the file");
    text.extend_from_slice(b"\"\n3,c\n");
    assert_eq!(ids(&text), ["3", "b"]);
}

#[test]
fn a_run_is_about_one_issue_if_it_is_one_toml_file_or_one_json_object() {
    let program = facts();
    let single = |texts: &[(&str, &str)], format: Option<Format>| {
        let input =
            |(name, text): &(&str, &str)| Input::Memory { name: (*name).into(), bytes: text.as_bytes().to_vec() };
        let options = ReadOptions { format, strict: false };
        let inputs = texts.iter().map(input).collect();
        Issues::open(&program, inputs, options).expect("the inputs open").is_single()
    };
    assert!(single(&[("a.toml", "")], None));
    assert!(single(&[("a.toml", "broken")], None));
    assert!(single(&[("a.json", "\u{feff} {}")], None));
    assert!(single(&[("a", "{}")], Some(Format::Json)));
    assert!(!single(&[("a.json", " [{}]")], None));
    assert!(!single(&[("a.json", "[")], None));
    assert!(!single(&[("a.jsonl", "{}")], None));
    assert!(!single(&[("a.csv", "id\n1")], None));
    assert!(!single(&[("a.toml", ""), ("b.toml", "")], None));
    assert!(!single(&[], None));
}

#[test]
fn documents_can_be_read_by_many_threads_and_in_any_order() {
    let program = facts();
    let text = "{\"id\": 1, \"x\": 1}\n{\n{\"broken\": true, \"y\": 2}\n".repeat(50);
    let input = || vec![Input::Memory { name: "a.jsonl".into(), bytes: text.as_bytes().to_vec() }];
    let options = ReadOptions::default();
    let documents: Vec<Document> =
        Documents::open(&program, input(), options).expect("opens").collect::<Result<_, _>>().expect("reads");
    let reader = Reader::new(&program, options);
    let read = |document: &Document| reader.read(document.clone());
    let alone: Vec<_> = documents.iter().map(read).collect();
    let shared: Vec<_> = std::thread::scope(|scope| {
        let halves: Vec<_> = documents.chunks(75).collect();
        let threads: Vec<_> = halves
            .into_iter()
            .map(|half| scope.spawn(move || half.iter().rev().map(read).collect::<Vec<_>>()))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic").into_iter().rev()).collect()
    });
    assert_eq!(alone, shared);
    assert_eq!(alone, run(&program, &[("a.jsonl", text.as_bytes())], options));
}

#[test]
fn text_from_an_issue_is_shown_without_control_characters_and_shortened() {
    let program = facts();
    let long = "é".repeat(1000);
    let text = format!("{{\"severity\": \"\\u001b[31m\\u202e{long}\", \"note\": \"\\u0007\"}}");
    let rejection = rejected(&program, Json, &text);
    let shown =
        format!("`severity`: `\\u{{1b}}[31m\\u{{202e}}{}…` is none of the options: `p1`, `p2`, `p3`", "é".repeat(54));
    assert_eq!(rejection.message, shown);
    let key = rejected(&program, Json, "{\"source\": [{\"\\u001b]0;\\u0007\": 1}]}");
    assert_eq!(
        key.message,
        "column `\\u{1b}]0;\\u{7}` in row 1 of `source`: there is no such column",
        "{}",
        told(&key)
    );
}
