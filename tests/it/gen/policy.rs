//! Random policies: relations in layers, each concluded by a few rules over the layers below.

use std::collections::BTreeSet;

use remit::value::Value;

use super::body::{Context, bit};
use super::domain;
use super::gene::{Gene, NodeGene, PolicyGene, Tape};
use super::schema::{self, Relation, Schema};
use super::strata;
use super::tree::{Clause, Decision, Expr, Formula, Policy, Rule, Type};

/// A relation that rules conclude.
struct Node {
    name: String,
    columns: Vec<Type>,
    layer: usize,
    decision: Option<Decision>,
}

/// The policy of a gene.
pub fn build(gene: &PolicyGene) -> Policy {
    let facts = schema::facts(&gene.facts);
    let mut schema = Schema::of(&facts);
    let mut nodes = nodes(&gene.nodes);
    let mut policy = Policy { facts, ..Policy::default() };
    for first in 0..nodes.len() {
        let layer = nodes[first].layer;
        if first > 0 && nodes[first - 1].layer == layer {
            continue;
        }
        let members: Vec<usize> = (first..nodes.len()).filter(|i| nodes[*i].layer == layer).collect();
        let at = schema.relations.len();
        members.iter().for_each(|i| schema.relations.push(nodes[*i].relation()));
        for index in &members {
            for (number, rule) in gene.nodes[*index].rules.iter().enumerate() {
                let name = format!("r{}", policy.rules.len());
                let mut clauses = Vec::new();
                for gene in rule {
                    // Each node has at least the first clause of its first rule.
                    let elsewhere = number > 0 || !clauses.is_empty();
                    clauses.push(clause_of(&schema, &mut nodes, *index, elsewhere, gene));
                }
                policy.rules.push(Rule { name, clauses, overrides: Vec::new() });
            }
        }
        // Only above this layer may rules rely on the options that reach a column.
        for (offset, index) in members.iter().enumerate() {
            schema.relations[at + offset].columns.clone_from(&nodes[*index].columns);
        }
        for index in members {
            if let Some(decision) = nodes[index].decision.clone() {
                let decided = Relation { decided: true, ..nodes[index].relation() };
                schema.relations.push(decided);
                policy.decisions.push(decision);
            }
        }
    }
    for (node, gene) in nodes.iter().zip(&gene.nodes) {
        write_integers(&mut policy, node, &mut Tape::new(&gene.choices));
    }
    add_overrides(&mut policy, &gene.overrides);
    policy
}

fn nodes(genes: &[NodeGene]) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    for (index, gene) in genes.iter().enumerate() {
        let tape = &mut Tape::new(&gene.choices);
        let together = tape.chance(4);
        let layer = nodes.last().map_or(1, |last| if together { last.layer } else { last.layer + 1 });
        // The last is a decision, for there must be one.
        let last = index + 1 == genes.len();
        let decision = (last || tape.chance(5)).then(|| decision(index, last && !together, tape));
        let columns = match &decision {
            Some(decision) => {
                let all = decision.options.iter().fold(0, |bits, option| bits | bit(&Value::symbol(option)));
                vec![Type::Choice(all)]
            }
            None => (0..tape.weighted(&[(3, 1), (3, 0), (3, 2)])).map(|_| schema::column(tape)).collect(),
        };
        let name = match &decision {
            Some(decision) => decision.name.clone(),
            None => format!("p{index}"),
        };
        nodes.push(Node { name, columns, layer, decision });
    }
    nodes
}

fn decision(index: usize, last: bool, tape: &mut Tape) -> Decision {
    let options = domain::decision_options(last, tape);
    let hit_policy = *tape.one(&["priority", "unique", "collect"]).expect("there are some");
    let default = if hit_policy != "collect" && tape.chance(8) { tape.one(&options).copied() } else { None };
    Decision { name: format!("d{index}"), hit_policy, options, default, advisory: tape.chance(3) }
}

impl Node {
    fn relation(&self) -> Relation {
        let (name, columns) = (self.name.clone(), self.columns.clone());
        Relation { name, columns, named: Vec::new(), layer: self.layer, decided: false }
    }
}

/// A clause of a rule of a node. It concludes the node, or now and then one before it.
fn clause_of(schema: &Schema, nodes: &mut [Node], index: usize, elsewhere: bool, gene: &Gene) -> Clause {
    let tape = &mut Tape::new(&gene.choices);
    let index = if elsewhere && tape.chance(2) { tape.below(index + 1) } else { index };
    let mut reached = nodes[index].columns.clone();
    let clause = clause(schema, &nodes[index], &mut reached, gene);
    nodes[index].columns = reached;
    clause
}

/// A clause that concludes the node; notes in `reached` which options reach its columns.
fn clause(schema: &Schema, node: &Node, reached: &mut [Type], gene: &Gene) -> Clause {
    let mut context = Context::new(schema, node.layer);
    let mut body = context.literals(&gene.inner);
    let tape = &mut Tape::new(gene.choices.get(1..).unwrap_or(&[]));
    let computed = if context.recursive { computed(&body) } else { BTreeSet::new() };
    let mut args = Vec::new();
    for (column, reached) in reached.iter_mut().enumerate() {
        let (arg, options) = head_arg(&mut context, node, column, &computed, (&mut *tape, &gene.inner));
        if let (Type::Choice(known), None) = (*reached, &node.decision) {
            *reached = Type::Choice(known | options);
        }
        args.push(arg);
    }
    let head = args.iter().map(|arg| format!(" {arg} ")).collect::<String>();
    context.use_equations(&[], &head, &mut body);
    tape.shuffle(&mut body);
    Clause { head: node.name.clone(), args, body }
}

/// An argument of the head, and the options it may be.
fn head_arg(
    context: &mut Context,
    node: &Node,
    column: usize,
    computed: &BTreeSet<String>,
    (tape, inner): (&mut Tape, &[Gene]),
) -> (Expr, u8) {
    let ty = node.columns[column];
    let bound: Vec<_> =
        context.bound.iter().filter(|b| b.ty.fits(ty) && !computed.contains(&b.name)).cloned().collect();
    let constant = match (ty, &node.decision) {
        (Type::Choice(_), None) => domain::constant(Type::Choice(0b111), tape),
        (Type::Choice(_), Some(decision)) => tape.one(&decision.options).map(|o| Value::symbol(o)),
        _ => domain::constant(ty, tape),
    };
    let constant = constant.expect("every type has a constant");
    let options = bit(&constant);
    let case = tape.weighted(&[(6, 0), (3, 1), (2, 2)]);
    if case == 0
        && let Some(variable) = tape.one(&bound)
    {
        let options = if let Type::Choice(bits) = variable.ty { bits } else { 0 };
        return (Expr::Variable(variable.name.clone()), options);
    }
    if case == 2
        && !context.recursive
        && let Some(expr) = context.expr(ty, tape, inner, 2)
        && !matches!(expr, Expr::Constant(_))
    {
        return (expr, 0);
    }
    (Expr::Constant(constant), options)
}

/// Variables whose value may have passed through arithmetic, if the equations of a body are
/// read in any direction: a recursion may not carry them on.
fn computed(body: &[Formula]) -> BTreeSet<String> {
    let mut computed = BTreeSet::new();
    loop {
        let before = computed.len();
        body.iter().for_each(|literal| note_computed(literal, &mut computed));
        if computed.len() == before {
            return computed;
        }
    }
}

fn note_computed(literal: &Formula, computed: &mut BTreeSet<String>) {
    match literal {
        Formula::Or(sides) => sides.iter().flatten().for_each(|inner| note_computed(inner, computed)),
        Formula::Group(inner) => inner.iter().for_each(|inner| note_computed(inner, computed)),
        Formula::Not(inner) => note_computed(inner, computed),
        Formula::Compare(left, _, right) => {
            for (one, other) in [(left, right), (right, left)] {
                let Expr::Variable(name) = one else { continue };
                let from = match other {
                    Expr::Variable(other) => computed.contains(other),
                    other => !other.is_plain(),
                };
                if from {
                    computed.insert(name.clone());
                }
            }
        }
        _ => {}
    }
}

/// "An integer constant is a number where one is expected": writes some numbers of a head
/// column as integers, but not all.
fn write_integers(policy: &mut Policy, node: &Node, tape: &mut Tape) {
    for column in (0..node.columns.len()).filter(|column| node.columns[*column] == Type::Number) {
        let clauses = policy.rules.iter_mut().flat_map(|rule| &mut rule.clauses).filter(|c| c.head == node.name);
        let args: Vec<&mut Expr> = clauses.map(|clause| &mut clause.args[column]).collect();
        let mut constants: Vec<&mut Expr> = args.into_iter().filter(|arg| matches!(arg, Expr::Constant(_))).collect();
        tape.shuffle(&mut constants);
        for constant in constants.into_iter().skip(1) {
            if let Expr::Constant(value) = constant
                && tape.chance(8)
            {
                *value = match value.to_string().as_str() {
                    "0.0" => Value::Integer(0),
                    "1.0" => Value::Integer(1),
                    "2.0" => Value::Integer(2),
                    _ => continue,
                };
            }
        }
    }
}

/// Adds `overrides` wherever the policy stays stratified.
fn add_overrides(policy: &mut Policy, choices: &[u8]) {
    let tape = &mut Tape::new(choices);
    for _ in 0..choices.len() / 2 {
        let (one, other) = (tape.below(policy.rules.len()), tape.below(policy.rules.len()));
        let name = policy.rules[other].name.clone();
        if one == other || policy.rules[one].overrides.contains(&name) {
            continue;
        }
        policy.rules[one].overrides.push(name);
        if !strata::is_stratified(policy) {
            policy.rules[one].overrides.pop();
        }
    }
}
