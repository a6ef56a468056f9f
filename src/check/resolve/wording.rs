//! What is said of atoms that cannot be resolved.

use super::super::vocabulary::Vocabulary;
use super::quoted;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::program::{PredicateId, PredicateKind};
use crate::source::Span;
use crate::syntax::tree::{self, Args, TestKind};
use crate::syntax::{DECIDED, print};

pub(super) fn wrong_arity(vocabulary: &Vocabulary, id: PredicateId, got: usize, span: Span) -> Diagnostic {
    let predicate = &vocabulary.predicates[id.index()];
    let message = format!("`{}` takes {}, not {got}", predicate.name, count_words(predicate.arity));
    let place = vocabulary.places[id.index()];
    let what = match predicate.kind {
        PredicateKind::Conclusion => "concluded here",
        _ => "declared here",
    };
    let help = match (predicate.kind, predicate.arity) {
        (PredicateKind::Decision(decision), _) => {
            let options = vocabulary.decisions[decision.index()].options.iter().map(|option| option.id.as_ref());
            format!("write `{}(…)` with one of its options: {}", predicate.name, quoted(options))
        }
        (_, 0) => format!("write `{}` alone, without brackets", predicate.name),
        (_, n) => format!("write `{}({})`, with `_` for what does not matter", predicate.name, vec!["…"; n].join(", ")),
    };
    let diagnostic = Diagnostic::new(Code::WrongArity, span, message).help(help);
    if place == span { diagnostic } else { diagnostic.label(place, what) }
}

fn count_words(n: usize) -> String {
    match n {
        0 => "no arguments".to_owned(),
        1 => "one argument".to_owned(),
        n => format!("{n} arguments"),
    }
}

pub(super) fn decided_shape(vocabulary: &Vocabulary, span: Span) -> Diagnostic {
    let examples = vocabulary.decisions.iter().filter_map(|decision| {
        decision.options.first().map(|option| format!("`decided({}, {})`", decision.name, option.id))
    });
    let help = match examples.collect::<Vec<_>>().as_slice() {
        [] => "the policy has no decision".to_owned(),
        [only] => format!("write it as in {only}"),
        [first, ..] => format!("write it as in {first}, with the name of the decision that is meant"),
    };
    Diagnostic::new(Code::WrongArity, span, "`decided` takes a decision and a value").help(help)
}

pub(super) fn unknown_decision(vocabulary: &Vocabulary, name: &str, span: Span) -> Diagnostic {
    let known = || vocabulary.decisions.iter().map(|d| d.name.as_ref());
    let help = match nearest(name, known()) {
        Some(near) => format!("write `{near}`"),
        None if vocabulary.decisions.is_empty() => "the policy has no decision".to_owned(),
        None => format!("the decisions are {}", quoted(known())),
    };
    Diagnostic::new(Code::UnknownDecision, span, format!("there is no decision `{name}`")).help(help)
}

pub(super) fn no_columns(atom: &tree::Atom, named: &[(tree::Name, tree::Expr)]) -> Diagnostic {
    let span = named.first().map_or(atom.name.span, |(column, _)| column.span);
    let dots = vec!["…"; named.len()].join(", ");
    Diagnostic::new(Code::UnknownColumn, span, format!("`{}` has no named columns", atom.name.node))
        .help(format!("only records have; write the arguments by place: `{}({dots})`", atom.name.node))
}

pub(super) fn unknown_relation(vocabulary: &Vocabulary, atom: &tree::Atom) -> Diagnostic {
    let name = &atom.name;
    if let Some(fact) = vocabulary.single(&name.node) {
        let scalar = vocabulary.domain(fact).scalar.as_str();
        let message = format!("`{}` is a fact with a value ({scalar}), nothing that holds by itself", name.node);
        return Diagnostic::new(Code::TypeMismatch, name.span, message)
            .label(vocabulary.facts[fact.index()].span, "declared here")
            .help(format!("compare it: `{} = {}`", name.node, compared_with(&atom.args)));
    }
    let diagnostic =
        Diagnostic::new(Code::UnknownName, name.span, format!("nothing declares or concludes `{}`", name.node));
    let nearest_test = || match &atom.args {
        Args::Positional(args) if args.len() == 2 => {
            nearest(&name.node, TestKind::ALL.map(TestKind::as_str).into_iter().chain([DECIDED]))
        }
        _ => None,
    };
    match vocabulary.nearest_relation(&name.node).or_else(nearest_test) {
        Some(near) => diagnostic.help(format!("write `{near}`")),
        None => {
            diagnostic.help(format!("declare a fact `[fact.{0}]`, or write a rule that concludes `{0}`", name.node))
        }
    }
}

/// The only argument of an atom.
fn compared_with(args: &Args) -> String {
    match args {
        Args::Positional(args) if args.len() == 1 => print::print_expr(&args[0]),
        _ => "…".to_owned(),
    }
}
