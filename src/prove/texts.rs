//! Witnesses for texts: for each consistent pattern of answers to what is asked of a text,
//! texts that give those answers.
//!
//! Texts are put together from what is looked for. A pattern of answers for which none is
//! found must be seen to contradict itself; else the witnesses are not complete.

use std::collections::{BTreeMap, BTreeSet};

use regex_syntax::hir::{Class as Letters, Hir, HirKind};

use super::classes::Class;
use super::probe::{Probe, Question};
use super::witnesses::needed;
use crate::program::{CompareOp, FunctionKind, TestKind};
use crate::value::Value;

/// With more questions than this, patterns are not gone through.
const MOST_PROBES: usize = 10;

/// The longest text that is tried for the sake of its length.
const LONGEST: i64 = 300;

/// The witnesses, sorted: constants first of all.
pub fn witnesses(class: &mut Class) -> Vec<Value> {
    let constants: BTreeSet<String> = class.constants.iter().filter_map(as_text).collect();
    let found = by_pattern(&class.probes, &constants, needed(class), &fragments(class));
    class.complete &= is_complete(&class.probes, &found, needed(class));
    let mut texts = constants;
    texts.extend(found.into_values().flatten());
    if class.orders_texts || !class.steps.is_empty() {
        texts.extend(class.constants.iter().chain(&class.steps).filter_map(as_text));
    }
    if class.orders_texts {
        let beyond: Vec<String> = texts.iter().take(8).map(|text| format!("{text}0")).collect();
        texts.extend(beyond);
        texts.extend([String::new(), "~".to_owned()]);
    }
    texts.into_iter().map(|text| Value::text(&text)).collect()
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

type Pattern = Vec<bool>;

fn pattern(probes: &[Probe], text: &str) -> Pattern {
    probes.iter().map(|probe| probe.passes(text)).collect()
}

/// For each pattern that some text shows, so many texts that show it, constants not among them.
fn by_pattern(
    probes: &[Probe],
    constants: &BTreeSet<String>,
    need: usize,
    fragments: &[String],
) -> BTreeMap<Pattern, BTreeSet<String>> {
    let mut found: BTreeMap<Pattern, BTreeSet<String>> = BTreeMap::new();
    let mut seeds: BTreeMap<Pattern, Vec<String>> = BTreeMap::new();
    for text in pool(probes, fragments) {
        let seeds = seeds.entry(pattern(probes, &text)).or_default();
        if seeds.len() < 3 + need {
            seeds.push(text);
        }
    }
    for (shown, seeds) in seeds {
        let texts = found.entry(shown.clone()).or_default();
        for text in seeds.iter().cloned().chain(seeds.iter().flat_map(|seed| variants(seed, need))) {
            if texts.len() < need && !constants.contains(&text) && pattern(probes, &text) == shown {
                texts.insert(text);
            }
        }
    }
    found
}

/// A text with something in front, behind or in it.
fn variants(seed: &str, need: usize) -> Vec<String> {
    let fill = |i: usize| format!("{}", char::from(b'a' + (i % 26) as u8)).repeat(1 + i / 26);
    let fills: Vec<String> = (0..need + 26).map(fill).collect();
    let mut variants = Vec::new();
    for fill in fills.iter().flat_map(|fill| [fill.clone(), fill.to_uppercase()]) {
        variants.push(format!("{seed}{fill}"));
        variants.push(format!("{fill}{seed}"));
        let first: String = seed.chars().take(1).collect();
        let last: String = seed.chars().skip(1).collect();
        variants.push(format!("{first}{fill}{last}"));
    }
    // Another text of the same length.
    if let Some(kept) = seed.chars().count().checked_sub(1) {
        let start: String = seed.chars().take(kept).collect();
        variants.extend(('a'..='z').map(|letter| format!("{start}{letter}")));
    }
    variants
}

/// Fragments, and fragments put together.
fn pool(probes: &[Probe], fragments: &[String]) -> Vec<String> {
    let mut pool = vec!["x".to_owned(), String::new()];
    pool.extend(fragments.iter().cloned());
    for one in fragments.iter().take(24) {
        for other in fragments.iter().take(24) {
            pool.push(format!("{one}{other}"));
            pool.push(format!("{one} {other}"));
        }
    }
    for one in fragments.iter().take(7) {
        for two in fragments.iter().take(7) {
            pool.extend(fragments.iter().take(7).map(|three| format!("{one} {two} {three}")));
        }
    }
    let lengths: BTreeSet<i64> = probes.iter().flat_map(lengths).filter(|l| (0..=LONGEST).contains(l)).collect();
    let padded: Vec<String> = pool
        .iter()
        .take(400)
        .flat_map(|text| {
            let length = text.chars().count() as i64;
            let missing = lengths.iter().filter_map(move |wanted| usize::try_from(wanted - length).ok());
            missing.filter(|missing| *missing > 0).map(move |missing| format!("{text}{}", "x".repeat(missing)))
        })
        .collect();
    pool.extend(padded);
    pool
}

fn lengths(probe: &Probe) -> Vec<i64> {
    match (&probe.question, probe.functions.last()) {
        (Question::Compare(_, Value::Integer(length)), Some(FunctionKind::Length)) => {
            vec![length.saturating_sub(1), *length, length.saturating_add(1)]
        }
        _ => Vec::new(),
    }
}

/// What is looked for, in every case.
fn fragments(class: &Class) -> Vec<String> {
    let mut fragments = BTreeSet::new();
    for probe in &class.probes {
        let texts = match &probe.question {
            Question::Test(TestKind::Matches, pattern, _) => samples(pattern),
            Question::Test(_, pattern, _) => vec![pattern.to_string()],
            Question::Compare(_, value) => as_text(value).into_iter().collect(),
        };
        for text in texts {
            fragments.extend([text.to_lowercase(), text.to_uppercase(), text]);
        }
    }
    fragments.into_iter().filter(|text| !text.is_empty()).collect()
}

/// Some texts that match a pattern, if it is a simple one.
fn samples(pattern: &str) -> Vec<String> {
    regex_syntax::parse(pattern).map(|hir| of_hir(&hir)).unwrap_or_default()
}

/// The most samples of one pattern.
const MOST_SAMPLES: usize = 8;

fn of_hir(hir: &Hir) -> Vec<String> {
    let mut samples = match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => vec![String::new()],
        HirKind::Literal(literal) => vec![String::from_utf8_lossy(&literal.0).into_owned()],
        HirKind::Class(Letters::Unicode(class)) => {
            class.ranges().iter().take(3).map(|range| printable(range.start(), range.end()).to_string()).collect()
        }
        HirKind::Class(Letters::Bytes(_)) => Vec::new(),
        HirKind::Repetition(repetition) => {
            let inner = of_hir(&repetition.sub);
            let least = repetition.min.min(64) as usize;
            let most = repetition.max.map_or(least + 1, |max| (max as usize).min(least + 1));
            (least..=most).flat_map(|times| inner.iter().map(move |sample| sample.repeat(times))).collect()
        }
        HirKind::Capture(capture) => of_hir(&capture.sub),
        HirKind::Concat(parts) => parts.iter().fold(vec![String::new()], |starts, part| {
            let ends = of_hir(part);
            let all = starts.iter().flat_map(|start| ends.iter().map(move |end| format!("{start}{end}")));
            all.take(MOST_SAMPLES).collect()
        }),
        HirKind::Alternation(parts) => parts.iter().flat_map(of_hir).collect(),
    };
    samples.truncate(MOST_SAMPLES);
    samples
}

/// A letter or digit of a range, if there is one.
fn printable(start: char, end: char) -> char {
    let wanted = ['a', 'A', '0', 'x', ' ', '-'];
    wanted.into_iter().find(|letter| (start..=end).contains(letter)).unwrap_or(start.max('!').min(end))
}

/// Whether each pattern of answers has its witnesses or contradicts itself.
fn is_complete(probes: &[Probe], found: &BTreeMap<Pattern, BTreeSet<String>>, need: usize) -> bool {
    if probes.len() > MOST_PROBES {
        return false;
    }
    (0..1_usize << probes.len()).all(|bits| {
        let pattern: Pattern = (0..probes.len()).map(|i| bits >> i & 1 == 1).collect();
        found.get(&pattern).is_some_and(|texts| texts.len() >= need) || contradicts(probes, &pattern)
    })
}

fn contradicts(probes: &[Probe], pattern: &[bool]) -> bool {
    let answers: Vec<(&Probe, bool)> = probes.iter().zip(pattern.iter().copied()).collect();
    answers.iter().any(|(probe, passes)| alone(probe, *passes))
        || answers.iter().any(|one| answers.iter().any(|other| excludes(*one, *other)))
}

/// Whether no text gives this answer.
fn alone(probe: &Probe, passes: bool) -> bool {
    match &probe.question {
        Question::Test(TestKind::Matches, ..) => false,
        Question::Test(_, sought, _) => match probe.functions.last() {
            _ if sought.is_empty() => !passes,
            Some(FunctionKind::Lower) => passes && sought.chars().any(|c| c.is_ascii_uppercase()),
            Some(FunctionKind::Upper) => passes && sought.chars().any(|c| c.is_ascii_lowercase()),
            _ => false,
        },
        Question::Compare(op, Value::Integer(length)) => {
            let possible = [0, length.saturating_sub(1), *length, length.saturating_add(1)];
            !possible.iter().filter(|n| **n >= 0).any(|n| op.holds(n.cmp(length)) == passes)
        }
        Question::Compare(_, Value::Text(text)) => match probe.functions.last() {
            Some(FunctionKind::Lower) => passes && text.chars().any(|c| c.is_ascii_uppercase()),
            Some(FunctionKind::Upper) => passes && text.chars().any(|c| c.is_ascii_lowercase()),
            _ => false,
        },
        Question::Compare(..) => false,
    }
}

/// Whether no text gives both answers.
fn excludes((one, passes): (&Probe, bool), (other, other_passes): (&Probe, bool)) -> bool {
    use TestKind::{Contains, EndsWith, Matches, StartsWith};
    if one.functions != other.functions {
        return lowers(one, other) && passes && !other_passes;
    }
    match (&one.question, &other.question) {
        (Question::Compare(CompareOp::Eq, Value::Text(text)), question) if passes => {
            answer(question, text).is_some_and(|answer| answer != other_passes)
        }
        (Question::Compare(op, Value::Integer(length)), Question::Compare(other_op, Value::Integer(with))) => {
            let near = |n: i64| [n.saturating_sub(1), n, n.saturating_add(1)];
            let mut possible = near(*length).into_iter().chain(near(*with)).chain([0]).filter(|n| *n >= 0);
            !possible.any(|n| op.holds(n.cmp(length)) == passes && other_op.holds(n.cmp(with)) == other_passes)
        }
        (Question::Test(Matches, ..), _) | (_, Question::Test(Matches, ..)) => false,
        (Question::Test(kind, sought, _), Question::Test(Contains, text, _)) if *kind != Matches => {
            passes && !other_passes && sought.contains(&**text)
        }
        (Question::Test(StartsWith, sought, _), Question::Test(StartsWith, text, _)) => match other_passes {
            true => passes && !sought.starts_with(&**text) && !text.starts_with(&**sought),
            false => passes && sought.starts_with(&**text),
        },
        (Question::Test(EndsWith, sought, _), Question::Test(EndsWith, text, _)) => match other_passes {
            true => passes && !sought.ends_with(&**text) && !text.ends_with(&**sought),
            false => passes && sought.ends_with(&**text),
        },
        _ => false,
    }
}

/// What a question says of a text.
fn answer(question: &Question, text: &str) -> Option<bool> {
    Some(Probe { functions: Vec::new(), question: question.clone() }.passes(text))
}

/// Whether a text that holds the one holds the other once it is in lower case.
fn lowers(one: &Probe, other: &Probe) -> bool {
    if !one.functions.is_empty() || other.functions != [FunctionKind::Lower] {
        return false;
    }
    let (Question::Test(kind, sought, _), Question::Test(with, text, _)) = (&one.question, &other.question) else {
        return false;
    };
    let plain = |kind: &TestKind| *kind != TestKind::Matches;
    plain(kind)
        && kind == with
        && sought.is_ascii()
        && match kind {
            TestKind::StartsWith => sought.to_lowercase().starts_with(&**text),
            TestKind::EndsWith => sought.to_lowercase().ends_with(&**text),
            _ => sought.to_lowercase().contains(&**text),
        }
}
