//! Issues for `benches/routing.toml` as lines of JSON: seeded, about 530 bytes a line.
//!
//! Each has an id, a title, a description and the fields of a ticket that no rule asks for;
//! of the facts, a third are not known: not given, or null.

use std::io::{self, Write};

/// A generator of pseudo-random numbers (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

const CHOICES: [(&str, &[&str]); 5] = [
    ("product", &["platform", "platform", "platform", "nerm", "other"]),
    ("need", &["fix", "build", "change", "advice"]),
    ("subject", &["access_profile", "role", "rule", "source", "tenant"]),
    ("symptom", &["inaccessible", "not_aggregating", "not_provisioning", "wrong_values"]),
    ("connector", &["ootb", "custom"]),
];

const BOOLS: [&str; 6] = ["working", "changed", "rule_involved", "fails_alone", "data_quality", "help_wanted"];

const WORDS: &[&str] = &[
    "the",
    "source",
    "does",
    "not",
    "aggregate",
    "since",
    "we",
    "changed",
    "role",
    "access",
    "profile",
    "and",
    "users",
    "cannot",
    "log",
    "in",
    "tenant",
    "connector",
    "after",
    "update",
    "Zürich",
    "please",
    "look",
    "at",
    "it",
    "identity",
    "attribute",
    "sync",
    "fails",
    "with",
    "error",
    "timeout",
    "every",
    "night",
];

/// Writes the line of one issue.
pub fn line(dice: &mut Dice, number: usize, out: &mut Vec<u8>) -> io::Result<()> {
    write!(out, r#"{{"id":"INC-{number}","title":""#)?;
    words(dice, 6, out)?;
    write!(
        out,
        r#"","reporter":"user{}@example.com","created":"2026-{:02}-{:02}""#,
        dice.below(9000),
        1 + dice.below(12),
        1 + dice.below(28)
    )?;
    for (name, options) in CHOICES {
        match dice.below(6) {
            0 => write!(out, r#","{name}":null"#)?,
            1 => {}
            _ => write!(out, r#","{name}":"{}""#, dice.pick(options))?,
        }
    }
    for name in BOOLS {
        match dice.below(6) {
            0 => write!(out, r#","{name}":null"#)?,
            1 => {}
            _ => write!(out, r#","{name}":{}"#, dice.below(2) == 1)?,
        }
    }
    if dice.below(3) > 0 {
        write!(out, r#","users":{}"#, dice.below(1000))?;
    }
    write!(out, r#","description":""#)?;
    words(dice, 30, out)?;
    if dice.below(4) == 0 {
        out.extend_from_slice(br#"\nThey say \"now\"."#);
    }
    out.extend_from_slice(b"\"}\n");
    Ok(())
}

fn words(dice: &mut Dice, number: usize, out: &mut Vec<u8>) -> io::Result<()> {
    for at in 0..number {
        write!(out, "{}{}", if at > 0 { " " } else { "" }, dice.pick(WORDS))?;
    }
    Ok(())
}

/// So many lines, handed over some thousand at a time.
pub fn lines(number: usize, out: &mut dyn Write) -> io::Result<()> {
    let (mut dice, mut block) = (Dice(1), Vec::new());
    for at in 0..number {
        line(&mut dice, at, &mut block)?;
        if at % 1000 == 999 || at + 1 == number {
            out.write_all(&block)?;
            block.clear();
        }
    }
    Ok(())
}
