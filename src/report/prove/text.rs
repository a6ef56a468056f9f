//! Findings as text for people: what fails first, then what else there is to know.

use super::super::diagnostics::plural;
use super::super::figures::{grouped, percent};
use super::super::look::{Ink, Look};
use super::super::page::Page;
use super::Proof;
use super::facts::lines;
use super::words::sentence;
use crate::program::Program;
use crate::prove::{Finding, Reason, Shares, TooLarge, Verdict};

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Failures alone.
    Failures,
    /// All but what is proved.
    Usual,
    /// Everything.
    All,
}

/// The whole text.
pub fn document(proof: &Proof<'_>, detail: Detail, look: Look) -> String {
    let mut page = Page::new(look);
    let findings = &proof.findings.findings;
    for finding in findings.iter().filter(|finding| proof.fails(finding) && is_told(finding, Detail::Usual)) {
        show(proof, finding, &mut page);
    }
    if detail != Detail::Failures {
        for finding in findings.iter().filter(|finding| !proof.fails(finding) && is_told(finding, detail)) {
            show(proof, finding, &mut page);
        }
        page.gap();
        page.line(0, &summary(proof));
        if findings.iter().any(|finding| matches!(finding.verdict, Verdict::RefutedUpTo(..))) {
            let more = proof.findings.rows + 1;
            page.line(0, &format!("With more rows it may be otherwise: `--rows {more}` looks further."));
        }
        match proof.shares {
            Some(Ok(counted)) => shares(proof.program, counted, &mut page),
            Some(Err(TooLarge)) => page.line(0, "What each option takes is too much to count."),
            None => {}
        }
    }
    page.finish()
}

fn is_told(finding: &Finding, detail: Detail) -> bool {
    let proved = matches!(finding.verdict, Verdict::Proved | Verdict::ProvedUpTo(..));
    // That it cannot hold has been said.
    let repeats = finding.reasons.contains(&Reason::NeverHolds);
    detail == Detail::All || (!proved && !repeats)
}

fn show(proof: &Proof<'_>, finding: &Finding, page: &mut Page) {
    let (ink, lead) = lead(proof, finding);
    page.lead(0, ink, lead, &sentence(proof.program, finding));
    if let Some(example) = &finding.example {
        let lines = lines(proof.program, &example.issue);
        if lines.is_empty() {
            page.line(2, "every issue, whatever it says");
        }
        lines.iter().for_each(|line| page.fixed(2, line));
    }
    if !matches!(finding.verdict, Verdict::Proved | Verdict::ProvedUpTo(..)) {
        page.line(2, &format!("at {}", proof.sources.place(finding.span)));
    }
}

fn lead(proof: &Proof<'_>, finding: &Finding) -> (Ink, &'static str) {
    match &finding.verdict {
        _ if proof.fails(finding) => (Ink::Bad, "fails:"),
        Verdict::Proved | Verdict::ProvedUpTo(..) => (Ink::Good, "proved:"),
        Verdict::Refuted => (Ink::Odd, "found:"),
        Verdict::RefutedUpTo(..) => (Ink::Odd, "found:"),
        Verdict::Undetermined(_) => (Ink::Odd, "undetermined:"),
    }
}

/// How much was proved, and of how many issues.
fn summary(proof: &Proof<'_>) -> String {
    let count = |wanted: fn(&Verdict) -> bool| {
        proof.findings.findings.iter().filter(|finding| wanted(&finding.verdict)).count()
    };
    let mut parts = vec![format!("{} proved", count(|v| matches!(v, Verdict::Proved)))];
    let rows = plural(proof.findings.rows, "row");
    let others = [
        (count(|v| matches!(v, Verdict::ProvedUpTo(..))), format!("proved up to {rows}")),
        (count(|v| matches!(v, Verdict::Refuted)), "refuted".to_owned()),
        (count(|v| matches!(v, Verdict::RefutedUpTo(..))), format!("refuted up to {rows}")),
        (count(|v| matches!(v, Verdict::Undetermined(_))), "undetermined".to_owned()),
    ];
    parts.extend(others.into_iter().filter(|(count, _)| *count > 0).map(|(count, words)| format!("{count} {words}")));
    let over = match proof.findings.size {
        Some(size) => format!("{} kinds of issues", grouped(size)),
        None => "more kinds of issues than can be counted".to_owned(),
    };
    let failures = if proof.findings.leaves_out_failures { " (issues in which arithmetic fails left out)" } else { "" };
    let claims = proof.findings.findings.len();
    format!("{}: {claims} claims over {over}{failures}: {}.", proof.program.name, parts.join(", "))
}

/// What each option of each decision takes.
fn shares(program: &Program, shares: &Shares, page: &mut Page) {
    for (decision, share) in program.decisions.iter().zip(&shares.decisions) {
        page.gap();
        let kinds = grouped(shares.issues);
        page.line(0, &format!("Of {kinds} kinds of issues, decision `{}` comes to:", decision.name));
        let options = decision.options.iter().map(|option| &*option.id).zip(share.options.iter().copied());
        let others = [("(conflict)", share.conflict), ("(nothing)", share.nothing)];
        let rows: Vec<(&str, u64)> = options.chain(others.into_iter().filter(|(_, count)| *count > 0)).collect();
        let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        for (name, count) in rows {
            let percent = percent(count, shares.issues);
            page.fixed(2, &format!("{name:width$}  {percent:>6} %  {:>9}", grouped(count)));
        }
    }
}
