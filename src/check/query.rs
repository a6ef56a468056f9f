//! Bodies outside rules: invariants, the atoms of `holds`, and the atom of a query.

use std::sync::Arc;

use super::assemble::Assembler;
use super::types::Columns;
use super::vocabulary::Vocabulary;
use super::{ir, resolve, safety, typing};
use crate::diagnostic::{self, Code, Diagnostic};
use crate::program::{Program, Query};
use crate::source::Excerpt;
use crate::syntax::tree::{Atom, Formula, FormulaKind};

/// What a body is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Whether it holds.
    Whether,
    /// The values of its named variables.
    Variables,
}

/// The settled sides of a body.
pub fn sides(
    vocabulary: &Vocabulary,
    columns: &Columns,
    body: &Formula,
    answer: Answer,
    out: &mut Vec<Diagnostic>,
) -> Vec<ir::Clause> {
    let mut sides = resolve::query(vocabulary, body, answer == Answer::Variables, out);
    for side in &sides {
        safety::check(vocabulary, side, &sides, out);
    }
    for side in &mut sides {
        typing::check(vocabulary, columns, side, out);
    }
    sides
}

/// Compiles an atom such as `custom_source(S)` or `decided(team, T)` against a program. The query belongs to that
/// program: put to another one, it gives wrong answers or panics.
///
/// Its groups, if it has any, are added to the program's and stay there: an aggregate as an argument is one. So the
/// program must not be lent to anybody, and a process that is asked without end has it grow without end; for both,
/// see [`compile_query_apart`]. A [`Plan`](crate::engine::Plan) that was made before does not know the query's groups.
///
/// # Errors
/// Every diagnostic of the text, if any is an error; then the program is as it was.
pub fn compile_query(program: &mut Program, text: &Excerpt) -> Result<Query, Vec<Diagnostic>> {
    let groups = program.groups.len();
    let query = compile_into(program, text);
    if query.is_err() {
        program.groups.truncate(groups);
    }
    query
}

/// As [`compile_query`], but leaves the program alone, which may be shared or compiled already: the query comes with
/// a copy of the program, to which it belongs. Issues and models of the one are good for the other; a
/// [`Plan`](crate::engine::Plan) is made of the copy, for it plans the groups too.
///
/// # Errors
/// Every diagnostic of the text, if any is an error.
pub fn compile_query_apart(program: &Program, text: &Excerpt) -> Result<(Program, Query), Vec<Diagnostic>> {
    let mut program = program.clone();
    let query = compile_into(&mut program, text)?;
    Ok((program, query))
}

fn compile_into(program: &mut Program, text: &Excerpt) -> Result<Query, Vec<Diagnostic>> {
    let parsed = crate::syntax::parse_atom(text);
    let mut out = parsed.diagnostics;
    let query = parsed.tree.map(|atom| {
        let span = text.whole();
        let (vocabulary, columns) = (Vocabulary::of(program), Columns::of(program));
        let body = Formula::new(FormulaKind::Atom(atom), span);
        compile(&vocabulary, &columns, program, &body, Answer::Variables, &mut out)
    });
    match query {
        Some(query) if !diagnostic::has_errors(&out) => Ok(query),
        _ => Err(out),
    }
}

/// Compiles an atom; its groups are added to the program's.
pub fn compile(
    vocabulary: &Vocabulary,
    columns: &Columns,
    program: &mut Program,
    body: &Formula,
    answer: Answer,
    out: &mut Vec<Diagnostic>,
) -> Query {
    let sides = match valued(vocabulary, body) {
        Some(diagnostic) => {
            out.push(diagnostic);
            Vec::new()
        }
        None => sides(vocabulary, columns, body, answer, out),
    };
    let mut assembler = Assembler::with_groups(std::mem::take(&mut program.groups));
    let text = Arc::from(crate::syntax::print::print_formula(body).to_string());
    let query = assembler.query(&sides, text, body.span);
    program.groups = assembler.groups;
    query
}

/// What is said of an atom that is a fact with a value: no comparison can stand where it does.
fn valued(vocabulary: &Vocabulary, body: &Formula) -> Option<Diagnostic> {
    let FormulaKind::Atom(Atom { name, .. }) = &body.node else { return None };
    let fact = vocabulary.single(&name.node).filter(|_| !vocabulary.predicate_ids.contains_key(&name.node))?;
    let message = format!("`{}` is a fact with a value, nothing that holds by itself", name.node);
    let help = "only facts that are true or false, rows and conclusions stand here: let a rule compare the \
                value, and write here what it concludes";
    let place = vocabulary.facts[fact.index()].span;
    Some(Diagnostic::new(Code::TypeMismatch, name.span, message).label(place, "declared here").help(help))
}
