//! A policy text and an issue text → what follows, as texts that tests can compare.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use remit::engine::{Interpretation, Model, Plan, Plane, evaluate};
use remit::issue::Issue;
use remit::issue::convert::convert;
use remit::issue::raw::Raw;
use remit::program::{PredicateId, Program};
use remit::value::Value;
use remit::verdict::{Outcome, Status, Verdict, every_case, judge, settle};

/// What follows from an issue under a policy.
pub struct Evaluation {
    pub program: Program,
    pub issue: Issue,
    pub model: Model,
}

/// A decision for policies that are not about deciding.
const ANY_DECISION: &str = r#"
[decision.any]
question = "Which?"
hit-policy = "collect"
[[decision.any.option]]
id = "one"
"#;

/// The program of a policy of these tables; the header, and a decision if there is none, are added.
pub fn program(tables: &str) -> Program {
    let decision = if tables.contains("[decision.") { "" } else { ANY_DECISION };
    let text = format!("[policy]\nname = \"test\"\n{decision}\n{tables}");
    let (policy, sources, mut found) = remit::policy::load_texts(vec![("test.toml".into(), text)], PathBuf::new());
    let (program, more) = remit::check::check(&policy, &sources);
    found.extend(more);
    found.retain(|d| d.severity() == remit::diagnostic::Severity::Error);
    assert!(found.is_empty(), "the policy has errors: {found:#?}");
    program.expect("a policy without errors is a program")
}

/// Tables for these rules, numbered from 1: `r1`, `r2`, …
pub fn rules(rules: &[&str]) -> String {
    rules.iter().enumerate().fold(String::new(), |mut text, (i, rule)| {
        let _ = writeln!(text, "[rule.r{}]\nsays = '''{rule}'''", i + 1);
        text
    })
}

/// Evaluates facts (or other tables), rules and an issue as one would write it.
pub fn evaluation(tables: &str, rules_: &[&str], issue: &str) -> Evaluation {
    Evaluation::new(program(&format!("{tables}\n{}", rules(rules_))), issue)
}

/// An issue in TOML; the text `unknown` makes a fact unknown even if it has a default.
pub fn issue(program: &Program, text: &str) -> Issue {
    let raw: Raw = toml::from_str(text).expect("the issue parses");
    let Raw::Table(mut entries) = raw else { unreachable!("TOML is a table") };
    for (_, value) in &mut entries {
        if *value == Raw::Text("unknown".into()) {
            *value = Raw::Null;
        }
    }
    let (issue, unknown, faults) = convert(program, &Raw::Table(entries), &"test".into());
    assert!(faults.is_empty(), "{faults:?}");
    assert!(unknown.is_empty(), "keys that are no facts: {unknown:?}");
    issue
}

fn show(value: &Value) -> String {
    if value.is_unknown() { "?".into() } else { value.to_string() }
}

/// `a, b` for a row of cells.
pub fn show_row(cells: &[Value]) -> String {
    cells.iter().map(show).collect::<Vec<_>>().join(", ")
}

impl Evaluation {
    pub fn new(program: Program, text: &str) -> Self {
        let issue = issue(&program, text);
        let model = evaluate(&program, &issue);
        Self { program, issue, model }
    }

    fn predicate(&self, name: &str) -> PredicateId {
        let found = self.program.predicates.iter().position(|p| *p.name == *name);
        PredicateId(found.expect("the relation exists") as u32)
    }

    /// The tuples of a relation: `(a, 1) (b, ?)`, where `?` is `⊥`.
    pub fn tuples(&self, plane: Plane, name: &str) -> String {
        let tuples = &self.model.relation(plane, self.predicate(name)).tuples;
        tuples.iter().map(|t| format!("({})", show_row(t))).collect::<Vec<_>>().join(" ")
    }

    pub fn certain(&self, name: &str) -> String {
        self.tuples(Plane::Certain, name)
    }

    pub fn possible(&self, name: &str) -> String {
        self.tuples(Plane::Possible, name)
    }

    /// `yes`, `no` or `open` for a relation without columns.
    pub fn truth(&self, name: &str) -> &'static str {
        match (&*self.certain(name), &*self.possible(name)) {
            ("()", "()") => "yes",
            ("", "()") => "open",
            ("", "") => "no",
            other => unreachable!("no truth value: {other:?}"),
        }
    }

    /// The warnings: `rule: words`.
    pub fn faults(&self) -> Vec<String> {
        let name = |rule| self.program.rule(rule).name.clone();
        self.model.faults.iter().map(|(rule, fault)| format!("{}: {}", name(*rule), fault.as_str())).collect()
    }

    pub fn verdict(&self) -> Verdict {
        judge(&self.program, &self.issue, &self.model)
    }

    /// The verdict with every case looked into.
    fn verdict_in_every_case(&self) -> Verdict {
        let mut verdict = self.verdict();
        every_case(&self.program, &self.issue, &mut verdict, &mut |issue| {
            settle(&self.program, issue, &evaluate(&self.program, issue))
        });
        verdict
    }

    /// An outcome in one line: `open desk (default); possible support, desk; missing a, b`.
    pub fn outcome(&self, decision: &str) -> String {
        self.show_outcome(&self.verdict_in_every_case().outcomes[self.program.decision_ids[decision].index()])
    }

    fn show_outcome(&self, outcome: &Outcome) -> String {
        let options = |ids: &[usize]| {
            let name = |i: &usize| self.program.decision(outcome.decision).options[*i].id.to_string();
            if ids.is_empty() { "nothing".into() } else { ids.iter().map(name).collect::<Vec<_>>().join(", ") }
        };
        let mut text = format!("{} {}", outcome.status.as_str(), options(&outcome.value));
        if outcome.from_default {
            text += " (default)";
        }
        if outcome.status == Status::Settled {
            assert!(outcome.missing.is_empty() && outcome.every_case.is_none());
            return text;
        }
        let _ = write!(text, "; possible {}", options(&outcome.possible));
        if outcome.status == Status::Open {
            let names: Vec<Arc<str>> = outcome.missing.iter().map(|f| self.program.fact(*f).name.clone()).collect();
            let _ = write!(text, "; missing {}", if names.is_empty() { "nothing".into() } else { names.join(", ") });
        }
        if let Some(value) = &outcome.every_case {
            let _ = write!(text, "; always {}", options(value));
        }
        text
    }

    /// Rules with a clause that concludes a decision's value.
    pub fn deciding_rules(&self, decision: &str) -> Vec<String> {
        let outcome = &self.verdict().outcomes[self.program.decision_ids[decision].index()];
        outcome.rules.iter().map(|rule| self.program.rule(*rule).name.to_string()).collect()
    }

    /// Something to judge single literals with.
    pub fn with_interpretation<R>(&self, look: impl FnOnce(&Interpretation<'_>) -> R) -> R {
        let plan = Plan::new(&self.program);
        look(&Interpretation::new(&self.program, &plan, &self.issue, &self.model))
    }
}
