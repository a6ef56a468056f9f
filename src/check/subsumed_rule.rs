//! `duplicate-rule` and `subsumed-rule`: a clause that another clause makes superfluous.
//!
//! Candidates are found by an index over the rarest literal of each clause, so that
//! large policies are not compared pair by pair.

use std::collections::HashMap;

use super::ir::Clause;
use super::{Draft, DraftRule, subsumption};
use crate::diagnostic::{Code, Diagnostic};

/// A clause with its rule's number and its own.
type Numbered<'a> = (usize, usize, &'a Clause);

/// Reports each superfluous clause once.
pub fn check(draft: &Draft<'_>, out: &mut Vec<Diagnostic>) {
    let clauses: Vec<Numbered<'_>> = draft
        .rules
        .iter()
        .enumerate()
        .flat_map(|(rule, each)| each.clauses.iter().map(move |clause| (rule, clause)))
        .enumerate()
        .map(|(number, (rule, clause))| (rule, number, clause))
        .collect();
    let keys: Vec<Vec<String>> = clauses.iter().map(|(_, _, clause)| keys(draft, clause)).collect();
    let mut frequency: HashMap<&str, usize> = HashMap::new();
    keys.iter().flatten().for_each(|key| *frequency.entry(key).or_default() += 1);
    let mut index: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, keys) in keys.iter().enumerate() {
        let rarest = keys.iter().min_by_key(|key| (frequency.get(key.as_str()).copied(), key.as_str()));
        index.entry(rarest.map_or("", String::as_str)).or_default().push(number);
    }
    for special in &clauses {
        let mine = keys[special.1].iter().map(String::as_str).chain([""]);
        let candidates = mine.filter_map(|key| index.get(key)).flatten().map(|number| &clauses[*number]);
        let found = candidates.filter(|general| makes_superfluous(draft, general, special)).min_by_key(|c| c.1);
        if let Some(general) = found {
            out.push(report(draft, general, special));
        }
    }
}

fn keys(draft: &Draft<'_>, clause: &Clause) -> Vec<String> {
    let head = clause.head.map_or(0, |head| head.0);
    let body = clause.body.iter().map(|literal| subsumption::key(&draft.vocabulary, clause, literal));
    let mut keys: Vec<String> = body.map(|key| format!("{head} {key}")).collect();
    keys.sort();
    keys.dedup();
    keys
}

fn makes_superfluous(draft: &Draft<'_>, general: &Numbered<'_>, special: &Numbered<'_>) -> bool {
    if general.1 == special.1 || general.2.head != special.2.head || general.2.span == special.2.span {
        return false;
    }
    let (g, s) = (&draft.rules[general.0], &draft.rules[special.0]);
    if general.0 != special.0 && (draft.overrides_something(special.0) || !overridden_no_more(g, s)) {
        return false;
    }
    if !subsumption::subsumes(&draft.vocabulary, general.2, special.2) {
        return false;
    }
    // Of two that say the same, the later one by rule name is superfluous.
    !subsumption::subsumes(&draft.vocabulary, special.2, general.2)
        || general.1 < special.1
        || (general.0 != special.0 && draft.overrides_something(general.0))
        || !overridden_no_more(s, g)
}

/// Where the special rule holds, no override switches off the general one.
fn overridden_no_more(general: &DraftRule<'_>, special: &DraftRule<'_>) -> bool {
    general.overridden_by.iter().all(|rule| special.overridden_by.contains(rule))
}

fn report(draft: &Draft<'_>, general: &Numbered<'_>, special: &Numbered<'_>) -> Diagnostic {
    let same = subsumption::subsumes(&draft.vocabulary, special.2, general.2);
    let name = |numbered: &Numbered<'_>| draft.rules[numbered.0].rule.name.node.clone();
    let other = if general.0 == special.0 {
        "another clause of the same rule".to_owned()
    } else {
        format!("the rule `{}`", name(general))
    };
    let (code, message) = if same {
        (Code::DuplicateRule, format!("`{}` says what {other} says already", name(special)))
    } else {
        (Code::SubsumedRule, format!("`{}` never adds anything to what {other} concludes", name(special)))
    };
    Diagnostic::new(code, special.2.span, message)
        .label(general.2.span, if same { "the same" } else { "asks for less and concludes the same" })
        .help("take this clause out, or say in it what makes it different")
}
