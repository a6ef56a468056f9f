//! A proof checker: holds a proof's JSON against a policy and an issue.
//!
//! What holds is found by [naive evaluation](crate::naive), by none of the engines and by nothing
//! that makes proofs. Each step must be an instance of its clause that holds, and lean on steps of
//! less height; each fact must be as the issue has it; each answer must follow from the steps. What
//! is there for people alone (`means`, `because`, `place`, why something is absent) is not judged.

mod effects;
mod overridden;

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use crate::engine::mentioned::Mentioned;
use crate::issue::{FactState, Issue};
use crate::naive::{Binding, CERTAIN, POSSIBLE, World};
use crate::program::{
    Clause, Decision, Fact, FactKind, Given, HitPolicy, Literal, LiteralKind, PredicateKind, Program,
};
use crate::value::Value;
use crate::verdict::Status;
use crate::verdict::hit_policy::Hit;

const PLANES: [&str; 2] = ["certain", "possible"];

/// Re-checks a proof.
///
/// # Errors
/// Everything that does not hold, in words.
pub fn verify(program: &Program, issue: &Issue, proof: &Json) -> Result<(), Vec<String>> {
    if proof["format"] != "remit-proof/1" {
        return Err(vec!["this is no proof that remit has written: `format` is not `remit-proof/1`".to_owned()]);
    }
    let policy = json!({ "name": &*program.name, "version": program.version.as_deref(), "digest": program.digest() });
    if proof["policy"] != policy {
        return Err(vec![format!("the proof is of another policy: its digest is not {}", program.digest())]);
    }
    let checker = Checker { program, issue, world: World::new(program, issue), steps: list(&proof["steps"]) };
    let steps = (0..checker.steps.len()).map(|index| checker.step(index).map_err(|why| format!("step {index}: {why}")));
    let decisions = program.decisions.iter().map(|decision| {
        let told = &proof["decisions"][&*decision.name];
        checker.decision(decision, told).map_err(|why| format!("decision {}: {why}", decision.name))
    });
    let rest = [checker.issue(proof), checker.all_needed(proof)];
    let faults: Vec<String> = steps.chain(decisions).chain(rest).filter_map(Result::err).collect();
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

struct Checker<'a> {
    program: &'a Program,
    issue: &'a Issue,
    world: World<'a>,
    steps: &'a [Json],
}

fn list(json: &Json) -> &[Json] {
    json.as_array().map_or(&[], Vec::as_slice)
}

fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

/// A value as a proof says it; `⊥` is null.
fn said(value: &Value) -> Json {
    match value {
        Value::Unknown => Json::Null,
        Value::Bool(it) => json!(it),
        Value::Integer(it) => json!(it),
        Value::Number(it) => json!(it.get()),
        other => json!(other.to_string()),
    }
}

fn all_said(values: &[Value]) -> Json {
    values.iter().map(said).collect()
}

/// A row of a fact as a proof says it.
fn row_said(fact: &Fact, row: &[Value]) -> Json {
    match &fact.kind {
        FactKind::Records(columns) => columns.iter().zip(row).map(|(c, v)| (c.name.to_string(), said(v))).collect(),
        _ => row.first().map_or(Json::Null, said),
    }
}

/// The plane that a step says, as an index.
fn plane(step: &Json) -> Option<usize> {
    PLANES.iter().position(|name| step["plane"] == *name)
}

impl Checker<'_> {
    /// The step of an id; null if there is none.
    fn at(&self, id: &Json) -> &Json {
        let index = id.as_u64().and_then(|id| usize::try_from(id).ok());
        index.and_then(|index| self.steps.get(index)).unwrap_or(&Json::Null)
    }

    /// The issue's id, and its status: the worst among its decisions, as `conflict` < `open` < `settled`.
    fn issue(&self, proof: &Json) -> Result<(), String> {
        let id = &self.issue.id;
        ensure(proof["id"] == **id, || format!("the proof is of another issue: its id is not `{id}`"))?;
        let binding = self.program.decisions.iter().filter(|decision| !decision.advisory);
        let status = binding.map(|decision| self.world.hit(decision).status.as_str()).min();
        let status = status.unwrap_or(Status::Settled.as_str());
        ensure(proof["status"] == status, || format!("the issue is {status}, not {}", proof["status"]))
    }

    /// Whether something rests on each step.
    fn all_needed(&self, proof: &Json) -> Result<(), String> {
        let premises = self.steps.iter().flat_map(|step| list(&step["premises"]));
        let mut named: Vec<&Json> = premises.map(|premise| &premise["support"]["step"]).collect();
        for decision in proof["decisions"].as_object().into_iter().flat_map(Map::values) {
            let options = ["certain", "open"].into_iter().flat_map(|key| list(&decision[key]));
            named.extend(options.flat_map(|option| list(&option["steps"])));
            named.extend(list(&decision["overridden"]).iter().map(|each| &each["step"]));
        }
        let named: BTreeSet<u64> = named.into_iter().filter_map(Json::as_u64).collect();
        let needless = (0..self.steps.len() as u64).find(|id| !named.contains(id));
        needless.map_or(Ok(()), |id| Err(format!("nothing rests on step {id}")))
    }

    /// Whether a step names the clause, as one of its relation's or of its rule's `applies`.
    fn names(&self, step: &Json, clause: &Clause) -> bool {
        step["rule"] == *self.program.rule(clause.rule).name
            && step["clause"] == *clause.text
            && step["relation"] == *self.program.predicate(clause.head).name
    }

    fn step(&self, index: usize) -> Result<(), String> {
        let step = &self.steps[index];
        let no_clause = || format!("the policy has no such clause: rule {}, {}", step["rule"], step["clause"]);
        let mut named = self.program.clauses.iter().filter(|clause| self.names(step, clause)).peekable();
        ensure(named.peek().is_some(), no_clause)?;
        let plane = plane(step).filter(|_| step["id"] == index);
        let plane = plane.ok_or("its number is not its place, or it has no plane")?;
        let found = named.find_map(|clause| Some((clause, self.binding(step, plane, clause)?)));
        let none = "under these bindings the clause does not hold, or concludes something else";
        let (clause, binding) = found.ok_or(none)?;
        let premises = list(&step["premises"]);
        let (told, wanted) = (premises.len(), clause.body.len());
        ensure(told == wanted, || format!("it has {told} premises, and the clause has {wanted} literals"))?;
        let mut height = 1;
        for (premise, literal) in premises.iter().zip(&clause.body) {
            let holds = PLANES[usize::from(!self.world.holds(CERTAIN, literal, &binding))];
            let fits = premise["literal"] == *literal.text && premise["holds"] == holds;
            ensure(fits, || format!("`{}` is {holds}, not what the premise says", literal.text))?;
            height = height.max(self.support(step, literal, &premise["support"], &binding)?.saturating_add(1));
        }
        ensure(step["height"] == height, || format!("its height is {height}, not {}", step["height"]))
    }

    /// The binding that a step says, if the clause holds under it and concludes the step's tuple.
    fn binding(&self, step: &Json, plane: usize, clause: &Clause) -> Option<Binding> {
        self.world.bindings(plane, clause).find(|binding| {
            let variables = clause.variables.iter().zip(binding);
            let bound = variables.filter_map(|(name, value)| Some((name.to_string(), said(value.as_ref()?))));
            step["bindings"] == Json::Object(bound.collect::<Map<_, _>>())
                && step["values"] == all_said(&self.world.head(clause, binding))
        })
    }

    /// Checks what a literal is said to rest on. Gives the height of the step it rests on, 0 if it is none.
    fn support(&self, step: &Json, literal: &Literal, support: &Json, binding: &Binding) -> Result<u64, String> {
        self.facts(support)?;
        let LiteralKind::Atom(atom) = &literal.kind else {
            let negated = matches!(literal.kind, LiteralKind::NotAtom(_) | LiteralKind::NotGroup(_));
            let kind = if negated { "absent" } else { "values" };
            ensure(support["kind"] == kind, || format!("`{}` rests on {kind}", literal.text))?;
            let facts = Mentioned::of(self.program, [literal]).and_below(self.program).facts;
            let mut facts: Vec<&str> = facts.iter().map(|id| &*self.program.fact(*id).name).collect();
            facts.sort_unstable();
            let named = || list(&support["facts"]).iter().map(|each| each["fact"].as_str().unwrap_or_default());
            let all = negated || named().eq(facts);
            return ensure(all, || format!("`{}` looks at other facts", literal.text)).map(|()| 0);
        };
        let relation = self.program.predicate(atom.predicate);
        let below = self.at(&support["step"]);
        let (from, to) = (plane(below).unwrap_or(POSSIBLE), plane(step).unwrap_or(CERTAIN));
        let (height, limit) = (below["height"].as_u64().unwrap_or(0), step["height"].as_u64().unwrap_or(0));
        let (kind, from, is_below) = match relation.kind {
            PredicateKind::Fact(_) => ("fact", to, support["fact"] == *relation.name),
            PredicateKind::Decided(id) => ("decided", to, support["decision"] == *self.program.decision(id).name),
            _ => ("step", from, from < to || (from == to && height < limit)),
        };
        let says = |tuple: &[Value]| match relation.kind {
            PredicateKind::Fact(fact) => {
                support.get("row").is_none_or(|row| *row == row_said(self.program.fact(fact), tuple))
            }
            PredicateKind::Decided(_) => support["value"] == said(&tuple[0]),
            _ => below["relation"] == *relation.name && below["values"] == all_said(tuple),
        };
        let mut tuples = self.world.tuples(from, atom.predicate).iter();
        let rests = tuples.any(|tuple| says(tuple) && self.world.supports(from, atom, tuple, binding));
        let fits = support["kind"] == kind && is_below && rests;
        ensure(fits, || format!("`{}` rests on nothing below it that concludes it: {support}", literal.text))?;
        Ok(height)
    }

    /// Whether the facts that a support names are as the issue has them.
    fn facts(&self, support: &Json) -> Result<(), String> {
        support.as_object().into_iter().flat_map(Map::values).flat_map(list).try_for_each(|inner| self.facts(inner))?;
        if support["kind"] != "fact" && support["fact"].is_null() {
            return Ok(());
        }
        let name = support["fact"].as_str().unwrap_or_default();
        let id = *self.program.fact_ids.get(name).ok_or_else(|| format!("there is no fact `{name}`"))?;
        let (fact, state) = (self.program.fact(id), self.issue.fact(id));
        let origin = match state {
            FactState::Given(_) => "given",
            FactState::Assumed(_) => "assumed",
            FactState::Unknown => "unknown",
        };
        let fits = match (support.get("row"), state.given()) {
            (Some(row), _) => self.world.tuples(POSSIBLE, fact.predicate).iter().any(|t| *row == row_said(fact, t)),
            (None, Some(Given::Rows(rows))) => {
                support["rows"] == rows.iter().map(|row| row_said(fact, row)).collect::<Json>()
            }
            (None, Some(Given::Value(value))) => support["value"] == said(value),
            (None, None) => support["value"].is_null(),
        };
        ensure(fits && support["kind"] == "fact" && support["origin"] == origin, || {
            format!("the issue says something else of `{name}`")
        })
    }

    fn decision(&self, decision: &Decision, told: &Json) -> Result<(), String> {
        let hit = self.world.hit(decision);
        same(decision, &hit, told)?;
        ensure(told["default"] == hit.from_default, || "whether it comes from the default is not as said".to_owned())?;
        for (last, key) in ["certain", "open"].into_iter().enumerate() {
            for option in list(&told[key]) {
                let concludes = |step: &Json| {
                    let says = step["values"][0] == option["option"] || step["values"][0].is_null();
                    says && step["relation"] == *decision.name && plane(step).is_some_and(|plane| plane <= last)
                };
                let steps: Vec<&Json> = list(&option["steps"]).iter().map(|id| self.at(id)).collect();
                let once = steps.is_sorted_by(|a, b| a["rule"].as_str() < b["rule"].as_str());
                let proved = !steps.is_empty() && once && steps.iter().all(|step| concludes(step));
                ensure(proved, || format!("no step concludes {}", option["option"]))?;
            }
        }
        let proved = |key: &str| -> Json { list(&told[key]).iter().map(|each| each["option"].clone()).collect() };
        ensure(proved("open") == ids(decision, &hit.open_options), || "other options keep it open".to_owned())?;
        let all = match hit.status {
            Status::Conflict => list(&told["certain"]).len() > 1,
            _ if hit.from_default => list(&told["certain"]).is_empty(),
            _ => proved("certain") == ids(decision, &hit.value),
        };
        ensure(all, || "its value is not proved".to_owned())?;
        self.overridden(decision, list(&told["overridden"]))?;
        let mut asked: Vec<&Json> = list(&told["effects"]).iter().map(|effect| &effect["fact"]).collect();
        asked.dedup();
        ensure(told["missing"] == json!(asked), || "it does not say what each missing fact would bring".to_owned())?;
        list(&told["effects"]).iter().try_for_each(|effect| effects::check(self.program, self.issue, decision, effect))
    }
}

fn ids(decision: &Decision, options: &[usize]) -> Json {
    options.iter().map(|option| json!(&*decision.options[*option].id)).collect()
}

/// Whether a proof says the value and status of a decision.
fn same(decision: &Decision, hit: &Hit, told: &Json) -> Result<(), String> {
    let ids = ids(decision, &hit.value);
    let value = if decision.hit_policy == HitPolicy::Collect { &ids } else { &ids[0] };
    let status = hit.status.as_str();
    let is_same = told["value"] == *value && told["status"] == status;
    ensure(is_same, || format!("it is {value}, {status}, not {}, {}", told["value"], told["status"]))
}
