//! The names a policy declares: facts with their types, decisions, relations.
//!
//! Reports `reserved-name` of facts, `bad-default`, `no-decision`, and what `kinds` finds; resolves no rule body.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::kinds::{self, option_help};
use super::names::{self, Case};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::policy::{self, Policy};
use crate::program::{
    Decision, DecisionId, DecisionOption, Domain, Fact, FactId, FactKind, Predicate, PredicateId, PredicateKind, Scalar,
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
    /// Single-valued facts that are called as an option is.
    pub either: FxHashSet<Arc<str>>,
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
        let mut vocabulary = Self {
            facts: program.facts.clone(),
            fact_ids: program.fact_ids.clone(),
            decisions: program.decisions.clone(),
            decision_ids: program.decision_ids.clone(),
            predicates: program.predicates.clone(),
            predicate_ids: program.predicate_ids.clone(),
            places: program.predicates.iter().enumerate().map(place).collect(),
            ..Self::default()
        };
        vocabulary.either = vocabulary.named_as_options();
        vocabulary
    }

    fn named_as_options(&self) -> FxHashSet<Arc<str>> {
        self.options().filter(|option| self.single(option).is_some()).cloned().collect()
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

    /// Whether some decision has no options, which is reported: what uses it is not to blame.
    pub fn lacks_options(&self) -> bool {
        self.decisions.iter().any(|decision| decision.options.is_empty())
    }

    /// Whether some choice or decision has this option.
    pub fn is_option(&self, name: &str) -> bool {
        self.options().any(|option| option.as_ref() == name)
    }

    pub(super) fn options(&self) -> impl Iterator<Item = &Arc<str>> {
        let of_decisions = self.decisions.iter().flat_map(|decision| &decision.options).map(|option| &option.id);
        let domains = (0..self.facts.len()).flat_map(|index| self.columns(FactId(index as u32)));
        of_decisions.chain(domains.flat_map(|domain| &domain.options).map(|option| &option.id))
    }

    /// Whether a fact that is a choice, or a list of one, has this option.
    pub fn has_option(&self, fact: FactId, option: &str) -> bool {
        self.domain(fact).options.iter().any(|own| *own.id == *option)
    }

    /// The single-valued facts that have this option.
    pub fn with_option<'a>(&'a self, option: &'a str) -> impl Iterator<Item = FactId> + 'a {
        let ids = (0..self.facts.len()).map(|index| FactId(index as u32));
        let is_single = |fact: &FactId| matches!(self.facts[fact.index()].kind, FactKind::Single(_));
        ids.filter(is_single).filter(|fact| self.has_option(*fact, option))
    }

    /// The options that have this label.
    pub fn labelled<'a>(&'a self, label: &'a str) -> impl Iterator<Item = &'a Arc<str>> {
        let domains = (0..self.facts.len()).flat_map(|index| self.columns(FactId(index as u32)));
        let of_facts = domains.flat_map(|domain| &domain.options).map(|option| (&option.id, &option.label));
        let of_decisions = self.decisions.iter().flat_map(|decision| &decision.options);
        let all = of_facts.chain(of_decisions.map(|option| (&option.id, &option.name)));
        all.filter(move |(_, own)| own.as_deref() == Some(label)).map(|(id, _)| id)
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
    vocabulary.either = vocabulary.named_as_options();
    declare_conclusions(policy, &mut vocabulary, diagnostics);
    for concept in &policy.concepts {
        if let Some(id) = vocabulary.predicate_ids.get(&concept.name.node) {
            vocabulary.predicates[id.index()].means = concept.means.as_ref().map(|m| m.node.clone());
        }
    }
    vocabulary
}

fn declare_facts(policy: &Policy, vocabulary: &mut Vocabulary, out: &mut Vec<Diagnostic>) {
    let taken = concluded(policy);
    for fact in &policy.facts {
        let Some(kind) = kinds::of_fact(fact, out).filter(|_| !taken.contains(&fact.name.node)) else {
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

/// What rules conclude and the policy declares as that: a fact of such a name, which is reported, is none.
fn concluded(policy: &Policy) -> FxHashSet<Arc<str>> {
    let mut names: FxHashSet<Arc<str>> = policy.decisions.iter().map(|decision| decision.name.node.clone()).collect();
    let concepts: FxHashSet<&Arc<str>> = policy.concepts.iter().map(|concept| &concept.name.node).collect();
    let heads = policy.rules.iter().flat_map(|rule| &rule.clauses).map(|clause| &clause.head.name.node);
    names.extend(heads.filter(|head| concepts.contains(head)).cloned());
    names
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
        kinds::report_repeated_options(decision.options.iter().map(|o| &o.id), out);
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
            advisory: decision.advisory.unwrap_or_default(),
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
    if found.is_none() && !decision.options.is_empty() {
        let message = format!("the default `{}` is no option of `{}`", default.node, decision.name.node);
        let lower = default.node.to_lowercase();
        let is_name = |o: &&policy::DecisionOption| o.name.as_ref().is_some_and(|n| n.node.to_lowercase() == lower);
        let help = match decision.options.iter().find(is_name) {
            Some(option) => format!("write `{}`, whose name this is", option.id.node),
            None => option_help(&default.node, decision.options.iter().map(|o| o.id.node.as_ref())),
        };
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
            if !heads.contains_key(&name.node) && !vocabulary.given_up.contains(&name.node) {
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
