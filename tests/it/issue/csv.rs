//! CSV: the header, the cells, the records and the ways a file can be broken.

use remit::issue::Format::Csv;
use remit::issue::RejectCode;
use remit::issue::RejectCode::{BadRow, NotParsed, OutOfRange, UnknownOption, WrongType};

use super::{facts, known, listed, read, read_all, rejected};

fn row(text: &str) -> String {
    let program = facts();
    known(&program, &read(&program, Csv, text).issue)
}

#[test]
fn a_byte_order_mark_is_skipped() {
    assert_eq!(row("\u{feff}broken\ntrue\n"), "broken=true severity~p3 source~[]");
}

#[test]
fn an_empty_cell_is_not_given_so_that_defaults_apply() {
    let empty =
        row("broken,severity,days,cost,since,note,tags,codes,source.name,source.kind,edge.from,edge.to\n,,,,,,,,,,,\n");
    assert_eq!(empty, "severity~p3 source~[]");
    assert_eq!(row("broken,severity\n \t , \n"), "severity~p3 source~[]");
    assert_eq!(row("broken,note\n1,\"\"\n"), "broken=true severity~p3 source~[]");
}

#[test]
fn bools_are_spelled_in_six_ways_in_any_case() {
    for (spelling, value) in [
        ("true", true),
        ("TRUE", true),
        ("Yes", true),
        ("1", true),
        (" true ", true),
        ("False", false),
        ("no", false),
        ("NO", false),
        ("0", false),
    ] {
        assert_eq!(row(&format!("broken\n{spelling}\n")), format!("broken={value} severity~p3 source~[]"));
    }
    for spelling in ["y", "2", "on", "wahr", "01"] {
        assert_eq!(rejected(&facts(), Csv, &format!("broken\n{spelling}\n")).code, WrongType, "{spelling}");
    }
    assert_eq!(row("source.aggregating\nYES\n"), "severity~p3 source=[(⊥,⊥,true,⊥)]");
}

#[test]
fn cells_are_read_after_the_type_of_their_fact() {
    assert_eq!(
        row("days,cost,since,note,severity\n 42 ,1e3,2024-05-31, 007 ,critical\n"),
        "severity=p1 days=42 cost=1000.0 since=2024-05-31 note=\" 007 \" source~[]"
    );
    let refused: [(&str, &str, RejectCode); 12] = [
        ("days", "4.0", WrongType),
        ("days", "four", WrongType),
        ("days", "9223372036854775808", OutOfRange),
        ("days", "99999999999999999999999999999999999999999999", OutOfRange),
        ("cost", "1e400", OutOfRange),
        ("cost", "NaN", OutOfRange),
        ("cost", "inf", OutOfRange),
        ("cost", "\"1,5\"", WrongType),
        ("since", "31.05.2024", RejectCode::BadDate),
        ("since", "2024-05-31 10:00", RejectCode::BadDate),
        ("severity", "P2", UnknownOption),
        ("areas", "hr;sales", UnknownOption),
    ];
    for (fact, cell, code) in refused {
        let rejection = rejected(&facts(), Csv, &format!("note,{fact}\nx,{cell}\n"));
        assert_eq!((rejection.code, rejection.fact.as_deref()), (code, Some(fact)), "{fact}: {cell}");
        assert_eq!(rejection.line, Some(2));
    }
    assert_eq!(row("cost\n99999999999999999999999999999999999999999999\n"), "severity~p3 cost=1e44 source~[]");
}

#[test]
fn semicolons_separate_the_values_of_a_list() {
    assert_eq!(
        row("tags,codes,areas,checks\na b; c ;,1;-2,it;personnel,yes;0\n"),
        "severity~p3 tags=[(\"a b\"),(\"c\")] codes=[(1),(-2)] areas=[(it),(hr)] checks=[(true),(false)] source~[]"
    );
    assert_eq!(row("tags\n;\n"), "severity~p3 tags=[] source~[]");
    assert_eq!(
        rejected(&facts(), Csv, "codes\n1;x\n").message,
        "value 2 of `codes`: expected an integer, got the text `x`"
    );
}

#[test]
fn dotted_headers_give_records_of_one_row_and_none_if_all_are_empty() {
    assert_eq!(
        row("source.kind,edge.to,source.name,edge.from\ncustom,2,DB,\n"),
        "severity~p3 source=[(\"DB\",custom,⊥,⊥)] edge=[(⊥,2)]"
    );
    assert_eq!(row("edge.to,edge.from,source.name\n,,\n"), "severity~p3 source~[]");
    let unknown = rejected(&facts(), Csv, "source.nmae\nDB\n");
    assert_eq!((unknown.code, unknown.help.as_deref()), (BadRow, Some("did you mean `name`?")));
    assert_eq!(row("source.nmae\n\"\"\n"), "severity~p3 source~[]");
    assert_eq!(rejected(&facts(), Csv, "source\nDB\n").code, WrongType);
    assert_eq!(
        rejected(&facts(), Csv, "source.size\nbig\n").message,
        "column `size` in row 1 of `source`: expected an integer, got the text `big`"
    );
}

#[test]
fn dots_behind_facts_that_are_no_records_make_unknown_keys() {
    let record = read(&facts(), Csv, "broken.x,customer.name,days\n1,2,3\n");
    let keys: Vec<&str> = record.unknown_keys.iter().map(|unknown| &*unknown.key).collect();
    assert_eq!(keys, ["broken.x", "customer.name"]);
}

#[test]
fn an_unnamed_column_counts_only_where_it_says_something() {
    let program = facts();
    let keys = |text: &str| read(&program, Csv, text).unknown_keys.len();
    assert_eq!(keys("broken,,\n1,,\n"), 0);
    assert_eq!(keys("broken,,\n1,,x\n"), 1);
}

#[test]
fn quotes_commas_line_ends_and_blank_lines_are_as_everywhere() {
    let program = facts();
    let text =
        "id,note\r\n1,\"a \"\"b\"\", c\"\r\n\r\n2,\"two\r\nlines, and\n\nthree\"\r\n   \n3,in\"side\n4,\"x\"y\n5,last";
    let items = read_all(&program, Csv, text);
    let notes: Vec<(String, usize)> =
        items.iter().flatten().map(|record| (known(&program, &record.issue), record.line)).collect();
    let note = |text: &str, line: usize| (format!("severity~p3 note={text} source~[]"), line);
    let expected = [
        note(r#""a \"b\", c""#, 2),
        note(r#""two\r\nlines, and\n\nthree""#, 4),
        note(r#""in\"side""#, 9),
        note(r#""xy""#, 10),
        note(r#""last""#, 11),
    ];
    assert_eq!(notes, expected);
}

#[test]
fn a_record_with_too_many_or_too_few_cells_is_rejected_and_the_others_go_on() {
    let program = facts();
    let items = read_all(&program, Csv, "id,broken\n1,yes,no\n2\n3,yes\n\"4\n5\",yes,6\n");
    insta::assert_snapshot!(listed(&program, &items), @r"
    in.csv:2 #1 1 bad-row -
      expected 2 cells, as many as the header has, got 3
      help: a cell that holds a comma must be in quotes
    in.csv:3 #2 2 bad-row -
      expected 2 cells, as many as the header has, got 1
      help: leave a cell empty where nothing is known, but keep its comma
    in.csv:4 #3 3 broken=true severity~p3 source~[]
    in.csv:5 #4 ? bad-row -
      expected 2 cells, as many as the header has, got 3
      help: the record runs from line 5 to line 6: is a quote not closed?
    ");
}

#[test]
fn what_follows_a_quote_that_is_not_closed_is_rejected_aloud() {
    let program = facts();
    let items = read_all(&program, Csv, "id,note\n1,a\n2,\"b\n3,c\n4,d\n");
    assert_eq!(items.len(), 2);
    let rejection = items[1].as_ref().expect_err("the quote is open");
    assert_eq!((rejection.code, rejection.line), (NotParsed, Some(3)));
    assert_eq!(rejection.message, "this is no CSV: the quote that opens in the record of line 3 is not closed");
}

#[test]
fn a_record_that_is_not_utf8_is_rejected_and_the_others_go_on() {
    let program = facts();
    let items = read_all(&program, Csv, b"id,note\n1,\xe4\n2,ok\n");
    let rejection = items[0].as_ref().expect_err("Latin-1");
    assert_eq!((rejection.code, rejection.line), (NotParsed, Some(2)));
    assert_eq!(rejection.message, "the text is not UTF-8: byte 0xe4 at column 3");
    assert!(items[1].is_ok());
}

#[test]
fn a_file_without_a_header_that_can_be_used_is_rejected_once() {
    let program = facts();
    for (text, message) in [
        (&b"id;severity\n1;p1\n2;p2\n"[..], "this is no CSV: its cells are separated by semicolons"),
        (b"id\tseverity\n1\tp1\n", "this is no CSV: its cells are separated by tabs"),
        (b"id,severity\r1,p1\r2,p2\r", "this is no CSV: its lines end in carriage returns alone"),
        (b"id,\xe4\n1,2\n2,3\n", "the text is not UTF-8: byte 0xe4 at column 4"),
        (b"id,\"severity\n1,2\n", "this is no CSV: the quote that opens in the record of line 1 is not closed"),
        (b"\nid,broken, id \n1,2,3\n", "`id`: columns 1 and 3 have the same header"),
    ] {
        let items = read_all(&program, Csv, text);
        assert_eq!(items.len(), 1, "{message}");
        assert_eq!(items[0].as_ref().expect_err(message).message, message);
    }
}

#[test]
fn a_file_of_nothing_or_of_a_header_alone_has_no_issues() {
    for text in ["", "\n\n", "id,broken\n", "\u{feff}id"] {
        assert!(read_all(&facts(), Csv, text).is_empty(), "{text:?}");
    }
}

#[test]
fn a_header_says_something_of_the_policy() {
    for text in ["{\"days\": 1}\n", "INC-1,fix,yes\n", "sep=,\nid,days\n1,3\n", "sep=;\nid;days\n", "i\0d\0,\0d\0\n"] {
        let rejection = rejected(&facts(), Csv, text);
        assert_eq!((rejection.code, rejection.line), (RejectCode::NotParsed, Some(1)), "{text}");
        assert!(rejection.help.is_some(), "{text}");
    }
    // A slip in the only name is told as that.
    assert_eq!(row("dyas\n3\n"), "severity~p3 source~[]");
    assert_eq!(row("id,customer\n1,x\n"), "severity~p3 source~[]");
}
