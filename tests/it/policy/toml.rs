//! Broken TOML: what is said of it, where, and that the rest of the file is still read.

use std::fmt::Write as _;

use remit::diagnostic::Code;

use super::{read, shown};

/// One mistake each, behind a header that is in order.
const MISTAKES: &[&str] = &[
    "[rule.a]\nsays = ",
    "[rule.a]\nsays =\nbecause = 'x'",
    "[fact.a]\ntype = bool",
    "[fact.a]\ntype = text",
    "[fact.a]\ntype = integer",
    "[fact.a]\noptions = [p1, P2, nothing]",
    "[concept.a]\nmeans = the issue is new",
    "[concept.a]\nmeans = “new”",
    "[decision.team]\nadvisory = True",
    "[decision.team]\nadvisory = no",
    "[fact.a]\ntype = 'text'\ndefault = null",
    "[fact.a]\ntype = 'text'\ndefault = 5 days",
    "[fact.a]\noptions = ['a' 'b']",
    "[fact.a]\noptions = ['a'\n'b']",
    "[fact.a]\noptions = ['a',,'b']",
    "[fact.a]\ntype = 'bool",
    "[fact.a]\ntype = \"bool\nask = 'Is it?'",
    "[fact.a]\ntype = bool'",
    "[concept.a]\nmeans = 'it's new'",
    "[concept.a]\nmeans = \"C:\\dir\"",
    "[concept.a]\nmeans = \"\\u12\"",
    "[concept.a]\nmeans = \"\\UFFFFFFFF\"",
    "[concept.a]\nmeans = \"bell \u{7}\"",
    "[concept.a]\nmeans = 'bell \u{7}'",
    "[concept.a]\nmeans = \"\"\"x \\ y\"\"\"",
    "[rule.a\nsays = 'a'",
    "[rule a]\nsays = 'a'",
    "[[decision.team.option]\nid = 'x'",
    "[rule.]\nsays = 'a'",
    "[]",
    "[concept.é]\nmeans = 'x'",
    "[concept.a]]\nmeans = 'x'",
    "[concept.a] means = 'x'",
    "[concept.a]\nmeans",
    "[concept.a]\nmeans: 'x'",
    "[concept.a]\nmeans == 'x'",
    "[concept.a]\n= 'x'",
    "[concept.a]\nmeans = 'x' and more",
    "[concept.a]\nmeans = ]",
    "[concept.a]\nmeans = }",
    "]",
    "{",
    "[concept.a]\nmeans = 'x'\nmeans = 'y'",
    "[concept.a]\nmeans = 'x'\n\n[concept.a]\n",
    "[concept.a]\nmeans = 'x'\n[[concept.a]]",
    "[concept.a]\nmeans = 'x'\nmeans.more = 'y'",
    "[fact.a]\ntype = 'date'\ndefault = 2026-02-30",
    "[fact.a]\ntype = 'date'\ndefault = 2026-1-1",
    "[fact.a]\ntype = 'date'\ndefault = 25:00:00",
    "[fact.a]\ntype = 'integer'\ndefault = 012",
    "[fact.a]\ntype = 'integer'\ndefault = 1__2",
    "[fact.a]\ntype = 'integer'\ndefault = --1",
    "[fact.a]\ntype = 'integer'\ndefault = 0xZZ",
    "[fact.a]\ntype = 'integer'\ndefault = 170141183460469231731687303715884105728",
    "[fact.a]\ntype = 'number'\ndefault = 1.",
    "[fact.a]\ntype = 'number'\ndefault = .5",
    "[scenario.a]\nissue = { b = 1 c = 2 }",
    "[scenario.a]\nissue = { b 1 }",
    "[scenario.a]\nissue = { b = 1,, c = 2 }",
    "[concept.a] # \u{7}",
    "[concept.a]\rmeans = 'x'",
    "\"[concept.a]",
];

#[test]
fn every_mistake_is_told_in_plain_words() {
    let mut told = String::new();
    for mistake in MISTAKES {
        let text = format!("[policy]\nname = 'x'\n{mistake}");
        let (_, sources, mut diagnostics) = read(&text);
        diagnostics.retain(|d| d.code == Code::Toml);
        assert!(!diagnostics.is_empty(), "{text}");
        let _ = writeln!(
            told,
            "{}\n{}",
            mistake.escape_debug().to_string().replace("\\n", "\n").replace("\\'", "'"),
            shown(&diagnostics, &sources)
        );
    }
    insta::assert_snapshot!("policy_toml", told);
}

#[test]
fn the_first_place_of_a_key_given_twice_is_in_its_own_table() {
    for (text, first) in [
        (
            "[concept.a]\nmeans = 'x'\n[concept.b]\nmeans = 'y'\n[concept.a]\nmeans = 'z'",
            &["[concept.a] at policy.toml:1:1"][..],
        ),
        ("[concept.b]\nmeans = 'y'\n[concept.a]\nmeans = 'x'\nmeans = 'z'", &["means at policy.toml:4:1"]),
        ("[fact]\na.type = 'bool'\nb.type = 'bool'\na.type = 'text'", &["type at policy.toml:2:3"]),
        ("[scenario.a]\nissue = { b = 1, c = 2, b = 3 }", &["b at policy.toml:2:11"]),
        ("[[a]]\nb = 1\nb = 2\n[[a]]\nb = 3", &["b at policy.toml:2:1"]),
    ] {
        let (_, sources, found) = read(&format!("{text}\n"));
        let labels = found.iter().filter(|found| found.code == Code::Toml).flat_map(|found| &found.labels);
        let told: Vec<String> =
            labels.map(|label| format!("{} at {}", sources.text(label.span), sources.place(label.span))).collect();
        assert_eq!(told, first, "{text}");
    }
}

#[test]
fn a_line_that_is_no_toml_is_one_mistake_with_its_mend_and_hides_nothing() {
    for (line, help) in [
        ("// a remark", "write `#` before a comment"),
        ("-- a remark", "write `#` before a comment"),
        ("ask: \"Why?\"", "write `ask = …`"),
        ("ask : \"Why?\"", "write `key = value`"),
        ("ask \"Why?\"", "write `=` and a value behind the key, in quotes if it is a text; a comment begins with `#`"),
        (
            "ask = \"Why\nnot?\"",
            "write `\"` where the text ends; a text of several lines has three quotes before and behind it",
        ),
        ("default = 1.200,50", "write `1200.50`"),
        ("default = 1,200", "write `1200`, or `1.200`"),
        ("default = 1,200.50", "write `1200.50`"),
        ("default = 1.200.000", "write `1200000`"),
        ("default = 20.5€", "write `20.5`"),
        ("default = €20", "write `20`"),
        ("default = 500 EUR", "write `500`, or `\"500 EUR\"` if it is a text"),
        ("default = 01", "write `1`, or `\"01\"` if it is a text"),
        ("default = ?", "leave the key out if there is no value"),
        ("default = none", "leave the key out if there is no value"),
        ("default = 01.05.2026", "write `2026-05-01`"),
        ("default = 01/02/2026", "write `2026-02-01`, or `2026-01-02`"),
        ("default = 2026/01/02", "write `2026-01-02`"),
        ("options = [\"de, \"at\"]", "write `[\"de\", \"at\"]`"),
        ("options = [\"de\"; \"at\"]", "write `[\"de\", \"at\"]`"),
        ("ask = `Who, and why?`", "write `'Who, and why?'`"),
        ("ask = ´Who?´", "write `'Who?'`"),
        ("aliases = { a = \"de\" and b = \"at\" }", "write `,` in place of `and`"),
        ("aliases = { a = , b = \"at\" }", "write a value behind it, or take `a =` out"),
        ("the key = \"Why?\"", "write `the_key = …`"),
        ("hit policy = \"unique\"", "write `hit-policy = …`"),
        ("ask\u{a0}= \"Why?\"", "type the line anew: `ask = \"Why?\"`"),
        ("[fact.o\u{200b}ther]", "type the line anew: `[fact.other]`"),
        ("[fact.other] what it is", "a comment begins with `#`: write `[fact.other] # what it is`"),
        ("[fact.other] // what it is", "a comment begins with `#`: write `[fact.other] # what it is`"),
        ("options = (\"de\", \"at\")", "write `[\"de\", \"at\"]`"),
        ("options = de, at", "write `[\"de\", \"at\"]`"),
        ("aliases = { \"Germany\": \"de\" }", "write `\"Germany\" = …`"),
        (
            "aliases = { \"Germany\": \"de\", \"Austria\": \"at\" }",
            "write `\"Germany\" = …`, and so for the others in the braces",
        ),
        ("default = 12.5%", "write `12.5`, or `0.125` if the rules count so"),
        ("default = 7 %", "write `7`, or `0.07` if the rules count so"),
        ("aliases = { Germany == \"de\" }", "write `Germany = …`"),
        ("ask = \"Why?\",", "take the comma out"),
        ("ask = \"Why?\" , # because", "take the comma out"),
        ("aliases = { a = \"de\" b = \"at\" }", "put a comma before `b`"),
        ("ask = Who, note: in Bern, asks # 1.2.2026", "write `\"Who, note: in Bern, asks\"`"),
        ("[fact.two words]", "write `[fact.two_words]`"),
        ("[rule.Rückweg zahlt]", "write `[rule.rueckweg-zahlt]`"),
        ("[fact: other]", "write `[fact.other]`"),
        ("[fact.other", "write `[fact.other]`"),
        ("fact.other]", "write `[fact.other]`"),
        ("(fact.other)", "write `[fact.other]`"),
        ("decision.d\n[[decision.d.option]]\nid = 'x'", "write `[decision.d]`"),
        (
            "[decision.d.option]\nid = 'x'\n[[decision.d.option]]\nid = 'y'",
            "write `[[decision.d.option]]`, with two brackets, for each option",
        ),
        (
            "[decision.d.option]\nid = 'x'\n[decision.d.option]\nid = 'y'",
            "write `[[decision.d.option]]`, with two brackets, for each option",
        ),
    ] {
        let text = format!(
            "[policy]\nname = 'x'\n[fact.a]\ntype = 'text'\n{line}\n[rule.b]\nsays = 'b if c d'\n[rule.c]\nsays = 3"
        );
        let (policy, sources, diagnostics) = read(&text);
        let rules: Vec<&str> = policy.rules.iter().map(|rule| &*rule.name.node).collect();
        assert_eq!(rules, ["b", "c"], "{text}");
        let told: Vec<(&str, Option<&str>)> =
            diagnostics.iter().map(|d| (d.code.as_str(), d.help.as_deref())).collect();
        let codes: Vec<&str> = told.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, ["toml", "syntax", "wrong-kind"], "{text}\n{}", shown(&diagnostics, &sources));
        assert_eq!(told[0].1, Some(help), "{text}");
    }
}

#[test]
fn a_key_of_a_fact_among_its_options_or_columns_is_told_and_none_that_may_be_meant() {
    let told = |text: &str| {
        let (policy, _, found) = read(&format!("[policy]\nname = 'x'\n{text}\n"));
        let options = policy.facts[0].domain.options.as_ref().map_or(0, |options| options.node.len());
        let columns = policy.facts[0].columns.as_ref().map_or(0, |columns| columns.node.len());
        (found.into_iter().filter_map(|found| found.help).collect::<Vec<_>>(), options + columns)
    };
    let above = |table: &str| vec![format!("write it above `[fact.a.{table}]`")];
    for key in ["default = true", "aliases = { X = 'x' }"] {
        assert_eq!(told(&format!("[fact.a.options]\nx = 'X'\n{key}")), (above("options"), 1), "{key}");
    }
    for key in ["ask = 'Which?'", "default = []"] {
        assert_eq!(
            told(&format!("[fact.a]\ntype = 'records'\n[fact.a.columns]\nx = 'bool'\n{key}")),
            (above("columns"), 1)
        );
    }
    for key in ["ask = 'Ask them?'", "default = 'x'", "type = 'choice'"] {
        assert_eq!(told(&format!("[fact.a.options]\nx = 'X'\n{key}")), (vec![], 2), "{key}");
    }
}

/// What is found wrong in a text, and the names of its rules.
fn recovered(text: &str) -> (String, String) {
    let (policy, sources, diagnostics) = read(text);
    let rules: Vec<&str> = policy.rules.iter().map(|rule| &*rule.name.node).collect();
    (shown(&diagnostics, &sources), rules.join(" "))
}

#[test]
fn a_value_that_is_never_closed_is_one_mistake_and_hides_nothing() {
    let mut told = String::new();
    for value in [
        "[",
        "[ 'a if b',",
        "['a if b'\nbecause = 'x'",
        "['a if b', # why\n  'c if d'\n\nbecause = 'x'\n",
        "{ a = 1\n",
        "'''a if b\n",
        "\"\"\"\na if b. c if d\n",
        "['''\na if b''', '''\nc if d\n",
        "[ { a = [ 1\n",
    ] {
        let text = format!(
            "[policy]\nname = 'x'\n[rule.a]\nsays = {value}\n[rule.b]\nsays = '''b if c'''\n[rule.c]\nsays = 3"
        );
        let (diagnostics, rules) = recovered(&text);
        assert_eq!(rules, "a b c", "{text}");
        let _ = writeln!(told, "{value}\n{diagnostics}");
    }
    for value in ["['a if b',\n", "'''a if b\n", "{ a = 1"] {
        let text = format!("[policy]\nname = 'x'\n[rule.b]\nsays = 'b'\n[rule.a]\nsays = {value}");
        let (diagnostics, rules) = recovered(&text);
        assert_eq!(rules, "b a", "{text}");
        let _ = writeln!(told, "{value} at the end\n{diagnostics}");
    }
    insta::assert_snapshot!("policy_unclosed", told);
}

#[test]
fn what_looks_like_a_header_in_a_text_is_no_mistake() {
    let text = "[policy]\nname = 'x'\nsummary = '''\n[rule.x]\nsays = [\n'''\n[rule.a]\nsays = [\n'a if b',\n]\n";
    assert_eq!(recovered(text), (String::new(), "a".to_owned()));
}

#[test]
fn a_mistake_of_toml_brings_no_others_with_it() {
    let text = "[policy]\nname = x\n[fact.a]\ntype = text\nask =\ndefault = 2026-13-01\n[rule.a]\nsays =\n\
                [decision.d]\nquestion = \"Who?\nhit-policy = unique\nadvisory = True\noption = [ 1 \n";
    let (_, _, diagnostics) = read(text);
    let codes: Vec<&str> = diagnostics.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(codes, ["toml"; 9]);
}

#[test]
fn the_deepest_nesting_is_an_error_and_no_crash() {
    let dotted = "a.".repeat(78);
    let both = |open: &str, close: &str, n| format!("a = {}1{}", open.repeat(n), close.repeat(n));
    for value in [
        both("[", "]", 100_000),
        both("{a = ", "}", 100_000),
        both("[{a=", "}]", 50_000),
        both(&format!("{{{dotted}a = "), "}", 79),
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}", "{a = ".repeat(100_000)),
        format!("{}a = 1", "a.".repeat(100_000)),
        format!("[{}a]", "a.".repeat(100_000)),
        format!("[rule.x]\nsays = {}'a if b'", "[".repeat(100_000)),
        format!("[rule.x]\nsays = {}'a if b'{}", "[".repeat(100), "]".repeat(100)),
        format!("[{dotted}a]\n{}", both(&format!("{{{dotted}a = "), "}", 79)),
    ] {
        let (_, _, diagnostics) = read(&format!("[policy]\nname = 'x'\n{value}\n"));
        assert!(diagnostics.iter().any(|d| d.code == Code::Toml), "{}", &value[..20]);
    }
}

#[test]
fn ten_thousand_mistakes_are_told() {
    for mistake in [
        "[fact.a]\ntype = 'text'\n",
        "[fact.aN]\ntyp = 3\n",
        "[fact.aN]\ntype = text\n",
        "[factor.aN]\n",
        "[rule.aN]\nsays = 'a if b and'\n",
        "[rule.aN]\nsays = [ 'a'\n",
        "[rule.aN]\nsays = '''a\n",
        "[rule.aN]\nsays = \"a\n",
        "xN = 1\n",
    ] {
        let mut text = "[policy]\nname = 'x'\n".to_owned();
        for n in 0..10_000 {
            text.push_str(&mistake.replace('N', &n.to_string()));
        }
        let (_, _, diagnostics) = read(&text);
        assert!(diagnostics.len() >= 9_999, "{mistake} {}", diagnostics.len());
    }
}

#[test]
fn a_byte_order_mark_is_skipped() {
    let (policy, sources, diagnostics) = read("\u{feff}[policy]\nname = 'x'\n[rule.a]\nsays = 'a if'");
    assert_eq!(policy.header.map(|header| header.name.node.to_string()), Some("x".to_owned()));
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(diagnostics[0].span.map(|span| sources.place(span)), Some("policy.toml:4:13".to_owned()));
    let (_, sources, diagnostics) = read("\u{feff}[police]\nname = 'x'");
    assert_eq!(sources.text(diagnostics[0].span.expect("a place")), "police");
}

#[test]
fn a_long_broken_file_tells_its_first_mistakes_where_they_are() {
    let padding = "# padding\n".repeat(200_000);
    let header = "[policy]\nname = 'x'\n";
    let list = format!("[concept.a]\nmeans = '''\n{}'''\n", "padding\n".repeat(200_000));
    for (text, places) in [
        (format!("{header}{padding}[concept.a]\nmeans = x\n"), "policy.toml:200004:9"),
        (format!("{header}version = 1.\n{padding}[concept.a]\nmeans = x\n"), "policy.toml:3:11"),
        (format!("{header}version = 1.\n{list}"), "policy.toml:3:11"),
        (format!("{header}{list}{padding}"), ""),
    ] {
        let (policy, sources, diagnostics) = read(&text);
        assert!(policy.header.is_some());
        let found: Vec<String> = diagnostics.iter().filter_map(|d| d.span).map(|span| sources.place(span)).collect();
        assert_eq!(found.join(" "), places);
    }
}
