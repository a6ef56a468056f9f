//! Why not, as text and JSON: each rule that could conclude the option, then the smallest repairs.

use serde_json::{Value as Json, json};

use super::{repairs, rule_at};
use crate::engine::Judgement;
use crate::explain::repair::{Repair, Repairs, alternatives};
use crate::explain::why_not::{TriedLiteral, Try, WhyNot};
use crate::explain::{FactUse, Origin, shown};
use crate::issue::Issue;
use crate::program::{HitPolicy, LiteralKind, PredicateKind, Program};
use crate::report::look::{Ink, Look};
use crate::report::page::Page;
use crate::report::verdict::words;
use crate::source::Sources;
use crate::verdict::{Outcome, Status};

/// Everything that is told.
#[derive(Debug, Clone, Copy)]
pub struct WhyNotReport<'a> {
    /// The policy.
    pub program: &'a Program,
    /// Its files.
    pub sources: &'a Sources,
    /// The issue.
    pub issue: &'a Issue,
    /// What stands in the way.
    pub why_not: &'a WhyNot,
    /// What would make it so.
    pub repairs: &'a Repairs,
    /// What the decision is instead, or already.
    pub outcome: &'a Outcome,
}

impl WhyNotReport<'_> {
    fn is_so(&self) -> bool {
        self.outcome.value.contains(&self.why_not.option) && !self.is_for_now()
    }

    /// Whether it is so only until more is known. What is concluded for a `collect` decision stays so.
    fn is_for_now(&self) -> bool {
        let collects = self.program.decision(self.why_not.decision).hit_policy == HitPolicy::Collect;
        !collects && self.outcome.status == Status::Open && self.outcome.value.contains(&self.why_not.option)
    }

    /// What holds until more is known, and what may come instead.
    fn for_now(&self) -> String {
        let (decision, option) = (self.program.decision(self.why_not.decision), self.why_not.option);
        let by_default = if self.outcome.from_default { " by default" } else { "" };
        let is_certain = self.outcome.certain.contains(&option);
        let mut other = others(&self.outcome.possible, option);
        // Of priority, what comes after what is certain changes nothing.
        other.retain(|other| !is_certain || *other < option || decision.hit_policy != HitPolicy::Priority);
        let other = match words::alternatives(decision, &other) {
            other if other.is_empty() => other,
            other => format!(", and may still come to be {other}"),
        };
        let name = words::option(decision, option);
        format!("{name} is what `{}` is{by_default} until more is known; the decision is open{other}.", decision.name)
    }

    /// Why an option that some rule concludes is not the decision all the same.
    fn standing(&self) -> Option<String> {
        let (decision, option) = (self.program.decision(self.why_not.decision), self.why_not.option);
        let name = words::option(decision, option);
        let value = words::together(decision, &self.outcome.value);
        let is_certain = self.outcome.certain.contains(&option);
        let order = "the first in the order of the options is taken (hit policy `priority`)";
        match (decision.hit_policy, self.outcome.status) {
            _ if self.is_for_now() => Some(self.for_now()),
            _ if self.is_so() || !self.outcome.possible.contains(&option) => None,
            (_, Status::Conflict) if is_certain => Some(format!(
                "{name} is concluded, but so is {}: they contradict each other (hit policy `unique`), so nothing is decided.",
                words::together(decision, &others(&self.outcome.certain, option))
            )),
            (HitPolicy::Priority, _) if is_certain => {
                Some(format!("{name} is concluded, but {value} is too and comes before it: {order}."))
            }
            (HitPolicy::Priority, _) if self.outcome.certain.iter().any(|certain| *certain < option) => {
                Some(format!("{name} may still be concluded, but {value} is for certain and comes before it: {order}."))
            }
            (HitPolicy::Collect, _) => Some(format!("{name} may still be among them; what is missing decides that.")),
            _ if self.outcome.value.is_empty() => {
                Some(format!("{name} may still be it; what is missing decides that."))
            }
            _ => Some(format!("{name} may still be it; until what is missing is known, it is {value}.")),
        }
    }
}

fn others(options: &[usize], option: usize) -> Vec<usize> {
    options.iter().copied().filter(|other| *other != option).collect()
}

/// The text.
///
/// # Panics
/// If the decision has no such option.
pub fn why_not_text(report: &WhyNotReport<'_>, look: Look) -> String {
    let program = report.program;
    let decision = program.decision(report.why_not.decision);
    let name = words::option(decision, report.why_not.option);
    let mut page = Page::new(look);
    if report.is_so() {
        page.lead(0, Ink::Good, &format!("{name} is what `{}` is decided to be.", decision.name), "");
        return page.finish();
    }
    if report.is_for_now() {
        page.lead(0, Ink::Odd, &report.for_now(), "");
        told(report, &mut page, "What would settle it so:", &|_| true);
    } else {
        page.lead(0, Ink::Strong, &format!("Why not {name}?"), &report.standing().unwrap_or_default());
        rules(report, &mut page);
        let settles = |repair: &Repair| repair.outcome.status == Status::Settled;
        let (settle, leave_open) =
            (report.repairs.repairs.iter().any(settles), report.repairs.repairs.iter().any(|r| !settles(r)));
        if settle || !leave_open {
            told(report, &mut page, "What would make it so:", &settles);
        }
        if leave_open {
            told(report, &mut page, "What would make it so for now, and leave the decision open:", &|repair| {
                !settles(repair)
            });
        }
    }
    if report.repairs.repairs.is_empty() {
        page.line(
            2,
            "None was found: what is tried are a few changes at once, to values near those that rules ask for.",
        );
    }
    if !report.repairs.complete {
        page.line(2, "There were more sets of changes than could be tried.");
    }
    page.finish()
}

/// Each rule that could conclude it.
fn rules(report: &WhyNotReport<'_>, page: &mut Page) {
    if report.why_not.clauses.is_empty() {
        page.line(2, "No rule concludes it.");
    }
    for each in &report.why_not.clauses {
        tried(report, page, 2, each);
    }
    if !report.why_not.complete {
        page.line(2, "There is more below these rules than is told here.");
    }
}

/// Some of the repairs, one a line.
fn told(report: &WhyNotReport<'_>, page: &mut Page, lead: &str, which: &dyn Fn(&Repair) -> bool) {
    page.gap();
    page.lead(0, Ink::Strong, lead, "");
    for told in alternatives(&report.repairs.repairs).into_iter().filter(|told| which(told[0])) {
        page.line(2, &format!("{}.", repairs::sentence(report.program, report.issue, &told)));
    }
}

fn tried(report: &WhyNotReport<'_>, page: &mut Page, indent: usize, each: &Try) {
    let program = report.program;
    let clause = program.clause(each.clause);
    page.line(indent, &format!("{}: {}", rule_at(program, report.sources, each.clause), clause.text));
    for literal in &each.literals {
        self::literal(report, page, indent + 2, each, literal);
    }
}

fn literal(report: &WhyNotReport<'_>, page: &mut Page, indent: usize, each: &Try, tried: &TriedLiteral) {
    let literal = &report.program.clause(each.clause).body[tried.literal];
    let (ink, word) = match tried.judgement {
        Judgement { certain: true, .. } => (Ink::Good, "holds"),
        Judgement { possible: true, .. } => (Ink::Odd, "open"),
        _ => (Ink::Bad, "fails"),
    };
    let facts: Vec<String> = tried.facts.iter().map(|used| fact(report, used)).collect();
    let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join("; ")) };
    page.lead(indent, ink, &format!("{word}:"), &format!("{}{facts}", literal.text));
    for below in &tried.below {
        self::tried(report, page, indent + 2, below);
    }
}

fn fact(report: &WhyNotReport<'_>, used: &FactUse) -> String {
    let name = &report.program.fact(used.fact).name;
    match used.origin {
        Origin::Unknown => format!("{name} unknown"),
        origin => format!("{name}: {}, {}", shown(report.program, report.issue, used), origin.as_str()),
    }
}

/// The JSON.
///
/// # Panics
/// If the decision has no such option.
pub fn why_not_json(report: &WhyNotReport<'_>) -> Json {
    let program = report.program;
    let decision = program.decision(report.why_not.decision);
    json!({
        "id": &*report.issue.id,
        "decision": &*decision.name,
        "option": &*decision.options[report.why_not.option].id,
        "is_so": report.is_so(),
        "value": super::wire::outcome_value(decision, report.outcome),
        "status": report.outcome.status.as_str(),
        "standing": report.standing(),
        "rules": report.why_not.clauses.iter().map(|each| try_json(report, each)).collect::<Vec<_>>(),
        "rules_complete": report.why_not.complete,
        "repairs": report.repairs.repairs.iter().map(|repair| repairs::json(program, report.issue, repair)).collect::<Vec<_>>(),
        "complete": report.repairs.complete,
    })
}

fn try_json(report: &WhyNotReport<'_>, each: &Try) -> Json {
    let program = report.program;
    let clause = program.clause(each.clause);
    let literals = each.literals.iter().map(|tried| {
        let literal = &clause.body[tried.literal];
        let overridden = matches!(&literal.kind, LiteralKind::NotAtom(atom)
            if matches!(program.predicate(atom.predicate).kind, PredicateKind::Applies(_)));
        json!({
            "literal": &*literal.text,
            "override": overridden,
            "holds": match tried.judgement {
                Judgement { certain: true, .. } => "certain",
                Judgement { possible: true, .. } => "possible",
                _ => "no",
            },
            "facts": tried.facts.iter().map(|used| json!({
                "fact": &*program.fact(used.fact).name,
                "origin": used.origin.as_str(),
            })).collect::<Vec<_>>(),
            "below": tried.below.iter().map(|below| try_json(report, below)).collect::<Vec<_>>(),
        })
    });
    json!({
        "rule": &*program.rule(clause.rule).name,
        "clause": &*clause.text,
        "place": super::place(report.sources, clause.span),
        "literals": literals.collect::<Vec<_>>(),
    })
}
