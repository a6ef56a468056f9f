//! Whether a JSON document is as a JSON schema says.
//!
//! Knows the keywords that the schemas here use and refuses any other, so a schema cannot
//! say what nobody checks.

use std::fs;

use serde_json::{Map, Value as Json, json};

/// A schema.
pub struct Schema(Json);

impl Schema {
    /// Of a file.
    pub fn read(path: &str) -> Self {
        let text = fs::read_to_string(path).expect("the schema is there");
        Self(serde_json::from_str(&text).expect("the schema is JSON"))
    }

    /// The definitions, by name.
    pub fn definitions(&self) -> &Map<String, Json> {
        self.0["$defs"].as_object().expect("definitions")
    }

    /// What is wrong with a document, each with its place.
    pub fn faults(&self, document: &Json) -> Vec<String> {
        let mut faults = Vec::new();
        self.look(&self.0, document, "", &mut faults);
        faults
    }

    fn look(&self, schema: &Json, value: &Json, at: &str, faults: &mut Vec<String>) {
        for (keyword, wanted) in schema.as_object().expect("a schema is an object") {
            let fits = match keyword.as_str() {
                "$schema" | "$id" | "id" | "$defs" | "definitions" | "title" | "description" => continue,
                "properties" | "additionalProperties" => continue,
                "$ref" => {
                    self.look(self.definition(wanted), value, at, faults);
                    continue;
                }
                "items" => {
                    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.look(wanted, item, &format!("{at}/{index}"), faults);
                    }
                    continue;
                }
                "anyOf" => array(wanted).iter().any(|one| self.fits(one, value)),
                "oneOf" => array(wanted).iter().filter(|one| self.fits(one, value)).count() == 1,
                "type" => one_or_many(wanted).iter().any(|name| is_of(value, name)),
                "const" => value == wanted,
                "enum" => array(wanted).contains(value),
                "required" => one_or_many(wanted).iter().all(|key| value.is_object() && value.get(key).is_some()),
                "minimum" => value.as_f64().is_none_or(|number| Some(number) >= wanted.as_f64()),
                "maximum" => value.as_f64().is_none_or(|number| Some(number) <= wanted.as_f64()),
                "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= wanted.as_u64().unwrap_or(0)),
                "uniqueItems" => *wanted == json!(false) || value.as_array().is_none_or(|items| are_distinct(items)),
                "format" => value.as_str().is_none_or(|text| is_formatted(text, self::text(wanted))),
                "pattern" => {
                    let pattern = regex::Regex::new(text(wanted)).expect("a regular expression");
                    value.as_str().is_some_and(|text| pattern.is_match(text))
                }
                other => unreachable!("the validator does not know the keyword `{other}`"),
            };
            if !fits {
                faults.push(format!("{at}: {keyword} {wanted}, but it is {value}"));
            }
        }
        self.look_at_properties(schema, value, at, faults);
    }

    fn look_at_properties(&self, schema: &Json, value: &Json, at: &str, faults: &mut Vec<String>) {
        for (key, value) in value.as_object().into_iter().flatten() {
            let at = format!("{at}/{key}");
            match (schema["properties"].get(key), schema.get("additionalProperties")) {
                (Some(schema), _) => self.look(schema, value, &at, faults),
                (None, Some(Json::Bool(false))) => faults.push(format!("{at}: there is no such key")),
                (None, Some(schema)) => self.look(schema, value, &at, faults),
                (None, None) => {}
            }
        }
    }

    fn fits(&self, schema: &Json, value: &Json) -> bool {
        let mut faults = Vec::new();
        self.look(schema, value, "", &mut faults);
        faults.is_empty()
    }

    fn definition(&self, reference: &Json) -> &Json {
        let pointer = text(reference).strip_prefix('#').expect("references stay inside the schema");
        self.0.pointer(pointer).unwrap_or_else(|| unreachable!("there is no {pointer}"))
    }
}

pub fn text(json: &Json) -> &str {
    json.as_str().expect("a text")
}

pub fn array(json: &Json) -> &[Json] {
    json.as_array().expect("an array")
}

fn one_or_many(json: &Json) -> Vec<&str> {
    json.as_array().map_or_else(|| vec![text(json)], |many| many.iter().map(text).collect())
}

fn is_of(value: &Json, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => unreachable!("there is no type `{other}`"),
    }
}

fn are_distinct(items: &[Json]) -> bool {
    items.iter().enumerate().all(|(at, item)| !items[..at].contains(item))
}

fn is_formatted(text: &str, format: &str) -> bool {
    let plain = text.chars().all(|c| c.is_ascii_graphic() && !"\\\"<>^`{|}".contains(c));
    match format {
        "uri" => plain && text.split_once(':').is_some_and(|(scheme, rest)| !scheme.is_empty() && !rest.is_empty()),
        "uri-reference" => plain,
        other => unreachable!("the validator does not know the format `{other}`"),
    }
}
