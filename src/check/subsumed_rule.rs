//! `duplicate-rule` and `subsumed-rule`: a clause, or a side of an `or`, that another makes superfluous.
//!
//! Candidates are found by an index over the rarest literal of each clause, so that
//! large policies are not compared pair by pair.

use std::collections::HashMap;

use super::Draft;
use super::blame::{self, Blame};
use super::broken::Broken;
use super::ir::Clause;
use super::subsumption::{self, Forms};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// A clause with its rule's number and its own.
type Numbered<'a> = (usize, usize, &'a Clause);

/// Reports each superfluous clause once, as far as clauses can be judged.
pub fn check(draft: &Draft<'_>, broken: &Broken, out: &mut Vec<Diagnostic>) {
    let forms = &Forms::new(&draft.vocabulary);
    let clauses: Vec<Numbered<'_>> = draft
        .rules
        .iter()
        .enumerate()
        .flat_map(|(rule, each)| each.clauses.iter().map(move |clause| (rule, clause)))
        .enumerate()
        .map(|(number, (rule, clause))| (rule, number, clause))
        .collect();
    let keys: Vec<Vec<String>> = clauses.iter().map(|(_, _, clause)| keys(forms, clause)).collect();
    let mut frequency: HashMap<&str, usize> = HashMap::new();
    keys.iter().flatten().for_each(|key| *frequency.entry(key).or_default() += 1);
    let mut index: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, keys) in keys.iter().enumerate() {
        let rarest = keys.iter().min_by_key(|key| (frequency.get(key.as_str()).copied(), key.as_str()));
        index.entry(rarest.map_or("", String::as_str)).or_default().push(number);
    }
    let general_of = |special: &Numbered<'_>| {
        let mine = keys[special.1].iter().map(String::as_str).chain([""]);
        let candidates = mine.filter_map(|key| index.get(key)).flatten().map(|number| &clauses[*number]);
        // Each literal of the general one has its like in the special one.
        let has_all =
            |general: &&Numbered<'_>| keys[general.1].iter().all(|key| keys[special.1].binary_search(key).is_ok());
        let can_be_judged = |it: &Numbered<'_>| !broken.affects(it.0, it.2);
        let found = candidates
            .filter(has_all)
            .filter(|general| makes_superfluous(draft, forms, general, special))
            .filter(|general| can_be_judged(general) && can_be_judged(special));
        // What another clause makes superfluous is better told than what another side does.
        found.min_by_key(|general| (general.2.span == special.2.span, general.1)).copied()
    };
    let generals: Vec<Option<Numbered<'_>>> = clauses.iter().map(general_of).collect();
    let mut rest = clauses.iter().zip(&generals);
    for rule in &draft.rules {
        let pairs: Vec<_> = rest.by_ref().take(rule.clauses.len()).collect();
        let at_fault: Vec<bool> = pairs.iter().map(|(_, general)| general.is_some()).collect();
        for ((special, general), blame) in pairs.into_iter().zip(blame::of(rule, &at_fault)) {
            if let (Some(general), Some(blame)) = (general, blame) {
                // Of a side that never holds it is said already that it adds nothing.
                let beside = general.2.span == special.2.span;
                if !(beside && out.iter().any(|told| tells_never(told, &blame))) {
                    out.extend(report(draft, forms, general, special, &blame));
                }
            }
        }
    }
}

fn tells_never(told: &Diagnostic, blame: &Blame<'_>) -> bool {
    let Blame::Side(side) = blame else { return false };
    told.code == Code::NeverHolds && told.span.is_some_and(|span| side.span.contains(span))
}

fn keys(forms: &Forms<'_>, clause: &Clause) -> Vec<String> {
    let head = clause.head.map_or(0, |head| head.0);
    let body = clause.body.iter().map(|literal| subsumption::key(forms, clause, literal));
    let mut keys: Vec<String> = body.map(|key| format!("{head} {key}")).collect();
    keys.sort();
    keys.dedup();
    keys
}

fn makes_superfluous(draft: &Draft<'_>, forms: &Forms<'_>, general: &Numbered<'_>, special: &Numbered<'_>) -> bool {
    // Of two that say the same, the later one by rule name is superfluous.
    says_all(draft, forms, general, special) && (general.1 < special.1 || !says_all(draft, forms, special, general))
}

/// Whether a clause concludes all that another one does, and its rule switches off whatever the other's does.
fn says_all(draft: &Draft<'_>, forms: &Forms<'_>, general: &Numbered<'_>, special: &Numbered<'_>) -> bool {
    general.1 != special.1
        && general.2.head == special.2.head
        && (general.0 == special.0 || takes_as_much_part(draft, general.0, special.0))
        && subsumption::subsumes(forms, general.2, special.2)
}

/// Whether a rule overrides whatever another one does, and nothing switches it off that does not switch that off.
fn takes_as_much_part(draft: &Draft<'_>, general: usize, special: usize) -> bool {
    let by = |rule: usize| &draft.rules[rule].overridden_by;
    draft.overridden_by(special).all(|rule| draft.overridden_by(general).any(|other| other == rule))
        && by(general).iter().all(|rule| by(special).contains(rule))
}

/// What to say of a clause that another makes superfluous; nothing where two sides of one clause meet
/// so that another side says it already: nothing can be taken out there.
fn report(
    draft: &Draft<'_>,
    forms: &Forms<'_>,
    general: &Numbered<'_>,
    special: &Numbered<'_>,
    blame: &Blame<'_>,
) -> Option<Diagnostic> {
    let same = says_all(draft, forms, special, general);
    let name = &draft.rules[special.0].rule.name.node;
    let same_clause = general.2.span == special.2.span;
    let other = if same_clause {
        "another side of it".to_owned()
    } else if general.0 == special.0 {
        "another clause of the same rule".to_owned()
    } else {
        format!("the rule `{}`", draft.rules[general.0].rule.name.node)
    };
    let (subject, span, help) = match blame {
        Blame::Clause => {
            let help = match general.2.body.is_empty() && general.2.args.is_empty() {
                true => without_condition(&general.2.head_text),
                false => "take this clause out, or say in it what makes it different".to_owned(),
            };
            (format!("`{name}`"), special.2.span, help)
        }
        Blame::Side(side) => {
            let help = "take this side of the `or` out, or say in it what makes it different";
            (format!("the side `{}` of the `or` in `{name}`", side.text), side.span, help.to_owned())
        }
        Blame::Meeting(_) if same_clause => return None,
        Blame::Meeting(sides) => {
            let help = "no side of an `or` can be taken out for that: leave it so, or write a clause for each case";
            (format!("`{name}`, where {} meet,", blame::listed(sides)), special.2.span, help.to_owned())
        }
    };
    let (code, message) = if same {
        (Code::DuplicateRule, format!("{subject} says what {other} says already"))
    } else {
        (Code::SubsumedRule, format!("{subject} never adds anything to what {other} concludes"))
    };
    let place = match blame {
        Blame::Clause if !special.2.sides.is_empty() => general.2.span,
        _ => place(general.2, special.2),
    };
    Some(
        Diagnostic::new(code, span, message)
            .label(place, if same { "the same" } else { "asks for less and concludes the same" })
            .help(help),
    )
}

/// Most often a full stop has come in where a comma was meant.
fn without_condition(head: &str) -> String {
    format!(
        "`{head}` stands elsewhere without a condition, and so always holds: where a full stop before it is to be a \
         comma, write a comma; else take this clause out"
    )
}

/// Where to look for what makes a clause superfluous: at one side of an `or`, if that says all of it
/// or is what sets the two apart.
fn place(general: &Clause, special: &Clause) -> Span {
    let side = general.sides.iter().find(|side| {
        if general.span == special.span {
            special.sides.iter().all(|other| other.span != side.span)
        } else {
            general.body.iter().all(|literal| side.span.contains(literal.span))
        }
    });
    side.map_or(general.span, |side| side.span)
}
