//! Issues that were not taken: as a JSON line, or as text.

use serde::Serialize;

use super::look::Look;
use super::page::{Page, cut};
use crate::issue::{Rejection, UnknownKey};

/// The JSON of a rejection; keys and their order are an interface.
#[derive(Debug, Serialize)]
pub struct Wire<'a> {
    line: Option<usize>,
    file: &'a str,
    id: Option<&'a str>,
    error: Error<'a>,
}

#[derive(Debug, Serialize)]
struct Error<'a> {
    code: &'static str,
    message: &'a str,
    fact: Option<&'a str>,
}

impl<'a> From<&'a Rejection> for Wire<'a> {
    fn from(rejection: &'a Rejection) -> Self {
        Self {
            line: rejection.line,
            file: &rejection.file,
            id: rejection.id.as_deref(),
            error: Error {
                code: rejection.code.as_str(),
                message: &rejection.message,
                fact: rejection.fact.as_deref(),
            },
        }
    }
}

/// The text of a rejection: what, where, what to write instead.
pub fn text(rejection: &Rejection, look: Look) -> String {
    let mut page = Page::new(look);
    page.line(0, &format!("error[{}]: {}", rejection.code.as_str(), cut(&rejection.message)));
    let line = rejection.line.map(|line| format!(":{line}")).unwrap_or_default();
    let id = rejection.id.as_deref().map(|id| format!(", issue {id}")).unwrap_or_default();
    page.line(2, &format!("--> {}{line}{id}", rejection.file));
    if let Some(help) = &rejection.help {
        page.line(2, &format!("help: {}", cut(help)));
    }
    page.finish()
}

/// The text of a warning about a key that is no fact.
pub fn unknown_key(key: &UnknownKey, file: &str, look: Look) -> String {
    let mut page = Page::new(look);
    page.line(0, &format!("warning: `{}` is no fact of the policy, and is not looked at", cut(&key.key)));
    page.line(2, &format!("--> {file}"));
    if let Some(near) = &key.suggestion {
        page.line(2, &format!("help: write `{near}`"));
    }
    page.finish()
}
