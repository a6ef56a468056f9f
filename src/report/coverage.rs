//! Coverage as text, JSON, LCOV and a page.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::look::{Ink, Look};
use super::page::Page;
use crate::program::Program;
use crate::source::Sources;
use crate::source::escape_control;
use crate::testing::coverage::{ClauseCoverage, Coverage, Seen, Share, is_override};

/// Coverage with what it is of.
#[derive(Debug, Clone, Copy)]
pub struct Covered<'a> {
    /// The policy.
    pub program: &'a Program,
    /// Its files.
    pub sources: &'a Sources,
    /// What its scenarios exercise.
    pub coverage: &'a Coverage,
}

impl Covered<'_> {
    fn place(&self, clause: &ClauseCoverage) -> String {
        let span = self.program.clause(clause.clause).span;
        format!("{}:{}", self.sources.path(span.file).display(), self.sources.position(span).line)
    }

    fn text_of(&self, clause: &ClauseCoverage, literal: usize) -> &str {
        &self.program.clause(clause.clause).body[literal].text
    }
}

/// What a literal was never seen to be; `None` if it was seen true and false.
fn never(seen: Seen) -> Option<&'static str> {
    match (seen.yes > 0, seen.no > 0 || seen.binds) {
        (true, true) => None,
        (true, false) => Some("never seen false"),
        (false, true) if seen.binds => Some("never reached"),
        (false, true) => Some("never seen true"),
        (false, false) => Some("never seen true or false"),
    }
}

/// The text: the shares, then everything that is not covered.
pub fn text(covered: &Covered<'_>, look: Look) -> String {
    let mut page = Page::new(look);
    let coverage = covered.coverage;
    page.lead(0, Ink::Strong, &format!("Coverage of {}:", covered.program.name), &percent(coverage.total()));
    for (name, share) in [
        ("rules that hold in some scenario", coverage.rule_share()),
        ("clauses that hold in some scenario", coverage.clause_share()),
        ("literals seen true, and seen false", coverage.literal_share()),
    ] {
        page.line(2, &format!("{} of {} {name} ({})", share.covered, share.all, percent(share)));
    }
    for rule in &coverage.rules {
        let name = &covered.program.rule(rule.rule).name;
        for clause in &rule.clauses {
            if clause.held == 0 {
                let what = format!(
                    "{}: rule {name} never holds: {}",
                    covered.place(clause),
                    covered.program.clause(clause.clause).text
                );
                page.lead(2, Ink::Bad, "not covered:", &what);
            }
            for (index, seen) in clause.literals.iter().enumerate() {
                if let Some(never) = never(*seen) {
                    let what = format!(
                        "{}: rule {name}: `{}` is {never}",
                        covered.place(clause),
                        covered.text_of(clause, index)
                    );
                    page.lead(2, Ink::Odd, "partly:", &what);
                }
            }
        }
    }
    page.finish()
}

/// What is not covered, a sentence each, without places, which move with every line.
pub fn gaps(covered: &Covered<'_>) -> Vec<String> {
    let mut all = Vec::new();
    for rule in &covered.coverage.rules {
        let name = &covered.program.rule(rule.rule).name;
        for clause in &rule.clauses {
            if clause.held == 0 {
                all.push(format!("rule {name} never holds: {}", covered.program.clause(clause.clause).text));
            }
            let literals = clause.literals.iter().enumerate();
            all.extend(literals.filter_map(|(index, seen)| {
                never(*seen).map(|never| format!("rule {name}: `{}` is {never}", covered.text_of(clause, index)))
            }));
        }
    }
    all
}

fn percent(share: Share) -> String {
    format!("{:.1} %", share.percent())
}

/// The JSON.
pub fn document(covered: &Covered<'_>) -> Json {
    let share = |share: Share| json!({ "covered": share.covered, "all": share.all, "percent": share.percent() });
    let coverage = covered.coverage;
    let rules = coverage.rules.iter().map(|rule| {
        let clauses = rule.clauses.iter().map(|clause| {
            let literals = clause.literals.iter().enumerate().map(|(index, seen)| {
                json!({
                    "literal": covered.text_of(clause, index),
                    "override": is_override(covered.program, clause.clause, index),
                    "binds": seen.binds,
                    "true": seen.yes,
                    "false": seen.no,
                    "unknown": seen.unknown,
                })
            });
            json!({
                "clause": &*covered.program.clause(clause.clause).text,
                "place": covered.place(clause),
                "held": clause.held,
                "literals": literals.collect::<Vec<_>>(),
            })
        });
        json!({
            "rule": &*covered.program.rule(rule.rule).name,
            "covered": rule.is_covered(),
            "clauses": clauses.collect::<Vec<_>>(),
        })
    });
    json!({
        "policy": &*covered.program.name,
        "percent": coverage.total().percent(),
        "rules": share(coverage.rule_share()),
        "clauses": share(coverage.clause_share()),
        "literals": share(coverage.literal_share()),
        "detail": rules.collect::<Vec<_>>(),
    })
}

/// LCOV tracefiles: a rule as a function, a clause as a line, a literal as a branch pair.
pub fn lcov(covered: &[Covered<'_>]) -> String {
    let mut out = String::new();
    for each in covered {
        for (path, lines) in by_file(each) {
            let _ = write!(out, "TN:{}\nSF:{path}\n{}end_of_record\n", each.program.name, lines);
        }
    }
    out
}

fn by_file(covered: &Covered<'_>) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, (String, String, String)> = BTreeMap::new();
    for rule in &covered.coverage.rules {
        let declared = covered.program.rule(rule.rule);
        let line = covered.sources.position(declared.span).line;
        let file = files.entry(covered.sources.path(declared.span.file).display().to_string()).or_default();
        let held: usize = rule.clauses.iter().map(|clause| clause.held).sum();
        let _ = writeln!(file.0, "FN:{line},{}\nFNDA:{held},{}", declared.name, declared.name);
        for (block, clause) in rule.clauses.iter().enumerate() {
            let line = covered.sources.position(covered.program.clause(clause.clause).span).line;
            for (index, seen) in clause.literals.iter().enumerate() {
                let _ = writeln!(file.1, "BRDA:{line},{block},{},{}", index * 2, seen.yes);
                if !seen.binds {
                    let _ = writeln!(file.1, "BRDA:{line},{block},{},{}", index * 2 + 1, seen.no);
                }
            }
            let _ = writeln!(file.2, "DA:{line},{}", clause.held);
        }
    }
    files.into_iter().map(|(path, (functions, branches, lines))| (path, functions + &branches + &lines)).collect()
}

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
table{border-collapse:collapse;width:100%}td,th{border:1px solid #ccc;padding:.25rem .5rem;text-align:left;\
vertical-align:top}.no{background:#fdd}.part{background:#fff3cd}.yes{background:#e3f6e3}code{font-size:.9em}";

/// One self-contained page.
pub fn html(covered: &[Covered<'_>]) -> String {
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Coverage</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
    );
    for each in covered {
        let total = percent(each.coverage.total());
        let _ = write!(
            out,
            "<h1>{}: {total}</h1>\n<table>\n<tr><th>Rule</th><th>Clause or literal</th><th>true</th><th>false</th><th>unknown</th></tr>\n",
            escape(&each.program.name)
        );
        for rule in &each.coverage.rules {
            let name = escape(&each.program.rule(rule.rule).name);
            for clause in &rule.clauses {
                let class = if clause.held > 0 { "yes" } else { "no" };
                let text = escape(&each.program.clause(clause.clause).text);
                let _ = writeln!(
                    out,
                    "<tr class=\"{class}\"><td>{name}</td><td><code>{text}</code></td><td>{}</td><td></td><td></td></tr>",
                    clause.held
                );
                for (index, seen) in clause.literals.iter().enumerate() {
                    let class = if never(*seen).is_some() { "part" } else { "yes" };
                    let text = escape(each.text_of(clause, index));
                    let _ = writeln!(
                        out,
                        "<tr class=\"{class}\"><td></td><td><code>{text}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>",
                        seen.yes, seen.no, seen.unknown
                    );
                }
            }
        }
        out.push_str("</table>\n");
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn escape(text: &str) -> String {
    escape_control(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
