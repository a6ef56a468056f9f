//! Coverage as text, JSON, LCOV and a page.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::html::{escape, page};
use super::look::{Ink, Look};
use super::page::Page;
use crate::program::Program;
use crate::source::Sources;
use crate::testing::coverage::{ClauseCoverage, Coverage, Seen, Share};

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
    for (what, share) in shares(coverage) {
        page.line(2, &counted(what, share));
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

fn shares(coverage: &Coverage) -> [(&'static str, Share); 3] {
    [
        ("rules that hold in some scenario", coverage.rule_share()),
        ("clauses that hold in some scenario", coverage.clause_share()),
        ("literals seen true, and seen false", coverage.literal_share()),
    ]
}

fn counted(what: &str, share: Share) -> String {
    format!("{} of {} {what} ({})", share.covered, share.all, percent(share))
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
                    "override": covered.program.is_override(&covered.program.clause(clause.clause).body[index]),
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

const STYLE: &str = "table{border-collapse:collapse;width:100%;font-size:.94rem;margin:1rem 0}\
td,th{border:1px solid #bbb;padding:.25rem .4rem;text-align:left;vertical-align:top}th{overflow-wrap:normal}tbody th{padding-top:.9rem}code{font-size:.94em}\
tr{break-inside:avoid}.no{background:#fdd}.part{background:#fff3cd}.yes{background:#e3f6e3}\
@media(prefers-color-scheme:dark){td,th{border-color:#555}.no{background:#5a1f1f}.part{background:#4d3d0a}\
.yes{background:#163216}}";

/// One self-contained page.
pub fn html(covered: &[Covered<'_>]) -> String {
    let mut out = String::new();
    for each in covered {
        let name = escape(&each.program.name);
        let _ = writeln!(out, "<h2>{name}: {}</h2>\n<ul>", percent(each.coverage.total()));
        for (what, share) in shares(each.coverage) {
            let _ = writeln!(out, "<li>{}</li>", counted(what, share));
        }
        out.push_str(
            "</ul>\n<table>\n<thead><tr><th scope=\"col\">Clause or literal</th><th scope=\"col\">true</th>\
             <th scope=\"col\">false</th><th scope=\"col\">unknown</th></tr></thead>\n",
        );
        for rule in &each.coverage.rules {
            let name = escape(&each.program.rule(rule.rule).name);
            let _ = writeln!(out, "<tbody>\n<tr><th colspan=\"4\" scope=\"rowgroup\">{name}</th></tr>");
            rule.clauses.iter().for_each(|clause| rows(each, clause, &mut out));
            out.push_str("</tbody>\n");
        }
        out.push_str("</table>\n");
    }
    page("Coverage", STYLE, &out)
}

/// The rows of a clause: its own, and one for each literal.
fn rows(covered: &Covered<'_>, clause: &ClauseCoverage, out: &mut String) {
    let (class, lack) = if clause.held > 0 { ("yes", None) } else { ("no", Some("never holds")) };
    let text = format!("<strong><code>{}</code></strong>", escape(&covered.program.clause(clause.clause).text));
    row(out, class, &text, lack, [&clause.held.to_string(), "", ""]);
    for (index, seen) in clause.literals.iter().enumerate() {
        let lack = never(*seen);
        let class = if lack.is_some() { "part" } else { "yes" };
        let text = format!("<code>{}</code>", escape(covered.text_of(clause, index)));
        let [yes, no, unknown] = [seen.yes, seen.no, seen.unknown].map(|count| count.to_string());
        row(out, class, &text, lack, [&yes, &no, &unknown]);
    }
}

/// A row; what it lacks is said in words too, not by its colour alone.
fn row(out: &mut String, class: &str, text: &str, lack: Option<&str>, counts: [&str; 3]) {
    let lack = lack.map_or(String::new(), |lack| format!(" <em>{lack}</em>"));
    let counts = counts.map(|count| format!("<td>{count}</td>")).concat();
    let _ = writeln!(out, "<tr class=\"{class}\"><td>{text}{lack}</td>{counts}</tr>");
}
