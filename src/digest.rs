//! The digest of what bears meaning in a policy: SHA-256 over a canonical text of it.
//!
//! In: names, types, options and their order, aliases, defaults, decisions, clauses in
//! canonical form and sorted, overrides. Out: every text for people, scenarios, invariants,
//! the version, the names of variables, the order of files, tables, rules, clauses and literals.

use std::fmt::Write as _;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::program::{Domain, Fact, FactKind, Given, Program};

/// `sha256:` and 64 hexadecimal digits.
pub(crate) fn digest(program: &Program) -> Arc<str> {
    let mut lines: Vec<String> = Vec::new();
    lines.push(format!("policy {:?}", program.name));
    lines.extend(program.facts.iter().map(fact));
    lines.extend(program.decisions.iter().map(|decision| {
        let options: Vec<&str> = decision.options.iter().map(|o| o.id.as_ref()).collect();
        let default = decision.default.and_then(|i| options.get(i)).copied().unwrap_or("");
        let (policy, advisory) = (decision.hit_policy.as_str(), decision.advisory);
        format!("decision {} {policy} {options:?} default {default:?} advisory {advisory}", decision.name)
    }));
    for rule in &program.rules {
        let clauses = &rule.canonical;
        let overriders: Vec<&str> = rule.overridden_by.iter().map(|id| program.rule(*id).name.as_ref()).collect();
        lines.push(format!("rule {} {clauses:?} overridden by {overriders:?}", rule.name));
    }
    lines.sort();
    let mut hash = Sha256::new();
    for line in &lines {
        hash.update(line.as_bytes());
        hash.update(b"\n");
    }
    let mut text = String::from("sha256:");
    for byte in hash.finalize() {
        let _ = write!(text, "{byte:02x}");
    }
    Arc::from(text)
}

fn domain(domain: &Domain) -> String {
    let options: Vec<&str> = domain.options.iter().map(|o| o.id.as_ref()).collect();
    let mut aliases: Vec<_> = domain.aliases.iter().collect();
    aliases.sort();
    format!("{} {options:?} {aliases:?}", domain.scalar.as_str())
}

fn fact(fact: &Fact) -> String {
    let kind = match &fact.kind {
        FactKind::Single(d) => domain(d),
        FactKind::List(d) => format!("list of {}", domain(d)),
        FactKind::Records(columns) => {
            let columns: Vec<String> = columns.iter().map(|c| format!("{}: {}", c.name, domain(&c.domain))).collect();
            format!("records {columns:?}")
        }
    };
    let default = match &fact.default {
        None => String::new(),
        Some(Given::Value(value)) => format!(" default {value:?}"),
        Some(Given::Rows(rows)) => format!(" default {rows:?}"),
    };
    format!("fact {} {kind}{default}", fact.name)
}
