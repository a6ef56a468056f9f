//! The files of a policy → a [`Policy`] and everything wrong with their TOML and rule texts.
//!
//! Never fails and never judges: what cannot be read is reported, the rest is read all the same.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use super::files::{self, Unreadable};
use super::scenarios_only::is_scenarios_only;
use super::tables::{self, Draft};
use super::{Extent, IssueFiles, Policy, document, fact_files};
use crate::diagnostic::{Code, Diagnostic, has_errors, sort};
use crate::source::{FileId, Sources, Span};

/// Loads the policy at a path, a folder or a file; its files are added to `sources` in path order. Only reads: nothing
/// is checked, see [`crate::check::load`].
pub fn load(path: &Path, sources: &mut Sources) -> (Policy, Vec<Diagnostic>) {
    load_extent(path, Extent::Whole, sources)
}

/// Loads so much of the policy at a path; the files that are read are added to `sources` in path order.
pub fn load_extent(path: &Path, extent: Extent, sources: &mut Sources) -> (Policy, Vec<Diagnostic>) {
    let folder = path.is_dir();
    let found = if folder { files::below(path) } else { vec![(path.to_path_buf(), None)] };
    let root = if folder { path.to_path_buf() } else { path.parent().map(Path::to_path_buf).unwrap_or_default() };
    let files = found.into_iter().map(|(path, problem)| {
        let text = problem.map_or_else(|| files::read(&path), Err);
        (path, text)
    });
    read(files.collect(), root, path, extent, sources).0
}

/// Loads a policy from texts, each with the path it is shown under. Neither this nor checking it reads the disk:
/// a fact file that a scenario names is one of the texts. [`crate::check::load_texts`] does both.
///
/// `root` is what relative paths of scenarios start from. The order of the texts has no meaning.
pub fn load_texts(mut files: Vec<(PathBuf, String)>, root: PathBuf) -> (Policy, Sources, Vec<Diagnostic>) {
    files.sort();
    let mut sources = Sources::default();
    let files = files.into_iter().map(|(path, text)| (path, Ok(text))).collect();
    let path = root.clone();
    let ((mut policy, diagnostics), issues) = read(files, root, &path, Extent::Whole, &mut sources);
    policy.issue_files = IssueFiles::Texts(issues);
    (policy, sources, diagnostics)
}

/// A file's path, and its text or why there is none.
type Read = (PathBuf, Result<String, Unreadable>);

/// Reads the files of a policy; and those that are fact files of scenarios, by path.
fn read(
    files: Vec<Read>,
    root: PathBuf,
    shown: &Path,
    extent: Extent,
    sources: &mut Sources,
) -> ((Policy, Vec<Diagnostic>), BTreeMap<PathBuf, String>) {
    let texts = files.iter().filter_map(|(path, text)| Some((path.as_path(), text.as_deref().ok()?)));
    let issues = fact_files::named_by_scenarios(texts, &root);
    let mut draft = Draft::new(extent);
    let (mut facts, mut parts) = (BTreeMap::new(), Vec::new());
    for (path, text) in files {
        match text {
            Ok(text) if issues.contains(&path) => {
                facts.insert(fact_files::plain(&path), text);
            }
            Ok(text) if extent == Extent::Decisions && is_scenarios_only(&text) => {}
            Ok(text) => parts.push(sources.add(path, text)),
            Err(reason) => report_unreadable(&path, &reason, sources, &mut draft),
        }
    }
    // What a file seems to lack may stand in any other.
    parts.into_iter().for_each(|file| add(file, sources, &mut draft));
    (finish(draft, root, shown, sources), facts)
}

fn add(file: FileId, sources: &Sources, draft: &mut Draft) {
    let text = &sources.file(file).text;
    let ((), faults) = document::read(file, text, |document| tables::read(file, sources, document, draft));
    if faults.is_empty() {
        return;
    }
    // On each line, from where to where it is broken.
    let mut broken: HashMap<usize, Span> = HashMap::new();
    for span in faults.iter().filter_map(|fault| fault.span) {
        for line in sources.position(span).line..=sources.position(Span { start: span.end, ..span }).line {
            let all = broken.entry(line).or_insert(span);
            *all = Span { start: all.start.min(span.start), end: all.end.max(span.end), file };
        }
    }
    draft.diagnostics.retain(|found| {
        let Some(span) = found.span.filter(|span| span.file == file) else { return true };
        let fault = broken.get(&sources.position(span).line);
        match found.code {
            // What lacks may stand where the file is broken.
            Code::MissingKey => false,
            // A text with a fault of TOML in or behind it is no whole rule.
            Code::Syntax => fault.is_none_or(|fault| fault.end < span.start),
            _ => fault.is_none_or(|fault| span.start < fault.start || fault.end < span.end),
        }
    });
    draft.diagnostics.extend(faults);
}

fn report_unreadable(path: &Path, reason: &Unreadable, sources: &mut Sources, draft: &mut Draft) {
    let file = sources.add(path, reason.beginning.as_str());
    let end = reason.beginning.len();
    let diagnostic = Diagnostic::new(Code::Unreadable, Span::new(file, end..end), reason.message.as_str());
    draft.diagnostics.push(diagnostic.help(reason.help.as_str()));
}

fn finish(mut draft: Draft, root: PathBuf, path: &Path, sources: &Sources) -> (Policy, Vec<Diagnostic>) {
    draft.report_twice(sources);
    let named = draft.names_policy();
    let Draft { mut policy, mut diagnostics, nameless, .. } = draft;
    policy.root = root;
    policy.unread = diagnostics.iter().filter(|d| d.code == Code::Toml).filter_map(|d| d.span).collect();
    policy.nameless = nameless;
    policy.incomplete = diagnostics.iter().any(|d| matches!(d.code, Code::Toml | Code::Unreadable));
    if !named && !policy.incomplete {
        let message = match path.to_str() {
            Some("") => "no file has a `[policy]` table".to_owned(),
            _ => format!("no file of `{}` has a `[policy]` table", path.display()),
        };
        let help = "write `[policy]` and below it `name = \"…\"`";
        diagnostics.push(Diagnostic::placeless(Code::NoPolicy, message).help(help));
    }
    policy.faulty = has_errors(&diagnostics);
    sort(&mut diagnostics, sources);
    (policy, diagnostics)
}
