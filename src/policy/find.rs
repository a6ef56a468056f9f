//! Where the policies are: a path → the folders and files that are policies.
//!
//! Reads just enough of each file to see whether it says `[policy]`; what is wrong with
//! a policy that is found is for loading to say.

use std::path::{Path, PathBuf};

use super::document::{self, Glance};
use super::files::{self, Unreadable};
use super::{Header, tables};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::FileId;

/// The policies at a path: the path itself if it is one, else those of its sub-folders that are.
///
/// A file, or a folder of files, that is too broken to tell counts as a policy: loading says what is wrong.
///
/// # Errors
///
/// `no-policy` if there is none, `unreadable` if the path cannot be looked at.
pub fn find_policies(path: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    if !path.is_dir() {
        return single_file(path);
    }
    let children = files::children(path).map_err(|reason| unreadable(&reason))?;
    let glance = look_into(&children);
    if glance == Glance::Policy {
        return Ok(vec![path.to_path_buf()]);
    }
    let policies: Vec<PathBuf> = children.iter().filter(|child| is_policy_folder(child)).cloned().collect();
    match glance {
        _ if !policies.is_empty() => Ok(policies),
        Glance::Broken => Ok(vec![path.to_path_buf()]),
        _ => Err(nothing_in(path, &children)),
    }
}

/// The policy at a path; where the path holds several, the one that says `default = true`.
///
/// # Errors
///
/// `no-policy` if there is none, or if none or more than one of several is the default.
pub fn find_default(path: &Path) -> Result<PathBuf, Diagnostic> {
    let policies = find_policies(path)?;
    if let [only] = policies.as_slice() {
        return Ok(only.clone());
    }
    let defaults: Vec<&PathBuf> = policies.iter().filter(|policy| says_default(policy)).collect();
    match defaults.as_slice() {
        [only] => Ok((*only).clone()),
        [] => Err(Diagnostic::placeless(
            Code::NoPolicy,
            format!("`{}` holds several policies, and none of them says `default = true`", path.display()),
        )
        .help(format!(
            "give the path of one of them: {}; or write `default = true` below its `[policy]`",
            list(&policies)
        ))),
        several => Err(Diagnostic::placeless(
            Code::NoPolicy,
            format!("`{}` holds several policies that say `default = true`: {}", path.display(), list(several)),
        )
        .help("keep `default = true` in one of them, or give the path of the one you mean")),
    }
}

fn list<P: AsRef<Path>>(paths: &[P]) -> String {
    let shown: Vec<String> = paths.iter().map(|path| format!("`{}`", path.as_ref().display())).collect();
    shown.join(", ")
}

/// What the `.toml` files among these make of their folder. Those that have the word in
/// their text come first, so that most folders are told by one file.
fn look_into(children: &[PathBuf]) -> Glance {
    let files = children.iter().filter(|child| files::is_toml(child)).map(|file| files::read(file).ok());
    let (likely, others): (Vec<_>, Vec<_>) = files.partition(|text| text.as_deref().is_some_and(may_have_header));
    let mut broken = false;
    for text in likely.iter().chain(&others) {
        match text.as_ref().map_or(Glance::Broken, |text| document::glance(text)) {
            Glance::Policy => return Glance::Policy,
            Glance::Broken => broken = true,
            Glance::Other => {}
        }
    }
    if broken { Glance::Broken } else { Glance::Other }
}

/// Whether a text can have the table `[policy]`, however it is written.
fn may_have_header(text: &str) -> bool {
    text.contains("policy") || text.contains('\\')
}

fn is_policy_folder(path: &Path) -> bool {
    path.is_dir() && files::children(path).is_ok_and(|children| look_into(&children) == Glance::Policy)
}

fn single_file(path: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let text = match files::read(path) {
        Ok(text) => text,
        Err(_) if path.is_file() && files::is_toml(path) => return Ok(vec![path.to_path_buf()]),
        Err(reason) => return Err(Diagnostic::placeless(Code::NoPolicy, reason.message).help(reason.help)),
    };
    if !files::is_toml(path) {
        let message = format!("`{}` is no policy: its name does not end in `.toml`", path.display());
        return Err(Diagnostic::placeless(Code::NoPolicy, message)
            .help("give a folder of `.toml` files, or one `.toml` file with a `[policy]` table"));
    }
    if document::glance(&text) != Glance::Other {
        return Ok(vec![path.to_path_buf()]);
    }
    let message = format!("`{}` is no policy: it has no `[policy]` table", path.display());
    Err(Diagnostic::placeless(Code::NoPolicy, message).help("write `[policy]` and below it `name = \"…\"`"))
}

fn unreadable(reason: &Unreadable) -> Diagnostic {
    Diagnostic::placeless(Code::Unreadable, reason.message.clone()).help(reason.help.clone())
}

fn nothing_in(path: &Path, children: &[PathBuf]) -> Diagnostic {
    let shown = path.display();
    let message = if children.is_empty() {
        format!("the folder `{shown}` is empty")
    } else if children.iter().any(|child| files::is_toml(child)) {
        format!("`{shown}` is no policy: none of its `.toml` files has a `[policy]` table")
    } else {
        format!("`{shown}` is no policy and holds none: there is no `.toml` file with a `[policy]` table")
    };
    Diagnostic::placeless(Code::NoPolicy, message)
        .help("a policy is a folder in which a `.toml` file has `[policy]` and below it `name = \"…\"`")
}

/// Whether the header of a policy says `default = true`.
fn says_default(policy: &Path) -> bool {
    let children =
        if policy.is_dir() { files::children(policy).unwrap_or_default() } else { vec![policy.to_path_buf()] };
    let mut texts = children.iter().filter(|child| files::is_toml(child)).filter_map(|file| files::read(file).ok());
    texts.any(|text| header_of(&text).is_some_and(|header| header.default))
}

fn header_of(text: &str) -> Option<Header> {
    if !may_have_header(text) {
        return None;
    }
    let (header, _) = document::read(FileId(0), text, |tables| tables::read_header(text, tables));
    header
}
