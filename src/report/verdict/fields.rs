//! Fields: which parts of a verdict a row or a JSON line has.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::wire::{Answer, facts, options, rules};
use crate::diagnostic::nearest;
use crate::program::{DecisionId, Program};
use crate::verdict::Verdict;

/// One part of a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// `id`
    Id,
    /// `status`
    Status,
    /// `<decision>`: its value
    Value(DecisionId),
    /// `<decision>.<part>`
    Part(DecisionId, Part),
}

/// Parts of a decision besides its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `.status`
    Status,
    /// `.default`
    Default,
    /// `.certain`
    Certain,
    /// `.possible`
    Possible,
    /// `.rules`
    Rules,
    /// `.missing`
    Missing,
    /// `.every_case`
    EveryCase,
}

impl Part {
    const ALL: [Self; 7] =
        [Self::Status, Self::Default, Self::Certain, Self::Possible, Self::Rules, Self::Missing, Self::EveryCase];

    fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Default => "default",
            Self::Certain => "certain",
            Self::Possible => "possible",
            Self::Rules => "rules",
            Self::Missing => "missing",
            Self::EveryCase => "every_case",
        }
    }
}

/// A name that is no field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no field `{name}`")]
pub struct UnknownField {
    /// What was asked for.
    pub name: String,
    /// The nearest field, if one is near.
    pub suggestion: Option<String>,
}

/// Fields in the order asked for, with their names.
#[derive(Debug, Clone)]
pub struct Fields(Vec<(String, Field)>);

impl Fields {
    /// `id`, `status`, then each decision with its status.
    pub fn standard(program: &Program) -> Self {
        Self::each(program, &[Part::Status])
    }

    /// The same, and what each open decision comes to in every case.
    pub fn with_every_case(program: &Program) -> Self {
        Self::each(program, &[Part::Status, Part::EveryCase])
    }

    fn each(program: &Program, parts: &[Part]) -> Self {
        let mut fields = vec![Field::Id, Field::Status];
        for id in decisions(program) {
            fields.push(Field::Value(id));
            fields.extend(parts.iter().map(|part| Field::Part(id, *part)));
        }
        Self(fields.into_iter().map(|field| (name(program, field), field)).collect())
    }

    /// The fields of these names, each once.
    ///
    /// # Errors
    /// The first name that is no field.
    pub fn parse<'a>(program: &Program, names: impl IntoIterator<Item = &'a str>) -> Result<Self, UnknownField> {
        let all: Vec<(String, Field)> = every(program).map(|field| (name(program, field), field)).collect();
        let find = |wanted: &str| match all.iter().find(|(name, _)| name == wanted) {
            Some(found) => Ok(found.clone()),
            None => Err(UnknownField {
                name: wanted.to_owned(),
                suggestion: nearest(wanted, all.iter().map(|(name, _)| name.as_str())).map(str::to_owned),
            }),
        };
        let mut fields: Vec<(String, Field)> = Vec::new();
        for name in names {
            let found = find(name)?;
            if !fields.contains(&found) {
                fields.push(found);
            }
        }
        Ok(Self(fields))
    }

    /// Names and fields, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Field)> {
        self.0.iter().map(|(name, field)| (name.as_str(), *field))
    }

    /// Whether what a decision comes to in every case is among them.
    pub fn have_every_case(&self) -> bool {
        self.iter().any(|(_, field)| matches!(field, Field::Part(_, Part::EveryCase)))
    }

    /// A verdict cut down to these fields, as a flat JSON object.
    pub fn of<'a>(&'a self, program: &'a Program, verdict: &'a Verdict) -> impl Serialize + 'a {
        Picked { fields: self, program, verdict }
    }
}

fn decisions(program: &Program) -> impl Iterator<Item = DecisionId> + use<> {
    (0..program.decisions.len()).map(|index| DecisionId(index as u32))
}

/// Every field there is; where a decision is called `id` or `status`, the issue's own comes first.
fn every(program: &Program) -> impl Iterator<Item = Field> {
    let of_decision = |id| std::iter::once(Field::Value(id)).chain(Part::ALL.map(|part| Field::Part(id, part)));
    [Field::Id, Field::Status].into_iter().chain(decisions(program).flat_map(of_decision))
}

fn name(program: &Program, field: Field) -> String {
    match field {
        Field::Id => "id".to_owned(),
        Field::Status => "status".to_owned(),
        Field::Value(id) => program.decision(id).name.to_string(),
        Field::Part(id, part) => format!("{}.{}", program.decision(id).name, part.as_str()),
    }
}

struct Picked<'a> {
    fields: &'a Fields,
    program: &'a Program,
    verdict: &'a Verdict,
}

impl Serialize for Picked<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { fields, program, verdict } = *self;
        let mut map = serializer.serialize_map(Some(fields.0.len()))?;
        for (name, field) in fields.iter() {
            match field {
                Field::Id => map.serialize_entry(name, &*verdict.id)?,
                Field::Status => map.serialize_entry(name, verdict.status.as_str())?,
                Field::Value(id) => {
                    let (decision, options) = (program.decision(id), &verdict.outcomes[id.index()].value);
                    map.serialize_entry(name, &Answer { decision, options })?;
                }
                Field::Part(id, part) => {
                    let (decision, outcome) = (program.decision(id), &verdict.outcomes[id.index()]);
                    match part {
                        Part::Status => map.serialize_entry(name, outcome.status.as_str())?,
                        Part::Default => map.serialize_entry(name, &outcome.from_default)?,
                        Part::Certain => map.serialize_entry(name, &options(decision, &outcome.certain))?,
                        Part::Possible => map.serialize_entry(name, &options(decision, &outcome.possible))?,
                        Part::Rules => map.serialize_entry(name, &rules(program, &outcome.rules))?,
                        Part::Missing => map.serialize_entry(name, &facts(program, &outcome.missing))?,
                        Part::EveryCase => {
                            let answer = outcome.every_case.as_ref().map(|options| Answer { decision, options });
                            map.serialize_entry(name, &answer)?;
                        }
                    }
                }
            }
        }
        map.end()
    }
}
