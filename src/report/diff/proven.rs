//! Two policies compared over all issues: examples with both proofs, and what is proved.

mod markdown;
mod text;
mod unlike;

use serde_json::{Map, Value, json};

pub use markdown::proven_markdown;
pub use text::{contradictions, proven_text};

use super::json::{answer, differences, policy};
use super::{grouped, twin, unproved};
use crate::diff::equivalence::{Compared, Equivalence, Example, Proof};
use crate::diff::{Differences, Pair, Side};
use crate::explain::Explanation;
use crate::report::diagnostics::plural;
use crate::report::explanation::{self, Explained};
use crate::source::Sources;

/// Two policies, compared over all issues.
#[derive(Debug, Clone, Copy)]
pub struct Proven<'a> {
    /// The policies.
    pub pair: Pair<'a>,
    /// The files of the old one.
    pub old_sources: &'a Sources,
    /// The files of the new one.
    pub new_sources: &'a Sources,
    /// What differs as written.
    pub differences: &'a Differences,
    /// What was found.
    pub equivalence: &'a Equivalence,
}

impl<'a> Proven<'a> {
    fn sources(&self, side: Side) -> &'a Sources {
        match side {
            Side::Old => self.old_sources,
            Side::New => self.new_sources,
        }
    }

    /// What was not looked at, in sentences.
    fn remarks(&self) -> Vec<String> {
        let unlike = self.equivalence.unlike.iter();
        let mut remarks: Vec<String> = unlike.map(|unlike| unlike::sentence(self.pair, unlike)).collect();
        if self.equivalence.may_fail {
            remarks.push("Issues on which arithmetic fails were not compared.".to_owned());
        }
        remarks
    }

    fn explained<'b>(&'b self, side: Side, example: &'b Example, explanation: &'b Explanation) -> Explained<'b> {
        let issue = example.twin.of(side);
        Explained { program: self.pair.of(side), sources: self.sources(side), issue, explanation }
    }

    /// Why a decision may come to other pairs of answers than those found, in words.
    fn proof(&self, compared: &Compared) -> String {
        let found = compared.differs();
        let what = if found { "there are no other moves" } else { "the answers are the same" };
        let compared_only = if compared.partly.is_empty() { "" } else { ", for every issue that was compared" };
        match &compared.proof {
            Proof::Same => "nothing differs that it rests on".to_owned(),
            Proof::Proved if compared.partly.is_empty() => format!("proved: {what}, whatever the issue"),
            Proof::Proved => format!("proved: {what}{compared_only}"),
            Proof::UpTo(rows, facts) => {
                let further = if compared.counts_further() {
                    format!("; rules count {} rows", compared.counted)
                } else {
                    String::new()
                };
                format!("proved up to {} of {}{further}: {what}{compared_only}", plural(*rows, "row"), facts.join(", "))
            }
            Proof::Undetermined(reason) => {
                let what = if found { "whether there are other moves" } else { "whether the answers are the same" };
                format!("undetermined {what}: {}", unproved::reason(reason, [self.old_sources, self.new_sources]))
            }
        }
    }
}

/// `the policies differ: 3 moves of team, 1 of note`.
pub fn proven_summary(proven: &Proven<'_>) -> String {
    let equivalence = proven.equivalence;
    let moves = equivalence.decisions.iter().filter(|compared| compared.differs());
    let moves = moves.map(|compared| {
        let number = compared.examples.len();
        format!("{} {} of {}", grouped(number), if number == 1 { "move" } else { "moves" }, compared.shared.name)
    });
    let moves: Vec<String> = moves.collect();
    let bounded = equivalence.decisions.iter().any(|compared| matches!(compared.proof, Proof::UpTo(..)));
    match () {
        () if !moves.is_empty() => format!("the policies differ: {}", moves.join(", ")),
        () if equivalence.is_undetermined() => "no difference was found, but there may be one".to_owned(),
        () if equivalence.decisions.is_empty() && one_sided(proven).next().is_some() => {
            "the policies decide nothing in common".to_owned()
        }
        () if one_sided(proven).next().is_some() => {
            "the policies are equivalent in what both decide, but do not decide the same".to_owned()
        }
        () if bounded || !proven.remarks().is_empty() => {
            "the policies are equivalent, as far as issues were looked at".to_owned()
        }
        () => "the policies are equivalent".to_owned(),
    }
}

/// Decisions that only one of the policies makes.
fn one_sided<'a>(proven: &Proven<'a>) -> impl Iterator<Item = (&'a str, Side)> {
    let decisions = proven.differences.decisions.iter();
    decisions.filter_map(|decision| Some((&*decision.name, decision.only()?)))
}

/// The name of an example's file, without extension: the `number`th of a decision, from 1.
pub fn example_name(compared: &Compared, number: usize, example: &Example) -> String {
    let words = |answer| {
        let words = compared.shared.words(answer);
        words.replace(" + ", "+").replace(['(', ')'], "")
    };
    format!("{}-{number}-{}-to-{}", compared.shared.name, words(&example.pair.0), words(&example.pair.1))
}

/// The text of an example's file.
pub fn example_file(proven: &Proven<'_>, compared: &Compared, example: &Example) -> String {
    let shared = &compared.shared;
    let (old, new) = (shared.words(&example.pair.0), shared.words(&example.pair.1));
    let said = twin::document(proven.pair, &proven.equivalence.facts, &example.twin);
    let rest = "Facts that are left out do not matter, or are what the policies assume.";
    format!("# {}: {old} → {new}\n# {rest}\n{said}", shared.name)
}

/// The JSON.
pub fn proven_json(proven: &Proven<'_>) -> Value {
    let decision = |compared: &Compared| {
        let examples = compared.examples.iter().enumerate();
        let examples = examples.map(|(index, example)| example_json(proven, compared, index + 1, example));
        let rows = if let Proof::UpTo(rows, facts) = &compared.proof { Some((*rows, facts)) } else { None };
        let value = json!({
            "equal": compared.is_equal(),
            "verdict": verdict(&compared.proof),
            "rows": rows.map(|(rows, _)| rows),
            "bounded": rows.map(|(_, facts)| facts.iter().map(|fact| &**fact).collect::<Vec<_>>()),
            "partly": compared.partly.iter().map(|fact| &**fact).collect::<Vec<_>>(),
            "words": proven.proof(compared),
            "examples": examples.collect::<Vec<_>>(),
        });
        (compared.shared.name.to_string(), value)
    };
    let equivalence = proven.equivalence;
    let only = |side: Side| one_sided(proven).filter(|(_, of)| *of == side).map(|(name, _)| name).collect::<Vec<_>>();
    json!({
        "summary": proven_summary(proven),
        "old": policy(proven.pair.old),
        "new": policy(proven.pair.new),
        "equivalent": equivalence.is_equal() && one_sided(proven).next().is_none(),
        "decisions": equivalence.decisions.iter().map(decision).collect::<Map<_, _>>(),
        "only": { "old": only(Side::Old), "new": only(Side::New) },
        "not_looked_at": proven.remarks(),
        "differences": differences(proven.differences),
    })
}

fn verdict(proof: &Proof) -> &'static str {
    match proof {
        Proof::Same | Proof::Proved => "proved",
        Proof::UpTo(..) => "proved-up-to-rows",
        Proof::Undetermined(_) => "undetermined",
    }
}

fn example_json(proven: &Proven<'_>, compared: &Compared, number: usize, example: &Example) -> Value {
    let value = |side, pair| answer(proven.pair, &compared.shared, side, pair);
    let proof = |side, of| explanation::json(&proven.explained(side, example, of));
    json!({
        "name": example_name(compared, number, example),
        "old": value(Side::Old, &example.pair.0),
        "new": value(Side::New, &example.pair.1),
        "issue": twin::json(proven.pair, &proven.equivalence.facts, &example.twin),
        "proofs": { "old": proof(Side::Old, &example.old), "new": proof(Side::New, &example.new) },
    })
}

/// One row a pair of answers that occurs, with an issue as JSON.
pub fn proven_csv(proven: &Proven<'_>) -> String {
    let mut rows = vec![["decision", "old", "new", "issue"].map(str::to_owned)];
    for compared in &proven.equivalence.decisions {
        let shared = &compared.shared;
        rows.extend(compared.examples.iter().map(|example| {
            let issue = twin::json(proven.pair, &proven.equivalence.facts, &example.twin);
            let (old, new) = (shared.words(&example.pair.0), shared.words(&example.pair.1));
            [shared.name.to_string(), old, new, crate::report::json::line(&issue)]
        }));
    }
    super::csv::written(&rows)
}
