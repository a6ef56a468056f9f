//! Every dependency in `Cargo.toml` says in its line why it is there.
//!
//! Licences, origins and advisories are the business of `cargo deny`, see `deny.toml`.

use std::fs;

#[test]
fn every_dependency_says_why() {
    let manifest = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).expect("Cargo.toml is there");
    let mut lines = Vec::new();
    for name in ["dependencies", "dev-dependencies"] {
        let section = manifest.split("\n[").find_map(|section| section.strip_prefix(&format!("{name}]\n")));
        let section = section.expect("the manifest has the section");
        lines.extend(section.lines().filter(|line| line.contains(" = ") && !line.starts_with('#')));
    }
    let silent: Vec<&str> = lines
        .iter()
        .filter(|line| line.rsplit_once(" # ").is_none_or(|(_, why)| why.trim().is_empty()))
        .copied()
        .collect();
    assert!(lines.len() > 5, "the dependencies are found: {lines:?}");
    assert!(silent.is_empty(), "these do not say why: {silent:?}");
}
