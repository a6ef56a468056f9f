//! Diagnostics as SARIF 2.1.0, the format of code scanning.
//!
//! OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.

use serde_json::{Value, json};

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::{Sources, Span};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// One log with one run; its rules are the codes that occur.
pub fn document<'a>(found: impl IntoIterator<Item = (&'a [Diagnostic], &'a Sources)>) -> Value {
    let found: Vec<_> = found.into_iter().collect();
    let mut codes: Vec<Code> = found.iter().flat_map(|(diagnostics, _)| diagnostics.iter().map(|d| d.code)).collect();
    codes.sort_unstable_by_key(|code| code.as_str());
    codes.dedup();
    let results: Vec<Value> = found
        .iter()
        .flat_map(|(diagnostics, sources)| diagnostics.iter().map(|d| result(d, sources, &codes)))
        .collect();
    log(codes.iter().map(|code| rule(*code)).collect(), results)
}

/// A log of one run, with its rules and results.
pub(super) fn log(rules: Vec<Value>, results: Vec<Value>) -> Value {
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "remit",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn rule(code: Code) -> Value {
    let page = code.page();
    let mut rule = json!({
        "id": code.as_str(),
        "shortDescription": { "text": code.as_str().replace('-', " ") },
        "fullDescription": { "text": first_paragraph(page).unwrap_or_else(|| code.as_str().replace('-', " ")) },
        "help": { "text": page, "markdown": page },
        "defaultConfiguration": { "level": level(code.severity()) },
    });
    // Without a public home there is no address to give.
    if let (repository, Some(object)) = (env!("CARGO_PKG_REPOSITORY"), rule.as_object_mut())
        && !repository.is_empty()
    {
        object.insert("helpUri".to_owned(), json!(format!("{repository}/blob/main/docs/checks/{}.md", code.as_str())));
    }
    rule
}

/// The first paragraph of a page that says more than a word, on one line.
fn first_paragraph(page: &str) -> Option<String> {
    let is_prose = |paragraph: &&str| !paragraph.starts_with('#') && paragraph.contains(' ');
    let paragraph = page.split("\n\n").map(str::trim).find(is_prose)?;
    Some(paragraph.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn result(diagnostic: &Diagnostic, sources: &Sources, codes: &[Code]) -> Value {
    let text = match &diagnostic.help {
        Some(help) => format!("{} (help: {help})", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let mut result = json!({
        "ruleId": diagnostic.code.as_str(),
        "ruleIndex": codes.iter().position(|code| *code == diagnostic.code),
        "level": level(diagnostic.severity()),
        "message": { "text": text },
        "locations": diagnostic.span.iter().map(|span| location(*span, sources)).collect::<Vec<_>>(),
    });
    if let Some(object) = result.as_object_mut()
        && !diagnostic.labels.is_empty()
    {
        let related = diagnostic.labels.iter().enumerate().map(|(index, label)| {
            let mut location = location(label.span, sources);
            location["id"] = json!(index + 1);
            if !label.text.is_empty() {
                location["message"] = json!({ "text": label.text });
            }
            location
        });
        object.insert("relatedLocations".to_owned(), related.collect());
    }
    result
}

pub(super) fn location(span: Span, sources: &Sources) -> Value {
    let (start, end) = (sources.position(span), sources.end_position(span));
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&sources.path(span.file).display().to_string()) },
        "region": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        },
    } })
}

/// A path as a URI reference: relative to the working folder, or `file://` and the whole path.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    let mut uri = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}
