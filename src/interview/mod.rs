//! Interviews: what is known of an issue → the next question, or that there is none left.
//!
//! Stateless: everything is found from the issue and what nobody knows. The question is the
//! one expected to settle the issue soonest; one that can change no decision is never asked.
//! Does not print.

pub mod answer;
mod chart;
mod greedy;
mod item;
mod label;
mod optimal;
mod progress;
mod question;
mod table;

use std::collections::BTreeSet;

use crate::engine::columnar::Compiled;
use crate::engine::{Interpretation, Model, Plan, evaluate_planned};
use crate::issue::{FactState, Issue};
use crate::program::{DecisionId, FactId, FactKind, Given, Program};
use crate::regions::{Uses, cases};
use crate::value::Value;
use crate::verdict::{Status, Verdict, hit_policy, judge_in};
pub use chart::Chart;
pub use item::Item;
pub use progress::Progress;
pub use question::{Answer, Candidates, End, Question, Step};
use table::{Axis, Case, Class, Table};

/// Leads interviews about a policy.
#[derive(Debug)]
pub struct Interviewer<'p> {
    program: &'p Program,
    plan: Plan,
    compiled: Compiled<'p>,
    uses: Uses,
}

impl<'p> Interviewer<'p> {
    /// For a policy; made once.
    pub fn new(program: &'p Program) -> Self {
        Self { program, plan: Plan::new(program), compiled: Compiled::new(program), uses: Uses::new(program) }
    }

    /// The policy.
    pub fn program(&self) -> &'p Program {
        self.program
    }

    /// The plan of the policy.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What follows from what is known.
    pub fn judged(&self, issue: &Issue) -> (Model, Verdict) {
        let model = evaluate_planned(self.program, &self.plan, issue);
        let verdict = judge_in(&Interpretation::new(self.program, &self.plan, issue, &model));
        (model, verdict)
    }

    /// What comes next. `progress` is about an issue of this policy.
    pub fn next(&self, progress: &Progress) -> Step {
        let (_, verdict) = self.judged(&progress.issue);
        let items = self.open_items(progress, &verdict);
        if items.is_empty() {
            return Step::Done(End { whatever: Vec::new() });
        }
        let candidates = self.candidates(&verdict);
        if candidates.iter().all(Candidates::is_one_option) {
            return Step::Done(End {
                whatever: candidates.into_iter().map(|one| (one.decision, one.options)).collect(),
            });
        }
        let complete = items.iter().map(|item| self.axis(&progress.issue, *item));
        let (axes, complete): (Vec<Axis>, Vec<bool>) = complete.unzip();
        let mut table = Table::new(&self.compiled, &progress.issue, axes);
        let is_whole = complete.iter().all(|complete| *complete) && table.cover == table::Cover::All;
        // A conflict that every answer leads to is asked for, so that the rules in conflict can be named.
        let is_told = |id: &DecisionId| verdict.outcomes[id.index()].status == Status::Conflict;
        let ends =
            |class: &&Class| is_whole && class.iter().all(|(id, _, status)| *status != Status::Conflict || is_told(id));
        if let Some(class) = table.only_class().filter(ends) {
            let settled = class.iter().filter(|(_, _, status)| *status == Status::Settled);
            return Step::Done(End { whatever: settled.map(|(id, value, _)| (*id, value.clone())).collect() });
        }
        table.merge();
        if table.axes.is_empty() {
            // The cases tell nothing apart, and are not all there are.
            let question = self.plain_question(progress, &verdict, items[0]);
            return Step::Ask(question);
        }
        let shares = table.shares();
        let (number, expected) = choose(&table, &shares);
        let axis = &table.axes[number];
        Step::Ask(match is_whole {
            true => self.told_question(&verdict, &table, axis, &shares[number], expected),
            false => self.plain_question(progress, &verdict, axis.item),
        })
    }

    /// What keeps decisions open that are not advisory, and may be known to somebody; in the author's order.
    pub fn open_items(&self, progress: &Progress, verdict: &Verdict) -> Vec<Item> {
        let mut items = BTreeSet::new();
        for outcome in &verdict.outcomes {
            if outcome.status != Status::Open || self.program.decision(outcome.decision).advisory {
                continue;
            }
            outcome.missing.iter().for_each(|fact| items.extend(self.items_of(&progress.issue, *fact)));
        }
        items.retain(|item| !progress.unanswerable.contains(item));
        items.into_iter().collect()
    }

    /// Facts that are assumed from their defaults although another value could change a decision that is
    /// not advisory, perhaps together with another assumed or unknown one; in the author's order.
    pub fn assumptions(&self, progress: &Progress) -> Vec<FactId> {
        let mut open = progress.clone();
        let assumed: Vec<FactId> = progress.issue.assumed().collect();
        for fact in &assumed {
            open.issue.facts[fact.index()] = FactState::Unknown;
        }
        let (_, verdict) = self.judged(&open.issue);
        let items = self.open_items(&open, &verdict);
        let could_matter: Vec<FactId> = items.iter().map(|item| item.fact()).filter(|f| assumed.contains(f)).collect();
        if could_matter.is_empty() {
            return could_matter;
        }
        let (axes, complete): (Vec<Axis>, Vec<bool>) = items.iter().map(|item| self.axis(&open.issue, *item)).unzip();
        if !complete.into_iter().all(|complete| complete) {
            return could_matter;
        }
        let mut table = Table::new(&self.compiled, &open.issue, axes);
        table.merge();
        let matters = |fact: &FactId| table.axes.iter().any(|axis| axis.item.fact() == *fact);
        could_matter.into_iter().filter(matters).collect()
    }

    /// Columns of a records fact that some rule looks at, or all if none does; those of a cell are looked at.
    pub fn columns(&self, fact: FactId) -> Vec<usize> {
        let used = &self.uses.of(fact).values;
        let read: Vec<usize> = (0..used.len()).filter(|column| used[*column].read).collect();
        if read.is_empty() { (0..used.len()).collect() } else { read }
    }

    /// The fact, or those of its cells that are not known and that some rule looks at.
    fn items_of(&self, issue: &Issue, fact: FactId) -> Vec<Item> {
        let Some(Given::Rows(rows)) = issue.fact(fact).given() else { return vec![Item::Fact(fact)] };
        let used = &self.uses.of(fact).values;
        let cells = rows.iter().enumerate().flat_map(|(row, cells)| {
            let unknown = cells.iter().zip(used).enumerate().filter(|(_, (cell, used))| cell.is_unknown() && used.read);
            unknown.map(move |(column, _)| Item::Cell { fact, row, column }).collect::<Vec<_>>()
        });
        cells.collect()
    }

    /// The cases of an item, and whether there are no others.
    fn axis(&self, issue: &Issue, item: Item) -> (Axis, bool) {
        let known = known_values(issue);
        let (cases, complete): (Vec<Case>, bool) = match (item, &self.program.fact(item.fact()).kind) {
            (Item::Cell { fact, column, .. }, FactKind::Records(columns)) => {
                let used = &self.uses.of(fact).values[column];
                let found = cases::of_value(&self.uses, &known, used, &columns[column].domain);
                (found.values.into_iter().map(Case::Cell).collect(), found.complete)
            }
            _ => {
                let found = cases::of_fact(self.program, &self.uses, &known, item.fact());
                (found.values.into_iter().map(Case::Fact).collect(), found.complete)
            }
        };
        let groups = self.groups(item, &cases);
        (Axis { item, cases, groups }, complete)
    }

    /// Options that no rule tells apart, together; all else is told apart already.
    fn groups(&self, item: Item, cases: &[Case]) -> Vec<Vec<usize>> {
        let column = if let Item::Cell { column, .. } = item { column } else { 0 };
        let used = &self.uses.of(item.fact()).values[column];
        let mut seen: Vec<Vec<bool>> = Vec::new();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for (number, case) in cases.iter().enumerate() {
            let (Case::Fact(Given::Value(value)) | Case::Cell(value)) = case else {
                groups.push(vec![number]);
                continue;
            };
            let answers: Vec<bool> = used.asked.iter().map(|asked| asked.holds(value)).collect();
            let is_option = matches!(value, Value::Symbol(_)) && !used.entangled;
            match seen.iter().position(|known| is_option && *known == answers) {
                Some(at) => groups[at].push(number),
                None => {
                    seen.push(answers);
                    groups.push(vec![number]);
                }
            }
        }
        groups
    }

    /// A question of which it is not known what its answers lead to.
    fn plain_question(&self, progress: &Progress, verdict: &Verdict, item: Item) -> Question {
        let (axis, _) = self.axis(&progress.issue, item);
        Question {
            item,
            candidates: self.candidates(verdict),
            answers: axis.cases.iter().map(|case| self.tried(progress, verdict, item, case)).collect(),
            expected: None,
        }
    }

    /// A question of which it is known what its answers lead to.
    fn told_question(
        &self,
        verdict: &Verdict,
        table: &Table,
        axis: &Axis,
        shares: &[Vec<f64>],
        expected: Option<f64>,
    ) -> Question {
        let open: Vec<DecisionId> = self.candidates(verdict).iter().map(|c| c.decision).collect();
        let of_case = |case: usize| {
            let group = axis.groups.iter().position(|group| group.contains(&case)).unwrap_or_default();
            let classes = shares[group].iter().zip(&table.classes).filter(|(share, _)| **share > 0.0);
            candidates_among(&open, &classes.map(|(_, class)| class).collect::<Vec<_>>())
        };
        let answer = |(number, case): (usize, &Case)| Answer { given: given_of(case), candidates: of_case(number) };
        Question {
            item: axis.item,
            candidates: candidates_among(&open, &table.classes.iter().collect::<Vec<_>>()),
            answers: axis.cases.iter().enumerate().map(answer).collect(),
            expected,
        }
    }

    /// What an answer leaves, as far as the planes tell.
    fn tried(&self, progress: &Progress, before: &Verdict, item: Item, case: &Case) -> Answer {
        let mut then = progress.clone();
        match (item, case) {
            (Item::Cell { fact, row, column }, Case::Cell(value)) => then.tell_cell(fact, row, column, value.clone()),
            (_, Case::Fact(given)) => then.tell(item.fact(), given.clone()),
            (Item::Fact(_), Case::Cell(_)) => {}
        }
        let (_, verdict) = self.judged(&then.issue);
        let open = self.candidates(before);
        let of = |c: &Candidates| self.possible(&verdict, c.decision);
        Answer { given: given_of(case), candidates: open.iter().map(of).collect() }
    }

    /// What may be decided by each decision that is open and not advisory, as far as the planes tell.
    pub fn candidates(&self, verdict: &Verdict) -> Vec<Candidates> {
        let counts = |id: &DecisionId| {
            let is_open = verdict.outcomes.get(id.index()).is_some_and(|o| o.status == Status::Open);
            is_open && !self.program.decision(*id).advisory
        };
        let ids = (0..self.program.decisions.len()).map(|index| DecisionId(index as u32)).filter(counts);
        ids.map(|id| self.possible(verdict, id)).collect()
    }

    fn possible(&self, verdict: &Verdict, id: DecisionId) -> Candidates {
        let decision = self.program.decision(id);
        let outcome = &verdict.outcomes[id.index()];
        let hit = hit_policy::apply(decision.hit_policy, decision.default, &outcome.certain, &outcome.possible);
        Candidates {
            decision: id,
            nothing: outcome.value.is_empty() && outcome.status != Status::Conflict,
            conflict: outcome.status == Status::Conflict
                || (decision.hit_policy == crate::program::HitPolicy::Unique && outcome.possible.len() > 1),
            options: hit.may_be_decided,
        }
    }
}

/// The axis to ask first, and how many questions are expected then.
fn choose(table: &Table, shares: &[Vec<Vec<f64>>]) -> (usize, Option<f64>) {
    if let Some(optimal) = optimal::Optimal::new(table, optimal::MOST) {
        let first = optimal.first();
        let number = least(&first);
        return (number, first.get(number).copied());
    }
    (least(&greedy::left(shares)), None)
}

/// The first of the least, within what rounding may do.
fn least(scores: &[f64]) -> usize {
    let mut best = 0;
    for (number, score) in scores.iter().enumerate() {
        if *score < scores[best] - 1e-5 * scores[best].abs() {
            best = number;
        }
    }
    best
}

fn given_of(case: &Case) -> Given {
    match case {
        Case::Fact(given) => given.clone(),
        Case::Cell(value) => Given::Value(value.clone()),
    }
}

fn candidates_among(open: &[DecisionId], classes: &[&Class]) -> Vec<Candidates> {
    let of_decision = |id: &DecisionId| {
        let mut found = Candidates { decision: *id, options: Vec::new(), nothing: false, conflict: false };
        let outcomes = classes.iter().flat_map(|class| class.iter()).filter(|(decision, _, _)| decision == id);
        for (_, value, status) in outcomes {
            found.conflict |= *status == Status::Conflict;
            found.nothing |= value.is_empty() && *status != Status::Conflict;
            found.options.extend(value);
        }
        found.options.sort_unstable();
        found.options.dedup();
        found
    };
    open.iter().map(of_decision).collect()
}

/// The values that an issue gives.
fn known_values(issue: &Issue) -> Vec<Value> {
    let mut known: Vec<Value> = Vec::new();
    for given in issue.facts.iter().filter_map(FactState::given) {
        match given {
            Given::Value(value) => known.push(value.clone()),
            Given::Rows(rows) => known.extend(rows.iter().flatten().filter(|cell| !cell.is_unknown()).cloned()),
        }
    }
    known
}
