//! The program knows no policy: no name of a shipped one occurs in its source.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::run::root;

/// Keys of the language itself.
const LANGUAGE: [&str; 2] = ["hit-policy", "not-holds"];

fn files(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, extension, found);
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
}

/// Whether this is a name of two words or more.
fn is_long(name: &str) -> bool {
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let joined = |by: char| name.contains(by) && name.split(by).all(|w| !w.is_empty() && w.chars().all(letters));
    joined('_') || joined('-')
}

/// Every key and text of a policy that is a name of two words or more.
fn names(value: &toml::Value, found: &mut BTreeSet<String>) {
    match value {
        toml::Value::String(text) => found.extend(is_long(text).then(|| text.clone())),
        toml::Value::Array(items) => items.iter().for_each(|item| names(item, found)),
        toml::Value::Table(table) => {
            for (key, value) in table {
                found.extend(is_long(key).then(|| key.clone()));
                names(value, found);
            }
        }
        _ => {}
    }
}

#[test]
fn no_name_of_a_shipped_policy_occurs_in_the_source() {
    let (mut policies, mut sources) = (Vec::new(), Vec::new());
    files(&root().join("policies"), "toml", &mut policies);
    files(&root().join("src"), "rs", &mut sources);
    let mut found = BTreeSet::new();
    for policy in &policies {
        let text = fs::read_to_string(policy).expect("a file");
        names(&toml::Value::Table(text.parse().expect("TOML")), &mut found);
    }
    found.retain(|name| !LANGUAGE.contains(&name.as_str()));
    assert!(found.len() > 100, "{}", found.len());
    let mut named = Vec::new();
    for source in &sources {
        let text = fs::read_to_string(source).expect("a file");
        let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let words: BTreeSet<&str> = text.split(|c| !word(c)).collect();
        let here = found.iter().filter(|name| words.contains(name.as_str()));
        named.extend(here.map(|name| format!("{}: {name}", source.display())));
    }
    assert!(named.is_empty(), "{}", named.join("\n"));
}
