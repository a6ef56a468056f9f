//! The next question, or the decision, as JSON.
//!
//! Keys and their order are an interface; see `docs/ask.md`.

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use super::text::reason;
use super::{asked, domain, given_words, listed, name};
use crate::interview::{Candidates, Item, Question};
use crate::issue::Issue;
use crate::program::{Domain, FactId, FactKind, HitPolicy, Program, Scalar};
use crate::report::given;
use crate::report::verdict::Wire;
use crate::verdict::Verdict;

/// A question with what it is about.
#[derive(Debug, Clone, Copy)]
pub struct QuestionWire<'a> {
    /// The policy.
    pub program: &'a Program,
    /// What is known.
    pub issue: &'a Issue,
    /// The verdict on what is known.
    pub verdict: &'a Verdict,
    /// The question.
    pub question: &'a Question,
}

/// The next question.
pub fn next(wire: &QuestionWire<'_>) -> Json {
    let QuestionWire { program, question, verdict, .. } = *wire;
    let item = question.item;
    let mut object = Map::new();
    let mut put = |key: &str, value: Json| object.insert(key.to_owned(), value);
    put("done", json!(false));
    put("id", json!(&*verdict.id));
    put("status", json!(verdict.status.as_str()));
    put("item", json!(name(program, item)));
    put("fact", json!(&*program.fact(item.fact()).name));
    if let (Item::Cell { row, column, .. }, FactKind::Records(columns)) = (item, &program.fact(item.fact()).kind) {
        put("row", json!(row + 1));
        put("column", json!(columns.get(column).map(|column| &*column.name)));
    }
    put("text", json!(asked(program, item)));
    put("type", json!(kind(program, item)));
    match &program.fact(item.fact()).kind {
        FactKind::List(of) => {
            put("of", json!(of.scalar.as_str()));
            put("options", options(of));
        }
        FactKind::Records(columns) if matches!(item, Item::Fact(_)) => {
            let column = |column: &crate::program::Column| {
                json!({
                    "column": &*column.name,
                    "text": column.ask.as_deref(),
                    "type": column.domain.scalar.as_str(),
                    "options": options(&column.domain),
                })
            };
            put("columns", columns.iter().map(column).collect());
        }
        _ => {}
    }
    put("answers", answers(program, question));
    let reasons: Vec<String> = question.candidates.iter().map(|candidates| reason(program, candidates)).collect();
    put("why", json!(reasons.join(" ")));
    put("candidates", candidates(program, &question.candidates));
    put("expected_questions", json!(question.expected));
    put("assumed", verdict.assumed.iter().map(|fact| &*program.fact(*fact).name).collect());
    Json::Object(object)
}

/// The decision, as `decide` writes it, with what was assumed and could matter.
pub fn done(program: &Program, issue: &Issue, verdict: &Verdict, assumptions: &[FactId]) -> impl Serialize {
    let assumption = |fact: &FactId| {
        let item = Item::Fact(*fact);
        let given = issue.fact(*fact).given();
        json!({
            "fact": &*program.fact(*fact).name,
            "text": asked(program, item),
            "value": given.map(|given| given::json(&program.fact(item.fact()).kind, given)),
            "answers": domain(program, item).map(options),
        })
    };
    let mut object = Map::new();
    object.insert("done".to_owned(), json!(true));
    if let Ok(Json::Object(verdict)) = serde_json::to_value(Wire { program, verdict }) {
        object.extend(verdict);
    }
    object.insert("assumptions".to_owned(), assumptions.iter().map(assumption).collect());
    Json::Object(object)
}

fn kind(program: &Program, item: Item) -> &'static str {
    match (domain(program, item), &program.fact(item.fact()).kind) {
        (Some(domain), _) => domain.scalar.as_str(),
        (None, FactKind::List(_)) => "list",
        (None, _) => "records",
    }
}

/// The answers to choose from, of a bool or a choice; empty for all else.
fn options(domain: &Domain) -> Json {
    listed(domain).into_iter().map(|(value, text)| json!({ "value": given::value(&value), "text": text })).collect()
}

/// The answers to choose from with what each leaves; of a fact of many values, telling ones.
fn answers(program: &Program, question: &Question) -> Json {
    let listed =
        domain(program, question.item).is_some_and(|domain| matches!(domain.scalar, Scalar::Bool | Scalar::Choice));
    let answer = |answer: &crate::interview::Answer| {
        let mut object = Map::new();
        object.insert("value".to_owned(), given::json(&program.fact(question.item.fact()).kind, &answer.given));
        object.insert("text".to_owned(), json!(given_words(program, question.item, &answer.given)));
        if !listed {
            object.insert("example".to_owned(), json!(true));
        }
        object.insert("candidates".to_owned(), candidates(program, &answer.candidates));
        Json::Object(object)
    };
    question.answers.iter().map(answer).collect()
}

/// By decision, the options that may be its value (null: none); where it collects, be in it.
fn candidates(program: &Program, candidates: &[Candidates]) -> Json {
    let of_decision = |candidates: &Candidates| {
        let decision = program.decision(candidates.decision);
        let mut names: Vec<Json> =
            candidates.options.iter().map(|option| json!(&*decision.options[*option].id)).collect();
        if candidates.nothing && decision.hit_policy != HitPolicy::Collect {
            names.push(Json::Null);
        }
        (decision.name.to_string(), Json::Array(names))
    };
    Json::Object(candidates.iter().map(of_decision).collect())
}
