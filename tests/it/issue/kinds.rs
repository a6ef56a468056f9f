//! Kinds of values: what each type takes and what it refuses, through JSON, the format that can say all.

use remit::issue::Format::{Json, Toml};
use remit::issue::RejectCode::{self, BadDate, BadRow, DuplicateFact, OutOfRange, UnknownOption, WrongType};

use super::{facts, known, read, rejected};

fn takes(key: &str, value: &str, expected: &str) {
    let program = facts();
    let record = read(&program, Json, &format!("{{\"{key}\": {value}, \"severity\": null, \"source\": null}}"));
    assert_eq!(known(&program, &record.issue), format!("{key}={expected}"), "{key}: {value}");
}

fn refuses(key: &str, value: &str, code: RejectCode) {
    let rejection = rejected(&facts(), Json, &format!("{{\"{key}\": {value}}}"));
    assert_eq!(rejection.code, code, "{key}: {value}: {}", rejection.message);
    assert_eq!(rejection.fact.as_deref(), Some(key), "{key}: {value}");
}

#[test]
fn a_bool_is_true_or_false_alone() {
    takes("broken", "true", "true");
    takes("broken", "false", "false");
    for value in [r#""true""#, r#""yes""#, "1", "0", "1.0", "[]", "{}", "[true]"] {
        refuses("broken", value, WrongType);
    }
}

#[test]
fn a_choice_is_one_of_its_options_or_another_spelling_of_one() {
    let program = facts();
    for (value, option) in [("p1", "p1"), ("p3", "p3"), ("P1", "p1"), ("critical", "p1")] {
        let record = read(&program, Json, &format!("{{\"severity\": \"{value}\"}}"));
        assert_eq!(known(&program, &record.issue), format!("severity={option} source~[]"), "{value}");
    }
    for value in [r#""P2""#, r#""p4""#, r#""""#, r#"" p1""#, r#""Critical""#] {
        refuses("severity", value, UnknownOption);
    }
    for value in ["1", "true", "1.5", r#"["p1"]"#] {
        refuses("severity", value, WrongType);
    }
}

#[test]
fn an_integer_has_64_bits_and_no_point() {
    takes("days", "0", "0");
    takes("days", "-0", "0");
    takes("days", "9223372036854775807", "9223372036854775807");
    takes("days", "-9223372036854775808", "-9223372036854775808");
    for value in ["9223372036854775808", "-9223372036854775809", "18446744073709551616", "1e30", "1e999", "-1e999"] {
        refuses("days", value, OutOfRange);
    }
    for value in ["3.0", "3.5", "1e2", r#""3""#, "true", "[3]"] {
        refuses("days", value, WrongType);
    }
}

#[test]
fn a_number_is_any_finite_double() {
    takes("cost", "1.5", "1.5");
    takes("cost", "3", "3.0");
    takes("cost", "1e300", "1e300");
    takes("cost", "18446744073709551616", "1.8446744073709552e19");
    takes("cost", "-0.0", "0.0");
    takes("cost", "0.1", "0.1");
    takes("cost", "5e-324", "5e-324");
    // the double nearest to each, to the last digit
    takes("cost", "9007199254740993.5", "9007199254740994.0");
    takes("cost", "1.0715660391465826e-75", "1.0715660391465826e-75");
    for value in ["1e309", "-1e309"] {
        refuses("cost", value, OutOfRange);
    }
    for value in [r#""1.5""#, "true", "{}", r#""NaN""#] {
        refuses("cost", value, WrongType);
    }
}

#[test]
fn a_date_is_a_day_of_the_calendar_without_a_time() {
    takes("since", r#""2024-02-29""#, "2024-02-29");
    takes("since", r#""0001-01-01""#, "0001-01-01");
    takes("since", r#""9999-12-31""#, "9999-12-31");
    let none = ["2023-02-29", "0000-01-01", "2024-13-01", "2024-1-1", "20240101", "01.02.2024", "", "today"];
    for value in none.into_iter().chain(["2024-02-29T10:00:00Z", "2024-02-29 10:00", " 2024-02-29", "10000-01-01"]) {
        refuses("since", &format!("\"{value}\""), BadDate);
    }
    for value in ["20240101", "true", "[]"] {
        refuses("since", value, WrongType);
    }
}

#[test]
fn toml_dates_and_times_are_judged_as_days_too() {
    let program = facts();
    let record = read(&program, Toml, "since = 2024-02-29");
    assert_eq!(known(&program, &record.issue), "severity~p3 since=2024-02-29 source~[]");
    for value in ["2024-02-29T10:00:00", "2024-02-29 10:00:00Z", "10:00:00", "0000-01-01", "2023-02-29", "2024-1-1"] {
        let rejection = rejected(&program, Toml, &format!("broken = true\nsince = {value}"));
        assert_eq!(rejection.code, BadDate, "{value}: {}", rejection.message);
        assert_eq!((rejection.fact.as_deref(), rejection.line), (Some("since"), Some(2)), "{value}");
    }
    for key in ["note", "severity", "broken", "days"] {
        assert_eq!(rejected(&program, Toml, &format!("{key} = 2024-02-29")).code, WrongType, "{key}");
    }
}

#[test]
fn toml_integers_and_floats_may_lie_beyond_their_range() {
    let program = facts();
    for value in
        ["9223372036854775808", "0xFFFFFFFFFFFFFFFF", "999999999999999999999999999999999999999999", "inf", "nan"]
    {
        assert_eq!(rejected(&program, Toml, &format!("days = {value}")).code, OutOfRange, "{value}");
    }
    for value in ["inf", "-inf", "nan", "+nan", "1e400"] {
        assert_eq!(rejected(&program, Toml, &format!("cost = {value}")).code, OutOfRange, "{value}");
    }
    for (value, integer) in [("0x10", "16"), ("1_000", "1000"), ("+5", "5"), ("0b11", "3"), ("-7", "-7")] {
        let record = read(&program, Toml, &format!("days = {value}"));
        assert_eq!(known(&program, &record.issue), format!("severity~p3 days={integer} source~[]"), "{value}");
    }
}

#[test]
fn a_text_is_a_text_alone() {
    takes("note", r#""""#, r#""""#);
    takes("note", r#""a\tb \u00e9\ud83d\ude00""#, r#""a\tb é😀""#);
    for value in ["1", "1.5", "true", "[]", "{}"] {
        refuses("note", value, WrongType);
    }
}

#[test]
fn a_list_is_complete_and_keeps_order_and_repetitions() {
    takes("tags", r#"["b", "a", "b", ""]"#, r#"[("b"),("a"),("b"),("")]"#);
    takes("tags", "[]", "[]");
    takes("codes", "[3, -1]", "[(3),(-1)]");
    takes("areas", r#"["it", "hr"]"#, "[(it),(hr)]");
    takes("areas", r#"["I;T", "personnel", "hr"]"#, "[(it),(hr),(hr)]");
    takes("checks", "[true, false]", "[(true),(false)]");
    for value in [r#""a""#, "1", "true", r#"{"a": 1}"#] {
        refuses("tags", value, WrongType);
    }
    refuses("tags", r#"["a", null]"#, BadRow);
    refuses("tags", r#"["a", 1]"#, WrongType);
    refuses("tags", r#"[["a"]]"#, WrongType);
    refuses("codes", "[1, 9223372036854775808]", OutOfRange);
    refuses("areas", r#"["hr", "sales"]"#, UnknownOption);
}

#[test]
fn records_are_rows_of_columns_by_name_or_in_order() {
    takes("edge", "[[1, 2], [2, 3]]", "[(1,2),(2,3)]");
    takes("edge", r#"[{"to": 2, "from": 1}, [2, 3], {"from": 1, "to": 2}]"#, "[(1,2),(2,3),(1,2)]");
    takes("edge", "[]", "[]");
    takes("edge", r#"[{"from": 1}, {"from": null, "to": 2}, {}, [null, 3]]"#, "[(1,⊥),(⊥,2),(⊥,⊥),(⊥,3)]");
    for value in [r#"{"from": 1}"#, r#""a""#, "1"] {
        refuses("edge", value, WrongType);
    }
    for value in
        ["[null]", "[1]", r#"["a"]"#, "[[1]]", "[[1, 2, 3]]", "[[]]", r#"[{"form": 1}]"#, r#"[{"from": 1, "x": null}]"#]
    {
        refuses("edge", value, BadRow);
    }
    refuses("edge", r#"[{"from": "1"}]"#, WrongType);
    refuses("edge", r#"[[1, 9223372036854775808]]"#, OutOfRange);
    refuses("edge", r#"[{"from": 1, "from": 2}]"#, DuplicateFact);
    refuses("source", r#"[{"kind": "bespoke"}]"#, UnknownOption);
}
