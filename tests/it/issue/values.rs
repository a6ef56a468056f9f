//! What an issue says of facts as a whole: given, assumed, unknown; ids, titles, unknown keys, repetitions.

use remit::issue::Format::{Csv, Json, Jsonl, Toml};
use remit::issue::{Raw, ReadOptions, Record, RejectCode, convert, given};

use super::{facts, known, policy, read, rejected, run, told};

#[test]
fn the_same_issue_is_the_same_in_all_four_formats() {
    let program = facts();
    let toml = "\
id = \"INC-1042\"
title = \"HR, \\\"accounts\\\"\"
broken = true
severity = \"P1\"
days = -3
cost = 0.1
since = 2024-05-31
note = \"a; b\"
tags = [\"x\", \"y z\"]
codes = [1, 2]
areas = [\"hr\"]
checks = [true, false]
[[source]]
name = \"HR DB\"
kind = \"custom\"
aggregating = false
size = 5
";
    let json = r#"{"id": "INC-1042", "title": "HR, \"accounts\"", "broken": true, "severity": "P1", "days": -3,
        "cost": 0.1, "since": "2024-05-31", "note": "a; b", "tags": ["x", "y z"], "codes": [1, 2], "areas": ["hr"],
        "checks": [true, false],
        "source": [{"size": 5, "name": "HR DB", "kind": "custom", "aggregating": false}]}"#;
    let csv = "id,title,broken,severity,days,cost,since,note,tags,codes,areas,checks,\
        source.name,source.kind,source.aggregating,source.size\n\
        INC-1042,\"HR, \"\"accounts\"\"\",YES,P1,-3,0.1,2024-05-31,a; b,x; y z,1;2,hr,1;No,HR DB,custom,false,5\n";
    let jsonl = json.replace('\n', " ");
    let issues = [(Toml, toml), (Json, json), (Jsonl, &jsonl), (Csv, csv)]
        .map(|(format, text)| read(&program, format, text).issue);
    assert_eq!(
        known(&program, &issues[0]),
        "broken=true severity=p1 days=-3 cost=0.1 since=2024-05-31 note=\"a; b\" tags=[(\"x\"),(\"y z\")] \
         codes=[(1),(2)] areas=[(hr)] checks=[(true),(false)] source=[(\"HR DB\",custom,false,5)]"
    );
    assert_eq!((&*issues[0].id, issues[0].title.as_deref()), ("INC-1042", Some("HR, \"accounts\"")));
    assert!(issues.iter().all(|issue| *issue == issues[0]), "{issues:#?}");
}

#[test]
fn what_is_absent_is_assumed_or_unknown_and_null_is_unknown() {
    let program = facts();
    let absent = read(&program, Json, "{}").issue;
    assert_eq!(known(&program, &absent), "severity~p3 source~[]");
    let null = read(
        &program,
        Json,
        r#"{"severity": null, "source": null, "broken": null, "tags": null, "id": null, "title": null}"#,
    );
    assert_eq!(known(&program, &null.issue), "");
    assert_eq!((&*null.issue.id, null.issue.title.as_deref()), ("in", None));
    assert!(null.unknown_keys.is_empty());
    let given = read(&program, Json, r#"{"severity": "p3", "source": []}"#).issue;
    assert_eq!(known(&program, &given), "severity=p3 source=[]");
}

#[test]
fn an_id_is_the_given_one_or_the_files_name_or_the_records_number() {
    let program = facts();
    let id = |format, text: &str| read(&program, format, text).issue.id.to_string();
    assert_eq!(id(Json, r#"{"id": "INC-1"}"#), "INC-1");
    assert_eq!(id(Json, r#"{"id": 42}"#), "42");
    // As it is written: ids that differ in a digit are never made one.
    for number in [
        "-1.5",
        "-0",
        "-0.0",
        "1.50",
        "1e3",
        "18446744073709551615",
        "18446744073709551617",
        "-9223372036854775809",
        "1e999",
    ] {
        assert_eq!(id(Json, &format!("{{\"id\": {number}, \"cost\": 0.5}}")), number);
        assert_eq!(id(Jsonl, &format!("{{\"cost\": 0.5, \"id\":{number}}}")), number);
    }
    assert_eq!(id(Toml, "id = 1.50"), "1.50");
    assert_eq!(id(Json, r#"{"id": ""}"#), "");
    assert_eq!(id(Toml, "id = 42"), "42");
    assert_eq!(
        id(Toml, "id = 123456789012345678901234567890123456789012345"),
        "123456789012345678901234567890123456789012345"
    );
    assert_eq!(id(Csv, "id\n0042\n"), "0042");
    assert_eq!(id(Toml, ""), "in");
    assert_eq!(id(Json, "{}"), "in");
    assert_eq!(id(Jsonl, "{}"), "1");
    assert_eq!(id(Csv, "id,note\n,x\n"), "1");
    assert_eq!(id(Json, "[{}]"), "1");
    for text in ["true", "[1]"] {
        let rejection = rejected(&program, Json, &format!("{{\"id\": {text}}}"));
        let told = (rejection.code, rejection.fact.as_deref(), rejection.id);
        assert_eq!(told, (RejectCode::WrongType, Some("id"), None), "{text}");
    }
}

#[test]
fn numbers_count_over_all_files_of_a_run() {
    let program = facts();
    let texts: [(&str, &[u8]); 6] = [
        ("a.jsonl", b"{}\n\n{\"id\": \"x\"}\n{\n"),
        ("b.toml", b""),
        ("dir/c.d.json", b"{}"),
        ("e.json", b"[{}, 5, {\"id\": null}]"),
        ("f.csv", b"days\n1\nx\n3\n"),
        ("g.ndjson", b"{}"),
    ];
    let items = run(&program, &texts, ReadOptions::default());
    let numbers: Vec<usize> = items.iter().map(|item| item.as_ref().map_or_else(|r| r.record, |r| r.number)).collect();
    assert_eq!(numbers, (1..=12).collect::<Vec<_>>());
    let ids: Vec<String> = items.iter().flatten().map(|record| record.issue.id.to_string()).collect();
    assert_eq!(ids, ["1", "x", "b", "c.d", "6", "8", "9", "11", "12"]);
}

#[test]
fn id_and_title_are_always_allowed_and_may_be_facts() {
    let plain = facts();
    let record = read(&plain, Json, r#"{"id": 7, "title": "T"}"#);
    assert!(record.unknown_keys.is_empty());
    assert_eq!(rejected(&plain, Json, r#"{"title": 7}"#).code, RejectCode::WrongType);

    let program = policy("[fact.id]\ntype = \"text\"\n[fact.title]\ntype = \"text\"\n");
    let given = read(&program, Json, r#"{"id": 7, "title": "T"}"#).issue;
    assert_eq!(known(&program, &given), r#"id="7" title="T""#);
    assert_eq!((&*given.id, given.title.as_deref()), ("7", Some("T")));
    let csv = read(&program, Csv, "title,id\nT,7\n").issue;
    assert_eq!(csv, given);
    // the name of a file is a label; that the issue has this id is not known
    let absent = read(&program, Json, "{}").issue;
    assert_eq!((known(&program, &absent), &*absent.id), (String::new(), "in"));
    assert_eq!(rejected(&program, Json, r#"{"id": "a", "id": "b"}"#).code, RejectCode::DuplicateFact);
    assert_eq!(rejected(&program, Json, r#"{"title": true}"#).fact.as_deref(), Some("title"));
}

#[test]
fn a_key_that_is_no_fact_is_noted_once_with_the_nearest_fact() {
    let program = facts();
    for (format, text) in [
        (Json, r#"{"sevrity": "p1", "customer": [null, {}], "customer": 2, "brokn": 1}"#),
        (Toml, "sevrity = \"p1\"\nbrokn = 1\n[customer]\nname = 1\n"),
        (Csv, "sevrity,customer,brokn,customer,\np1,x,1,y,\n"),
    ] {
        let record = read(&program, format, text);
        let mut keys: Vec<(&str, Option<&str>)> =
            record.unknown_keys.iter().map(|unknown| (&*unknown.key, unknown.suggestion.as_deref())).collect();
        keys.sort_unstable();
        assert_eq!(keys, [("brokn", Some("broken")), ("customer", None), ("sevrity", Some("severity"))], "{text}");
        assert_eq!(known(&program, &record.issue), "severity~p3 source~[]");
    }
}

#[test]
fn strict_makes_a_key_that_is_no_fact_an_error() {
    let program = facts();
    let strict = ReadOptions { strict: true, ..ReadOptions::default() };
    let texts: [(&str, &[u8]); 4] = [
        ("a.toml", b"id = \"A\"\nbroken = true\nsevrity = \"p1\"\n"),
        ("b.json", b"{\"id\": \"B\",\n \"broken\": true,\n \"sevrity\": \"p1\"}"),
        ("c.jsonl", b"{\"id\": \"C\", \"sevrity\": \"p1\"}\n{\"id\": \"D\", \"severity\": \"p1\", \"title\": \"t\"}"),
        ("e.csv", b"id,sevrity\nE,p1\n"),
    ];
    let items = run(&program, &texts, strict);
    let rejections: Vec<_> = items.iter().filter_map(|item| item.as_ref().err()).collect();
    let places: Vec<_> = rejections.iter().map(|r| (r.id.as_deref().unwrap_or(""), r.line.unwrap_or(0))).collect();
    assert_eq!(places, [("A", 3), ("B", 3), ("C", 1), ("E", 2)]);
    for rejection in rejections {
        assert_eq!(rejection.code, RejectCode::UnknownFact);
        assert_eq!(rejection.fact.as_deref(), Some("sevrity"));
        assert_eq!(rejection.help.as_deref(), Some("did you mean `severity`?"), "{}", told(rejection));
    }
    assert_eq!(items.iter().flatten().map(|record: &Record| &*record.issue.id).collect::<Vec<_>>(), ["D"]);
}

#[test]
fn a_fact_given_twice_is_an_error_in_every_format() {
    let program = facts();
    for (format, text, line) in [
        (Toml, "broken = true\nbroken = true\n", 2),
        (Toml, "[[edge]]\nfrom = 1\n[edge]\n", 3),
        (Toml, "\"broken\" = true\nbroken = true\n", 2),
        (Json, "{\"broken\": true,\n\"broken\": true}", 2),
        (Json, "{\"broken\": null,\n\"broken\": true}", 2),
        (Json, "{\"brok\\u0065n\": true, \"broken\": true}", 1),
        (Jsonl, "{\"broken\": true, \"broken\": false}", 1),
        (Csv, "broken,days,broken\n1,2,1\n1,2,1\n", 1),
        (Csv, "edge.from,edge.from\n1,2\n", 1),
        (Csv, "id,broken,id\n1,2,1\n", 1),
    ] {
        let rejection = rejected(&program, format, text);
        assert_eq!(
            (rejection.code, rejection.line),
            (RejectCode::DuplicateFact, Some(line)),
            "{text}: {}",
            told(&rejection)
        );
        let fact = rejection.fact.unwrap_or_default();
        assert!(["broken", "edge", "edge.from", "id"].contains(&&*fact), "{text}: {fact}");
    }
}

#[test]
fn a_label_is_told_the_option_that_has_it() {
    let policy = "[policy]\nname = 'x'\n[fact.bike]\noptions = { city = 'City bike', cargo = 'Cargo bike' }\n\
                  [rule.r]\nsays = 'd(a) if bike = city'\n[decision.d]\nquestion = '?'\nhit-policy = 'unique'\noption = [{ id = 'a' }]";
    let (policy, sources, _) = remit::policy::load_texts(vec![("p.toml".into(), policy.into())], "".into());
    let program = remit::check::check(&policy, &sources).0.expect("a policy without errors");
    for text in ["City bike", "city BIKE"] {
        let fault = given(&program.facts[0].kind, &Raw::text(text)).expect_err("no option");
        assert_eq!(fault.help.as_deref(), Some("write `city`, whose label this is"));
    }
}

#[test]
fn a_default_and_a_scenario_are_converted_by_the_same_rules() {
    let program = facts();
    let severity = &program.facts[1].kind;
    assert!(matches!(given(severity, &Raw::text("critical")), Ok(Some(_))));
    assert_eq!(given(severity, &Raw::Null), Ok(None));
    let fault = given(severity, &Raw::text("p4")).expect_err("no option");
    assert_eq!((fault.code, fault.path.to_string()), (RejectCode::UnknownOption, String::new()));
    assert_eq!(fault.message(), "`p4` is none of the options: `p1`, `p2`, `p3`");

    let row = Raw::Table(vec![("kind".into(), Raw::text("x"))]);
    let raw = Raw::Table(vec![("source".into(), Raw::Array(vec![Raw::Table(Vec::new()), row]))]);
    let (_, _, faults) = convert(&program, &raw, &"scenario".into());
    let [fault] = faults.as_slice() else { unreachable!("one value is no option: {faults:?}") };
    assert_eq!(fault.path.to_string(), "source[2].kind");
    assert_eq!(fault.message(), "column `kind` in row 2 of `source`: `x` is none of the options: `ootb`, `custom`");
}
