//! What a stream of issues came to: counted issue by issue, told at the end.
//!
//! Its size does not grow with the stream: of keys that are no facts, a limited number is told apart.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::diagnostics::plural;
use super::look::Look;
use super::page::Page;
use crate::engine::columnar::{Asked, Whole};
use crate::issue::nearest_key;
use crate::program::{DecisionId, FactId, Program};
use crate::verdict::{Status, Verdict};

/// The most keys that are told apart.
const KEYS: usize = 1000;

/// The most facts and keys that the text names.
const NAMED: usize = 10;

/// The counts of a stream.
#[derive(Debug, Clone)]
pub struct Tally {
    /// Issues rejected.
    pub rejected: usize,
    /// Issues settled.
    pub settled: usize,
    /// Issues open.
    pub open: usize,
    /// Issues in conflict.
    pub conflict: usize,
    /// For each decision, how many issues have each option in its value, and at last how many have none.
    options: Vec<Vec<usize>>,
    /// For each fact, in how many issues it is missing.
    missing: Vec<usize>,
    /// Keys that are no facts: how often, and the nearest fact.
    keys: BTreeMap<String, (usize, Option<Arc<str>>)>,
    /// Keys beyond the limit, not told apart.
    other_keys: usize,
}

impl Tally {
    /// Nothing counted yet.
    pub fn new(program: &Program) -> Self {
        Self {
            rejected: 0,
            settled: 0,
            open: 0,
            conflict: 0,
            options: program.decisions.iter().map(|decision| vec![0; decision.options.len() + 1]).collect(),
            missing: vec![0; program.facts.len()],
            keys: BTreeMap::new(),
            other_keys: 0,
        }
    }

    /// Counts a verdict.
    pub fn add(&mut self, verdict: &Verdict) {
        match verdict.status {
            Status::Settled => self.settled += 1,
            Status::Open => self.open += 1,
            Status::Conflict => self.conflict += 1,
        }
        let mut missing: Vec<FactId> = verdict.outcomes.iter().flat_map(|o| o.missing.iter().copied()).collect();
        missing.sort_unstable();
        missing.dedup();
        missing.into_iter().for_each(|fact| self.missing[fact.index()] += 1);
        for outcome in &verdict.outcomes {
            let counts = &mut self.options[outcome.decision.index()];
            outcome.value.iter().for_each(|option| counts[*option] += 1);
            if let (true, Some(none)) = (outcome.value.is_empty(), counts.last_mut()) {
                *none += 1;
            }
        }
    }

    /// Counts the verdicts of a block.
    pub fn add_block(&mut self, whole: &Whole<'_>) {
        let program = whole.compiled().program();
        let ids = || (0..program.decisions.len()).map(|index| DecisionId(index as u32));
        let (mut open, mut conflict) = (Union::new(whole), Union::new(whole));
        let mut missing: Vec<Option<Union>> = vec![None; program.facts.len()];
        for id in ids() {
            let decision = program.decision(id);
            if !decision.advisory {
                open.add(whole, Asked::Open(id));
                conflict.add(whole, Asked::Conflict(id));
            }
            let mut some = Union::new(whole);
            let counts = &mut self.options[id.index()];
            for (option, count) in counts.iter_mut().enumerate().take(decision.options.len()) {
                *count += some.add(whole, Asked::Value(id, option));
            }
            if let Some(none) = counts.last_mut() {
                *none += whole.len() - some.count();
            }
            for (number, fact) in whole.compiled().missing_of(id).enumerate() {
                let union = missing[fact.index()].get_or_insert_with(|| Union::new(whole));
                union.add(whole, Asked::Missing(id, number));
            }
        }
        for (count, union) in self.missing.iter_mut().zip(missing) {
            *count += union.map_or(0, |union| union.count());
        }
        let conflicts = conflict.count();
        let worse = conflict.and(&open).count();
        self.conflict += conflicts;
        self.open += worse - conflicts;
        self.settled += whole.len() - worse;
    }

    /// Counts keys that are no facts.
    pub fn add_keys(&mut self, program: &Program, keys: Vec<(String, usize)>) {
        for (key, count) in keys {
            if let Some((known, _)) = self.keys.get_mut(&key) {
                *known += count;
            } else if self.keys.len() < KEYS {
                let suggestion = nearest_key(program, &key);
                self.keys.insert(key, (count, suggestion));
            } else {
                self.other_keys += count;
            }
        }
    }

    /// Adds the counts of issues, but not of keys, of what was read behind this.
    pub fn add_issues(&mut self, other: &Self) {
        self.rejected += other.rejected;
        self.settled += other.settled;
        self.open += other.open;
        self.conflict += other.conflict;
        for (counts, more) in self.options.iter_mut().zip(&other.options) {
            counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
        }
        self.missing.iter_mut().zip(&other.missing).for_each(|(count, more)| *count += more);
    }

    /// Issues decided.
    pub fn decided(&self) -> usize {
        self.settled + self.open + self.conflict
    }

    /// Issues read: decided and rejected.
    pub fn read(&self) -> usize {
        self.decided() + self.rejected
    }

    /// Facts with how often they are missing, the most often missing first.
    fn most_missing(&self, program: &Program) -> Vec<(Arc<str>, usize)> {
        let counts = program.facts.iter().zip(&self.missing).filter(|(_, count)| **count > 0);
        let mut all: Vec<_> = counts.map(|(fact, count)| (fact.name.clone(), *count)).collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        all
    }

    /// As text.
    pub fn text(&self, program: &Program, elapsed: Duration, look: Look) -> String {
        let mut page = Page::new(look);
        page.line(0, &self.counts());
        for (decision, counts) in program.decisions.iter().zip(&self.options) {
            let names = decision.options.iter().map(|o| &*o.id).chain(["(none)"]);
            let shown: Vec<String> = names
                .zip(counts)
                .filter(|(_, count)| **count > 0)
                .map(|(name, count)| format!("{name} {count}"))
                .collect();
            if !shown.is_empty() {
                page.line(0, &format!("{}: {}", decision.name, shown.join(", ")));
            }
        }
        let missing = self.most_missing(program);
        if !missing.is_empty() {
            let shown = missing.iter().map(|(name, count)| format!("{name} {count}"));
            page.line(0, &format!("most often missing: {}", some(shown, missing.len())));
        }
        self.keys_text(&mut page);
        page.line(0, &self.time_text(elapsed));
        page.finish()
    }

    /// How many issues were read, and what became of them, in one line.
    pub fn counts(&self) -> String {
        format!(
            "{} read: {} settled, {} open, {} conflict, {} rejected",
            self.read(),
            self.settled,
            self.open,
            self.conflict,
            self.rejected
        )
    }

    fn keys_text(&self, page: &mut Page) {
        if self.keys.is_empty() {
            return;
        }
        let mut keys: Vec<_> = self.keys.iter().collect();
        keys.sort_by(|a, b| b.1.0.cmp(&a.1.0).then_with(|| a.0.cmp(b.0)));
        let shown = keys.iter().map(|(key, (count, suggestion))| match suggestion {
            Some(near) => format!("`{key}` {count} (write `{near}`?)"),
            None => format!("`{key}` {count}"),
        });
        let number = keys.len() + usize::from(self.other_keys > 0);
        page.line(0, &format!("keys that are no facts: {}", some(shown, number)));
    }

    fn time_text(&self, elapsed: Duration) -> String {
        format!("{:.3} s, {} a second", elapsed.as_secs_f64(), plural(self.rate(elapsed), "issue"))
    }

    /// Issues a second.
    fn rate(&self, elapsed: Duration) -> usize {
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let rate = (self.read() as f64 / elapsed.as_secs_f64().max(1e-6)) as usize;
        rate
    }

    /// As JSON.
    pub fn json(&self, program: &Program, elapsed: Duration) -> Value {
        let mut decisions = Map::new();
        for (decision, counts) in program.decisions.iter().zip(&self.options) {
            let names = decision.options.iter().map(|option| option.id.to_string());
            let mut values: Map<String, Value> = names.zip(counts).map(|(name, count)| (name, json!(count))).collect();
            values.insert("(none)".to_owned(), json!(counts.last()));
            decisions.insert(decision.name.to_string(), Value::Object(values));
        }
        let missing: Map<String, Value> =
            self.most_missing(program).into_iter().map(|(name, count)| (name.to_string(), json!(count))).collect();
        let key = |(key, (count, suggestion)): (&String, &(usize, Option<Arc<str>>))| {
            (key.clone(), json!({ "count": count, "suggestion": suggestion.as_deref() }))
        };
        let keys: Map<String, Value> = self.keys.iter().map(key).collect();
        json!({
            "read": self.read(),
            "settled": self.settled,
            "open": self.open,
            "conflict": self.conflict,
            "rejected": self.rejected,
            "decisions": decisions,
            "missing": missing,
            "unknown_keys": keys,
            "seconds": elapsed.as_secs_f64(),
            "per_second": self.rate(elapsed),
        })
    }
}

/// The issues of a block of which one or another thing is true.
#[derive(Debug, Clone)]
struct Union(Vec<u64>);

impl Union {
    fn new(whole: &Whole<'_>) -> Self {
        Self(vec![0; whole.len().div_ceil(64)])
    }

    /// Adds the issues of which something is true; how many these are.
    fn add(&mut self, whole: &Whole<'_>, asked: Asked) -> usize {
        let mut count = 0;
        for (all, word) in self.0.iter_mut().zip(whole.words(asked)) {
            *all |= word;
            count += word.count_ones() as usize;
        }
        count
    }

    /// Adds the issues of another.
    fn and(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(&other.0).for_each(|(all, word)| *all |= word);
        self
    }

    fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }
}

/// The first few of some texts, and how many more there are.
fn some(texts: impl Iterator<Item = String>, number: usize) -> String {
    let mut shown = texts.take(NAMED).collect::<Vec<_>>().join(", ");
    if number > NAMED {
        shown.push_str(&format!(" and {} more", number - NAMED));
    }
    shown
}
