//! Scenarios: each `issue` against the vocabulary, each name in `expect` against the program.
//!
//! Reports `unknown-decision`, `unknown-option`, `unknown-rule`, `unknown-name`, `wrong-kind`
//! and what is wrong with an issue.

use std::path::Path;
use std::sync::Arc;

use super::kinds::unknown_option;
use super::query::{Answer, compile};
use super::{Draft, overrides, singleton_variable};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::issue::{
    self, Fault, Input, InputError, Issue, Issues, Raw, ReadOptions, RejectCode, Rejection, UnknownKey,
};
use crate::policy::{self, Expectation as Written, IssueFiles, Literal, LiteralKind, ScenarioIssue, Text};
use crate::program::{DecisionId, Expectation, FactId, HitPolicy, Program, RuleId, Scenario};
use crate::source::Span;
use crate::syntax::tree::Name;
use crate::verdict::Status;

/// Adds the scenarios to a program that is complete otherwise.
pub fn add(draft: &Draft<'_>, program: &mut Program, out: &mut Vec<Diagnostic>) {
    for scenario in &draft.policy.scenarios {
        let issue = issue_of(draft, scenario, program, out);
        let mut expect = Vec::new();
        for (key, written) in &scenario.expect {
            expect.extend(expectations(draft, program, key, written, out));
        }
        program.scenarios.push(Scenario {
            name: scenario.name.node.clone(),
            span: scenario.name.span,
            issue: Arc::new(issue),
            expect,
            because: scenario.because.as_ref().map(|t| t.node.clone()),
            skip: scenario.skip.as_ref().map(|t| t.node.clone()),
        });
    }
}

fn issue_of(draft: &Draft<'_>, scenario: &policy::Scenario, program: &Program, out: &mut Vec<Diagnostic>) -> Issue {
    let name = &scenario.name.node;
    let (issue, unknown_keys, failures, span) = match &scenario.issue {
        None => return Issue::empty(program, name.clone()),
        Some(ScenarioIssue::Inline(literal)) => {
            let (issue, unknown_keys, faults) = issue::convert(program, &Raw::from(literal), name);
            let failures = faults.into_iter().map(|fault| Failure::inline(fault, literal)).collect();
            (issue, unknown_keys, failures, literal.span)
        }
        Some(ScenarioIssue::File(path)) => {
            let full = draft.policy.root.join(path.node.as_ref());
            match read_file(program, &full, &draft.policy.issue_files) {
                Ok((issue, unknown_keys)) => (issue, unknown_keys, Vec::new(), path.span),
                Err(failure) => (Issue::empty(program, name.clone()), Vec::new(), vec![failure], path.span),
            }
        }
    };
    let place_of = |key: &str| match &scenario.issue {
        Some(ScenarioIssue::Inline(Literal { kind: LiteralKind::Table(entries), .. })) => {
            entries.iter().find(|(name, _)| *name.node == *key).map(|(name, _)| name.span)
        }
        _ => None,
    };
    let is_declared = |key: &UnknownKey| draft.vocabulary.untyped.contains(&*key.key);
    for unknown in unknown_keys.into_iter().filter(|key| !is_declared(key)) {
        let message = format!("the scenario `{name}` gives `{}`, which is no fact, and is not looked at", unknown.key);
        let diagnostic = Diagnostic::new(Code::UnknownFact, place_of(&unknown.key).unwrap_or(span), message);
        out.push(match unknown.suggestion {
            Some(near) => diagnostic.help(format!("write `{near}`")),
            None if matches!(&*unknown.key, "expect" | "because" | "skip") => diagnostic.help(format!(
                "it belongs to the scenario: write it above `[scenario.{name}.issue]`, or outside the braces of `issue`"
            )),
            None => diagnostic.help("leave it out, or declare it as a fact if rules are to look at it"),
        });
    }
    for failure in failures {
        let message = format!("the issue of the scenario `{name}` does not fit: {}", failure.message);
        let diagnostic = Diagnostic::new(failure.code, failure.place.unwrap_or(span), message);
        out.push(diagnostic.help(failure.help.unwrap_or_else(|| "give the fact a value of its type".to_owned())));
    }
    issue
}

/// Reads the one issue of a TOML or JSON file.
fn read_file(program: &Program, path: &Path, files: &IssueFiles) -> Result<(Issue, Vec<UnknownKey>), Failure> {
    let name = path.display().to_string();
    let input = match files {
        IssueFiles::Disk => Input::File(path.to_path_buf()),
        IssueFiles::Texts(texts) => match texts.get(&policy::plain(path)) {
            Some(text) => Input::Memory { name, bytes: text.clone().into_bytes() },
            None => return Err(Failure::from(InputError::NotFound { file: name.into() })),
        },
    };
    let mut issues = Issues::open(program, vec![input], ReadOptions::default()).map_err(Failure::from)?;
    let issue = issues.next().filter(|_| issues.is_single());
    match issue {
        Some(Ok(record)) => Ok((record.issue, record.unknown_keys)),
        Some(Err(issue::Failure::Rejected(rejection))) => Err(Failure::from(*rejection)),
        Some(Err(issue::Failure::Input(error))) => Err(Failure::from(error)),
        None => Err(Failure {
            code: Code::Unreadable,
            message: format!("`{}` is no file of one issue", path.display()),
            help: Some("write the issue as TOML, or as one JSON object".to_owned()),
            place: None,
        }),
    }
}

/// Why the issue of a scenario was not taken.
struct Failure {
    code: Code,
    message: String,
    help: Option<String>,
    /// Where, if the issue stands in the policy.
    place: Option<Span>,
}

impl Failure {
    fn inline(fault: Fault, literal: &policy::Literal) -> Self {
        let (code, message, place) = (code_of(fault.code), fault.message(), Some(fault.place(literal)));
        Self { code, message, help: fault.help, place }
    }
}

impl From<InputError> for Failure {
    fn from(error: InputError) -> Self {
        let help = error.help().unwrap_or("give the path of a fact file, from the policy's folder on");
        Self { code: Code::Unreadable, message: error.to_string(), help: Some(help.to_owned()), place: None }
    }
}

impl From<Rejection> for Failure {
    fn from(rejection: Rejection) -> Self {
        let line = rejection.line.map_or(String::new(), |line| format!(", line {line}"));
        let message = format!("`{}`{line}: {}", rejection.file, rejection.message);
        Self { code: code_of(rejection.code), message, help: rejection.help, place: None }
    }
}

fn code_of(code: RejectCode) -> Code {
    match code {
        RejectCode::NotParsed => Code::Unreadable,
        RejectCode::UnknownOption => Code::UnknownOption,
        RejectCode::UnknownFact => Code::UnknownName,
        RejectCode::DuplicateFact => Code::DuplicateName,
        RejectCode::WrongType | RejectCode::OutOfRange | RejectCode::BadDate | RejectCode::BadRow => Code::WrongKind,
    }
}

fn expectations(
    draft: &Draft<'_>,
    program: &mut Program,
    key: &Name,
    written: &Written,
    out: &mut Vec<Diagnostic>,
) -> Vec<Expectation> {
    match (key.node.as_ref(), written) {
        ("holds" | "not-holds", Written::Atoms(atoms)) => {
            let mut compile = |atom| {
                singleton_variable::check_body(&draft.vocabulary, atom, out);
                compile(&draft.vocabulary, &draft.columns, program, atom, Answer::Whether, out)
            };
            let queries = atoms.iter().map(&mut compile);
            if key.node.as_ref() == "holds" {
                queries.map(Expectation::Holds).collect()
            } else {
                queries.map(Expectation::NotHolds).collect()
            }
        }
        ("status", Written::Names { names, .. }) => {
            names.iter().filter_map(|name| status(name, out)).map(Expectation::Status).collect()
        }
        ("rules", Written::Names { names, .. }) => {
            names.iter().filter_map(|name| rule(program, name, out)).map(Expectation::Rule).collect()
        }
        (name, _) => match program.decision_ids.get(name) {
            Some(id) => decision(draft, program, *id, written, out).into_iter().collect(),
            None => {
                out.push(unknown_key(program, name, key.span));
                Vec::new()
            }
        },
    }
}

/// What `expect` may name beside the decisions.
const KEYS: [&str; 4] = ["status", "holds", "not-holds", "rules"];

fn unknown_key(program: &Program, name: &str, span: Span) -> Diagnostic {
    let decisions = || program.decisions.iter().map(|decision| decision.name.as_ref());
    let usual = name.to_lowercase().replace('_', "-");
    let key = KEYS.into_iter().find(|key| *key == usual);
    let near = key.or_else(|| nearest(name, decisions().chain(KEYS))).or_else(|| nearest(&usual, KEYS));
    let help = match near {
        Some(near) => format!("write `{near}`"),
        None => {
            let known: Vec<String> = decisions().chain(KEYS).map(|key| format!("`{key}`")).collect();
            format!("`expect` may name {}", known.join(", "))
        }
    };
    Diagnostic::new(Code::UnknownDecision, span, format!("there is no decision `{name}`")).help(help)
}

fn status(name: &Text, out: &mut Vec<Diagnostic>) -> Option<Status> {
    let status = Status::from_name(&name.node);
    if status.is_none() {
        let message = format!("`{}` is no status", name.node);
        out.push(Diagnostic::new(Code::WrongKind, name.span, message).help("write `settled`, `open` or `conflict`"));
    }
    status
}

fn rule(program: &Program, name: &Text, out: &mut Vec<Diagnostic>) -> Option<RuleId> {
    let found = program.rules.iter().position(|rule| rule.name == name.node);
    if found.is_none() {
        out.push(overrides::unknown_rule(&name.node, name.span, program.rules.iter().map(|r| &r.name)));
    }
    found.map(|index| RuleId(index as u32))
}

fn decision(
    draft: &Draft<'_>,
    program: &Program,
    id: DecisionId,
    written: &Written,
    out: &mut Vec<Diagnostic>,
) -> Option<Expectation> {
    match written {
        Written::Names { names, array, span } => {
            let value = value(program, id, names, *array, *span, out)?;
            let settled = Some(Status::Settled);
            Some(Expectation::Decision {
                decision: id,
                value: Some(value),
                status: settled,
                default: None,
                possible: None,
                missing: None,
            })
        }
        Written::Long { value: given, value_is_array, status: state, default, possible, missing, .. } => {
            let value = match given {
                Some(given) => Some(value(program, id, &given.node, *value_is_array, given.span, out)?),
                None => None,
            };
            let known = |name: &&Text| !draft.vocabulary.untyped.contains(&name.node);
            let mut facts: Option<Vec<FactId>> = missing
                .as_ref()
                .map(|names| names.iter().filter(known).filter_map(|name| fact(program, name, out)).collect());
            if let Some(facts) = &mut facts {
                facts.sort_by(|a, b| program.fact(*a).name.cmp(&program.fact(*b).name));
            }
            Some(Expectation::Decision {
                decision: id,
                value,
                status: state.as_ref().and_then(|name| status(name, out)),
                default: *default,
                possible: possible.as_ref().map(|names| options(program, id, names, out)),
                missing: facts,
            })
        }
        Written::Atoms(_) => None,
    }
}

fn value(
    program: &Program,
    id: DecisionId,
    names: &[Text],
    array: bool,
    span: Span,
    out: &mut Vec<Diagnostic>,
) -> Option<Vec<usize>> {
    let decision = program.decision(id);
    // Of a decision that collects, one option alone is the list of it.
    if array && decision.hit_policy != HitPolicy::Collect {
        let message = format!("`{}` has one value, not a list", decision.name);
        let help = "write the one option in quotes, without brackets";
        out.push(Diagnostic::new(Code::WrongKind, span, message).help(help));
        return None;
    }
    Some(options(program, id, names, out))
}

fn options(program: &Program, id: DecisionId, names: &[Text], out: &mut Vec<Diagnostic>) -> Vec<usize> {
    let decision = program.decision(id);
    let mut found = Vec::new();
    for name in names {
        match decision.options.iter().position(|o| o.id == name.node) {
            Some(index) => found.push(index),
            None => unknown_option(name, decision.options.iter().map(|o| o.id.as_ref()), out),
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn fact(program: &Program, name: &Text, out: &mut Vec<Diagnostic>) -> Option<FactId> {
    let found = program.fact_ids.get(&name.node).copied();
    if found.is_none() {
        let diagnostic = Diagnostic::new(Code::UnknownName, name.span, format!("there is no fact `{}`", name.node));
        out.push(match nearest(&name.node, program.fact_ids.keys().map(AsRef::as_ref)) {
            Some(near) => diagnostic.help(format!("write `{near}`")),
            None => diagnostic.help("name a fact of this policy"),
        });
    }
    found
}
