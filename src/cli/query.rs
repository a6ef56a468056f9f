//! `remit query`: the tuples of a relation for one issue.

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use remit::check::compile_query;
use remit::engine::relational::{Answers, Database, FactRows, Input, Symbol, Symbols};
use remit::engine::{Interpretation, Plan, Plane, evaluate_planned};
use remit::issue::table::{self, Cells, Layout, TableError};
use remit::issue::{FactState, Issue, ReadOptions};
use remit::program::{FactId, Given, Literal, LiteralKind, PredicateKind, Program, Query};
use remit::report::diagnostics;
use remit::report::tuples::Tuples;
use remit::source::{Excerpt, Sources};
use rustc_hash::FxHashMap;

use super::common::Common;
use super::exit::{Exit, Failure};
use super::output::Output;
use super::terminal::Terminal;
use super::{facts, policies};

/// Arguments of `remit query`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A relation with variables, constants and `_`: `custom_source(S)`, `decided(team, T)`
    #[arg(value_name = "ATOM")]
    atom: String,
    /// The issue; `-` is standard input, as is no FILE with `--input`; else an issue of which nothing is given
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Fill a list or records fact from a .csv or .tsv file
    #[arg(long, value_name = "FACT=FILE", value_parser = load)]
    load: Vec<(String, PathBuf)>,
    /// What follows for certain, or what may follow
    #[arg(long, value_name = "PLANE", default_value = "certain")]
    plane: PlaneName,
    /// How to write tuples
    #[arg(long, value_name = "FORMAT", default_value = "tsv")]
    format: Format,
    /// The format of the issue, where no file name tells it: toml or json
    #[arg(long, value_name = "FORMAT", value_parser = facts::format)]
    input: Option<remit::issue::Format>,
    /// Refuse an issue with a key that is no fact
    #[arg(long)]
    strict: bool,
    /// The engine that evaluates
    #[arg(long, value_name = "ENGINE", default_value = "columnar")]
    engine: Engine,
}

/// The engines that can evaluate a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    /// The meaning, executable
    Reference,
    /// For large relations
    Columnar,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PlaneName {
    /// Whatever the unknown facts are
    Certain,
    /// For some value of the unknown facts
    Possible,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tab-separated, under a header
    #[value(alias = "text")]
    Tsv,
    /// A list of objects
    Json,
    /// For people
    Table,
}

fn load(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((fact, file)) if !fact.is_empty() && !file.is_empty() => Ok((fact.to_owned(), PathBuf::from(file))),
        _ => Err("write the fact, `=` and the file: `edge=edges.csv`".to_owned()),
    }
}

/// Runs the command.
///
/// # Errors
/// If the policy or the issue is wrong, the atom is no question, or something cannot be read or written.
pub fn run(arguments: &Arguments, common: &Common, terminal: &Terminal) -> Result<Exit, Failure> {
    let (mut program, mut sources) = policies::one(common, &[], terminal)?;
    let query = compile(arguments, &mut program, &mut sources, terminal)?;
    // A format is said of standard input, which is not looked at otherwise: it may be a pipe that stays open.
    let mut issue = match arguments.file.as_deref().or(arguments.input.map(|_| Path::new("-"))) {
        Some(file) => {
            let options = ReadOptions { format: arguments.input, strict: arguments.strict };
            facts::one(file, &program, options, common, terminal)?
        }
        None => Issue::empty(&program, "query"),
    };
    common.spare(arguments.load.iter().map(|(_, file)| file.as_path()))?;
    let plan = Plan::new(&program);
    let plane = match arguments.plane {
        PlaneName::Certain => Plane::Certain,
        PlaneName::Possible => Plane::Possible,
    };
    let mut symbols = Symbols::default();
    let mut loaded = FxHashMap::default();
    for (fact, file) in &arguments.load {
        let (id, read) = fill(&program, fact, file, &mut symbols)?;
        if loaded.insert(id, FactRows { len: read.len, cells: read.cells }).is_some() {
            return Err(Failure::usage(format!("`--load` fills `{fact}` twice")).help("put the rows into one file"));
        }
    }
    let unknown = asked_unknown(&program, &query, &issue).filter(|fact| !loaded.contains_key(fact));
    let (answers, symbols) = match arguments.engine {
        Engine::Columnar => {
            let input = Input { issue: &issue, symbols, rows: loaded };
            let mut database = Database::for_query(&program, &plan, input, &query);
            let answers = database.answers(&query, plane);
            (answers, database.into_symbols())
        }
        Engine::Reference => {
            for (id, rows) in loaded {
                issue.facts[id.index()] = FactState::Given(Given::Rows(rows.values(&program, id, &symbols)));
            }
            let model = evaluate_planned(&program, &plan, &issue);
            let rows = Interpretation::new(&program, &plan, &issue, &model).answers(&query, plane);
            (Answers::of_rows(&rows, query.answer.len(), &mut symbols), symbols)
        }
    };
    let variables = query.answer.iter().map(|id| query.variables[id.index()].to_string()).collect();
    let tuples = Tuples { variables, answers: &answers, symbols: &symbols };
    let text = match arguments.format {
        Format::Tsv => tuples.tsv(),
        Format::Json => tuples.json(),
        Format::Table => tuples.table(),
    };
    let output = Output::open(common.output.as_deref())?;
    output.write(text.as_bytes())?;
    output.finish()?;
    if let Some(fact) = unknown.filter(|_| plane == Plane::Certain) {
        let message = format!("`{}` is not known: nothing of it is certain", program.fact(fact).name);
        terminal.warning(&message, "name a file with an issue that gives it, or ask with `--plane possible`");
    }
    Ok(Exit::Done)
}

/// The fact that a query asks for alone, if nothing is known of it.
fn asked_unknown(program: &Program, query: &Query, issue: &Issue) -> Option<FactId> {
    let [alternative] = query.alternatives.as_slice() else { return None };
    let [Literal { kind: LiteralKind::Atom(atom), .. }] = alternative.as_slice() else { return None };
    match program.predicate(atom.predicate).kind {
        PredicateKind::Fact(fact) if matches!(issue.fact(fact), FactState::Unknown) => Some(fact),
        _ => None,
    }
}

fn compile(
    arguments: &Arguments,
    program: &mut Program,
    sources: &mut Sources,
    terminal: &Terminal,
) -> Result<Query, Failure> {
    let file = sources.add("ATOM", arguments.atom.as_str());
    compile_query(program, &Excerpt::verbatim(file, 0, &arguments.atom)).map_err(|found| {
        terminal.say(&diagnostics::text(&found, sources, terminal.asides));
        Failure::Asked
    })
}

/// The rows of a table for a fact.
fn fill(program: &Program, name: &str, file: &Path, symbols: &mut Symbols) -> Result<(FactId, Cells<Symbol>), Failure> {
    let Some(id) = program.fact_ids.get(name) else {
        let failure = Failure::usage(format!("there is no fact `{name}`"));
        let known = program.facts.iter().map(|fact| &*fact.name);
        return Err(match remit::diagnostic::nearest(name, known) {
            Some(near) => failure.help(format!("write `{near}`")),
            None => failure,
        });
    };
    let Some(layout) = Layout::of(file) else {
        return Err(Failure::usage(format!("`{}` is neither a .csv nor a .tsv file", file.display())));
    };
    let unreadable = |error: &std::io::Error| Failure::reading(&file.display().to_string(), error);
    let table = File::open(file).map_err(|error| unreadable(&error))?;
    let read = table::cells(program.fact(*id), layout, table, |value| symbols.intern(&value));
    let rows = read.map_err(|error| match error {
        TableError::NoRows(_) => Failure::usage(error.to_string()).help("only these can be filled from a table"),
        TableError::Unreadable(error) => unreadable(&error),
        TableError::Row { line, message, help } => {
            let failure = Failure::input(format!("`{}`, line {line}: {message}", file.display()));
            match help {
                Some(help) => failure.help(help),
                None => failure,
            }
        }
    })?;
    Ok((*id, rows))
}
