//! What people write as in English or elsewhere: each slip is told once, and its help, obeyed, gives a rule.

use remit::syntax::{parse_clauses, print_clause};

use super::excerpt;

/// A condition, the one message of it, and what its help says to write.
type Slip = (&'static str, &'static str, &'static str);

/// Conditions that are to be written otherwise as a whole.
const CONDITIONS: &[Slip] = &[
    (
        "decided(payer) is carrier",
        "`decided` has no value: it takes the option inside its brackets",
        "decided(payer, carrier)",
    ),
    ("a but b", "`but` is not used in rules", "a, b"),
    ("a but not b", "`but not` is not used in rules", "a, not b"),
    ("a, but not b", "`but not` is not used in rules", "not b"),
    ("a except b", "`except` is not used in rules", "a, not b"),
    ("not a without q(X)", "`without` is not used in rules", "not a, not q(X)"),
    ("a, without b", "`without` is not used in rules", "not b"),
    ("x > 3 although b", "`although` is not used in rules", "x > 3, b"),
    ("either a or b", "`either` is not used in rules", "(a or b)"),
    ("neither a nor b", "`neither` is not used in rules", "not a, not b"),
    ("no custom_made", "`no` is not used in rules", "not custom_made"),
    ("at least 2 part(spare: true)", "`at least` is not used in rules", "count(part(spare: true)) >= 2"),
    ("reason not damaged", "`not` stands behind `reason`", "reason != damaged"),
    ("price more than 3", "`more than` is not used in rules", "price > 3"),
    ("price is greater than 3, b", "`is greater than` is not used in rules", "price > 3"),
    ("price is not less than 3", "`is not less than` is not used in rules", "price >= 3"),
    ("sum(C : part(cost: C)) at least 3", "`at least` is not used in rules", "sum(C : part(cost: C)) >= 3"),
    ("X at most Y + 1", "`at most` is not used in rules", "X <= Y + 1"),
    ("ended after 2026-01-31", "`after` is not used in rules", "ended > 2026-01-31"),
    ("t like \"x\"", "`like` is not used in rules", "contains(t, \"x\")"),
    ("t like \"x%\"", "`like` is not used in rules", "starts_with(t, \"x\")"),
    ("t starts with \"x\"", "`starts with` is not used in rules", "starts_with(t, \"x\")"),
    ("t does not end with \"x\"", "`does not end with` is not used in rules", "not ends_with(t, \"x\")"),
    ("t includes \"x\"", "`includes` is not used in rules", "contains(t, \"x\")"),
    ("tags contains vip", "`contains` stands between its two values", "tags(vip)"),
    ("tags contains vip", "`contains` stands between its two values", "tags(\"vip\")"),
    ("n is between 1 and 3", "`between` is not used in rules", "n >= 1, n <= 3"),
    ("reason in damaged, defective", "`in` needs a list in square brackets", "reason in [damaged, defective]"),
    ("n not in 1 or 2", "`in` needs a list in square brackets", "n not in [1, 2]"),
    ("reason is unknown", "a rule cannot ask whether something is known", "reason = unknown"),
    ("exists part(spare: true)", "`exists` is not used in rules", "part(spare: true)"),
    ("not exists part(spare: true)", "`exists` is not used in rules", "part(spare: true)"),
    ("exists(part(spare: true))", "`exists` is not used in rules", "part(spare: true)"),
    ("there is part(spare: true)", "`there is` is not used in rules", "part(spare: true)"),
    ("there is a part with spare = true", "`there is a` is not used in rules", "part(spare: true)"),
    ("there is no part with kind = x", "`there is no` is not used in rules", "not part(kind: x)"),
    ("part with spare = true", "`with` is not used in rules", "part(spare: true)"),
    ("part where cost > 3", "`where` is not used in rules", "part(cost: Cost), Cost > 3"),
    ("part.spare = true", "a point inside a name ends the rule", "part(spare: true)"),
    ("count(part.spare) > 2", "a point inside a name ends the rule", "part(spare: true)"),
    (
        "decided(payer) = carrier",
        "`decided` has no value: it takes the option inside its brackets",
        "decided(payer, carrier)",
    ),
    (
        "decided(payer) != carrier",
        "`decided` has no value: it takes the option inside its brackets",
        "not decided(payer, carrier)",
    ),
    ("year(day) = 2026", "there is no function `year`", "day >= 2026-01-01, day <= 2026-12-31"),
];

/// Conditions of which a part is to be written otherwise, or after an example.
const PARTS: &[Slip] = &[
    ("ended - begun <= 14 days", "the unit `days` stands beside the number `14`", "14"),
    ("ended - begun <= 2 weeks", "the unit `weeks` stands beside the number `2`", "14"),
    ("14 days < ended - begun", "the unit `days` stands beside the number `14`", "14"),
    ("begun + 14 days >= ended", "the unit `days` stands beside the number `14`", "14"),
    ("price > 1000 EUR", "the unit `EUR` stands beside the number `1000`", "1000"),
    ("price > EUR 1000", "the unit `EUR` stands beside the number `1000`", "1000"),
    ("count(part(spare: true)) >= 3 times", "the unit `times` stands beside the number `3`", "3"),
    ("part(cost: 3 euros)", "the unit `euros` stands beside the number `3`", "3"),
    ("n in [14 days]", "the unit `days` stands beside the number `14`", "14"),
    ("price > 14days", "the unit `days` stands beside the number `14`", "14"),
    ("price > 1 000", "`1 000` reads as several numbers", "1000"),
    ("price > 1 000 000", "`1 000 000` reads as several numbers", "1000000"),
    ("price > 1,000", "a comma in a number ends the condition", "1000"),
    ("price > 0,5", "a comma in a number ends the condition", "0.5"),
    ("price * 1,5 > 100", "a comma in a number ends the condition", "1.5"),
    ("1,5 * price > 100", "a comma in a number ends the condition", "1.5"),
    ("price > 1,5 * cost, b", "a comma in a number ends the condition", "1.5"),
    ("price > 50%", "`50%` is no number: `%` is the remainder of a division", "0.5"),
    ("price > 50%, b", "`50%` is no number: `%` is the remainder of a division", "price * 0.5"),
    ("cost > 50% of price", "`50%` is no number: `%` is the remainder of a division", "price * 0.5"),
    ("S >= 5 percent of price", "`5 percent` is no number: `%` is the remainder of a division", "price * 0.05"),
    ("at least 2 of (a, b, c)", "`at least` is not used in rules", "(a, b) or (a, c) or (b, c)"),
    ("fact.price > 3", "a point inside a name ends the rule", "price"),
    ("total(part) > 100", "there is no function `total`", "sum(X : part(column: X))"),
    ("number(part) > 3", "there is no function `number`", "count(part(column: _))"),
    ("{a, b}", "`{` is not used in rules", "{X}"),
];

fn assert_told_once((condition, message, mend): Slip) {
    let parsed = parse_clauses(&excerpt(&format!("p if {condition}")));
    let told: Vec<&str> = parsed.diagnostics.iter().map(|d| d.message.as_str()).collect();
    assert_eq!(told, [message], "{condition}");
    let help = parsed.diagnostics[0].help.as_deref().expect("a help");
    assert!(help.contains(&format!("`{mend}`")), "{condition}: {help}");
    assert!(parsed.tree.is_empty() && parsed.given_up.iter().any(|name| name.as_ref() == "p"), "{condition}");
}

#[test]
fn each_slip_is_told_once() {
    CONDITIONS.iter().chain(PARTS).for_each(|slip| assert_told_once(*slip));
}

#[test]
fn what_is_to_be_written_instead_is_a_condition() {
    for (condition, _, mend) in CONDITIONS {
        let mended = parse_clauses(&excerpt(&format!("p if {mend}")));
        assert_eq!(mended.diagnostics, [], "{condition}: {mend}");
    }
}

#[test]
fn the_option_of_a_head_stands_in_brackets() {
    let helps = |head: &str| {
        let parsed = parse_clauses(&excerpt(&format!("{head} if a")));
        parsed.diagnostics.into_iter().filter_map(|d| d.help).collect::<Vec<_>>()
    };
    for head in ["team is x", "team[x]", "team = x", "team: x", "team \"x\"", "team := x", "team == x"] {
        assert_eq!(helps(head), ["write `team(x)`"], "{head}");
    }
    // It may be one name as well.
    let either =
        "write `team(x)` where `x` is an option of the decision `team`; words of one name are joined: `team_x`";
    assert_eq!(helps("team x"), [either]);
}

#[test]
fn a_bracket_that_is_closed_too_late_is_the_one_that_was_opened() {
    for (condition, help) in [
        ("count(q(a: x) > 2", "write `)` before `>`: `count(q(a: x)) > …`"),
        ("sum(C : q(a: C) > 3, b", "write `)` before `>`: `sum(C : q(a: C)) > …`"),
        ("b, not min(C : q(C), r(C) = 3", "write `)` before `=`: `min(C : q(C), r(C)) = …`"),
    ] {
        let parsed = parse_clauses(&excerpt(&format!("p if {condition}")));
        let helps: Vec<&str> = parsed.diagnostics.iter().filter_map(|d| d.help.as_deref()).collect();
        assert_eq!(helps, [help], "{condition}");
    }
}

/// None of these words is kept by the language: each may be a fact, an option, a column, a relation or a decision.
#[test]
fn words_of_english_and_units_are_names_like_others() {
    const WORDS: &str = "days months eur times percent but except without although either neither nor no like starts \
                         ends with includes has more than less at least most of up to over exists exist there is are \
                         forall all any some every part where having unknown known null given year total number fact \
                         between equals mod plus also when unless does the";
    for word in WORDS.split_whitespace() {
        for text in [
            "W if a",
            "W if W, not W or W",
            "W(x) if W(X), not W(_, X), X > W",
            "p if W = W, W > 3, 3 < W, W in [W, x], W not in [W]",
            "p if 50 % W = 0, W - W < W * W",
            "p if q(W: W), q(W, 3), decided(W, W)",
            "p if count(W(W: X)) > W, sum(X : W(X)) = W, contains(W, W), length(W) = 3",
            "p if a. W if b. W.W",
        ] {
            let text = text.replace('W', word);
            let parsed = parse_clauses(&excerpt(&text));
            assert_eq!(parsed.diagnostics, [], "{text}");
            assert!(
                parsed.tree.iter().all(|clause| print_clause(clause).contains(word) || text.starts_with("p if a")),
                "{text}"
            );
        }
    }
}
