//! Any text at all: no panic, every place within its file, and TOML errors exactly where the
//! `toml` crate has some.

use proptest::prelude::*;
use remit::diagnostic::Code;

use super::read;

/// Pieces that TOML files and policies are made of, and some that they are not.
const PIECES: &[&str] = &[
    "[policy]\n",
    "[fact.a]\n",
    "[fact.b.columns]\n",
    "[rule.c]\n",
    "[rule",
    "[[decision.d.option]]\n",
    "[decision.d]\n",
    "[scenario.e]\n",
    "[scenario.e.expect]\n",
    "[invariant.f]\n",
    "[concept.g]\n",
    "[facts.a]\n",
    "[[",
    "]]",
    "[",
    "]",
    "{",
    "}",
    "=",
    ",",
    ".",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "#",
    "'",
    "\"",
    "'''",
    "\"\"\"",
    "\\",
    "\\\n",
    "\\u00e9",
    "\\x",
    "\\U0010ffff",
    "é",
    "😀",
    "\u{feff}",
    "\u{0}",
    "name",
    "type",
    "options",
    "ask",
    "aliases",
    "default",
    "of",
    "columns",
    "means",
    "says",
    "because",
    "source",
    "overrides",
    "question",
    "hit-policy",
    "advisory",
    "option",
    "id",
    "action",
    "issue",
    "expect",
    "skip",
    "never",
    "always",
    "holds",
    "value",
    "possible",
    "a",
    "b",
    "'a if b'",
    "\"a if b\"",
    "'bool'",
    "text",
    "true",
    "false",
    "nan",
    "inf",
    "1",
    "-",
    "+",
    "_",
    "0x1f",
    "1.5",
    "1e999",
    "99999999999999999999999999999999999999999",
    "2026-01-31",
    "2026-13-01",
    "07:30:00",
    "T",
    "says = 'a if b(X)'\n",
    "type = 'choice'\n",
    "options = ['x', 'y']\n",
    "a = 1\n",
    "[ 'a', ",
    "{ a = 1, ",
];

/// Characters that mean something in TOML, and a few that do not.
const CHARACTERS: &str = "[[]]{}==,,..''''\"\"\"\"\\\\##\n\n\n\r  aabcdef0123_:+TZé\0\u{feff}-";

fn check(text: &str) {
    let (_, sources, diagnostics) = read(text);
    for d in &diagnostics {
        for span in d.span.into_iter().chain(d.labels.iter().map(|label| label.span)) {
            let file = sources.file(span.file);
            assert!(file.text.get(span.start as usize..span.end as usize).is_some(), "{text:?} {d:?}");
        }
        assert!(d.help.is_some() && !d.message.is_empty(), "{text:?} {d:?}");
        let words = format!("{} {}", d.message, d.help.as_deref().unwrap_or_default());
        assert!(!["Spanned", "DeValue", "Some(", "None"].iter().any(|word| words.contains(word)), "{d:?}");
    }
    let broken = toml::de::DeTable::parse(text).is_err();
    let told = diagnostics.iter().any(|d| d.code == Code::Toml && !d.message.contains("too many digits"));
    assert_eq!(told, broken, "{text:?} {diagnostics:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 50_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_of_policies_in_any_order(pieces in prop::collection::vec(0..PIECES.len(), 0..24)) {
        check(&pieces.into_iter().filter_map(|i| PIECES.get(i).copied()).collect::<String>());
    }

    #[test]
    fn any_characters(bytes in prop::collection::vec(0..CHARACTERS.len(), 0..40)) {
        let characters: Vec<char> = CHARACTERS.chars().collect();
        check(&bytes.into_iter().filter_map(|i| characters.get(i)).collect::<String>());
    }
}
