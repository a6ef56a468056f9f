//! What a fact may hold: its type, its options, its columns.
//!
//! Reports `unknown-type`, `missing-key` and `wrong-kind` of keys that do not go with the type, `unknown-option` of
//! aliases, and options listed twice.

use std::collections::HashMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::policy;
use crate::program::{Column, Domain, FactKind, OptionLabel, Scalar};
use crate::source::Span;
use crate::syntax::tree::Name;

const TYPES: [(&str, Scalar); 6] = [
    ("bool", Scalar::Bool),
    ("choice", Scalar::Choice),
    ("integer", Scalar::Integer),
    ("number", Scalar::Number),
    ("date", Scalar::Date),
    ("text", Scalar::Text),
];

/// What the fact may hold, unless its type is none.
pub fn of_fact(fact: &policy::Fact, out: &mut Vec<Diagnostic>) -> Option<FactKind> {
    let kind = match fact.domain.kind.as_ref().map(|kind| kind.node.as_ref()) {
        Some("list") => list(fact, out)?,
        Some("records") => records(fact, out)?,
        _ => FactKind::Single(domain(&fact.domain, fact.name.span, Place::Fact, out)?),
    };
    report_idle_keys(fact, &kind, out);
    Some(kind)
}

fn list(fact: &policy::Fact, out: &mut Vec<Diagnostic>) -> Option<FactKind> {
    let options = fact.domain.options.as_ref();
    if let Some(options) = options {
        let listed: Vec<_> = options.node.iter().map(|option| format!("\"{}\"", option.id.node)).collect();
        out.push(
            Diagnostic::new(Code::WrongKind, options.span, "the options of a list stand in `of`")
                .help(format!("write `of = [{}]` in place of `options`", listed.join(", "))),
        );
    }
    let in_options = || options.map(|_| policy::Domain { options: options.cloned(), ..policy::Domain::default() });
    let Some(of) = fact.of.clone().or_else(in_options) else {
        out.push(
            Diagnostic::new(
                Code::MissingKey,
                fact.name.span,
                format!("the list `{}` does not say of what", fact.name.node),
            )
            .help("add `of = \"text\"`, another type, or an array of options"),
        );
        return None;
    };
    let of = policy::Domain { aliases: fact.domain.aliases.clone(), ..of };
    domain(&of, fact.name.span, Place::Of, out).map(FactKind::List)
}

fn records(fact: &policy::Fact, out: &mut Vec<Diagnostic>) -> Option<FactKind> {
    let Some(columns) = fact.columns.as_ref() else {
        let message = format!("the records `{}` have no columns", fact.name.node);
        out.push(
            Diagnostic::new(Code::MissingKey, fact.name.span, message)
                .help(format!("add a table `[fact.{}.columns]` with a type for each column", fact.name.node)),
        );
        return None;
    };
    if columns.node.is_empty() {
        return None;
    }
    let typed = columns.node.iter().map(|column| {
        let place = Place::Column(&column.name.node);
        Some(Column {
            name: column.name.node.clone(),
            domain: domain(&column.domain, column.name.span, place, out)?,
            ask: column.ask.as_ref().map(|text| text.node.clone()),
        })
    });
    typed.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>().map(FactKind::Records)
}

/// Reports keys that say nothing of a fact of this kind.
fn report_idle_keys(fact: &policy::Fact, kind: &FactKind, out: &mut Vec<Diagnostic>) {
    let name = &fact.name.node;
    let mut report = |span, message: String, help: &str| {
        out.push(Diagnostic::new(Code::WrongKind, span, message).help(help));
    };
    if let Some(of) = fact.of.as_ref().and_then(policy::Domain::span)
        && !matches!(kind, FactKind::List(_))
    {
        let message = format!("`of` says what is in a list, and `{name}` is none");
        report(of, message, "leave `of` out, or write `type = \"list\"`");
    }
    if !matches!(kind, FactKind::Records(_)) {
        if let Some(columns) = &fact.columns {
            let message = format!("records have `columns`, and `{name}` is none");
            report(columns.span, message, "leave `columns` out, or write `type = \"records\"`");
        }
        return;
    }
    if let Some(options) = &fact.domain.options {
        let message = format!("the columns of records have options, and not `{name}` as a whole");
        report(options.span, message, "give them to a column: `kind = [\"…\", \"…\"]` among the `columns`");
    }
    if let Some((spelling, _)) = fact.domain.aliases.first() {
        let message = format!("the columns of records have other spellings, and not `{name}` as a whole");
        let help = "give them to a column: `kind = { options = [\"…\"], aliases = { \"…\" = \"…\" } }`";
        report(spelling.span, message, help);
    }
}

/// What a type is given for.
#[derive(Clone, Copy)]
enum Place<'a> {
    /// A fact.
    Fact,
    /// The values of a list.
    Of,
    /// The column of this name.
    Column(&'a str),
}

fn domain(domain: &policy::Domain, at: Span, place: Place<'_>, out: &mut Vec<Diagnostic>) -> Option<Domain> {
    let scalar = match (&domain.kind, &domain.options) {
        (None, None) => return None,
        (None, Some(_)) => Scalar::Choice,
        (Some(kind), _) => match TYPES.iter().find(|(name, _)| *name == kind.node.as_ref()) {
            Some((_, scalar)) => *scalar,
            None => {
                unknown_type(kind, domain.options.is_some(), place, out);
                return None;
            }
        },
    };
    let options: Vec<OptionLabel> = domain
        .options
        .iter()
        .flat_map(|o| &o.node)
        .map(|o| OptionLabel { id: o.id.node.clone(), label: o.label.as_ref().map(|l| l.node.clone()) })
        .collect();
    if scalar == Scalar::Choice && options.is_empty() {
        let at = domain.kind.as_ref().map_or(at, |k| k.span);
        out.push(Diagnostic::new(Code::MissingKey, at, "a choice has no options").help(options_of(place)));
        return None;
    }
    if scalar != Scalar::Choice
        && let Some(given) = &domain.options
    {
        let truths = ["true", "false", "yes", "no"];
        let is_truth = |option: &policy::OptionLabel| truths.contains(&option.id.node.to_lowercase().as_str());
        let help = match scalar {
            Scalar::Bool if given.node.iter().all(is_truth) => {
                "take `options` out: a bool is true or false without them"
            }
            _ => "only a choice has options: write `type = \"choice\"` or leave `type` out",
        };
        let message = format!("options of a {}", scalar.as_str());
        out.push(Diagnostic::new(Code::WrongKind, given.span, message).help(help));
        return None;
    }
    report_repeated_options(domain.options.iter().flat_map(|o| &o.node).map(|o| &o.id), out);
    let aliases = known_aliases(&domain.aliases, scalar, &options, out);
    Some(Domain { scalar, options, aliases })
}

/// Other spellings of options, without those of what is no option.
fn known_aliases(
    aliases: &[(Name, policy::Text)],
    scalar: Scalar,
    options: &[OptionLabel],
    out: &mut Vec<Diagnostic>,
) -> HashMap<Arc<str>, Arc<str>> {
    if let Some((spelling, _)) = aliases.first()
        && scalar != Scalar::Choice
    {
        let message = format!("only options have other spellings, and values of type `{}` are none", scalar.as_str());
        out.push(Diagnostic::new(Code::WrongKind, spelling.span, message).help("leave `aliases` out"));
        return HashMap::new();
    }
    let mut known = HashMap::new();
    for (spelling, target) in aliases {
        if let Some(option) = options.iter().find(|option| option.id == spelling.node) {
            let message = format!("`{}` is an option itself, and stays that", option.id);
            let help = match options.iter().any(|option| option.id == target.node) {
                true => "take this spelling out of `aliases`, or the option out of the options".to_owned(),
                false => {
                    known.insert(target.node.clone(), option.id.clone());
                    format!("write it the other way round: `\"{}\" = \"{}\"`", target.node, option.id)
                }
            };
            out.push(Diagnostic::new(Code::DuplicateName, spelling.span, message).help(help));
        } else if options.iter().any(|option| option.id == target.node) {
            known.insert(spelling.node.clone(), target.node.clone());
        } else {
            unknown_option(target, options.iter().map(|option| option.id.as_ref()), out);
        }
    }
    known
}

/// How the options of a choice are given.
fn options_of(place: Place<'_>) -> String {
    match place {
        Place::Fact => "add `options = [\"…\", \"…\"]`".to_owned(),
        Place::Of => "write the options themselves: `of = [\"…\", \"…\"]`".to_owned(),
        Place::Column(name) => format!("write the options themselves: `{name} = [\"…\", \"…\"]`"),
    }
}

/// What other languages and people call the types.
const EVERYDAY: [(&[&str], &str); 8] = [
    (&["boolean", "yes/no", "yes_no", "yesno", "true/false", "flag", "logical"], "bool"),
    (&["enum", "enumeration", "select", "options", "option"], "choice"),
    (&["int", "long", "whole number"], "integer"),
    (&["decimal", "float", "double", "real", "money", "currency", "amount", "percent", "percentage"], "number"),
    (&["datetime", "timestamp", "day"], "date"),
    (&["string", "str", "char", "varchar"], "text"),
    (&["array", "set"], "list"),
    (&["table", "rows", "record", "object", "relation"], "records"),
];

fn unknown_type(kind: &policy::Text, has_options: bool, place: Place<'_>, out: &mut Vec<Diagnostic>) {
    let whole = matches!(place, Place::Fact);
    let known = || TYPES.iter().map(|(name, _)| *name).chain(["list", "records"].into_iter().filter(|_| whole));
    let lower = kind.node.to_lowercase();
    let meant = EVERYDAY.iter().find(|(names, _)| names.contains(&lower.as_str())).map(|(_, meant)| *meant);
    let many = |name: &str| matches!(name, "list" | "records");
    let help = match (place, meant.or_else(|| nearest(&lower, known()))) {
        _ if matches!(lower.as_str(), "time" | "duration") => {
            "there is none for times: write `date` for a day, `integer` or `number` for hours or minutes".to_owned()
        }
        (Place::Fact, Some("choice")) if !has_options => {
            "write `options = [\"…\", \"…\"]` in place of `type`".to_owned()
        }
        (Place::Fact, Some(name)) => format!("write `type = \"{name}\"`"),
        (Place::Fact, None) => "the types are bool, choice, integer, number, date, text, list and records".to_owned(),
        (place, Some("choice")) => options_of(place),
        (Place::Of, Some(name)) if !many(name) => format!("write `of = \"{name}\"`"),
        (Place::Column(_), Some(name)) if !many(name) => format!("write `\"{name}\"`"),
        (Place::Of, _) => {
            "each entry of a list is one value: bool, integer, number, date, text or one of some options; for rows of \
             several values write `type = \"records\"` and a table of columns"
                .to_owned()
        }
        (Place::Column(_), _) => {
            "a column holds one value in each row: bool, integer, number, date, text or one of some options".to_owned()
        }
    };
    let message = match kind.node.as_ref() {
        "list" | "records" => format!("`{}` may not stand here", kind.node),
        other => format!("there is no type `{other}`"),
    };
    out.push(Diagnostic::new(Code::UnknownType, kind.span, message).help(help));
}

/// Reports options that stand there twice.
pub fn report_repeated_options<'a>(options: impl Iterator<Item = &'a Name>, out: &mut Vec<Diagnostic>) {
    let mut seen: FxHashMap<&str, &Name> = FxHashMap::default();
    for option in options {
        if let Some(first) = seen.insert(&option.node, option) {
            out.push(
                Diagnostic::new(
                    Code::DuplicateName,
                    option.span,
                    format!("the option `{}` is listed twice", option.node),
                )
                .label(first.span, "first here")
                .help("leave one of them out"),
            );
        }
    }
}

/// Reports a name that is none of the options; where there are none at all, that has been reported.
pub fn unknown_option<'a>(
    name: &policy::Text,
    options: impl Iterator<Item = &'a str> + Clone,
    out: &mut Vec<Diagnostic>,
) {
    if options.clone().next().is_none() {
        return;
    }
    out.push(
        Diagnostic::new(Code::UnknownOption, name.span, format!("there is no option `{}`", name.node))
            .help(option_help(&name.node, options)),
    );
}

/// What to write instead of an unknown option.
pub fn option_help<'a>(name: &str, options: impl Iterator<Item = &'a str> + Clone) -> String {
    match nearest(name, options.clone()) {
        Some(near) => format!("write `{near}`"),
        None => {
            let all: Vec<_> = options.map(|o| format!("`{o}`")).collect();
            if all.is_empty() {
                "there are no options to choose from".to_owned()
            } else {
                format!("the options are {}", all.join(", "))
            }
        }
    }
}
