//! A random policy with a random issue, ready to be judged; prints as TOML.

use std::fmt;
use std::path::PathBuf;

use proptest::prelude::*;
use remit::diagnostic::Severity;
use remit::program::Program;
use remit::source::Sources;

use super::gene::{self, Gene};
use super::{issue, policy, tree};

/// One case of a property.
#[derive(Clone)]
pub struct Case {
    pub policy: tree::Policy,
    pub issue: issue::Issue,
    /// For what becomes known later.
    pub later: Vec<Gene>,
    /// For another order.
    pub order: Vec<u8>,
}

/// Random cases.
pub fn cases() -> impl Strategy<Value = Case> {
    (gene::policy(), gene::issue(), gene::issue(), gene::order()).prop_map(|(policy, issue, later, order)| {
        let policy = policy::build(&policy);
        let issue = issue::build(&policy, &issue);
        Case { policy, issue, later, order }
    })
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n----- policy.toml\n{}----- issue.toml\n{}-----\n", self.policy, self.issue)
    }
}

/// A policy that was loaded and checked.
pub struct Compiled {
    pub policy: remit::policy::Policy,
    pub program: Program,
    pub sources: Sources,
}

/// Loads and checks the policy of some texts; every error, in words, if there are any.
pub fn compile(texts: Vec<String>) -> Result<Compiled, String> {
    let files = texts.into_iter().enumerate().map(|(i, text)| (PathBuf::from(format!("{i:02}.toml")), text)).collect();
    let (policy, sources, mut found) = remit::policy::load_texts(files, PathBuf::new());
    let (program, checked) = remit::check::check(&policy, &sources);
    found.extend(checked);
    let errors: Vec<String> = found
        .iter()
        .filter(|d| d.severity() == Severity::Error)
        .map(|d| {
            let place = d.span.map_or(String::new(), |span| sources.place(span));
            let text = d.span.map_or("", |span| sources.text(span));
            format!("{place}: {}: {}: `{text}`", d.code.as_str(), d.message)
        })
        .collect();
    match program {
        Some(program) if errors.is_empty() => Ok(Compiled { policy, program, sources }),
        _ => Err(errors.join("\n")),
    }
}
