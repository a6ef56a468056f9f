//! Laws of parsing and printing, over random trees and random texts.

use proptest::prelude::*;
use remit::diagnostic::Diagnostic;
use remit::source::{Excerpt, FileId, Span};
use remit::syntax::tree::{Args, Clause};
use remit::syntax::{MOST, parse_atom, parse_body, parse_clauses, print_atom, print_clause, print_expr, print_formula};

use super::grammar::{self, Rule};
use super::{excerpt, show};
use crate::dice::Dice;
use crate::syntax_gen;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn printed_clauses_parse_to_themselves(clauses in prop::collection::vec(syntax_gen::clause(), 1..4)) {
        let text = clauses.iter().map(print_clause).collect::<Vec<_>>().join(". ");
        let parsed = parse_clauses(&excerpt(&text));
        prop_assert_eq!(&parsed.diagnostics, &[], "{}", text);
        prop_assert_eq!(&parsed.tree, &clauses, "{}", text);
        let again = parsed.tree.iter().map(print_clause).collect::<Vec<_>>().join(". ");
        prop_assert!(!text.chars().any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)), "{:?}", &text);
        prop_assert_eq!(again, text);
    }

    #[test]
    fn printed_bodies_parse_to_themselves(body in syntax_gen::formula()) {
        let text = print_formula(&body);
        let parsed = parse_body(&excerpt(&text));
        prop_assert_eq!(&parsed.diagnostics, &[], "{}", text);
        prop_assert_eq!(parsed.tree, Some(body), "{}", text);
    }

    #[test]
    fn printed_atoms_and_expressions_parse_to_themselves(atom in syntax_gen::atom(), expr in syntax_gen::expr()) {
        let text = print_atom(&atom);
        prop_assert_eq!(parse_atom(&excerpt(&text)).tree, Some(atom), "{}", text);
        let text = format!("a({})", print_expr(&expr));
        let parsed = parse_atom(&excerpt(&text)).tree.expect("an atom");
        prop_assert_eq!(parsed.args, Args::Positional(vec![expr]), "{}", text);
    }
}

/// Parses a text in all three ways and checks what holds of every text.
fn check_laws(text: &str) {
    let excerpt = excerpt(text);
    let clauses = parse_clauses(&excerpt);
    check_places(text, &clauses.diagnostics, clauses.tree.iter().flat_map(show::spans));
    assert!(!clauses.diagnostics.is_empty() || !clauses.tree.is_empty(), "{text:?}");
    check_reprint(text, &clauses.tree);

    let body = parse_body(&excerpt);
    let mut spans = Vec::new();
    body.tree.iter().for_each(|body| show::formula_spans(body, &mut spans));
    check_places(text, &body.diagnostics, spans);
    assert!(!body.diagnostics.is_empty() || body.tree.is_some(), "{text:?}");
    if let Some(tree) = body.tree {
        let printed = print_formula(&tree);
        let again = parse_body(&Excerpt::verbatim(FileId(0), 0, &printed));
        assert_eq!((again.tree, again.diagnostics), (Some(tree), Vec::new()), "{text:?} as {printed:?}");
    }

    let atom = parse_atom(&excerpt);
    let mut spans = Vec::new();
    atom.tree.iter().for_each(|atom| show::atom_spans(atom, &mut spans));
    check_places(text, &atom.diagnostics, spans);
    assert!(!atom.diagnostics.is_empty() || atom.tree.is_some(), "{text:?}");
}

fn check_places(text: &str, diagnostics: &[Diagnostic], nodes: impl IntoIterator<Item = Span>) {
    assert!(diagnostics.len() <= MOST, "{text:?}");
    let labels = diagnostics.iter().flat_map(|d| d.labels.iter().map(|label| label.span));
    for span in diagnostics.iter().filter_map(|d| d.span).chain(labels).chain(nodes) {
        assert!(span.start <= span.end, "{text:?} {span:?}");
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{text:?} {span:?}");
    }
    for diagnostic in diagnostics {
        assert!(diagnostic.span.is_some() && diagnostic.help.is_some(), "{text:?} {diagnostic:?}");
        assert!(!diagnostic.message.ends_with('.'), "{text:?} {diagnostic:?}");
    }
}

fn check_reprint(text: &str, clauses: &[Clause]) {
    if clauses.is_empty() {
        return;
    }
    let printed = clauses.iter().map(print_clause).collect::<Vec<_>>().join(". ");
    let again = parse_clauses(&Excerpt::verbatim(FileId(0), 0, &printed));
    assert_eq!(again.diagnostics, [], "{text:?} as {printed:?}");
    assert_eq!(again.tree, clauses, "{text:?} as {printed:?}");
}

#[test]
fn random_characters_do_no_harm() {
    let rare: Vec<char> = "äßЖ漢😀“”‘’„«»≠≤≥−–×\u{0}\u{7f}\u{a0}\u{feff}\u{200b}\u{301}\r\t\n\\\"'`#".chars().collect();
    let mut dice = Dice(1);
    for _ in 0..60_000 {
        let text: String = (0..dice.below(40))
            .map(|_| if dice.below(6) == 0 { dice.pick(&rare) } else { char::from(32 + dice.below(95) as u8) })
            .collect();
        check_laws(&text);
    }
}

#[test]
fn random_tokens_do_no_harm() {
    let odd = [
        "==",
        "&&",
        "<>",
        "=>",
        "//",
        "'",
        "“",
        "@",
        "\"",
        "\"a",
        "\\u",
        "A",
        "AND",
        "é",
        "1.",
        ".5",
        "1e5",
        "2026-02-30",
        "9223372036854775808",
        "#",
        "\n",
        "a-b",
        "in-x",
        "%",
    ];
    let mut dice = Dice(2);
    for _ in 0..60_000 {
        let mut text = String::new();
        for _ in 0..dice.below(24) {
            text += if dice.below(12) == 0 { dice.pick(&odd) } else { dice.pick(&grammar::TOKENS) };
            text += dice.pick(&[" ", " ", ""]);
        }
        check_laws(&text);
    }
}

#[test]
fn exactly_the_texts_of_the_grammar_are_taken() {
    let mut dice = Dice(3);
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..10_000 {
        let mut tokens = grammar::make(dice.pick(&[Rule::Text, Rule::Clause, Rule::Body, Rule::Atom]), &mut dice);
        tokens.truncate(60);
        for _ in 0..dice.below(3) {
            distort(&mut tokens, &mut dice);
        }
        let text = tokens.join(" ");
        check_laws(&text);
        for (rule, accepted) in [
            (Rule::Text, parse_clauses(&excerpt(&text)).diagnostics.is_empty()),
            (Rule::Body, parse_body(&excerpt(text.trim_end_matches('.'))).diagnostics.is_empty()),
            (Rule::Atom, parse_atom(&excerpt(text.trim_end_matches('.'))).diagnostics.is_empty()),
        ] {
            let stripped = tokens.iter().rposition(|token| *token != ".").map_or(0, |last| last + 1);
            let judged = if rule == Rule::Text { &tokens[..] } else { &tokens[..stripped] };
            assert_eq!(accepted, grammar::accepts(rule, judged), "{rule:?} {text}");
            if accepted { taken += 1 } else { refused += 1 }
        }
    }
    assert!(taken > 3_000 && refused > 3_000, "{taken} taken, {refused} refused");
}

fn distort(tokens: &mut Vec<&'static str>, dice: &mut Dice) {
    let at = dice.below(tokens.len().max(1));
    match dice.below(4) {
        0 => tokens.insert(at.min(tokens.len()), dice.pick(&grammar::TOKENS)),
        _ if tokens.is_empty() => {}
        1 => drop(tokens.remove(at)),
        2 => tokens[at] = dice.pick(&grammar::TOKENS),
        _ => {
            let other = dice.below(tokens.len());
            tokens.swap(at, other);
        }
    }
}
