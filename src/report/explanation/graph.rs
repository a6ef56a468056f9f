//! An explanation as a graph, for Mermaid and for Graphviz: steps, facts and answers as nodes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Explained;
use super::leaf::{self, answer};
use crate::explain::{Absence, FactUse, Origin, Support, fill};
use crate::source::escape_control;

/// A node or an edge of the drawing, in order.
struct Drawing {
    nodes: Vec<(String, String, Shape)>,
    edges: Vec<(String, String, bool)>,
}

#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Answer,
    Step,
    Fact,
    Unknown,
}

fn draw(explained: &Explained<'_>) -> Drawing {
    let program = explained.program;
    let explanation = explained.explanation;
    let mut drawing = Drawing { nodes: Vec::new(), edges: Vec::new() };
    let mut facts: BTreeMap<String, String> = BTreeMap::new();
    for (proof, outcome) in explanation.decisions.iter().zip(&explanation.verdict.outcomes) {
        let decision = program.decision(proof.decision);
        let id = format!("d{}", proof.decision.0);
        let label = format!("{} {}", decision.question, answer(decision, outcome));
        drawing.nodes.push((id.clone(), label, Shape::Answer));
        let roots = proof.certain.iter().map(|p| (p, true)).chain(proof.open.iter().map(|p| (p, false)));
        for (option, certain) in roots {
            drawing.edges.extend(option.steps.iter().map(|step| (format!("s{}", step.0), id.clone(), certain)));
        }
    }
    for (index, step) in explanation.steps.iter().enumerate() {
        let id = format!("s{index}");
        let rule = &program.rule(program.clause(step.clause).rule).name;
        drawing.nodes.push((
            id.clone(),
            format!("{} [{rule}]", fill(program, step.clause, &step.binding)),
            Shape::Step,
        ));
        for premise in &step.premises {
            let certain = premise.judgement.certain;
            match &premise.support {
                Support::Step(below) => drawing.edges.push((format!("s{}", below.0), id.clone(), certain)),
                Support::Fact(used) => fact(explained, &mut drawing, &mut facts, used, &id, certain),
                Support::Values(uses) => {
                    uses.iter().for_each(|used| fact(explained, &mut drawing, &mut facts, used, &id, certain));
                }
                Support::Absent(reasons) => match reasons.as_slice() {
                    [Absence::Fact(used)] => fact(explained, &mut drawing, &mut facts, used, &id, certain),
                    _ => node(
                        &mut drawing,
                        &mut facts,
                        leaf::premise(explained, step, premise),
                        Shape::Fact,
                        &id,
                        certain,
                    ),
                },
                Support::Decided(decision, _) => drawing.edges.push((format!("d{}", decision.0), id.clone(), certain)),
            }
        }
    }
    drawing
}

fn fact(
    explained: &Explained<'_>,
    drawing: &mut Drawing,
    facts: &mut BTreeMap<String, String>,
    used: &FactUse,
    to: &str,
    certain: bool,
) {
    let label = leaf::fact(explained, used);
    let shape = if used.origin == Origin::Unknown { Shape::Unknown } else { Shape::Fact };
    node(drawing, facts, label, shape, to, certain);
}

/// A leaf, drawn once, and its arrow.
fn node(
    drawing: &mut Drawing,
    leaves: &mut BTreeMap<String, String>,
    label: String,
    shape: Shape,
    to: &str,
    certain: bool,
) {
    let next = format!("f{}", leaves.len());
    let id = leaves.entry(label.clone()).or_insert_with(|| {
        drawing.nodes.push((next.clone(), label, shape));
        next
    });
    drawing.edges.push((id.clone(), to.to_owned(), certain));
}

/// The explanation as a Mermaid flow chart; open premises are dotted.
pub fn mermaid(explained: &Explained<'_>) -> String {
    let drawing = draw(explained);
    let mut out = String::from("flowchart BT\n");
    for (id, label, shape) in &drawing.nodes {
        let text = quoted_html(label);
        let _ = match shape {
            Shape::Answer => writeln!(out, "  {id}([\"{text}\"])"),
            Shape::Step => writeln!(out, "  {id}[\"{text}\"]"),
            Shape::Fact => writeln!(out, "  {id}(\"{text}\")"),
            Shape::Unknown => writeln!(out, "  {id}{{{{\"{text}\"}}}}"),
        };
    }
    for (from, to, certain) in &drawing.edges {
        let _ = writeln!(out, "  {from} {} {to}", if *certain { "-->" } else { "-.->" });
    }
    out
}

/// The explanation as a Graphviz digraph; open premises are dashed.
pub fn dot(explained: &Explained<'_>) -> String {
    let drawing = draw(explained);
    let mut out = String::from("digraph proof {\n  rankdir = BT;\n  node [fontname = \"sans-serif\"];\n");
    for (id, label, shape) in &drawing.nodes {
        let shape = match shape {
            Shape::Answer => "box, style = bold",
            Shape::Step => "box",
            Shape::Fact => "ellipse",
            Shape::Unknown => "ellipse, style = dashed",
        };
        // Graphviz reads entities in labels.
        let label = escape_control(label).replace('&', "&amp;").replace('\\', "\\\\").replace('"', "\\\"");
        let _ = writeln!(out, "  {id} [label = \"{label}\", shape = {shape}];");
    }
    for (from, to, certain) in &drawing.edges {
        let style = if *certain { "" } else { " [style = dashed]" };
        let _ = writeln!(out, "  {from} -> {to}{style};");
    }
    out.push_str("}\n");
    out
}

/// Text inside a quoted Mermaid label: its own markup and quotes as entities.
fn quoted_html(text: &str) -> String {
    let mut out = String::new();
    for c in escape_control(text).chars() {
        match c {
            '"' => out.push_str("#quot;"),
            '#' => out.push_str("#35;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '`' => out.push_str("#96;"),
            c => out.push(c),
        }
    }
    out
}
