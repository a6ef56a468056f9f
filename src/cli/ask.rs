//! `remit ask`: an interview that ends with a decision; or, for programs, the next question.
//!
//! Questions go to standard error and what is decided to standard output, like the results
//! of every command. Answers are lines of standard input, a terminal or not.

mod conversation;
mod kept;
mod rows;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use remit::diagnostic::nearest;
use remit::engine::{Interpretation, evaluate_planned};
use remit::explain::explain;
use remit::interview::{End, Interviewer, Item, Progress, Step};
use remit::issue::{FactState, Issue, ReadOptions};
use remit::program::{Given, Program};
use remit::report::explanation::{self, Explained};
use remit::report::interview::{self, QuestionWire};
use remit::report::verdict::{self, Decided, Wire};
use remit::report::{json, page::Page};
use remit::source::{Sources, escape_control};
use remit::verdict::{Verdict, every_case, settle};

use self::conversation::Conversation;
use self::kept::Kept;
use super::common::Common;
use super::exit::{Exit, Failure};
use super::output::{Output, check_apart};
use super::terminal::Terminal;
use super::{facts, policies};

/// Arguments of `remit ask`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// What is known already: a .toml file, or a .json file with one object
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Write what is known to a .toml file after every answer; if it is there, go on from it
    #[arg(long, value_name = "FILE", conflicts_with = "next")]
    save: Option<PathBuf>,
    /// Only give the next question, or the decision if there is none
    #[arg(long)]
    next: bool,
    /// How to write the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// What nobody knows, separated by commas: facts, or cells such as `source[1].kind`; not asked
    #[arg(long, value_name = "ITEMS", value_delimiter = ',')]
    unknown: Vec<String>,
    /// Assume no defaults: ask for facts that have one, too
    #[arg(long)]
    assume_nothing: bool,
    /// The format of the issue, where no file name tells it: toml or json
    #[arg(long, value_name = "FORMAT", value_parser = facts::format)]
    input: Option<remit::issue::Format>,
    /// Refuse an issue with a key that is no fact
    #[arg(long)]
    strict: bool,
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One object
    Json,
}

/// Runs the command.
///
/// # Errors
/// If the policy or the issue is wrong, the usage is, or something cannot be read or written.
pub fn run(arguments: &Arguments, common: &Common, terminal: &Terminal) -> Result<Exit, Failure> {
    let file = start(arguments)?;
    let (program, sources) = policies::one(common, &[("--save", &arguments.save)], terminal)?;
    check_apart(common.output.as_deref(), &[("--save", &arguments.save)], policies::files(&sources))?;
    let mut progress = Progress::new(Issue::empty(&program, id(arguments)));
    let (mut others, mut kept) = (toml::Table::new(), None);
    if let Some(file) = &file {
        let options = ReadOptions { format: arguments.input, strict: arguments.strict };
        progress.issue = facts::one(file, &program, options, common, terminal)?;
        if file.as_os_str() != "-" {
            let text = fs::read_to_string(file).unwrap_or_default();
            kept = Kept::new(&text, &progress.issue);
            for remark in interview::resume(&program, &text, &mut progress) {
                terminal
                    .remark(&format!("warning: `{}` says nothing of this policy's facts\n", escape_control(remark)));
            }
            others = no_facts(&program, &text);
        }
    }
    for name in &arguments.unknown {
        progress.give_up(item(&program, &progress.issue, name.trim())?);
    }
    if arguments.assume_nothing {
        let assumed = progress.issue.facts.iter_mut().filter(|state| matches!(state, FactState::Assumed(_)));
        assumed.for_each(|state| *state = FactState::Unknown);
    }
    let output = Output::open(common.output.as_deref())?;
    let interviewer = Interviewer::new(&program);
    let asking = Asking { program: &program, sources: &sources, interviewer: &interviewer, terminal };
    let text = if arguments.next {
        asking.next(&progress, arguments.format)
    } else {
        let save = arguments.save.as_deref();
        let mut conversation = Conversation::new(&interviewer, progress, terminal, save, (others, kept));
        let (progress, end) = conversation.lead()?;
        asking.ending(&progress, &end, arguments.format)
    };
    output.write(text.as_bytes())?;
    output.finish()?;
    Ok(Exit::Done)
}

/// The file to begin with, if there is one.
fn start(arguments: &Arguments) -> Result<Option<PathBuf>, Failure> {
    let is_stdin = |path: &Path| path.as_os_str() == "-";
    let file = arguments.file.as_deref();
    if !arguments.next && file.is_some_and(is_stdin) {
        return Err(Failure::usage("standard input is for the answers, and cannot be the issue too")
            .help("name a file, or ask with `--next` for one question at a time"));
    }
    if file.is_none() && arguments.input.is_some() {
        return match arguments.next {
            true => Ok(Some(PathBuf::from("-"))),
            false => Err(Failure::usage("`--input` says what standard input is, which here is for the answers")
                .help("name a file, or ask with `--next` for one question at a time")),
        };
    }
    let Some(save) = arguments.save.as_deref() else { return Ok(file.map(Path::to_path_buf)) };
    if save.extension().is_none_or(|extension| extension != "toml") {
        return Err(Failure::usage(format!("`{}` is no name of a .toml file", save.display()))
            .help("write `--save issue.toml`"));
    }
    match file {
        Some(file) if save.exists() && file != save => {
            let again = format!("go on from it with `remit ask --save {0}`, or name another file", save.display());
            Err(Failure::input(format!("there is a file `{}` already", save.display())).help(again))
        }
        None if save.exists() => Ok(Some(save.to_path_buf())),
        file => Ok(file.map(Path::to_path_buf)),
    }
}

/// The id of an issue of which nothing is known.
fn id(arguments: &Arguments) -> Arc<str> {
    let stem = arguments.save.as_deref().and_then(Path::file_stem).map(|stem| stem.to_string_lossy());
    stem.as_deref().unwrap_or("issue").into()
}

/// The keys of an issue that are no facts, so that saving does not lose them.
fn no_facts(program: &Program, text: &str) -> toml::Table {
    let table = text.parse::<toml::Table>().ok().or_else(|| {
        let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).ok()?;
        let known = object.into_iter().filter(|(_, value)| !value.is_null());
        Some(known.filter_map(|(key, value)| Some((key, toml::Value::try_from(value).ok()?))).collect())
    });
    let keys = table.unwrap_or_default().into_iter();
    keys.filter(|(key, _)| !program.fact_ids.contains_key(key.as_str())).collect()
}

/// What a name of `--unknown` names.
fn item(program: &Program, issue: &Issue, name: &str) -> Result<Item, Failure> {
    let unknown = || {
        let failure = Failure::usage(format!("there is no fact `{name}`"));
        let known = program.facts.iter().map(|fact| &*fact.name);
        match nearest(name, known.clone()) {
            Some(near) => failure.help(format!("write `{near}`")),
            None => failure.help(format!("there are: {}", known.collect::<Vec<_>>().join(", "))),
        }
    };
    let item = interview::item(program, name).ok_or_else(unknown)?;
    if let (Item::Fact(_), FactState::Given(_)) = (item, issue.fact(item.fact())) {
        let message = format!("the issue says `{name}`, which `--unknown` says that nobody knows");
        let help = "take one of the two out";
        return Err(Failure::usage(message).help(help));
    }
    if let Item::Cell { fact, row, .. } = item
        && !matches!(issue.fact(fact).given(), Some(Given::Rows(rows)) if row < rows.len())
    {
        let message = format!("the issue has no row {} of `{}`", row + 1, program.fact(fact).name);
        return Err(Failure::usage(message).help("rows count from 1, in the order in which the issue gives them"));
    }
    Ok(item)
}

/// What results are made from.
struct Asking<'a> {
    program: &'a Program,
    sources: &'a Sources,
    interviewer: &'a Interviewer<'a>,
    terminal: &'a Terminal,
}

impl Asking<'_> {
    /// The next question, or the decision.
    fn next(&self, progress: &Progress, format: Format) -> String {
        let question = match self.interviewer.next(progress) {
            Step::Ask(question) => question,
            Step::Done(end) if format == Format::Text => return self.ending(progress, &end, format),
            Step::Done(end) => {
                let assumptions = self.interviewer.assumptions(progress);
                let verdict = self.verdict(progress, &end);
                return json::indented(&interview::done(self.program, &progress.issue, &verdict, &assumptions));
            }
        };
        let (program, issue) = (self.program, &progress.issue);
        match format {
            Format::Text => interview::question(program, issue, &question, self.terminal.results),
            Format::Json => {
                let (_, verdict) = self.interviewer.judged(issue);
                let wire = QuestionWire { program, issue, verdict: &verdict, question: &question };
                json::indented(&interview::next(&wire))
            }
        }
    }

    fn verdict(&self, progress: &Progress, end: &End) -> Verdict {
        let (program, plan) = (self.program, self.interviewer.plan());
        let (_, mut verdict) = self.interviewer.judged(&progress.issue);
        every_case(program, &progress.issue, &mut verdict, &mut |issue| {
            settle(program, issue, &evaluate_planned(program, plan, issue))
        });
        end.complete(&mut verdict);
        verdict
    }

    /// The decision and its proof.
    fn ending(&self, progress: &Progress, end: &End, format: Format) -> String {
        let (program, issue, plan) = (self.program, &progress.issue, self.interviewer.plan());
        let verdict = self.verdict(progress, end);
        if format == Format::Json {
            return json::indented(&Wire { program, verdict: &verdict });
        }
        let model = evaluate_planned(program, plan, issue);
        let look = self.terminal.results;
        let mut text = verdict::text(&Decided { program, issue, model: &model, verdict: &verdict }, look);
        let interpretation = Interpretation::new(program, plan, issue, &model);
        let explanation = explain(interpretation, verdict);
        let mut heading = Page::new(look);
        heading.line(0, "");
        heading.line(0, "In full:");
        heading.line(0, "");
        text.push_str(&heading.finish());
        text.push_str(&explanation::text(
            &Explained { program, sources: self.sources, issue, explanation: &explanation },
            look,
        ));
        text
    }
}
