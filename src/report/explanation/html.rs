//! An explanation as one self-contained page: no script, no picture, nothing from outside.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::text::{by_default, overridden};
use super::{Explained, leaf, rule_at};
use crate::engine::Plane;
use crate::explain::{StepId, Support, conclusion, fill};
use crate::report::verdict::words;
use crate::source::escape_control;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;\
color:#1a1a1a;background:#fff}details{margin:.3rem 0 .3rem 1rem;border-left:3px solid #ccc;padding-left:.8rem}\
summary{cursor:pointer}h2{margin-top:2rem}h3{font-size:1rem;margin:1rem 0 .3rem}.again{margin:.3rem 0 .3rem 1rem}.rule,.origin{color:#555;font-size:.88rem}.open{border-left-color:#b57a00}\
.unknown{color:#8a5a00}ul{margin:.2rem 0;padding-left:1.4rem}@media(prefers-color-scheme:dark){body{color:#eee;\
background:#161616}.rule,.origin{color:#aaa}.unknown{color:#e0b050}}";

/// The page of an explanation.
pub fn html(explained: &Explained<'_>) -> String {
    let program = explained.program;
    let verdict = &explained.explanation.verdict;
    let title = explained.issue.title.as_deref().unwrap_or("");
    let heading = escape(&format!("{} {title}", verdict.id));
    let mut out = String::new();
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{heading}</title>\n<style>{STYLE}</style>\n\
         </head>\n<body>\n<h1>{heading}</h1>\n"
    );
    let mut told = BTreeSet::new();
    for (proof, outcome) in explained.explanation.decisions.iter().zip(&verdict.outcomes) {
        let decision = program.decision(proof.decision);
        let answer = escape(&leaf::answer(decision, outcome));
        let _ = writeln!(out, "<section>\n<h2>{} <strong>{answer}</strong></h2>", escape(&decision.question));
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
    let _ = write!(
        out,
        "<p class=\"rule\">Policy {} {}, {}</p>\n</body>\n</html>\n",
        escape(&program.name),
        escape(version),
        escape(program.digest())
    );
    out
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

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in escape_control(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
