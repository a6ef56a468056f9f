//! Rule text: every production of the grammar, by example; places of nodes.

mod errors;
mod grammar;
mod properties;
mod show;
mod slips;

use remit::source::{Excerpt, FileId, Sources};
use remit::syntax::tree::{Args, Clause};
use remit::syntax::{
    DEPTH, OPERATORS, Parsed, RESERVED, is_reserved, parse_atom, parse_body, parse_clauses, print_atom, print_clause,
    print_formula,
};

fn excerpt(text: &str) -> Excerpt {
    Excerpt::verbatim(FileId(0), 0, text)
}

fn taken<T>(text: &str, parsed: Parsed<T>) -> T {
    assert_eq!(parsed.diagnostics, [], "{text}");
    parsed.tree
}

fn clauses(text: &str) -> Vec<Clause> {
    taken(text, parse_clauses(&excerpt(text)))
}

fn body(text: &str) -> String {
    show::formula(&taken(text, parse_body(&excerpt(text))).expect("a body"))
}

/// The right side of `x = …`.
fn value(text: &str) -> String {
    let shown = body(&format!("x = {text}"));
    shown.strip_prefix("(= x ").and_then(|rest| rest.strip_suffix(')')).expect("a comparison").to_owned()
}

#[track_caller]
fn each(read: impl Fn(&str) -> String, cases: &[(&str, &str)]) {
    for (text, tree) in cases {
        assert_eq!(read(text), *tree, "{text}");
    }
}

#[test]
fn a_text_is_clauses_with_full_stops() {
    let shown = |text: &str| clauses(text).iter().map(show::clause).collect::<Vec<_>>().join(" | ");
    each(
        shown,
        &[
            ("a", "a"),
            ("a.", "a"),
            ("a. b. c", "a | b | c"),
            ("a.b.", "a | b"),
            ("a if b", "a <= b"),
            ("a :- b.", "a <= b"),
            ("a:-b.c:-d", "a <= b | c <= d"),
            ("a(X) if b(X)", "(a ?X) <= (b ?X)"),
            ("a(x, \"t\", X + 1) :- b(X)", "(a x text\"t\" (+ ?X int 1)) <= (b ?X)"),
            ("# only\na # why\n if b # because\n.# end", "a <= b"),
            ("\u{feff}a\tif\r\nb\u{a0}", "a <= b"),
        ],
    );
}

#[test]
fn a_body_is_alternatives_of_conjunctions_of_literals() {
    each(
        body,
        &[
            ("a", "a"),
            ("a.", "a"),
            ("a, b and c", "(and a b c)"),
            ("a or b ; c", "(or a b c)"),
            ("a, b or c and d", "(or (and a b) (and c d))"),
            ("(a or b), c", "(and (group (or a b)) c)"),
            ("((a))", "(group (group a))"),
            ("not a", "(not a)"),
            ("!a", "(not a)"),
            ("not ! not a", "(not (not (not a)))"),
            ("not a, b", "(and (not a) b)"),
            ("not (a, b)", "(not (group (and a b)))"),
            ("not x < 3", "(not (< x int 3))"),
            ("not (x < 3)", "(not (group (< x int 3)))"),
            ("not x in [a]", "(not (in x a))"),
            ("not contains(t, \"x\")", "(not (contains t text\"x\"))"),
        ],
    );
}

#[test]
fn a_bracket_is_a_value_if_an_operator_or_in_follows() {
    each(
        body,
        &[
            ("(a)", "(group a)"),
            ("(a), b", "(and (group a) b)"),
            ("(a) = b", "(= a b)"),
            ("(a) != b", "(!= a b)"),
            ("(a + b) * c < d", "(< (* (+ a b) c) d)"),
            ("(a) - b > 1", "(> (- a b) int 1)"),
            ("(a) in [x]", "(in a x)"),
            ("(a) not in [x]", "(not-in a x)"),
            ("((a)) in [x]", "(in a x)"),
            ("((a) = b)", "(group (= a b))"),
            ("not (a) = b", "(not (= a b))"),
            ("(not (a)), not (b)", "(and (group (not (group a))) (not (group b)))"),
        ],
    );
}

#[test]
fn atoms_have_arguments_by_place_or_by_column() {
    each(
        body,
        &[
            ("a(X, _, _x, y, 1)", "(a ?X _ ?_x y int 1)"),
            ("a(name: X, kind: custom)", "(a name: ?X kind: custom)"),
            ("a(n:-3, m :- 4)", "(a n: int -3 m: int -4)"),
            ("a(X + 1, -Y, lower(z))", "(a (+ ?X int 1) (minus ?Y) (lower z))"),
            ("decided(team, T)", "(decided team ?T)"),
            ("not decided(team, support)", "(not (decided team support))"),
            ("a (X)", "(a ?X)"),
        ],
    );
}

#[test]
fn comparisons_lists_and_tests() {
    each(
        body,
        &[
            ("a = b", "(= a b)"),
            ("a!=b", "(!= a b)"),
            ("a<b", "(< a b)"),
            ("a <= b", "(<= a b)"),
            ("a >b", "(> a b)"),
            ("a>= b", "(>= a b)"),
            ("a<-3", "(< a int -3)"),
            ("a <- 3", "(< a int -3)"),
            ("a=-b", "(= a (minus b))"),
            ("3 < X", "(< int 3 ?X)"),
            ("true = a", "(= bool true a)"),
            ("x < 2.", "(< x int 2)"),
            ("x < 2.5.", "(< x num 2.5)"),
            ("x in [a]", "(in x a)"),
            (
                "x in [a, \"b\", 1, -1, 2.5, -2.5, 2026-01-31, true, false]",
                "(in x a text\"b\" int 1 int -1 num 2.5 num -2.5 day 2026-01-31 bool true bool false)",
            ),
            ("x not in [a, b]", "(not-in x a b)"),
            ("X + 1 in [2]", "(in (+ ?X int 1) int 2)"),
            ("contains(title, \"x\")", "(contains title text\"x\")"),
            ("starts_with(lower(title), upper(X))", "(starts_with (lower title) (upper ?X))"),
            ("ends_with(T, \"x\")", "(ends_with ?T text\"x\")"),
            ("matches(title, \"^a\\\\d+$\")", "(matches title text\"^a\\\\d+$\")"),
        ],
    );
}

#[test]
fn arithmetic_groups_to_the_left_and_by_rank() {
    each(
        value,
        &[
            ("a - b - c", "(- (- a b) c)"),
            ("a - (b - c)", "(- a (- b c))"),
            ("a + b * c", "(+ a (* b c))"),
            ("(a + b) * c", "(* (+ a b) c)"),
            ("a / b * c % d", "(% (* (/ a b) c) d)"),
            ("-a * b", "(* (minus a) b)"),
            ("-(a * b)", "(minus (* a b))"),
            ("- -a", "(minus (minus a))"),
            ("a - -b", "(- a (minus b))"),
            ("a--1", "(- a int -1)"),
            ("in_progress-b", "(- in_progress b)"),
            ("on-hold", "(- on hold)"),
        ],
    );
}

#[test]
fn a_minus_before_a_number_is_part_of_it() {
    each(
        value,
        &[
            ("-1", "int -1"),
            ("- 1", "int -1"),
            ("-(1)", "(minus int 1)"),
            ("--1", "(minus int -1)"),
            ("-2.5", "num -2.5"),
            ("-0.0", "num 0"),
            ("-2026-01-31", "(minus day 2026-01-31)"),
            ("-9223372036854775808", "int -9223372036854775808"),
            ("9223372036854775807", "int 9223372036854775807"),
            ("a -1", "(- a int 1)"),
        ],
    );
}

#[test]
fn functions_and_aggregates() {
    each(
        value,
        &[
            ("length(title)", "(length title)"),
            ("lower(upper(X))", "(lower (upper ?X))"),
            ("count(a)", "(count a)"),
            ("count(a(X), X > 2 or b(X))", "(count (or (and (a ?X) (> ?X int 2)) (b ?X)))"),
            ("count(X : a(X))", "(count ?X : (a ?X))"),
            ("count(a(name: X))", "(count (a name: ?X))"),
            ("count(a(name: X), b(c: Y))", "(count (and (a name: ?X) (b c: ?Y)))"),
            ("sum(H * 2 : visit(hours: H))", "(sum (* ?H int 2) : (visit hours: ?H))"),
            ("min(X:a(X))", "(min ?X : (a ?X))"),
            ("max(X : a(X), not b(X))", "(max ?X : (and (a ?X) (not (b ?X))))"),
            ("sum((X + 1) : a(X))", "(sum (+ ?X int 1) : (a ?X))"),
            ("count(X : X = count(Y : a(Y)))", "(count ?X : (= ?X (count ?Y : (a ?Y))))"),
            ("count((a or b), c)", "(count (and (group (or a b)) c))"),
            ("1 + count(a) * 2", "(+ int 1 (* (count a) int 2))"),
        ],
    );
}

#[test]
fn constants() {
    each(
        value,
        &[
            ("0", "int 0"),
            ("007", "int 7"),
            ("1.50", "num 1.5"),
            ("1.5e3", "num 1500"),
            ("1e3", "num 1000"),
            ("1.5E-1", "num 0.15"),
            ("2.5e+1", "num 25"),
            ("2026-01-31", "day 2026-01-31"),
            ("2024-02-29", "day 2024-02-29"),
            ("0001-01-01", "day 0001-01-01"),
            ("2026 - 01 - 31", "(- (- int 2026 int 1) int 31)"),
            ("2026-01-311", "(- (- int 2026 int 1) int 311)"),
            ("12026-01-31", "(- (- int 12026 int 1) int 31)"),
            ("2026-01-31 - 2026-01-01", "(- day 2026-01-31 day 2026-01-01)"),
            ("2026-01-31-a", "(- day 2026-01-31 a)"),
            ("\"\"", "text\"\""),
            ("\"a # b\"", "text\"a # b\""),
            (r#""\"\\\/\b\f\n\r\t""#, r#"text"\"\\/\u{8}\u{c}\n\r\t""#),
            (r#""\u00e9\u20AC\ud83d\ude00""#, "text\"é€😀\""),
            (r#""é😀 \u0000""#, r#"text"é😀 \0""#),
            ("true", "bool true"),
            ("false", "bool false"),
            ("trueish", "trueish"),
            ("X1_y", "?X1_y"),
            ("Über", "?Über"),
            ("__", "?__"),
        ],
    );
}

#[test]
fn an_atom_alone() {
    let atom = |text: &str| show::atom(&taken(text, parse_atom(&excerpt(text))).expect("an atom"));
    each(
        atom,
        &[
            ("a", "a"),
            ("a.", "a"),
            (" a(X, _) # all", "(a ?X _)"),
            ("a(name: N)", "(a name: ?N)"),
            ("decided(team, T)", "(decided team ?T)"),
        ],
    );
}

#[test]
fn every_spelling_has_one_canonical_text() {
    let cases = [
        ("break_fix :- no_config_change, previously_working.", "break_fix if no_config_change, previously_working"),
        ("a if b and c ; d or !e", "a if b, c or d or not e"),
        ("a if not (b or c), (d)", "a if not (b or c), (d)"),
        ("p if (((a + 1)) * 2) >= - b", "p if (a + 1) * 2 >= -b"),
        ("p if (a - b) - (c - d) = a/(b*c)/d", "p if a - b - (c - d) = a / (b * c) / d"),
        ("p if (a) in [x,-1,2.50,\"t\"]", "p if a in [x, -1, 2.5, \"t\"]"),
        ("p if not a not in [x]", "p if not a not in [x]"),
        ("p if q(n:-3)", "p if q(n: -3)"),
        ("p if contains(title, \"\\u00e9\\u0007\\u202e\\/\\\"\\\\\")", r#"p if contains(title, "é\u0007\u202e/\"\\")"#),
        ("p(N) if N=count(q(_)),N>max(S:item(size:S))", "p(N) if N = count(q(_)), N > max(S : item(size: S))"),
        ("p if -(3) < a, - (a) < -2.0", "p if -(3) < a, -a < -2.0"),
        ("p if x > 1.0e300, x < 100000000000000000000.0", "p if x > 1.0e300, x < 1.0e20"),
        ("p if x > 2026-01-31 - 7 # a week", "p if x > 2026-01-31 - 7"),
    ];
    for (text, canonical) in cases {
        assert_eq!(clauses(text).iter().map(print_clause).collect::<Vec<_>>(), [canonical]);
        assert_eq!(clauses(canonical), clauses(text));
    }
    let body = taken("b", parse_body(&excerpt("a and b"))).expect("a body");
    assert_eq!(print_formula(&body), "a, b");
    let atom = taken("a", parse_atom(&excerpt("a ( X,b )"))).expect("an atom");
    assert_eq!(print_atom(&atom), "a(X, b)");
}

#[test]
fn reserved_words_are_no_names() {
    assert_eq!(RESERVED.len(), 19);
    for word in RESERVED {
        assert!(is_reserved(word));
        for text in [
            format!("{word} if a"),
            format!("{word}(X) if a(X)"),
            format!("a if {word}"),
            format!("a if b = {word}, c").replace("= true", "= not").replace("= false", "= not"),
            format!("a if b({word}: 1)"),
        ] {
            let parsed = parse_clauses(&excerpt(&text));
            assert!(!parsed.diagnostics.is_empty(), "{text}");
            assert_eq!(parsed.tree, [], "{text}");
        }
    }
    for word in ["nots", "iff", "counts", "title", "id", "decides", "matches_", "is"] {
        assert!(!is_reserved(word));
        assert_eq!(body(word), word);
    }
}

#[test]
fn every_node_has_its_place() {
    let text = "p(X) if not (q(X, n) or r(c: -1)), (X + n) * 2 > sum(H : v(H)). s";
    let mut sources = Sources::default();
    let file = sources.add("policy.toml", format!("says = '{text}'"));
    let parsed = parse_clauses(&Excerpt::verbatim(file, 8, text));
    let [first, second] = taken(text, parsed).try_into().expect("two clauses");
    assert_eq!(
        show::texts(&first, &sources),
        [
            "p(X) if not (q(X, n) or r(c: -1)), (X + n) * 2 > sum(H : v(H))",
            "p",
            "X",
            "not (q(X, n) or r(c: -1)), (X + n) * 2 > sum(H : v(H))",
            "not (q(X, n) or r(c: -1))",
            "(q(X, n) or r(c: -1))",
            "q(X, n) or r(c: -1)",
            "q(X, n)",
            "q",
            "X",
            "n",
            "r(c: -1)",
            "r",
            "c",
            "-1",
            "(X + n) * 2 > sum(H : v(H))",
            "(X + n) * 2",
            "(X + n)",
            "X",
            "n",
            "2",
            "sum(H : v(H))",
            "H",
            "v(H)",
            "v",
            "H",
        ]
    );
    assert_eq!(show::texts(&second, &sources), ["s", "s"]);
}

#[test]
fn places_point_into_the_file_through_escapes() {
    let mut sources = Sources::default();
    let file = sources.add("policy.toml", r#"says = "p if t = \"a\u00e9\" and == X""#);
    let mut says = Excerpt::verbatim(file, 8, "p if t = ");
    says.push_escape(17, 2, "\"");
    says.push_verbatim(19, "a");
    says.push_escape(20, 6, "é");
    says.push_escape(26, 2, "\"");
    says.push_verbatim(28, " and == X");
    let parsed = parse_clauses(&says);
    let texts: Vec<&str> = parsed.diagnostics.iter().filter_map(|d| d.span).map(|span| sources.text(span)).collect();
    assert_eq!(texts, ["==", "=="]);

    let mut says = Excerpt::verbatim(file, 8, "p if t = ");
    says.push_escape(17, 2, "\"");
    says.push_verbatim(19, "a");
    says.push_escape(20, 6, "é");
    says.push_escape(26, 2, "\"");
    let [clause] = taken("", parse_clauses(&says)).try_into().expect("one clause");
    assert_eq!(
        show::texts(&clause, &sources),
        [r#"p if t = \"a\u00e9\""#, "p", r#"t = \"a\u00e9\""#, "t", r#"\"a\u00e9\""#]
    );
}

#[test]
fn nesting_is_bounded() {
    let nested = |open: &str, close: &str, depth: usize| format!("{}a{}", open.repeat(depth), close.repeat(depth));
    for (open, close) in [("(", ")"), ("not ", ""), ("!", ""), ("not(", ")")] {
        let levels = if open == "not(" { DEPTH / 2 } else { DEPTH };
        let (text, deeper) = (nested(open, close, levels), nested(open, close, levels + 1));
        let tree = taken(&text, parse_body(&excerpt(&text))).expect("a body");
        assert_eq!(taken("", parse_body(&excerpt(&print_formula(&tree)))), Some(tree));
        let parsed = parse_body(&excerpt(&deeper));
        assert_eq!(parsed.diagnostics.len(), 1, "{open}");
        assert_eq!(parsed.tree, None);
    }
}

#[test]
fn text_of_any_depth_ends_in_a_diagnostic() {
    let many = 100_000;
    let check = |text: &str| {
        let parsed = parse_body(&excerpt(text));
        assert!(!parsed.diagnostics.is_empty());
        assert_eq!(parsed.tree, None);
    };
    for open in ["(", "not ", "!", "a = -", "a = (", "count(", "a(", "not (", "sum(1 : ", "a in [", "length("] {
        check(&open.repeat(many));
    }
    check(&format!("{}a{}", "(".repeat(many), ")".repeat(many)));
    check(&format!("a = {}1{}", "-(".repeat(many), ")".repeat(many)));
    let minuses = format!("a = {}1", "-".repeat(many));
    assert_eq!(parse_body(&excerpt(&minuses)).diagnostics.len(), 1);
}

#[test]
fn chains_of_operators_are_bounded_and_chains_of_conditions_are_not() {
    let chain = |length: usize| format!("p if a = 1{}, b", " + 1".repeat(length));
    assert_eq!(clauses(&format!("{}. {}", chain(OPERATORS), chain(OPERATORS))).len(), 2);
    assert_eq!(parse_clauses(&excerpt(&chain(OPERATORS + 1))).diagnostics.len(), 1);
    let nested = format!("p if a = {}", "(".repeat(40) + "1" + &" * 2) + 3 - 4 % 5".repeat(40));
    assert_eq!(clauses(&nested).len(), 1);
    let wide = format!("p if {}a", "a, a or ".repeat(20_000));
    let [clause] = clauses(&wide).try_into().expect("one clause");
    assert_eq!(clauses(&print_clause(&clause)), [clause]);
    let args = format!("p({}1)", "1, ".repeat(20_000));
    assert!(matches!(&clauses(&args)[0].head.args, Args::Positional(args) if args.len() == 20_001));
}
