//! Checking: a [`Policy`] → a [`Program`] and diagnostics.
//!
//! Never stops at the first fault and never prints. Most checks have a file of their own;
//! names and arities are judged while clauses are resolved (`resolve`), types while they
//! are settled (`typing`).

mod ambiguous_name;
mod assemble;
pub mod because;
mod blame;
mod broken;
mod canonical;
mod capitals;
mod consequences;
mod dependencies;
mod either;
mod graph;
mod ir;
mod kinds;
mod lower;
mod lower_case_variable;
mod many_values;
mod mentions;
mod missing_because;
mod names;
mod negation_cycle;
mod nested_keys;
mod never_holds;
mod no_default;
mod option_condition;
mod option_never_concluded;
mod order;
mod overrides;
mod proposed;
mod query;
mod ranges;
mod resolve;
mod safety;
mod scenarios;
mod singleton_variable;
mod slashes;
mod subsumed_rule;
mod subsumption;
mod types;
mod typing;
mod unbounded_arithmetic;
mod unused_conclusion;
mod unused_fact;
mod vocabulary;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use crate::diagnostic::{self, Code, Diagnostic, Severity};
use crate::policy::{self, Extent, Policy};
use crate::program::{Clause, ClauseId, Invariant, PredicateId, Program, Rule, RuleId};
use crate::source::Sources;

use assemble::Assembler;
use broken::Broken;
use overrides::Override;
use resolve::Resolved;
use types::Columns;
use vocabulary::Vocabulary;

pub use query::{compile_query, compile_query_apart};

/// A policy whose clauses are resolved and settled, before it is put together.
struct Draft<'a> {
    policy: &'a Policy,
    vocabulary: Vocabulary,
    columns: Columns,
    /// Sorted by name; indexed by [`RuleId`].
    rules: Vec<DraftRule<'a>>,
    overrides: Vec<Override>,
}

/// A rule of a draft.
struct DraftRule<'a> {
    rule: &'a policy::Rule,
    /// Lowered clauses, sorted by their texts.
    clauses: Vec<ir::Clause>,
    /// What is left of clauses in which something is not resolved.
    rests: Vec<ir::Clause>,
    /// Rules that override it, sorted.
    overridden_by: Vec<RuleId>,
}

impl Draft<'_> {
    /// The rules that a rule overrides.
    fn overridden_by(&self, rule: usize) -> impl Iterator<Item = RuleId> + '_ {
        self.overrides.iter().filter(move |each| each.by.index() == rule).map(|each| each.overridden)
    }

    /// The written decisions, one for each of the vocabulary's.
    fn decisions(&self) -> impl Iterator<Item = &policy::Decision> {
        self.vocabulary.decisions.iter().filter_map(|d| self.policy.decisions.iter().find(|w| w.name.node == d.name))
    }
}

/// Checks a policy. The diagnostics are those of this stage alone, sorted; the program is
/// `None` if any of them, or of the loader's, is an error. Of a policy of which not all could be
/// read, nothing is told that may be otherwise in what is missing: no warnings, no unknown names.
pub fn check(policy: &Policy, sources: &Sources) -> (Option<Program>, Vec<Diagnostic>) {
    run(policy, sources, Depth::Full)
}

/// Checks a policy for errors alone; scenarios are left out. The result is otherwise as [`check`] gives it.
pub fn compile(policy: &Policy, sources: &Sources) -> (Option<Program>, Vec<Diagnostic>) {
    run(policy, sources, Depth::Errors)
}

/// How much is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// What makes a program impossible.
    Errors,
    /// Warnings and scenarios as well.
    Full,
}

fn run(policy: &Policy, sources: &Sources, depth: Depth) -> (Option<Program>, Vec<Diagnostic>) {
    let mut out = Vec::new();
    names::check(policy, &mut out);
    // What a name should be is what it is from here on, so that nobody is told to write it as it may not be.
    let proposed = out.iter().any(|found| found.code == Code::BadName).then(|| proposed::as_proposed(policy));
    let policy = proposed.as_ref().unwrap_or(policy);
    nested_keys::check(policy, sources, &mut out);
    let draft = draft(policy, &mut out);
    let mut program = put_together(&draft, &mut out);
    let dependencies = dependencies::Dependencies::new(&program);
    negation_cycle::check(&program, &dependencies, &mut out);
    unbounded_arithmetic::check(&program, &mut out);
    if depth == Depth::Full {
        warn(&draft, &mut out);
    }
    dependencies.stratify(&mut program);
    if depth == Depth::Full {
        scenarios::add(&draft, &mut program, &mut out);
    }
    consequences::take_out(policy, sources, &mut out);
    diagnostic::sort(&mut out, sources);
    let usable = policy.header.is_some() && !policy.faulty && !diagnostic::has_errors(&out);
    (usable.then_some(program), out)
}

/// Loads and checks what decisions follow from in the policy at a path: its program, without scenarios,
/// unless there are errors, and the errors, sorted. Warnings, and what is wrong with scenarios, are for [`load`].
pub fn load_to_decide(path: &Path, sources: &mut Sources) -> (Option<Program>, Vec<Diagnostic>) {
    let (policy, mut diagnostics) = policy::load_extent(path, Extent::Decisions, sources);
    let (program, found) = compile(&policy, sources);
    diagnostics.extend(found);
    diagnostics.retain(|diagnostic| diagnostic.severity() == Severity::Error);
    diagnostic::sort(&mut diagnostics, sources);
    (program, diagnostics)
}

/// Loads and checks the policy at a path: its program, unless there are errors, and every diagnostic, sorted. The
/// policy's files are added to `sources`, with which diagnostics are shown.
///
/// ```
/// use std::path::Path;
/// use remit::report::{diagnostics, look::Look};
///
/// let mut sources = remit::source::Sources::default();
/// let (program, found) = remit::check::load(Path::new("policies/escalation"), &mut sources);
/// let program = program.ok_or_else(|| diagnostics::text(&found, &sources, Look::default()))?;
/// assert_eq!(&*program.name, "escalation");
///
/// let (nothing, found) = remit::check::load(Path::new("no/such/folder"), &mut sources);
/// assert!(nothing.is_none() && !found.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn load(path: &Path, sources: &mut Sources) -> (Option<Program>, Vec<Diagnostic>) {
    let (policy, mut diagnostics) = policy::load(path, sources);
    let (program, found) = check(&policy, sources);
    diagnostics.extend(found);
    diagnostic::sort(&mut diagnostics, sources);
    (program, diagnostics)
}

/// Loads and checks a policy from texts, each with the path it is shown under, as [`policy::load_texts`] reads
/// them: its program, unless there are errors, the texts, and every diagnostic, sorted. Reads no disk.
pub fn load_texts(files: Vec<(PathBuf, String)>, root: PathBuf) -> (Option<Program>, Sources, Vec<Diagnostic>) {
    let (policy, sources, mut diagnostics) = policy::load_texts(files, root);
    let (program, found) = check(&policy, &sources);
    diagnostics.extend(found);
    diagnostic::sort(&mut diagnostics, &sources);
    (program, sources, diagnostics)
}

fn draft<'a>(policy: &'a Policy, out: &mut Vec<Diagnostic>) -> Draft<'a> {
    let vocabulary = vocabulary::declare(policy, out);
    let mut written: Vec<&policy::Rule> = policy.rules.iter().collect();
    written.sort_by(|a, b| a.name.node.cmp(&b.name.node));
    written.dedup_by(|a, b| a.name.node == b.name.node);
    let ids: FxHashMap<Arc<str>, RuleId> =
        written.iter().enumerate().map(|(i, rule)| (rule.name.node.clone(), RuleId(i as u32))).collect();
    let overrides = overrides::resolve(policy, &ids, &written, out);
    let mut rules: Vec<DraftRule<'a>> = written
        .into_iter()
        .map(|rule| {
            let Resolved { clauses, rests } = resolve_rule(&vocabulary, rule, out);
            DraftRule { rule, clauses, rests, overridden_by: Vec::new() }
        })
        .collect();
    for each in &overrides {
        rules[each.overridden.index()].overridden_by.push(each.by);
    }
    either::settle_all(&vocabulary, &mut rules.iter_mut().flat_map(|rule| &mut rule.clauses).collect::<Vec<_>>());
    let all: Vec<&ir::Clause> = rules.iter().flat_map(|rule| &rule.clauses).collect();
    let columns = types::infer(&vocabulary, &all);
    for rule in &mut rules {
        for clause in &mut rule.clauses {
            typing::check(&vocabulary, &columns, clause, out);
        }
        // Before what is left of clauses loses what has no type.
        because::check(&vocabulary, rule.rule, &rule.clauses, &rule.rests, out);
        for rest in &mut rule.rests {
            typing::check_rest(&vocabulary, &columns, rest, out);
        }
    }
    Draft { policy, vocabulary, columns, rules, overrides }
}

fn resolve_rule(vocabulary: &Vocabulary, rule: &policy::Rule, out: &mut Vec<Diagnostic>) -> Resolved {
    let counts = rule.clauses.iter().map(|clause| clause.body.as_ref().map_or(1, lower::count));
    let count = counts.fold(0, usize::saturating_add);
    if count > lower::LIMIT {
        out.push(resolve::too_many(count, rule.says));
        return Resolved::default();
    }
    let mut resolved = Resolved::default();
    let because = rule.because.as_ref().map(|because| because.text.as_str());
    for clause in &rule.clauses {
        let meant = lower_case_variable::as_meant(vocabulary, clause, out);
        let clause = meant.as_ref().unwrap_or(clause);
        singleton_variable::check(vocabulary, clause, because, out);
        resolve::rule_clause(vocabulary, clause, &mut resolved, out);
    }
    for clause in resolved.clauses.iter().chain(&resolved.rests) {
        safety::check(vocabulary, clause, &resolved.clauses, out);
    }
    resolved.clauses.sort_by(|a, b| a.text.cmp(&b.text));
    resolved
}

fn put_together(draft: &Draft<'_>, out: &mut Vec<Diagnostic>) -> Program {
    let header = draft.policy.header.as_ref();
    let text = |text: Option<&policy::Text>| text.map(|t| t.node.clone());
    let vocabulary = &draft.vocabulary;
    let mut program = Program {
        name: header.map_or_else(|| Arc::from(""), |h| h.name.node.clone()),
        version: text(header.and_then(|h| h.version.as_ref())),
        summary: text(header.and_then(|h| h.summary.as_ref())),
        digest: OnceLock::new(),
        facts: vocabulary.facts.clone(),
        predicates: vocabulary.predicates.clone(),
        rules: Vec::with_capacity(draft.rules.len()),
        clauses: Vec::with_capacity(draft.rules.iter().map(|rule| rule.clauses.len()).sum()),
        groups: Vec::new(),
        decisions: vocabulary.decisions.clone(),
        strata: Vec::new(),
        scenarios: Vec::new(),
        invariants: Vec::new(),
        fact_ids: vocabulary.fact_ids.clone(),
        predicate_ids: vocabulary.predicate_ids.clone(),
        decision_ids: vocabulary.decision_ids.clone(),
    };
    draft.columns.record(&mut program.predicates);
    let mut assembler = Assembler::default();
    for (index, rule) in draft.rules.iter().enumerate() {
        add_rule(RuleId(index as u32), rule, &mut program, &mut assembler);
    }
    add_overrides(draft, &mut program);
    add_invariants(draft, &mut program, &mut assembler, out);
    program.groups = assembler.groups;
    // It serves the digest alone, which no faulty policy has.
    let is_faulty = diagnostic::has_errors(out);
    for (rule, draft) in program.rules.iter_mut().zip(&draft.rules) {
        if is_faulty {
            continue;
        }
        rule.canonical = draft.clauses.iter().map(|clause| canonical::clause(vocabulary, clause)).collect();
        rule.canonical.sort();
        rule.canonical.dedup();
    }
    program
}

fn add_rule(id: RuleId, rule: &DraftRule<'_>, program: &mut Program, assembler: &mut Assembler) {
    let mut clauses = Vec::new();
    for clause in &rule.clauses {
        let Some(head) = clause.head else { continue };
        clauses.push(ClauseId(program.clauses.len() as u32));
        program.clauses.push(assembler.clause(id, head, clause));
    }
    program.rules.push(Rule {
        name: rule.rule.name.node.clone(),
        span: rule.rule.name.span,
        because: rule.rule.because.as_ref().map(|b| Arc::from(b.text.as_str())),
        source: rule.rule.source.as_ref().map(|s| s.node.clone()),
        overridden_by: rule.overridden_by.clone(),
        clauses,
        canonical: Vec::new(),
    });
}

/// Puts the literals of overrides into the overridden clauses, then adds the clauses of `applies`.
fn add_overrides(draft: &Draft<'_>, program: &mut Program) {
    let mut applies: FxHashMap<RuleId, PredicateId> = FxHashMap::default();
    for each in &draft.overrides {
        applies.entry(each.by).or_insert_with(|| {
            let rule = program.rule(each.by);
            let predicate = crate::program::Predicate {
                name: Arc::from(format!("applies {}", rule.name)),
                kind: crate::program::PredicateKind::Applies(each.by),
                arity: 0,
                columns: Vec::new(),
                options: Vec::new(),
                means: None,
                stratum: 0,
            };
            program.predicates.push(predicate);
            PredicateId(program.predicates.len() as u32 - 1)
        });
    }
    for each in &draft.overrides {
        let name = program.rule(each.by).name.clone();
        for id in program.rule(each.overridden).clauses.clone() {
            let literal = overrides::literal(applies[&each.by], &name, each.span);
            program.clauses[id.index()].body.push(literal);
        }
    }
    let mut sorted: Vec<_> = applies.into_iter().collect();
    sorted.sort();
    for (rule, predicate) in sorted {
        for id in program.rule(rule).clauses.clone() {
            let clause = program.clause(id);
            let body = assemble::written_body(clause);
            let clause = Clause { head: predicate, args: Vec::new(), body, ..clause.clone() };
            program.clauses.push(clause);
        }
    }
}

fn add_invariants(draft: &Draft<'_>, program: &mut Program, assembler: &mut Assembler, out: &mut Vec<Diagnostic>) {
    use crate::policy::Claim;
    use crate::program::InvariantKind;
    for invariant in &draft.policy.invariants {
        let (kind, body) = match &invariant.claim {
            Some(Claim::Never(body)) => (InvariantKind::Never, body),
            Some(Claim::Always(body)) => (InvariantKind::Always, body),
            None => continue,
        };
        singleton_variable::check_body(&draft.vocabulary, body, out);
        let sides = query::sides(&draft.vocabulary, &draft.columns, body, query::Answer::Whether, out);
        let text = Arc::from(crate::syntax::print::print_formula(body).to_string());
        program.invariants.push(Invariant {
            name: invariant.name.node.clone(),
            span: invariant.name.span,
            kind,
            body: assembler.query(&sides, text, body.span),
        });
    }
}

fn warn(draft: &Draft<'_>, out: &mut Vec<Diagnostic>) {
    // A rule of which nothing could be read may use, and conclude, all that seems to be idle.
    let is_all_there = !draft.policy.has_silent_rules();
    let mentions = mentions::collect(draft.policy);
    if is_all_there {
        unused_fact::check(&draft.vocabulary, &mentions, out);
    }
    let misspelt = is_all_there.then(|| unused_conclusion::check(draft.policy, &draft.vocabulary, &mentions, out));
    ambiguous_name::check(draft.policy, &draft.vocabulary, out);
    no_default::check(draft.policy, out);
    missing_because::check(draft.policy, out);
    // What follows judges whole clauses, and would be misled by those that are broken.
    let broken = Broken::new(draft, out);
    if let Some(misspelt) = misspelt.filter(|_| broken.leaves_rules_whole()) {
        option_never_concluded::check(draft, &misspelt, out);
    }
    never_holds::check(draft, &broken, out);
    subsumed_rule::check(draft, &broken, out);
}
