//! An explanation as one self-contained page: no script, no picture, nothing from outside.

use std::fmt::Write as _;

use super::text::answer;
use super::{Explained, rule_at};
use crate::explain::{Absence, FactUse, Origin, StepId, Support, conclusion, fill, shown};
use crate::source::escape_control;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;\
color:#1a1a1a;background:#fff}details{margin:.3rem 0 .3rem 1rem;border-left:3px solid #ccc;padding-left:.8rem}\
summary{cursor:pointer}h2{margin-top:2rem}.rule,.origin{color:#555;font-size:.88rem}.open{border-left-color:#b57a00}\
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
    for (proof, outcome) in explained.explanation.decisions.iter().zip(&verdict.outcomes) {
        let decision = program.decision(proof.decision);
        let answer = escape(&answer(decision, outcome));
        let _ = writeln!(out, "<h2>{} <strong>{answer}</strong></h2>", escape(&decision.question));
        if outcome.from_default {
            out.push_str("<p>By default: no rule concludes anything for certain.</p>\n");
        }
        for option in proof.certain.iter().chain(&proof.open) {
            option.steps.iter().for_each(|id| step(explained, &mut out, *id));
        }
        for each in &proof.overridden {
            let (rule, by) = (&program.rule(each.rule).name, &program.rule(each.by).name);
            let _ = writeln!(out, "<p>The rule {} would apply, but is overridden by {}.</p>", escape(rule), escape(by));
            each.because.iter().for_each(|id| step(explained, &mut out, *id));
        }
        for effect in &proof.effects {
            let fact = program.fact(effect.fact);
            let question = escape(fact.ask.as_deref().unwrap_or(&fact.name));
            let _ = write!(out, "<p class=\"unknown\">{question}</p>\n<ul>\n");
            for (value, outcome) in &effect.outcomes {
                let value = match &fact.kind {
                    crate::program::FactKind::Single(domain) => crate::explain::label(domain, value),
                    _ => value.to_string(),
                };
                let answer = super::text::answer(decision, outcome);
                let _ = writeln!(out, "<li>{}: {}</li>", escape(&value), escape(&answer));
            }
            out.push_str("</ul>\n");
        }
    }
    let version = program.version.as_deref().unwrap_or("");
    let _ = write!(
        out,
        "<p class=\"rule\">Policy {} {}, {}</p>\n</body>\n</html>\n",
        escape(&program.name),
        escape(version),
        escape(&program.digest)
    );
    out
}

fn step(explained: &Explained<'_>, out: &mut String, id: StepId) {
    let program = explained.program;
    let step = &explained.explanation.steps[id.0 as usize];
    let class = if step.premises.iter().all(|p| p.judgement.certain) { "" } else { " class=\"open\"" };
    let reason = escape(&fill(program, step.clause, &step.binding));
    let concludes = escape(&conclusion(program, step.clause, &step.tuple));
    let rule = escape(&rule_at(program, explained.sources, step.clause));
    let _ =
        write!(out, "<details open{class}><summary>{reason}</summary>\n<p class=\"rule\">{rule}: {concludes}</p>\n");
    let clause = program.clause(step.clause);
    let mut leaves = Vec::new();
    for premise in &step.premises {
        let text = escape(&clause.body[premise.literal].text);
        match &premise.support {
            Support::Step(below) => self::step(explained, out, *below),
            Support::Fact(used) => leaves.push(fact(explained, used)),
            Support::Values(uses) => {
                let uses: Vec<String> = uses.iter().map(|used| fact(explained, used)).collect();
                leaves.push(format!("{text}: {}", uses.join("; ")));
            }
            Support::Decided(decision, value) => {
                leaves.push(format!(
                    "{text}: {} is {}",
                    escape(&program.decision(*decision).name),
                    escape(&value.to_string())
                ));
            }
            Support::Absent(reasons) => {
                let reasons: Vec<String> = reasons.iter().map(|reason| absence(explained, reason)).collect();
                leaves.push(format!("{text}: {}", reasons.join("; ")));
            }
        }
    }
    if !leaves.is_empty() {
        let items: Vec<String> = leaves.iter().map(|leaf| format!("<li>{leaf}</li>\n")).collect();
        let _ = writeln!(out, "<ul>\n{}</ul>", items.concat());
    }
    out.push_str("</details>\n");
}

fn fact(explained: &Explained<'_>, used: &FactUse) -> String {
    let name = escape(&explained.program.fact(used.fact).name);
    match used.origin {
        Origin::Unknown => format!("<span class=\"unknown\">{name} is not known</span>"),
        origin => {
            let value = escape(&shown(explained.program, explained.issue, used));
            format!("{name}: {value} <span class=\"origin\">({})</span>", origin.as_str())
        }
    }
}

fn absence(explained: &Explained<'_>, reason: &Absence) -> String {
    let program = explained.program;
    match reason {
        Absence::Fact(used) => fact(explained, used),
        Absence::Clause { clause, literal } => {
            let rule = escape(&program.rule(program.clause(*clause).rule).name);
            let literal = escape(literal.as_deref().unwrap_or("a condition"));
            format!("the rule {rule} lacks {literal}")
        }
        Absence::Decided(decision) => format!("{} is decided otherwise", escape(&program.decision(*decision).name)),
        Absence::NoRule => "no rule concludes it".to_owned(),
        Absence::Group(_) => "nothing meets these conditions".to_owned(),
    }
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
