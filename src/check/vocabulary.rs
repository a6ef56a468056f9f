//! The names a policy declares: facts with their types, decisions, relations.
//!
//! Reports `reserved-name` of facts, `duplicate-name`, `unknown-type`, `unknown-option`, `bad-default`,
//! `head-is-fact`, `wrong-arity` between heads, `no-decision`; resolves no rule body.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::names::{self, Case};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::policy::{self, Policy};
use crate::program::{
    Column, Decision, DecisionId, DecisionOption, Domain, Fact, FactId, FactKind, OptionLabel, Predicate, PredicateId,
    PredicateKind, Scalar,
};
use crate::source::Span;
use crate::syntax::tree::Name;

/// Everything that has a name.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// Facts in the author's order.
    pub facts: Vec<Fact>,
    /// Facts by name.
    pub fact_ids: FxHashMap<Arc<str>, FactId>,
    /// Decisions in the author's order.
    pub decisions: Vec<Decision>,
    /// Decisions by name.
    pub decision_ids: FxHashMap<Arc<str>, DecisionId>,
    /// Relations.
    pub predicates: Vec<Predicate>,
    /// Relations that an atom can name.
    pub predicate_ids: FxHashMap<Arc<str>, PredicateId>,
    /// Where each relation is declared or first concluded.
    pub places: Vec<Span>,
    /// Facts that are declared, but with a type that is none: what uses them is not to blame.
    pub untyped: FxHashSet<Arc<str>>,
    /// What clauses that do not parse conclude: neither is what uses that.
    pub given_up: FxHashSet<Arc<str>>,
}

impl Vocabulary {
    /// The vocabulary of a program, for queries that come later.
    pub fn of(program: &crate::program::Program) -> Self {
        let place = |(index, predicate): (usize, &Predicate)| match predicate.kind {
            PredicateKind::Fact(id) => program.fact(id).span,
            PredicateKind::Decision(id) | PredicateKind::Decided(id) => program.decision(id).span,
            PredicateKind::Applies(id) => program.rule(id).span,
            PredicateKind::Conclusion => {
                let head = program.clauses.iter().find(|c| c.head.index() == index);
                head.map_or(Span::new(crate::source::FileId(0), 0..0), |c| c.span)
            }
        };
        Self {
            facts: program.facts.clone(),
            fact_ids: program.fact_ids.clone(),
            decisions: program.decisions.clone(),
            decision_ids: program.decision_ids.clone(),
            predicates: program.predicates.clone(),
            predicate_ids: program.predicate_ids.clone(),
            places: program.predicates.iter().enumerate().map(place).collect(),
            untyped: FxHashSet::default(),
            given_up: FxHashSet::default(),
        }
    }

    /// The single-valued fact of this name.
    pub fn single(&self, name: &str) -> Option<FactId> {
        let id = *self.fact_ids.get(name)?;
        matches!(self.facts[id.index()].kind, FactKind::Single(_)).then_some(id)
    }

    /// The domain of a single-valued fact.
    pub fn domain(&self, id: FactId) -> &Domain {
        match &self.facts[id.index()].kind {
            FactKind::Single(domain) | FactKind::List(domain) => domain,
            FactKind::Records(columns) => &columns[0].domain,
        }
    }

    /// The domains of a fact's columns as a relation.
    pub fn columns(&self, id: FactId) -> Vec<&Domain> {
        match &self.facts[id.index()].kind {
            FactKind::Single(domain) if domain.scalar == Scalar::Bool => Vec::new(),
            FactKind::Single(domain) | FactKind::List(domain) => vec![domain],
            FactKind::Records(columns) => columns.iter().map(|c| &c.domain).collect(),
        }
    }

    /// The relation and place of a column of records.
    pub fn column(&self, records: &str, column: &str) -> Option<(PredicateId, usize)> {
        let fact = &self.facts[self.fact_ids.get(records)?.index()];
        let FactKind::Records(columns) = &fact.kind else { return None };
        let index = columns.iter().position(|c| c.name.as_ref() == column)?;
        Some((fact.predicate, index))
    }

    /// Whether some choice or decision has this option.
    pub fn is_option(&self, name: &str) -> bool {
        let in_decisions = self.decisions.iter().flat_map(|d| &d.options).any(|o| o.id.as_ref() == name);
        in_decisions
            || (0..self.facts.len())
                .flat_map(|i| self.columns(FactId(i as u32)))
                .any(|domain| domain.options.iter().any(|o| o.id.as_ref() == name))
    }

    /// Names an atom may begin with, for suggestions.
    pub fn nearest_relation(&self, name: &str) -> Option<&str> {
        nearest(name, self.predicate_ids.keys().chain(self.fact_ids.keys()).map(AsRef::as_ref))
    }

    fn add(&mut self, name: Arc<str>, kind: PredicateKind, arity: usize, at: Span) -> PredicateId {
        let id = PredicateId(self.predicates.len() as u32);
        let (columns, options) = (vec![None; arity], vec![Vec::new(); arity]);
        self.predicates.push(Predicate { name, kind, arity, columns, options, means: None, stratum: 0 });
        self.places.push(at);
        id
    }
}

/// Declares every name of the policy.
pub fn declare(policy: &Policy, diagnostics: &mut Vec<Diagnostic>) -> Vocabulary {
    let given_up = policy.rules.iter().flat_map(|rule| &rule.given_up).cloned().collect();
    let mut vocabulary = Vocabulary { given_up, ..Vocabulary::default() };
    declare_facts(policy, &mut vocabulary, diagnostics);
    declare_decisions(policy, &mut vocabulary, diagnostics);
    declare_conclusions(policy, &mut vocabulary, diagnostics);
    for concept in &policy.concepts {
        if let Some(id) = vocabulary.predicate_ids.get(&concept.name.node) {
            vocabulary.predicates[id.index()].means = concept.means.as_ref().map(|m| m.node.clone());
        }
    }
    vocabulary
}

fn declare_facts(policy: &Policy, vocabulary: &mut Vocabulary, out: &mut Vec<Diagnostic>) {
    for fact in &policy.facts {
        let Some(kind) = fact_kind(fact, out) else {
            vocabulary.untyped.insert(fact.name.node.clone());
            continue;
        };
        check_identity(fact, &kind, out);
        if vocabulary.fact_ids.contains_key(&fact.name.node) {
            continue;
        }
        let id = FactId(vocabulary.facts.len() as u32);
        let arity = match &kind {
            FactKind::Single(domain) if domain.scalar == Scalar::Bool => 0,
            FactKind::Single(_) | FactKind::List(_) => 1,
            FactKind::Records(columns) => columns.len(),
        };
        let nameable = !matches!(&kind, FactKind::Single(domain) if domain.scalar != Scalar::Bool);
        let predicate = vocabulary.add(fact.name.node.clone(), PredicateKind::Fact(id), arity, fact.name.span);
        if nameable {
            vocabulary.predicate_ids.insert(fact.name.node.clone(), predicate);
        }
        vocabulary.fact_ids.insert(fact.name.node.clone(), id);
        vocabulary.facts.push(Fact {
            name: fact.name.node.clone(),
            span: fact.name.span,
            kind,
            ask: fact.ask.as_ref().map(|t| t.node.clone()),
            default: None,
            predicate,
        });
        let columns: Vec<_> = vocabulary.columns(id).iter().map(|d| Some(d.scalar)).collect();
        vocabulary.predicates[predicate.index()].columns = columns;
        if let Some(default) = &fact.default {
            declare_default(default, id, vocabulary, out);
        }
    }
}

/// `id` and `title` are what every issue may have: texts.
fn check_identity(fact: &policy::Fact, kind: &FactKind, out: &mut Vec<Diagnostic>) {
    let name = &fact.name;
    let text = matches!(kind, FactKind::Single(domain) if domain.scalar == Scalar::Text);
    if matches!(name.node.as_ref(), "id" | "title") && !text {
        out.push(
            Diagnostic::new(Code::ReservedName, name.span, format!("`{}` is a text in every issue", name.node))
                .help("write `type = \"text\"`, or give the fact another name"),
        );
    }
}

fn declare_default(default: &policy::Literal, id: FactId, vocabulary: &mut Vocabulary, out: &mut Vec<Diagnostic>) {
    let fact = &vocabulary.facts[id.index()];
    match crate::issue::convert::given(&fact.kind, &crate::issue::raw::Raw::from(default)) {
        Ok(given) => vocabulary.facts[id.index()].default = given,
        Err(fault) => {
            let message = format!("the default does not fit `{}`: {}", fact.name, fault.message());
            let diagnostic = Diagnostic::new(Code::BadDefault, fault.place(default), message);
            out.push(match fault.help {
                Some(help) => diagnostic.help(help),
                None => diagnostic.help("give a default that an issue could give too, or none"),
            });
        }
    }
}

const TYPES: [(&str, Scalar); 6] = [
    ("bool", Scalar::Bool),
    ("choice", Scalar::Choice),
    ("integer", Scalar::Integer),
    ("number", Scalar::Number),
    ("date", Scalar::Date),
    ("text", Scalar::Text),
];

fn fact_kind(fact: &policy::Fact, out: &mut Vec<Diagnostic>) -> Option<FactKind> {
    let kind = fact.domain.kind.as_ref();
    match kind.map(|k| k.node.as_ref()) {
        Some("list") => match &fact.of {
            Some(of) => domain(of, fact.name.span, Place::Of, out).map(FactKind::List),
            None => {
                let message = format!("the list `{}` does not say of what", fact.name.node);
                out.push(
                    Diagnostic::new(Code::MissingKey, fact.name.span, message)
                        .help("add `of = \"text\"`, another type, or an array of options"),
                );
                None
            }
        },
        Some("records") => {
            let columns = fact.columns.as_ref().filter(|c| !c.node.is_empty());
            let Some(columns) = columns else {
                let message = format!("the records `{}` have no columns", fact.name.node);
                out.push(
                    Diagnostic::new(Code::MissingKey, fact.name.span, message)
                        .help(format!("add a table `[fact.{}.columns]` with a type for each column", fact.name.node)),
                );
                return None;
            };
            let typed = columns.node.iter().map(|column| {
                Some(Column {
                    name: column.name.node.clone(),
                    domain: domain(&column.domain, column.name.span, Place::Column(&column.name.node), out)?,
                    ask: column.ask.as_ref().map(|t| t.node.clone()),
                })
            });
            typed.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>().map(FactKind::Records)
        }
        _ => domain(&fact.domain, fact.name.span, Place::Fact, out).map(FactKind::Single),
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
                unknown_type(kind, place, out);
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
    }
    if scalar != Scalar::Choice
        && let Some(given) = &domain.options
    {
        out.push(
            Diagnostic::new(Code::WrongKind, given.span, format!("options of a {}", scalar.as_str()))
                .help("only a choice has options: write `type = \"choice\"` or leave `type` out"),
        );
    }
    report_repeated_options(domain.options.iter().flat_map(|o| &o.node).map(|o| &o.id), out);
    let mut aliases = HashMap::new();
    for (alias, target) in &domain.aliases {
        if options.iter().any(|o| o.id == target.node) {
            aliases.insert(alias.node.clone(), target.node.clone());
        } else {
            unknown_option(target, options.iter().map(|o| o.id.as_ref()), out);
        }
    }
    Some(Domain { scalar, options, aliases })
}

/// How the options of a choice are given.
fn options_of(place: Place<'_>) -> String {
    match place {
        Place::Fact => "add `options = [\"…\", \"…\"]`".to_owned(),
        Place::Of => "write the options themselves: `of = [\"…\", \"…\"]`".to_owned(),
        Place::Column(name) => format!("write the options themselves: `{name} = [\"…\", \"…\"]`"),
    }
}

fn unknown_type(kind: &policy::Text, place: Place<'_>, out: &mut Vec<Diagnostic>) {
    let whole = matches!(place, Place::Fact);
    let known = || TYPES.iter().map(|(name, _)| *name).chain(["list", "records"].into_iter().filter(|_| whole));
    let common = [
        ("boolean", "bool"),
        ("string", "text"),
        ("str", "text"),
        ("int", "integer"),
        ("float", "number"),
        ("enum", "choice"),
        ("array", "list"),
        ("table", "records"),
        ("datetime", "date"),
        ("double", "number"),
    ];
    let lower = kind.node.to_lowercase();
    let meant = common.iter().find(|(name, _)| *name == lower).map(|(_, meant)| *meant);
    let many = |name: &str| matches!(name, "list" | "records");
    let help = match (place, meant.or_else(|| nearest(&lower, known()))) {
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

fn report_repeated_options<'a>(options: impl Iterator<Item = &'a Name>, out: &mut Vec<Diagnostic>) {
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

/// Reports a name that is none of the options.
pub fn unknown_option<'a>(
    name: &policy::Text,
    options: impl Iterator<Item = &'a str> + Clone,
    out: &mut Vec<Diagnostic>,
) {
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

fn declare_decisions(policy: &Policy, vocabulary: &mut Vocabulary, out: &mut Vec<Diagnostic>) {
    if policy.decisions.is_empty() && !policy.incomplete {
        let message = "the policy decides nothing";
        let help = "add a decision: `[decision.team]` with `question`, `hit-policy` and its options";
        out.push(match &policy.header {
            Some(header) => Diagnostic::new(Code::NoDecision, header.name.span, message).help(help),
            None => Diagnostic::placeless(Code::NoDecision, message).help(help),
        });
    }
    for decision in &policy.decisions {
        if vocabulary.decision_ids.contains_key(&decision.name.node) {
            continue;
        }
        let id = DecisionId(vocabulary.decisions.len() as u32);
        let name = &decision.name;
        report_repeated_options(decision.options.iter().map(|o| &o.id), out);
        let predicate = vocabulary.add(name.node.clone(), PredicateKind::Decision(id), 1, name.span);
        let decided =
            vocabulary.add(Arc::from(format!("decided {}", name.node)), PredicateKind::Decided(id), 1, name.span);
        for each in [predicate, decided] {
            vocabulary.predicates[each.index()].columns = vec![Some(Scalar::Choice)];
        }
        if !vocabulary.fact_ids.contains_key(&name.node) {
            vocabulary.predicate_ids.insert(name.node.clone(), predicate);
        }
        vocabulary.decision_ids.insert(name.node.clone(), id);
        vocabulary.decisions.push(Decision {
            name: name.node.clone(),
            span: name.span,
            question: decision.question.as_ref().map_or_else(|| name.node.clone(), |q| q.node.clone()),
            hit_policy: decision.hit_policy.unwrap_or(policy::HitPolicy::Priority),
            default: decision_default(decision, out),
            advisory: decision.advisory,
            options: decision
                .options
                .iter()
                .map(|o| DecisionOption {
                    id: o.id.node.clone(),
                    name: o.name.as_ref().map(|t| t.node.clone()),
                    action: o.action.as_ref().map(|t| t.node.clone()),
                })
                .collect(),
            predicate,
            decided,
        });
    }
}

fn decision_default(decision: &policy::Decision, out: &mut Vec<Diagnostic>) -> Option<usize> {
    let default = decision.default.as_ref()?;
    if decision.hit_policy == Some(policy::HitPolicy::Collect) {
        out.push(
            Diagnostic::new(Code::BadDefault, default.span, "a `collect` decision has no default")
                .help("leave `default` out: where nothing is concluded, the value is empty"),
        );
        return None;
    }
    let found = decision.options.iter().position(|o| o.id.node == default.node);
    if found.is_none() {
        let message = format!("the default `{}` is no option of `{}`", default.node, decision.name.node);
        let help = option_help(&default.node, decision.options.iter().map(|o| o.id.node.as_ref()));
        out.push(Diagnostic::new(Code::BadDefault, default.span, message).help(help));
    }
    found
}

fn declare_conclusions(policy: &Policy, vocabulary: &mut Vocabulary, out: &mut Vec<Diagnostic>) {
    let mut heads: BTreeMap<Arc<str>, (usize, Span)> = BTreeMap::new();
    for rule in &policy.rules {
        for clause in &rule.clauses {
            let (name, arity) = (&clause.head.name, arity(&clause.head.args));
            if vocabulary.fact_ids.contains_key(&name.node) || name.node.as_ref() == "decided" {
                continue;
            }
            if !vocabulary.decision_ids.contains_key(&name.node) {
                heads.entry(name.node.clone()).or_insert((arity, name.span));
            }
        }
    }
    for concept in &policy.concepts {
        if !vocabulary.fact_ids.contains_key(&concept.name.node)
            && !vocabulary.decision_ids.contains_key(&concept.name.node)
        {
            let uses = policy.rules.iter().flat_map(|r| &r.clauses).filter_map(|c| c.body.as_ref());
            let name = &concept.name;
            if !heads.contains_key(&name.node) {
                let used = uses.filter_map(|body| first_use(body, &name.node)).next();
                heads.insert(name.node.clone(), (used.unwrap_or(0), name.span));
            }
        }
    }
    for (name, (arity, span)) in heads {
        check_head_name(&name, span, policy, out);
        let id = vocabulary.add(name.clone(), PredicateKind::Conclusion, arity, span);
        vocabulary.predicate_ids.insert(name, id);
    }
}

fn check_head_name(name: &Arc<str>, span: Span, policy: &Policy, out: &mut Vec<Diagnostic>) {
    if !policy.concepts.iter().any(|c| c.name.node == *name) {
        names::check_one(&Name::new(name.clone(), span), "conclusion", Case::Snake, out);
    }
}

fn first_use(formula: &crate::syntax::tree::Formula, name: &str) -> Option<usize> {
    use crate::syntax::tree::FormulaKind;
    match &formula.node {
        FormulaKind::Or(parts) | FormulaKind::And(parts) => parts.iter().find_map(|p| first_use(p, name)),
        FormulaKind::Not(inner) | FormulaKind::Group(inner) => first_use(inner, name),
        FormulaKind::Atom(atom) if atom.name.node.as_ref() == name => Some(arity(&atom.args)),
        _ => None,
    }
}

/// Number of arguments as written.
pub fn arity(args: &crate::syntax::tree::Args) -> usize {
    use crate::syntax::tree::Args;
    match args {
        Args::None => 0,
        Args::Positional(args) => args.len(),
        Args::Named(args) => args.len(),
    }
}
