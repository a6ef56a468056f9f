//! An explanation as one self-contained page: no script, no picture, nothing from outside.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::text::{by_default, overridden};
use super::{Explained, leaf, rule_at};
use crate::engine::Plane;
use crate::explain::{StepId, Support, conclusion, fill};
use crate::report::html::{escape, page};
use crate::report::verdict::words;

const STYLE: &str = "details{margin:.3rem 0 .3rem 1rem;border-left:3px solid #ccc;padding-left:.8rem}\
summary{cursor:pointer}.answer{margin:.2rem 0;font-size:1.1rem;font-weight:bold}.again{margin:.3rem 0 .3rem 1rem}\
.rule{color:#555;font-size:.88rem;margin:.3rem 0}.open{border-left-color:#b57a00}.unknown{color:#805300}\
ul{margin:.2rem 0;padding-left:1.4rem}@media(max-width:36rem){details,.again{margin-left:0}}\
@media(prefers-color-scheme:dark){details{border-left-color:#555}.open{border-left-color:#b57a00}.rule{color:#aaa}\
.unknown{color:#e0b050}}";

/// The page of an explanation.
pub fn html(explained: &Explained<'_>) -> String {
    let program = explained.program;
    let verdict = &explained.explanation.verdict;
    let mut out = String::new();
    let mut told = BTreeSet::new();
    for (proof, outcome) in explained.explanation.decisions.iter().zip(&verdict.outcomes) {
        let decision = program.decision(proof.decision);
        let answer = escape(&leaf::answer(decision, outcome));
        let question = escape(&decision.question);
        let _ = writeln!(out, "<section>\n<h2>{question}</h2>\n<p class=\"answer\">{answer}</p>");
        if outcome.from_default {
            let _ = writeln!(out, "<p>{}</p>", by_default(outcome));
        }
        let sides = proof
            .certain
            .iter()
            .map(|side| (side, "because"))
            .chain(proof.open.iter().map(|side| (side, "may still come, because")));
        for (option, word) in sides {
            let _ = writeln!(out, "<h3>{} {word}</h3>", escape(words::option(decision, option.option)));
            option.steps.iter().for_each(|id| step(explained, &mut out, &mut told, *id));
        }
        for each in &proof.overridden {
            let _ = writeln!(out, "<h3>Overridden</h3>\n<p>{}</p>", escape(&overridden(program, each)));
            each.because.iter().for_each(|id| step(explained, &mut out, &mut told, *id));
        }
        if !proof.effects.is_empty() {
            out.push_str("<h3>What would settle it</h3>\n");
        }
        for effect in &proof.effects {
            let _ = write!(out, "<p class=\"unknown\">{}</p>\n<ul>\n", escape(&leaf::asked(explained, effect)));
            for line in leaf::outcomes(explained, effect, outcome) {
                let _ = writeln!(out, "<li>{}</li>", escape(&line));
            }
            out.push_str("</ul>\n");
        }
        out.push_str("</section>\n");
    }
    let version = program.version.as_deref().unwrap_or("");
    let policy = escape(&format!("Policy {} {version}, {}", program.name, program.digest()));
    let _ = writeln!(out, "<p class=\"rule\">{policy}</p>");
    let title = explained.issue.title.as_deref().map_or(String::new(), |title| format!(": {title}"));
    page(&format!("{}{title}", verdict.id), STYLE, &out)
}

/// A step with what it rests on; told before, a link to there.
fn step(explained: &Explained<'_>, out: &mut String, told: &mut BTreeSet<StepId>, id: StepId) {
    let program = explained.program;
    let step = &explained.explanation.steps[id.0 as usize];
    let reason = escape(&fill(program, step.clause, &step.binding));
    if !told.insert(id) {
        let _ = writeln!(out, "<p class=\"again\"><a href=\"#step-{}\">{reason}</a> (told above)</p>", id.0);
        return;
    }
    let certain = step.plane == Plane::Certain || step.premises.iter().all(|p| p.judgement.certain);
    let (class, mark) = if certain { ("", "") } else { (" class=\"open\"", " (open)") };
    let concludes = escape(&conclusion(program, step.clause, &step.tuple));
    let rule = escape(&rule_at(program, explained.sources, step.clause));
    let _ = write!(
        out,
        "<details open id=\"step-{}\"{class}><summary>{reason}{mark}</summary>\n<p class=\"rule\">{rule}: {concludes}</p>\n",
        id.0
    );
    let mut leaves = String::new();
    for premise in &step.premises {
        match &premise.support {
            Support::Step(below) => self::step(explained, out, told, *below),
            _ => {
                let class = if premise.judgement.certain { "" } else { " class=\"unknown\"" };
                let _ = writeln!(leaves, "<li{class}>{}</li>", escape(&leaf::premise(explained, step, premise)));
            }
        }
    }
    if !leaves.is_empty() {
        let _ = writeln!(out, "<ul>\n{leaves}</ul>");
    }
    out.push_str("</details>\n");
}
