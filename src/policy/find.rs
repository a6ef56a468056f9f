//! Where the policies are: a path → the folders and files that are policies.
//!
//! Reads just enough of each file to see whether it says `[policy]`; what is wrong with
//! a policy that is found is for loading to say.

use std::path::{Path, PathBuf};

use super::brackets;
use super::document::{self, Glance};
use super::fact_files::{issue_paths, plain};
use super::files::{self, Unreadable};
use crate::diagnostic::{Code, Diagnostic, nearest};

/// The most files beside a policy that are looked into: where there are many, they are issues.
const MOST_BESIDE: usize = 50;

/// The policies at a path: the path itself if it is one, else those of its sub-folders that are.
///
/// A file, or a folder of files, that is too broken to tell counts as a policy: loading says what is wrong.
///
/// # Errors
///
/// `no-policy` if there is none, `unreadable` if the path cannot be looked at.
pub fn find_policies(path: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    Ok(find(path)?.into_iter().map(|found| found.path).collect())
}

/// A policy that was found.
struct Found {
    path: PathBuf,
    /// Whether its header says `default = true`.
    default: bool,
}

impl Found {
    fn new(path: &Path) -> Self {
        Self { path: path.to_path_buf(), default: false }
    }
}

fn find(path: &Path) -> Result<Vec<Found>, Diagnostic> {
    if !path.is_dir() {
        return single_file(path).map(|found| vec![found]);
    }
    let children = files::children(path).map_err(|reason| unreadable(&reason))?;
    let broken = match look_into(&children) {
        Glance::Policy { default } => return Ok(vec![Found { path: path.to_path_buf(), default }]),
        glance => glance == Glance::Broken,
    };
    let policies: Vec<Found> = children.iter().filter_map(|child| policy_folder(child)).collect();
    match broken {
        _ if !policies.is_empty() => Ok(policies),
        true => Ok(vec![Found::new(path)]),
        false => Err(nothing_in(path, &children)),
    }
}

/// The policy at a path; where the path holds several, the one that says `default = true`.
///
/// # Errors
///
/// `no-policy` if there is none, or if none or more than one of several is the default.
pub fn find_default(path: &Path) -> Result<PathBuf, Diagnostic> {
    let found = find(path)?;
    if let [only] = found.as_slice() {
        return Ok(only.path.clone());
    }
    let defaults: Vec<&Path> = found.iter().filter(|found| found.default).map(|found| found.path.as_path()).collect();
    let policies: Vec<&Path> = found.iter().map(|found| found.path.as_path()).collect();
    match defaults.as_slice() {
        [only] => Ok(only.to_path_buf()),
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

/// What the `.toml` files among these make of their folder; most folders are told by one file.
///
/// A file that cannot have the header is looked at only if no other has it: it may be broken.
fn look_into(children: &[PathBuf]) -> Glance {
    let mut others = Vec::new();
    let mut broken = false;
    for file in likeliest_first(children) {
        match files::read(file).map(Text::from) {
            Ok(Text::Likely(text)) => match document::glance(&text) {
                found @ Glance::Policy { .. } => return found,
                Glance::Broken => broken = true,
                Glance::Other => {}
            },
            Ok(Text::Unlikely(text)) => others.push(text),
            Err(_) => broken = true,
        }
    }
    if broken || others.iter().any(|text| document::glance(text) == Glance::Broken) {
        return Glance::Broken;
    }
    Glance::Other
}

/// The `.toml` files among these: the one that most authors give the header to, then the others in order.
fn likeliest_first(children: &[PathBuf]) -> impl Iterator<Item = &PathBuf> {
    let (first, others): (Vec<_>, Vec<_>) =
        children.iter().filter(|child| files::is_toml(child)).partition(|file| file.ends_with("policy.toml"));
    first.into_iter().chain(others)
}

/// The text of a file, by whether it can have the header.
enum Text {
    Likely(String),
    Unlikely(String),
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        if may_have_header(&text) { Self::Likely(text) } else { Self::Unlikely(text) }
    }
}

/// Whether a text can have the table `[policy]`, however it is written.
fn may_have_header(text: &str) -> bool {
    ["policy", "Policy", "POLICY", "\\"].iter().any(|part| text.contains(part))
}

fn policy_folder(path: &Path) -> Option<Found> {
    if !path.is_dir() {
        return None;
    }
    match look_into(&files::children(path).ok()?) {
        Glance::Policy { default } => Some(Found { path: path.to_path_buf(), default }),
        _ => None,
    }
}

fn single_file(path: &Path) -> Result<Found, Diagnostic> {
    let text = match files::read(path) {
        Ok(text) => text,
        Err(_) if path.is_file() && files::is_toml(path) => return Ok(Found::new(path)),
        Err(reason) => return Err(Diagnostic::placeless(Code::NoPolicy, reason.message).help(reason.help)),
    };
    if !files::is_toml(path) {
        let message = format!("`{}` is no policy: its name does not end in `.toml`", path.display());
        return Err(Diagnostic::placeless(Code::NoPolicy, message)
            .help("give a folder of `.toml` files, or one `.toml` file with a `[policy]` table"));
    }
    if document::glance(&text) != Glance::Other {
        return Ok(Found::new(path));
    }
    let message = format!("`{}` is no policy: it has no `[policy]` table", path.display());
    let folders =
        folder_of(path).ancestors().map(|folder| if folder == Path::new("") { Path::new(".") } else { folder });
    let folder = document::is_part(&text).then(|| folders.into_iter().find_map(policy_folder)).flatten();
    let help = match folder {
        Some(found) => format!("give the folder of the policy that it is a part of: `{}`", found.path.display()),
        None => "write `[policy]` and below it `name = \"…\"`".to_owned(),
    };
    Err(Diagnostic::placeless(Code::NoPolicy, message).help(help))
}

/// The folder that a file lies in.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Of a policy that is given as one file, the files beside it that look like parts of the same policy: they are not
/// read, as they would be if the folder was given.
pub fn left_out(policy: &Path) -> Vec<PathBuf> {
    if policy.is_dir() {
        return Vec::new();
    }
    let mut beside = files::children(folder_of(policy)).unwrap_or_default();
    beside.retain(|file| file.file_name() != policy.file_name() && files::is_toml(file));
    beside.truncate(MOST_BESIDE);
    beside.retain(|file| is_part(file));
    beside
}

/// The files in the folder of a policy, and below it, that seem to be parts of it but for their names, which do not
/// end in `.toml`: they are not read.
pub fn misnamed(policy: &Path) -> Vec<PathBuf> {
    let mut found = files::misnamed(policy);
    found.truncate(MOST_BESIDE);
    found.retain(|file| files::read(file).is_ok_and(|text| brackets::has_header(&text)));
    found
}

/// Whether a file looks like a part of a policy: not the one with `[policy]`, but with rules, facts, scenarios or so.
pub fn is_part(file: &Path) -> bool {
    files::read(file).is_ok_and(|text| document::is_part(&text))
}

/// Whether a scenario of the policy in a folder has its issue at a path, whether a file is there or not.
pub fn names_issue(policy: &Path, path: &Path) -> bool {
    let whole = |path: &Path| std::path::absolute(path).map(|path| plain(&path)).ok();
    let texts = files::below(policy).into_iter().filter_map(|(file, _)| files::read(&file).ok());
    let mut issues = texts.flat_map(|text| issue_paths(&text));
    issues.any(|issue| whole(&policy.join(issue)) == whole(path))
}

/// The nearest policy in one of the folders that a path names, whether a file is there or not.
pub fn policy_around(path: &Path) -> Option<PathBuf> {
    path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()).find_map(policy_folder).map(|it| it.path)
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
    if let Some(file) = children.iter().find(|child| files::as_toml(child) != **child) {
        let help = format!("`{}` is not read: write its name as `{}`", file.display(), files::as_toml(file).display());
        return Diagnostic::placeless(Code::NoPolicy, message).help(help);
    }
    if let Some((file, header)) = misspelt_header(children) {
        let help = format!("write `[policy]` in place of `{header}` in `{}`", file.display());
        return Diagnostic::placeless(Code::NoPolicy, message).help(help);
    }
    Diagnostic::placeless(Code::NoPolicy, message)
        .help("a policy is a folder in which a `.toml` file has `[policy]` and below it `name = \"…\"`")
}

/// A header that is nearly `[policy]`, and the file that it is in.
fn misspelt_header(children: &[PathBuf]) -> Option<(&Path, String)> {
    let is_meant = |line: &&str| {
        let name = line.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        name.is_some_and(|name| nearest(&name.trim().to_lowercase(), ["policy"]).is_some())
    };
    let files = children.iter().filter(|child| files::is_toml(child)).take(MOST_BESIDE);
    files.into_iter().find_map(|file| {
        let text = files::read(file).ok()?;
        text.lines().find(is_meant).map(|header| (file.as_path(), header.trim().to_owned()))
    })
}
