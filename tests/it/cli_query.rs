//! `remit query`: the tuples of a relation.

use crate::run::{EXAMPLE, ISSUE, Run};

const GRAPH: &str = r#"
[policy]
name = "graph"

[fact.edge]
type = "records"
[fact.edge.columns]
from = "text"
to = "text"
cost = "number"

[fact.mark]
type = "list"
of = "text"

[fact.urgent]
type = "bool"

[rule.step]
says = 'reach(X, Y) if edge(from: X, to: Y)'
because = "There is an edge."

[rule.further]
says = 'reach(X, Z) if reach(X, Y), edge(from: Y, to: Z)'
because = "There is a way."

[rule.marked]
says = 'queue(fast) if reach(X, Y), mark(X), mark(Y), edge(cost: C), C > 1.0, urgent'
because = "Marked."

[decision.queue]
question = "Which queue?"
hit-policy = "priority"
default = "slow"
option = [{ id = "fast" }, { id = "slow" }]
"#;

fn graph<const N: usize>(arguments: [&str; N]) -> Run {
    Run::new(["query", "--policy", "graph.toml"].into_iter().chain(arguments)).file("graph.toml", GRAPH)
}

fn example<const N: usize>(arguments: [&str; N]) -> Run {
    Run::new(["query"].into_iter().chain(arguments)).file("policies/policy.toml", EXAMPLE).file("issue.toml", ISSUE)
}

#[test]
fn tuples_come_under_the_names_of_the_variables() {
    example(["custom_source(S)", "issue.toml"]).stdout("S\nHR DB\n").run();
    example(["source(name: N, kind: K)", "issue.toml"]).stdout("N\tK\nHR DB\tcustom\n").run();
    example(["source(_, Kind, _)", "issue.toml"]).stdout("Kind\ncustom\n").run();
    example(["decided(team, T)", "issue.toml"]).stdout("T\nservices\n").run();
}

#[test]
fn an_atom_without_variables_holds_or_not() {
    example(["custom_part", "issue.toml"]).stdout("holds\ntrue\n").run();
    example(["team(desk)", "issue.toml"]).stdout("holds\n").run();
    example(["custom_source(_)", "issue.toml", "--format", "json"]).stdout("[\n{\"holds\":true}\n]\n").run();
    example(["team(desk)", "issue.toml", "--format", "json"]).stdout("[]\n").run();
}

#[test]
fn without_an_issue_nothing_is_known() {
    example(["team(T)"]).stdout("T\n").run();
    example(["team(T)", "--plane", "possible"]).stdout("T\nservices\nsupport\n").run();
}

/// Standard input is read if a format is said, and not looked at otherwise: it may never end.
#[test]
fn an_issue_that_is_piped_in_needs_its_format() {
    example(["team(T)", "--plane", "possible"]).stdin(ISSUE).stdout("T\nservices\nsupport\n").run();
    example(["team(T)", "--input", "toml"]).stdin(ISSUE).stdout("T\nservices\n").run();
}

#[test]
fn tuples_are_sorted_and_escaped() {
    let issue = r#"{"edge":[["b\tc","x\\y\n\u001b",2],["a","b",1.5],["a","b",10]],"mark":[]}"#;
    let run = |format: &str| graph(["edge(A, B, C)", "i.json", "--format", format]).file("i.json", issue);
    run("tsv").stdout("A\tB\tC\na\tb\t1.5\na\tb\t10.0\nb\\tc\tx\\\\y\\n\\u{1b}\t2.0\n").run();
    run("json")
        .stdout(
            "[\n{\"A\":\"a\",\"B\":\"b\",\"C\":1.5},\n{\"A\":\"a\",\"B\":\"b\",\"C\":10.0},\n{\"A\":\"b\\tc\",\"B\":\"x\\\\y\\n\\u001b\",\"C\":2.0}\n]\n",
        )
        .run();
    run("table")
        .stdout("A        B               C\na        b               1.5\na        b               10.0\nb\\u{9}c  x\\y\\u{a}\\u{1b}  2.0\n")
        .run();
}

#[test]
fn facts_are_filled_from_tables() {
    let query = |file: &str, text: &str| {
        graph(["reach(X, Y)", "--load", &format!("edge={file}"), "--load", "mark=m.csv"])
            .file(file, text)
            .file("m.csv", "mark\na\n")
    };
    let reached = "X\tY\na\tb\na\tc\nb\tc\n";
    query("e.csv", "from,to,cost\na,b,1\nb,c,\n").stdout(reached).run();
    query("e.csv", "\u{feff}to,from\r\nb,a\r\nc,b\r\n").stdout(reached).run();
    query("e.csv", "a,b,1\nb,c,2.5\n").stdout(reached).run();
    query("e.tsv", "from\tto\na\tb\nb\tc\n").stdout(reached).run();
    query("e.tsv", "x\\ty\t\\\\\t1\n").stdout("X\tY\nx\\ty\t\\\\\n").run();
}

#[test]
fn texts_that_come_again_are_read_as_before() {
    let rows = "cost,from,to\n1,a,b\n,b,a\n1,a,b\n,a,b\n2,b,a\n1,b,a\n 1,a, b\n";
    let run = |atom, plane| graph([atom, "--plane", plane, "--load", "edge=e.csv"]).file("e.csv", rows);
    let all = "A\tB\tC\na\t b\t1.0\na\tb\t\\N\na\tb\t1.0\nb\ta\t\\N\nb\ta\t1.0\nb\ta\t2.0\n";
    run("edge(A, B, C)", "possible").stdout(all).run();
    let certain: String = all.lines().filter(|line| !line.contains("\\N")).map(|line| format!("{line}\n")).collect();
    run("edge(A, B, C)", "certain").stdout(&certain).run();
    // What is written is read back: an unknown cell as one, and a text as that text.
    let table = "cost\tfrom\tto\n\\N\tunknown\t\\\\N\n";
    let again = graph(["edge(A, B, C)", "--plane", "possible", "--load", "edge=e.tsv"]).file("e.tsv", table);
    again.stdout("A\tB\tC\nunknown\t\\\\N\t\\N\n").run();
    let odd = "A\tB\tC\n\\u{1b}[1m\t\\\\u{1b}\t2.0\n \t\\r\t\\N\n";
    let table = odd.replacen("A\tB\tC", "from\tto\tcost", 1);
    graph(["edge(A, B, C)", "--plane", "possible", "--load", "edge=e.tsv"]).file("e.tsv", table).stdout(odd).run();
    run("reach(\"a\", Y)", "certain").stdout("Y\n b\na\nb\n").run();
    let broken = graph(["edge(A, B, C)", "--load", "edge=e.csv"]).file("e.csv", format!("{rows}1,a\n")).outcome();
    assert_eq!((broken.code, broken.stdout.as_str()), (1, ""));
    assert!(broken.stderr.contains("`e.csv`, line 9: "), "{}", broken.stderr);
    let broken = graph(["edge(A, B, C)", "--load", "edge=e.csv"]).file("e.csv", format!("{rows}one,a,b\n")).outcome();
    assert!(broken.stderr.contains("`e.csv`, line 9: column `cost`"), "{}", broken.stderr);
}

/// A quote that is not closed would make one cell of all that is behind it.
#[test]
fn a_quote_that_is_not_closed_loses_no_row() {
    let run = |table: &str| graph(["edge(A, B, C)", "--load", "edge=e.csv"]).file("e.csv", table).outcome();
    for table in ["from,to,cost\na,b,1\na,\"b,2\nb,a,3\n", "from,to,cost\na,b,1\n\"", "\""] {
        let line = if table == "\"" { 1 } else { 3 };
        let outcome = run(table);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""), "{table:?}");
        let told = format!(
            "`e.csv`, line {line}: this is no CSV: the quote that opens in the record of line {line} is not closed"
        );
        assert!(outcome.stderr.contains(&told), "{table:?}: {}", outcome.stderr);
    }
    for table in ["a,b,1\na,\"b\",2", "a,b,1\n\"a\",\"b\",\"2\"\n\n"] {
        assert_eq!(run(table).stdout, "A\tB\tC\na\tb\t1.0\na\tb\t2.0\n", "{table:?}");
    }
    assert_eq!(run("").stdout, "A\tB\tC\n");
    // As a spreadsheet may write it.
    assert_eq!(run("edge.to,edge.cost,edge.from\nb,1,a\n,,\n,,\n").stdout, "A\tB\tC\na\tb\t1.0\n");
    let semicolons = run("from;to;note\n1;2;a\n");
    assert!(semicolons.stderr.contains("separated by semicolons"), "{}", semicolons.stderr);
    let twice = graph(["edge(A, B, C)", "--load", "edge=e.csv", "--load", "edge=e.csv"]).file("e.csv", "").outcome();
    assert_eq!(twice.code, 2);
    assert!(twice.stderr.starts_with("error: `--load` fills `edge` twice\n"), "{}", twice.stderr);
}

#[test]
fn a_row_that_does_not_fit_is_refused_with_its_line() {
    let run = |load: &str, text: &str| graph(["reach(X, Y)", "--load", load]).file("e.csv", text).file("e.txt", "");
    let mut texts = Vec::new();
    for (load, text) in [
        ("edge=e.csv", "from,to,cost\na,b,much\n"),
        ("edge=e.csv", "from,to\na,b\na\n"),
        ("edge=none.csv", ""),
        ("edge=e.txt", ""),
        ("edg=e.csv", ""),
        ("urgent=e.csv", "urgent\ntrue\n"),
    ] {
        let outcome = run(load, text).outcome();
        assert_eq!(outcome.stdout, "");
        texts.push(format!("{load} => {}\n{}", outcome.code, outcome.stderr));
    }
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn what_is_no_question_is_wrong_usage() {
    let mut texts = Vec::new();
    for atom in
        ["custom_sorce(S)", "custom_source(S", "source(name: N, colour: C)", "not custom_part", "custom_source(S, T)"]
    {
        let outcome = example([atom, "issue.toml"]).outcome();
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{atom}");
        texts.push(outcome.stderr);
    }
    let many = example(["team(T)", "i.jsonl"]).file("i.jsonl", "{}").outcome();
    assert_eq!((many.code, many.stdout.as_str()), (2, ""));
    texts.push(many.stderr);
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn both_engines_print_the_same() {
    let issue = r#"{"edge":[["a","b",2],["b",null,1.5],["c","a",3],[null,"c",null]],"mark":["a","b"]}"#;
    for atom in ["reach(X, Y)", "reach(\"a\", Y)", "edge(X, Y, C)", "queue(Q)", "decided(queue, Q)", "urgent"] {
        for plane in ["certain", "possible"] {
            for format in ["tsv", "json", "table"] {
                let run = |engine| {
                    let arguments =
                        [atom, "i.json", "--plane", plane, "--format", format, "--engine", engine, "--quiet"];
                    graph(arguments).file("i.json", issue).outcome()
                };
                let (reference, columnar) = (run("reference"), run("columnar"));
                assert_eq!((reference.code, reference.stderr.as_str()), (0, ""), "{atom}");
                assert_eq!(columnar.stdout, reference.stdout, "{atom} {plane} {format}");
            }
        }
    }
}

#[test]
fn a_fact_of_which_nothing_is_known_is_told() {
    let warning = "warning: `urgent` is not known: nothing of it is certain\n  \
                   help: name a file with an issue that gives it, or ask with `--plane possible`\n";
    graph(["urgent"]).stdout("holds\n").stderr(warning).run();
    graph(["urgent", "--plane", "possible"]).stdout("holds\ntrue\n").run();
}
