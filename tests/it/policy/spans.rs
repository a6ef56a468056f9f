//! Places inside TOML strings of every kind: each character of a decoded text leads back
//! to the bytes that its author wrote.

use std::ops::Range;

use proptest::prelude::*;
use proptest::sample::select;
use remit::policy::{Policy, load_texts};
use remit::source::{Excerpt, Sources};
use remit::syntax::tree::{Args, Clause, ExprKind, Formula, FormulaKind, Name};

use super::read;

/// The four kinds of TOML strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Basic,
    Literal,
    LongBasic,
    LongLiteral,
}

impl Kind {
    fn quotes(self) -> &'static str {
        match self {
            Self::Basic => "\"",
            Self::Literal => "'",
            Self::LongBasic => "\"\"\"",
            Self::LongLiteral => "'''",
        }
    }

    fn long(self) -> bool {
        matches!(self, Self::LongBasic | Self::LongLiteral)
    }

    fn escapes(self) -> bool {
        matches!(self, Self::Basic | Self::LongBasic)
    }

    /// Whether a character may stand in such a string as it is.
    fn plain(self, c: char) -> bool {
        match c {
            '\n' => self.long(),
            '\t' => true,
            '"' | '\\' => !self.escapes(),
            '\'' => self.escapes(),
            c => !c.is_ascii_control(),
        }
    }
}

/// How one character is to be written, where the kind of string lets it.
#[derive(Debug, Clone, Copy)]
enum Style {
    Plain,
    Short,
    Hex,
    Unicode,
    Long,
    /// Plain, with a backslash at a line's end and this many blank lines before it.
    Broken(usize),
}

/// A string as written, and for each character what it stands for and where it is.
struct Written {
    raw: String,
    characters: Vec<(char, Range<usize>)>,
}

impl Written {
    fn text(&self) -> String {
        self.characters.iter().map(|(c, _)| c).collect()
    }
}

/// Writes a text as a string of a kind; a character that such a string cannot hold is left out.
fn write(kind: Kind, newline: &str, leading: bool, text: &[(char, Style)]) -> Written {
    let mut raw = kind.quotes().to_owned();
    if kind.long() && leading {
        raw.push_str(newline);
    }
    let mut characters = Vec::new();
    for (c, style) in text {
        if kind == Kind::LongBasic
            && let Style::Broken(lines) = style
        {
            raw.push_str("\\ ");
            raw.push_str(newline);
            raw.push_str(&format!(" \t{newline}").repeat(*lines));
        }
        let start = raw.len();
        // A newline right behind the opening quotes would vanish, blanks behind a broken line too.
        let broken = kind == Kind::LongBasic && matches!(style, Style::Broken(_));
        let vanishes = (*c == '\n' && start == kind.quotes().len()) || (broken && matches!(c, ' ' | '\t' | '\n'));
        let written = if kind.plain(*c) && !vanishes && matches!(style, Style::Plain | Style::Broken(_)) {
            if *c == '\n' { newline.to_owned() } else { c.to_string() }
        } else if kind.escapes() {
            escape(*c, *style)
        } else if kind.plain(*c) && !vanishes {
            if *c == '\n' { newline.to_owned() } else { c.to_string() }
        } else {
            continue;
        };
        raw.push_str(&written);
        if written == "\r\n" {
            characters.push(('\r', start..start + 1));
            characters.push(('\n', start + 1..start + 2));
        } else {
            characters.push((*c, start..raw.len()));
        }
    }
    raw.push_str(kind.quotes());
    Written { raw, characters }
}

fn escape(c: char, style: Style) -> String {
    let number = u32::from(c);
    let short = match c {
        '\u{8}' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\u{c}' => "\\f",
        '\r' => "\\r",
        '\u{1b}' => "\\e",
        '"' => "\\\"",
        '\\' => "\\\\",
        _ => "",
    };
    match style {
        Style::Hex if number < 0x100 => format!("\\x{number:02x}"),
        Style::Unicode if number < 0x1_0000 => format!("\\u{number:04X}"),
        Style::Long => format!("\\U{number:08x}"),
        _ if !short.is_empty() => short.to_owned(),
        _ => format!("\\U{number:08x}"),
    }
}

fn kinds() -> impl Strategy<Value = Kind> {
    select(vec![Kind::Basic, Kind::Literal, Kind::LongBasic, Kind::LongLiteral])
}

fn styles() -> impl Strategy<Value = Style> {
    prop_oneof![
        4 => Just(Style::Plain),
        1 => Just(Style::Short),
        1 => Just(Style::Hex),
        1 => Just(Style::Unicode),
        1 => Just(Style::Long),
        1 => (0..3_usize).prop_map(Style::Broken),
    ]
}

fn characters() -> impl Strategy<Value = char> {
    prop_oneof![
        6 => proptest::char::range(' ', '~'),
        2 => select(vec!['\n', '\t', '"', '\\', '\'', '\u{1b}', '\u{8}', '\u{c}', '\r', '\u{1}', '\u{7f}']),
        1 => select(vec!['é', 'ß', '€', '😀', '\u{300}', '\u{feff}', '\u{10ffff}']),
        1 => any::<char>(),
    ]
}

fn newlines() -> impl Strategy<Value = &'static str> {
    select(vec!["\n", "\r\n"])
}

/// A policy with one text in it, and where that text begins.
fn policy_with(key: &str, newline: &str, written: &Written) -> (Policy, Sources, usize) {
    let before = format!("# \u{e9}{newline}[policy]{newline}name = 'x'{newline}[rule.r]{newline}{key} = ");
    let text = format!("{before}{}{newline}", written.raw);
    let (policy, sources, diagnostics) = load_texts(vec![("p.toml".into(), text)], "".into());
    let toml: Vec<_> = diagnostics.iter().filter(|d| d.code.as_str() == "toml").collect();
    assert!(toml.is_empty(), "{} {toml:?}", written.raw);
    (policy, sources, before.len())
}

fn decoded_by_the_crate(raw: &str) -> String {
    let document = format!("x = {raw}");
    let table = toml::de::DeTable::parse(&document).expect("well-formed").into_inner();
    table.get("x").and_then(|value| value.get_ref().as_str()).expect("a string").to_owned()
}

fn assert_maps(excerpt: &Excerpt, written: &Written, start: usize) {
    assert_eq!(excerpt.text, written.text(), "{}", written.raw);
    let mut at = 0;
    for (c, place) in &written.characters {
        let span = excerpt.span(at..at + c.len_utf8());
        assert_eq!(
            (span.start as usize, span.end as usize),
            (start + place.start, start + place.end),
            "{c:?} of {}",
            written.raw
        );
        at += c.len_utf8();
    }
    if let (Some((_, first)), Some((_, last))) = (written.characters.first(), written.characters.last()) {
        let whole = excerpt.whole();
        assert_eq!((whole.start as usize, whole.end as usize), (start + first.start, start + last.end));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_character_leads_back_to_its_bytes(
        kind in kinds(),
        newline in newlines(),
        leading: bool,
        text in prop::collection::vec((characters(), styles()), 0..24),
    ) {
        // Quotes must not run together with those that close the string.
        let text: Vec<_> = text.into_iter().chain([('.', Style::Plain)]).collect();
        let text: Vec<_> = match kind {
            Kind::LongLiteral => text.into_iter().filter(|(c, _)| *c != '\'').collect(),
            _ => text,
        };
        let written = write(kind, newline, leading, &text);
        prop_assert_eq!(decoded_by_the_crate(&written.raw), written.text());
        let (policy, _, start) = policy_with("because", newline, &written);
        let because = policy.rules[0].because.as_ref().expect("a reason");
        assert_maps(because, &written, start);
    }

    #[test]
    fn every_name_in_a_rule_leads_back_to_its_bytes(
        kind in kinds(),
        newline in newlines(),
        leading: bool,
        gaps in prop::collection::vec((select(vec![" ", "  ", "\t", "\n", " # why\n"]), styles()), 40),
        symbols in prop::collection::vec(styles(), 80),
        listed: bool,
    ) {
        let mut text = Vec::new();
        let mut gaps = gaps.into_iter();
        let mut symbols = symbols.into_iter();
        for word in RULE.split(' ') {
            let name = word.chars().all(|c| c.is_alphanumeric() || c == '_');
            for c in word.chars() {
                let style = symbols.next().unwrap_or(Style::Plain);
                // Names stand as they are, so that their place can be compared with them.
                text.push((c, if name { Style::Plain } else { style }));
            }
            let (gap, style) = gaps.next().unwrap_or((" ", Style::Plain));
            let gap = if kind.long() || kind.escapes() { gap } else { " " };
            text.extend(gap.chars().map(|c| (c, style)));
        }
        let written = write(kind, newline, leading, &text);
        let wrapped = Written { raw: format!("[ {} ]", written.raw), characters: Vec::new() };
        let (policy, sources, _) = policy_with("says", newline, if listed { &wrapped } else { &written });
        let [clause] = policy.rules[0].clauses.as_slice() else { panic!("one clause in {}", written.raw) };
        let mut names = Vec::new();
        clause_names(clause, &mut names);
        let found: Vec<&str> = names.iter().map(|name| &*name.node).collect();
        prop_assert_eq!(found, ["head", "p", "q", "col", "sym", "r", "s"]);
        for name in names {
            prop_assert_eq!(sources.text(name.span), &*name.node, "{}", written.raw);
        }
    }
}

/// Words with one blank between them.
const RULE: &str = "head ( X ) if p ( X ) , q ( col : X , other : sym ) and not ( r or s ( \"a\\\\b\" ) ) .";

fn clause_names(clause: &Clause, names: &mut Vec<Name>) {
    names.push(clause.head.name.clone());
    if let Some(body) = &clause.body {
        formula_names(body, names);
    }
}

fn formula_names(formula: &Formula, names: &mut Vec<Name>) {
    match &formula.node {
        FormulaKind::Or(parts) | FormulaKind::And(parts) => parts.iter().for_each(|part| formula_names(part, names)),
        FormulaKind::Not(inner) | FormulaKind::Group(inner) => formula_names(inner, names),
        FormulaKind::Atom(atom) => {
            names.push(atom.name.clone());
            if let Args::Named(args) = &atom.args {
                names.extend(args.first().map(|(column, _)| column.clone()));
                names.extend(args.iter().filter_map(|(_, value)| match &value.node {
                    ExprKind::Name(symbol) => Some(Name::new(symbol.clone(), value.span)),
                    _ => None,
                }));
            }
        }
        _ => {}
    }
}

#[test]
fn an_error_in_a_text_points_at_its_bytes() {
    let cases = [
        ("'a if b @'", "@"),
        ("\"a if \\u0062 and @\"", "@"),
        ("\"\"\"\\\n  a if b,\r\n  @c\"\"\"", "@"),
        ("'''\r\na if b\r\n@'''", "@"),
        ("['a', \"\\x62 \\x40\"]", "\\x40"),
    ];
    for (says, at) in cases {
        let (_, sources, diagnostics) = read(&format!("[policy]\nname = 'x'\n[rule.r]\nsays = {says}"));
        let places: Vec<&str> = diagnostics.iter().filter_map(|d| d.span).map(|span| sources.text(span)).collect();
        assert_eq!(places, [at], "{says}");
    }
}
