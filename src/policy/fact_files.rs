//! Fact files that lie within a policy's folder: named by a scenario, and no part of the policy.
//!
//! Only a file without any table of the language can be one, so that a wrong path in a
//! scenario never makes a part of the policy disappear.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::{brackets, document};
use crate::source::FileId;

/// Which of the files are the issues of scenarios; `root` is what scenarios' paths start from.
pub fn named_by_scenarios<'f>(files: impl Iterator<Item = (&'f Path, &'f str)>, root: &Path) -> BTreeSet<PathBuf> {
    let (policy, others): (Vec<_>, Vec<_>) = files.partition(|(_, text)| brackets::has_header(text));
    if others.is_empty() {
        return BTreeSet::new();
    }
    let mut named = BTreeSet::new();
    for (_, text) in policy {
        document::read(FileId(0), text, |tables| named.extend(issues(tables).map(|path| plain(&root.join(path)))));
    }
    let paths = others.into_iter().map(|(path, _)| path);
    paths.filter(|path| named.contains(&plain(path))).map(Path::to_path_buf).collect()
}

/// The paths that the scenarios of a file give as their issues, as they are written.
pub fn issue_paths(text: &str) -> Vec<PathBuf> {
    document::read(FileId(0), text, |tables| issues(tables).map(PathBuf::from).collect()).0
}

/// The paths that scenarios give as their issues.
fn issues<'v>(tables: &'v DeTable<'_>) -> impl Iterator<Item = &'v str> {
    let scenarios = tables.get("scenario").and_then(|value| value.get_ref().as_table());
    scenarios.into_iter().flat_map(|table| table.values()).filter_map(|scenario| match scenario.get_ref() {
        DeValue::Table(table) => table.get("issue").and_then(|value| value.get_ref().as_str()),
        _ => None,
    })
}

/// A path without `.` and, where it can be told, without `..`.
pub fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::Normal(_))) => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}
