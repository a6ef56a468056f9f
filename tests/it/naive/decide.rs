//! §5 and §4.6: the hit policies.

use remit::policy::HitPolicy;

use super::vocabulary::Decision;

/// `C` and `P` of a decision, in the order of its options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    pub certain: Vec<String>,
    pub possible: Vec<String>,
}

/// How settled a decision is, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    Settled,
    Open,
    Conflict,
}

/// The value of a decision, how settled it is, and the options that keep it open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// In the order of the options.
    pub value: Vec<String>,
    pub from_default: bool,
    pub status: Status,
    /// §5, *Missing*: "the options that keep it open".
    pub keep_open: Vec<String>,
}

/// The table of §5.
pub fn outcome(decision: &Decision, options: &Options) -> Decided {
    let Options { certain, possible } = options;
    let uncertain: Vec<String> = possible.iter().filter(|p| !certain.contains(p)).cloned().collect();
    let conflict = decision.hit_policy == HitPolicy::Unique && certain.len() >= 2;
    let value: Vec<String> = match decision.hit_policy {
        HitPolicy::Collect => certain.clone(),
        _ if conflict => Vec::new(),
        _ => certain.first().or(decision.default.as_ref()).into_iter().cloned().collect(),
    };
    let from_default = decision.hit_policy != HitPolicy::Collect && certain.is_empty() && decision.default.is_some();
    let keep_open: Vec<String> = match decision.hit_policy {
        _ if conflict => Vec::new(),
        // "No option of `P` that is not certain ranks above the value (with `C` empty: `P` is empty)."
        HitPolicy::Priority => {
            let rank = |option: &String| decision.options.iter().position(|o| o == option);
            uncertain.into_iter().filter(|p| certain.first().is_none_or(|value| rank(p) < rank(value))).collect()
        }
        HitPolicy::Unique | HitPolicy::Collect => uncertain,
    };
    let status = match (conflict, keep_open.is_empty()) {
        (true, _) => Status::Conflict,
        (false, true) => Status::Settled,
        (false, false) => Status::Open,
    };
    Decided { value, from_default, status, keep_open }
}

/// §4.6: the values for which `decided(d, V)` is certain, and those for which it is possible.
pub fn decided(decision: &Decision, options: &Options) -> (Vec<String>, Vec<String>) {
    let Options { certain, possible } = options;
    let outcome = outcome(decision, options);
    // "In a conflict, nothing is decided."
    if outcome.status == Status::Conflict {
        return (Vec::new(), Vec::new());
    }
    let default: Vec<String> = decision.default.iter().cloned().collect();
    match decision.hit_policy {
        // "(collect: `V ∈ C`) … for collect, `V ∈ P`."
        HitPolicy::Collect => (certain.clone(), possible.clone()),
        // "For priority, the value and every option of `P` above it (with `C` empty: the default
        // and all of `P`)."
        HitPolicy::Priority => {
            let rank = |option: &String| decision.options.iter().position(|o| o == option);
            let above = possible.iter().filter(|p| certain.first().is_none_or(|value| rank(p) <= rank(value))).cloned();
            let mut may_be: Vec<String> = above.collect();
            if certain.is_empty() {
                may_be.extend(default);
            }
            (settled_value(&outcome), may_be)
        }
        // "For unique, `V ∈ P` if `C ⊆ {V}`, and the default if `C` is empty."
        HitPolicy::Unique => {
            let within = possible.iter().filter(|v| certain.iter().all(|c| c == *v)).cloned();
            let mut may_be: Vec<String> = within.collect();
            if certain.is_empty() {
                may_be.extend(default);
            }
            (settled_value(&outcome), may_be)
        }
    }
}

/// "`decided(d, V)` is certain if `d` is settled with `V`."
fn settled_value(outcome: &Decided) -> Vec<String> {
    if outcome.status == Status::Settled { outcome.value.clone() } else { Vec::new() }
}
