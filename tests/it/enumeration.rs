//! Every issue of an abstraction, decided by the columnar engine: what `prove` claims, without
//! a solver.
//!
//! Shares nothing with the prover but the values that stand for all others.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use remit::engine::columnar::{BLOCK, Block, Compiled, Frame};
use remit::program::{
    Atom, Clause, ClauseId, CompareOp, Decision, DecisionId, DecisionOption, Expr, FactId, FactKind, Given, HitPolicy,
    InvariantKind, Literal, LiteralKind, Predicate, PredicateId, PredicateKind, Program, RuleId, Scalar, Stratum,
};
use remit::prove::{Abstraction, Claim};
use remit::value::Value;
use remit::verdict::Status;

/// What is decided for the issues of a block: by decision, the options that are its value, then the conflict.
type Planes = Vec<Vec<u64>>;

/// All issues of an abstraction; the first fact changes fastest.
pub struct Enumeration<'p> {
    program: &'p Program,
    /// What an issue may say of each fact.
    choices: Vec<Vec<Given>>,
    /// How many of the first facts change within a block.
    inner: usize,
    /// The issues of a block.
    count: usize,
    blocks: usize,
    /// By fact within a block and choice, the issues that say it.
    masks: Vec<Vec<Vec<u64>>>,
    /// Whether arithmetic may fail.
    calculates: bool,
    /// Whether issues in which it fails, as warnings tell, are looked at too.
    with_failures: bool,
}

impl<'p> Enumeration<'p> {
    pub fn new(program: &'p Program, abstraction: &Abstraction) -> Self {
        let choices: Vec<Vec<Given>> =
            (0..program.facts.len()).map(|fact| choices(program, abstraction, fact)).collect();
        let (mut inner, mut count) = (0, 1);
        while inner < choices.len() && count * choices[inner].len() <= BLOCK {
            count *= choices[inner].len();
            inner += 1;
        }
        let blocks = choices[inner..].iter().map(Vec::len).product();
        let mut stride = 1;
        let mut masks = Vec::new();
        for choices in &choices[..inner] {
            let says = |choice: usize| mask(count, |issue| issue / stride % choices.len() == choice);
            masks.push((0..choices.len()).map(says).collect());
            stride *= choices.len();
        }
        let shown = format!("{:?}{:?}", program.clauses, program.groups);
        let calculates = ["Binary", "Negate", "Sum"].iter().any(|word| shown.contains(word));
        Self { program, choices, inner, count, blocks, masks, calculates, with_failures: false }
    }

    /// The same, and issues in which arithmetic fails too.
    pub fn with_failures(self) -> Self {
        Self { with_failures: true, ..self }
    }

    /// Whether arithmetic may fail.
    pub fn calculates(&self) -> bool {
        self.calculates
    }

    /// How many issues there are.
    pub fn size(&self) -> u64 {
        (self.count * self.blocks) as u64
    }

    /// Of each claim, whether some issue decides it: refutes what is claimed of all, or shows what is claimed of some.
    pub fn decided(&self) -> BTreeMap<Claim, bool> {
        let probed = probed(self.program);
        let mut decided = self.read_off(&probed);
        let base = self.all(&self.planes_of(self.program));
        for fact in 0..self.choices.len() {
            decided.insert(Claim::FactMatters(FactId(fact as u32)), self.changes_with(fact, &base));
        }
        let variants: Vec<(Claim, Program)> = variants(self.program);
        let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        let work = || {
            while let Some((claim, variant)) = variants.get(next.fetch_add(1, Ordering::Relaxed)) {
                let differs = self.differs(variant, &base);
                found.lock().expect("no thread panics").push((*claim, differs));
            }
        };
        std::thread::scope(|scope| {
            (0..2).for_each(|_| drop(scope.spawn(work)));
        });
        decided.extend(found.into_inner().expect("no thread panics"));
        decided
    }

    /// What each option of the probe says, over all issues.
    fn read_off(&self, (program, claims): &(Program, Vec<Probe>)) -> BTreeMap<Claim, bool> {
        let mut decided = BTreeMap::new();
        let probe = self.program.decisions.len();
        for planes in &self.all(&self.planes_of(program)) {
            let own = &planes.decisions[..];
            let whole = &planes.sound;
            let any = |plane: &dyn Fn(usize) -> u64| (0..whole.len()).any(|word| plane(word) & whole[word] != 0);
            let mut note = |claim: Claim, here: bool| *decided.entry(claim).or_default() |= here;
            let probes = &own[probe];
            let concluded: BTreeMap<(DecisionId, usize), &Vec<u64>> = claims
                .iter()
                .zip(probes)
                .filter_map(|(claim, plane)| match claim {
                    Probe::Concluded(id, option) => Some(((*id, *option), plane)),
                    _ => None,
                })
                .collect();
            for (claim, plane) in claims.iter().zip(probes) {
                match claim {
                    Probe::Concluded(..) => {}
                    Probe::Invariant(number) => {
                        let never = self.program.invariants[*number].kind == InvariantKind::Never;
                        note(Claim::Invariant(*number), any(&|word| if never { plane[word] } else { !plane[word] }));
                    }
                    Probe::Clause(id) => {
                        note(Claim::ClauseHolds(*id), any(&|word| plane[word]));
                        note(Claim::RuleHolds(self.program.clause(*id).rule), any(&|word| plane[word]));
                    }
                }
            }
            for (index, decision) in self.program.decisions.iter().enumerate() {
                let id = DecisionId(index as u32);
                let options = decision.options.len();
                let of = |option: usize, word: usize| concluded[&(id, option)][word];
                note(Claim::NoGap(id), any(&|word| !(0..options).fold(0, |all, option| all | of(option, word))));
                note(Claim::NoConflict(id), any(&|word| own[index][options][word]));
                for (one, value) in own[index].iter().enumerate().take(options) {
                    note(Claim::OptionOccurs(id, one), any(&|word| value[word]));
                    for other in one + 1..options {
                        note(Claim::NoOverlap(id, one, other), any(&|word| of(one, word) & of(other, word)));
                    }
                }
            }
        }
        decided
    }

    /// Whether some decision is another where a fact is another.
    fn changes_with(&self, fact: usize, base: &[Decided]) -> bool {
        let codes: Vec<Option<u64>> = base.iter().flat_map(|block| block.codes(self.count)).collect();
        let stride: usize = self.choices[..fact].iter().map(Vec::len).product();
        let len = self.choices[fact].len();
        codes.chunks_exact(stride * len).any(|all| {
            (0..stride).any(|at| {
                let mut known = (0..len).filter_map(|choice| all[choice * stride + at]);
                known.next().is_some_and(|first| known.any(|code| code != first))
            })
        })
    }

    /// Whether some decision of a policy is another than known for some issue.
    fn differs(&self, variant: &Program, base: &[Decided]) -> bool {
        let compiled = self.planes_of(variant);
        let mut frame = Frame::new(&compiled);
        let mut block = compiled.block(self.count);
        base.iter().enumerate().any(|(number, before)| {
            let now = self.block(&compiled, &mut block, &mut frame, number);
            let pairs = before.decisions.iter().flatten().zip(now.decisions.iter().flatten());
            let sound: Vec<u64> = before.sound.iter().zip(&now.sound).map(|(a, b)| a & b).collect();
            pairs.into_iter().any(|(one, other)| (0..sound.len()).any(|w| (one[w] ^ other[w]) & sound[w] != 0))
        })
    }

    fn planes_of<'q>(&self, program: &'q Program) -> Compiled<'q> {
        Compiled::new(program)
    }

    /// What is decided for all issues, by block.
    fn all(&self, compiled: &Compiled<'_>) -> Vec<Decided> {
        let next = AtomicUsize::new(0);
        let found = Mutex::new(BTreeMap::new());
        let work = || {
            let mut frame = Frame::new(compiled);
            let mut block = compiled.block(self.count);
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= self.blocks {
                    break;
                }
                let decided = self.block(compiled, &mut block, &mut frame, number);
                found.lock().expect("no thread panics").insert(number, decided);
            }
        };
        std::thread::scope(|scope| {
            (0..2).for_each(|_| drop(scope.spawn(work)));
        });
        found.into_inner().expect("no thread panics").into_values().collect()
    }

    fn block(&self, compiled: &Compiled<'_>, block: &mut Block, frame: &mut Frame, number: usize) -> Decided {
        self.fill(block, number);
        let mut sound = mask(self.count, |_| true);
        if self.calculates && !compiled.whole(block, frame).is_complete() {
            for (issue, verdict) in compiled.verdicts(block, frame).iter().enumerate() {
                if !verdict.warnings.is_empty() {
                    sound[issue / 64] &= !(1 << (issue % 64));
                }
            }
        }
        let outcomes = compiled.outcomes(block, frame);
        let blank = || vec![0_u64; self.count.div_ceil(64)];
        let decisions = compiled.program().decisions.iter().enumerate().map(|(index, decision)| {
            let id = DecisionId(index as u32);
            let mut planes: Planes = Vec::new();
            for option in 0..decision.options.len() {
                let mut plane = blank();
                outcomes.with_option(id, option, &mut |at| plane[at / 64] |= 1 << (at % 64));
                planes.push(plane);
            }
            let mut conflict = blank();
            outcomes.with_status(id, Status::Conflict, &mut |at| conflict[at / 64] |= 1 << (at % 64));
            outcomes.with_status(id, Status::Open, &mut |at| {
                assert_eq!(sound[at / 64] >> (at % 64) & 1, 0, "nothing is open where everything is known");
            });
            planes.push(conflict);
            planes
        });
        let decisions = decisions.collect();
        if self.with_failures {
            sound = mask(self.count, |_| true);
        }
        Decided { decisions, sound }
    }

    fn fill(&self, block: &mut Block, number: usize) {
        block.clear();
        block.open_to(self.count);
        let whole = mask(self.count, |_| true);
        let mut rest = number;
        for (fact, choices) in self.choices.iter().enumerate() {
            let id = FactId(fact as u32);
            if fact < self.inner {
                for (given, mask) in choices.iter().zip(&self.masks[fact]) {
                    block.say_where(id, Some(given), mask);
                }
            } else {
                block.say_where(id, Some(&choices[rest % choices.len()]), &whole);
                rest /= choices.len();
            }
        }
        block.finish();
    }
}

/// What is decided for a block.
struct Decided {
    decisions: Vec<Planes>,
    /// The issues that are looked at.
    sound: Vec<u64>,
}

impl Decided {
    /// A number for what is decided for each issue that is looked at.
    fn codes(&self, count: usize) -> Vec<Option<u64>> {
        let code = |issue: usize| {
            let bits = self.decisions.iter().flatten().map(|plane| plane[issue / 64] >> (issue % 64) & 1);
            bits.fold(0_u64, |code, bit| code.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(7) ^ (bit + 1))
        };
        let is_sound = |issue: &usize| self.sound[issue / 64] >> (issue % 64) & 1 == 1;
        (0..count).map(|issue| is_sound(&issue).then(|| code(issue))).collect()
    }
}

fn mask(count: usize, holds: impl Fn(usize) -> bool) -> Vec<u64> {
    let mut words = vec![0; count.div_ceil(64)];
    (0..count).filter(|issue| holds(*issue)).for_each(|issue| words[issue / 64] |= 1 << (issue % 64));
    words
}

/// All that an issue may say of a fact.
fn choices(program: &Program, abstraction: &Abstraction, fact: usize) -> Vec<Given> {
    let kind = &program.facts[fact].kind;
    let columns = match kind {
        FactKind::Records(columns) => columns.len(),
        _ => 1,
    };
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for column in 0..columns {
        let values = abstraction.values(fact, column);
        let grown = |row: Vec<Value>| values.iter().map(move |value| [row.clone(), vec![value.clone()]].concat());
        rows = rows.into_iter().flat_map(grown).collect();
    }
    if let FactKind::Single(_) = kind {
        return rows.into_iter().flatten().map(Given::Value).collect();
    }
    let (mut all, mut longest) = (vec![Vec::new()], vec![Vec::new()]);
    for _ in 0..abstraction.rows(fact) {
        let with = |before: &Vec<Vec<Value>>| {
            let before = before.clone();
            rows.iter().map(move |row| [before.clone(), vec![row.clone()]].concat())
        };
        longest = longest.iter().flat_map(with).collect();
        all.extend(longest.iter().cloned());
    }
    if let FactKind::List(_) = kind {
        all.iter_mut().for_each(|values: &mut Vec<Vec<Value>>| {
            values.sort();
            values.dedup();
        });
    }
    all.into_iter().map(Given::Rows).collect()
}

/// What an option of the probe stands for.
enum Probe {
    Concluded(DecisionId, usize),
    Clause(ClauseId),
    Invariant(usize),
}

/// The policy with one more decision, of which an option is collected wherever an option of another
/// decision is concluded, a clause holds, or the body of an invariant does.
fn probed(program: &Program) -> (Program, Vec<Probe>) {
    let mut probed = program.clone();
    let mut probes = Vec::new();
    let (id, head) = (DecisionId(program.decisions.len() as u32), PredicateId(program.predicates.len() as u32));
    let decided = PredicateId(head.0 + 1);
    let mut bodies: Vec<(usize, Vec<Literal>, Vec<std::sync::Arc<str>>)> = Vec::new();
    for (index, decision) in program.decisions.iter().enumerate() {
        for (option, declared) in decision.options.iter().enumerate() {
            let args = vec![Expr::Constant(Value::Symbol(declared.id.clone()))];
            let atom = LiteralKind::Atom(Atom { predicate: decision.predicate, args });
            bodies.push((probes.len(), vec![literal(atom, decision.span)], Vec::new()));
            probes.push(Probe::Concluded(DecisionId(index as u32), option));
        }
    }
    for rule in &program.rules {
        for clause in &rule.clauses {
            let own = program.clause(*clause);
            bodies.push((probes.len(), own.body.clone(), own.variables.clone()));
            probes.push(Probe::Clause(*clause));
        }
    }
    for (number, invariant) in program.invariants.iter().enumerate() {
        let alternatives = invariant.body.alternatives.iter();
        bodies.extend(alternatives.map(|body| (probes.len(), body.clone(), invariant.body.variables.clone())));
        probes.push(Probe::Invariant(number));
    }
    let options: Vec<std::sync::Arc<str>> = (0..probes.len()).map(|number| format!("p{number}").into()).collect();
    let Some(span) = program.decisions.first().map(|decision| decision.span) else { return (probed, probes) };
    let mut stratum = Stratum { predicates: vec![head], ..Stratum::default() };
    for (number, body, variables) in bodies {
        stratum.clauses.push(ClauseId(probed.clauses.len() as u32));
        let args = vec![Expr::Constant(Value::Symbol(options[number].clone()))];
        probed.clauses.push(Clause { rule: RuleId(0), head, args, body, variables, span, text: "probe".into() });
    }
    let place = program.strata.len();
    let predicate = |name: &str, kind| Predicate {
        name: name.into(),
        kind,
        arity: 1,
        columns: vec![Some(Scalar::Choice)],
        options: vec![options.clone()],
        means: None,
        stratum: place,
    };
    probed.predicates.push(predicate("probe", PredicateKind::Decision(id)));
    probed.predicates.push(predicate("decided probe", PredicateKind::Decided(id)));
    probed.strata.push(stratum);
    let option = |id: &std::sync::Arc<str>| DecisionOption { id: id.clone(), name: None, action: None };
    probed.decisions.push(Decision {
        name: "probe".into(),
        span,
        question: "?".into(),
        hit_policy: HitPolicy::Collect,
        default: None,
        advisory: true,
        options: options.iter().map(option).collect(),
        predicate: head,
        decided,
    });
    (probed, probes)
}

fn literal(kind: LiteralKind, span: remit::source::Span) -> Literal {
    Literal { kind, span, text: "probe".into() }
}

/// The policy without each rule, and without each clause of a rule of several.
fn variants(program: &Program) -> Vec<(Claim, Program)> {
    let mut variants = Vec::new();
    for (index, rule) in program.rules.iter().enumerate() {
        let id = RuleId(index as u32);
        let copies: Vec<ClauseId> = (0..program.clauses.len())
            .map(|clause| ClauseId(clause as u32))
            .filter(|clause| program.predicate(program.clause(*clause).head).kind == PredicateKind::Applies(id))
            .collect();
        let all = rule.clauses.iter().chain(&copies);
        variants.push((Claim::RuleMatters(id), without(program, all)));
        if rule.clauses.len() > 1 {
            for (at, clause) in rule.clauses.iter().enumerate() {
                let gone = [*clause].into_iter().chain(copies.get(at).copied()).collect::<Vec<_>>();
                variants.push((Claim::ClauseMatters(*clause), without(program, &gone)));
            }
        }
    }
    variants
}

/// The policy in which some clauses never hold.
fn without<'c>(program: &Program, clauses: impl IntoIterator<Item = &'c ClauseId>) -> Program {
    let mut program = program.clone();
    for id in clauses {
        let clause = &mut program.clauses[id.index()];
        let [left, right] = [0, 1].map(|number| Expr::Constant(Value::Integer(number)));
        let never = literal(LiteralKind::Compare { left, op: CompareOp::Eq, right }, clause.span);
        // What its other literals calculate cannot fail any more, but variables of the head must be bound.
        if !clause.args.iter().any(|arg| matches!(arg, Expr::Variable(_))) {
            clause.body.clear();
        }
        clause.body.insert(0, never);
    }
    program
}
