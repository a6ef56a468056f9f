//! Mutants: a policy changed in one small step, to see whether its scenarios notice.
//!
//! Works on the policy as written, so that each change can be shown as the author's
//! text before and after. Evaluates nothing; see DeMillo, Lipton & Sayward (1978),
//! *Hints on test data selection*, for the idea.

mod variants;

use std::sync::Arc;

use crate::policy::Policy;
use crate::program::Program;
use crate::source::Span;
use crate::syntax::print;

use variants::Variants;

/// Kinds of small changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Change {
    /// A literal is left out.
    DropLiteral,
    /// A literal is negated.
    NegateLiteral,
    /// An option is exchanged for its neighbour.
    SwapOption,
    /// A clause is left out of a rule of several.
    DropClause,
    /// A rule is left out.
    DropRule,
    /// A number or date in a comparison is moved by one.
    MoveThreshold,
    /// An `and` becomes an `or`.
    AndToOr,
    /// Two neighbouring options of a decision change places.
    ExchangeOptions,
    /// A rule overrides one rule less.
    DropOverride,
}

impl Change {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DropLiteral => "drop a literal",
            Self::NegateLiteral => "negate a literal",
            Self::SwapOption => "swap an option",
            Self::DropClause => "drop a clause",
            Self::DropRule => "drop a rule",
            Self::MoveThreshold => "move a threshold",
            Self::AndToOr => "turn an `and` into `or`",
            Self::ExchangeOptions => "exchange two options",
            Self::DropOverride => "drop an `overrides`",
        }
    }
}

/// One changed policy.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// What kind of change.
    pub change: Change,
    /// The rule or decision that is changed.
    pub subject: Arc<str>,
    /// Where.
    pub span: Span,
    /// The author's text before.
    pub before: String,
    /// The text after; empty where something is left out.
    pub after: String,
    edit: Edit,
}

/// How the policy is changed.
#[derive(Debug, Clone)]
enum Edit {
    Clause { rule: usize, clause: usize, new: Box<crate::syntax::tree::Clause> },
    DropClause { rule: usize, clause: usize },
    DropRule { rule: usize },
    ExchangeOptions { decision: usize, first: usize },
    DropOverride { rule: usize, index: usize },
}

impl Mutant {
    /// The changed policy. Scenarios and invariants stay as they are.
    pub fn apply(&self, policy: &Policy) -> Policy {
        let mut policy = policy.clone();
        match &self.edit {
            Edit::Clause { rule, clause, new } => policy.rules[*rule].clauses[*clause] = (**new).clone(),
            Edit::DropClause { rule, clause } => {
                policy.rules[*rule].clauses.remove(*clause);
            }
            Edit::DropRule { rule } => {
                let gone = policy.rules.remove(*rule).name.node;
                for rule in &mut policy.rules {
                    rule.overrides.retain(|name| name.node != gone);
                }
            }
            Edit::ExchangeOptions { decision, first } => policy.decisions[*decision].options.swap(*first, first + 1),
            Edit::DropOverride { rule, index } => {
                policy.rules[*rule].overrides.remove(*index);
            }
        }
        policy
    }
}

/// Every mutant of a policy, in the author's order. Some may not pass the checks; they
/// are no mutants then.
pub fn mutants(policy: &Policy, program: &Program) -> Vec<Mutant> {
    let mut all = Vec::new();
    for (index, rule) in policy.rules.iter().enumerate() {
        rule_mutants(index, rule, program, &mut all);
    }
    for (index, decision) in policy.decisions.iter().enumerate() {
        if decision.hit_policy != Some(crate::policy::HitPolicy::Priority) {
            continue;
        }
        for (first, pair) in decision.options.windows(2).enumerate() {
            let [one, other] = pair else { continue };
            all.push(Mutant {
                change: Change::ExchangeOptions,
                subject: decision.name.node.clone(),
                span: one.id.span,
                before: format!("{}, {}", one.id.node, other.id.node),
                after: format!("{}, {}", other.id.node, one.id.node),
                edit: Edit::ExchangeOptions { decision: index, first },
            });
        }
    }
    all
}

fn rule_mutants(index: usize, rule: &crate::policy::Rule, program: &Program, all: &mut Vec<Mutant>) {
    let texts: Vec<String> = rule.clauses.iter().map(|c| print::print_clause(c).to_string()).collect();
    let name = &rule.name.node;
    let mut push = |change, span, before: String, after: String, edit| {
        all.push(Mutant { change, subject: name.clone(), span, before, after, edit });
    };
    push(Change::DropRule, rule.name.span, texts.join(". "), String::new(), Edit::DropRule { rule: index });
    for (number, (clause, text)) in rule.clauses.iter().zip(&texts).enumerate() {
        if rule.clauses.len() > 1 {
            let edit = Edit::DropClause { rule: index, clause: number };
            push(Change::DropClause, clause.span.0, text.clone(), String::new(), edit);
        }
        for variant in (Variants { program }).clause(clause) {
            let after = print::print_clause(&variant.tree).to_string();
            let edit = Edit::Clause { rule: index, clause: number, new: Box::new(variant.tree) };
            push(variant.change, variant.span, text.clone(), after, edit);
        }
    }
    for (number, overridden) in rule.overrides.iter().enumerate() {
        let before = format!("overrides = [\"{}\"]", overridden.node);
        let edit = Edit::DropOverride { rule: index, index: number };
        push(Change::DropOverride, overridden.span, before, String::new(), edit);
    }
}
