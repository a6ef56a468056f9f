//! Policies on disk: folders, links, and everything that cannot be read.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use remit::diagnostic::Diagnostic;
use remit::policy::{find_default, find_policies, load};
use remit::source::Sources;
use tempfile::TempDir;

use super::shown;

const POLICY: &str = "[policy]\nname = 'x'\n";

/// A folder with these files in it.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        write(folder.path(), path, text.as_bytes());
    }
    folder
}

fn write(folder: &Path, path: &str, bytes: &[u8]) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    fs::write(path, bytes).expect("a file");
}

/// Everything wrong with the policy, with the folder's own path taken out.
fn wrong(folder: &Path, path: &Path) -> String {
    let mut sources = Sources::default();
    let (_, diagnostics) = load(path, &mut sources);
    shown(&diagnostics, &sources).replace(&folder.display().to_string(), "DIR")
}

/// Paths of the files that belong to a policy.
fn files(folder: &TempDir) -> Vec<String> {
    let mut sources = Sources::default();
    let (_, diagnostics) = load(folder.path(), &mut sources);
    assert_eq!(shown(&diagnostics, &sources), "");
    let short = |path: &Path| path.strip_prefix(folder.path()).map(|p| p.display().to_string()).expect("within");
    sources.iter().map(|(_, file)| short(&file.path)).collect()
}

/// What is found at a path, with the folder's own path taken out.
fn found(folder: &Path, path: &Path) -> String {
    let told = |d: Diagnostic| format!("{}: {}\n  help: {}", d.code.as_str(), d.message, d.help.unwrap_or_default());
    let policies = match find_policies(path) {
        Ok(policies) => policies.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(" "),
        Err(diagnostic) => told(diagnostic),
    };
    let default = find_default(path).map_or_else(told, |path| path.display().to_string());
    let both = if policies == default { policies } else { format!("{policies}\ndefault: {default}") };
    both.replace(&folder.display().to_string(), "DIR")
}

fn found_in(files: &[(&str, &str)]) -> String {
    let folder = folder(files);
    found(folder.path(), folder.path())
}

#[test]
fn all_toml_files_in_and_below_the_folder_belong_to_the_policy() {
    let folder = folder(&[
        ("policy.toml", POLICY),
        ("b/rules.toml", "[rule.a]\nsays = 'a'"),
        ("b.toml", ""),
        ("a/b/c/deep.toml", ""),
        ("a/.hidden.toml", "["),
        (".git/x.toml", "["),
        ("notes.md", "["),
        ("x.TOML", "["),
        ("toml", "["),
        ("é.toml", ""),
    ]);
    assert_eq!(files(&folder), ["a/b/c/deep.toml", "b/rules.toml", "b.toml", "policy.toml", "é.toml"]);
}

#[test]
fn a_policy_of_one_file_starts_from_its_folder() {
    let folder = folder(&[("one.toml", POLICY), ("other.toml", "[")]);
    let mut sources = Sources::default();
    let (policy, diagnostics) = load(&folder.path().join("one.toml"), &mut sources);
    assert_eq!(shown(&diagnostics, &sources), "");
    assert_eq!((policy.root.as_path(), sources.iter().count()), (folder.path(), 1));
    let (policy, _) = load(folder.path(), &mut Sources::default());
    assert_eq!(policy.root, folder.path());
}

#[test]
fn links_are_followed_once_and_never_in_circles() {
    let folder = folder(&[("policy.toml", POLICY), ("sub/a.toml", ""), ("sub/deep/b.toml", "")]);
    let elsewhere = self::folder(&[("shared/c.toml", ""), ("single", "")]);
    let at = |path: &str| folder.path().join(path);
    symlink(folder.path(), at("sub/loop")).expect("a link");
    symlink("../..", at("sub/deep/up")).expect("a link");
    symlink("/", at("root")).expect("a link");
    symlink("self", at("self")).expect("a link");
    symlink("sub", at("zub")).expect("a link");
    symlink("policy.toml", at("same.toml")).expect("a link");
    symlink(elsewhere.path().join("shared"), at("shared")).expect("a link");
    symlink(elsewhere.path().join("single"), at("single.toml")).expect("a link");
    assert_eq!(files(&folder), ["policy.toml", "shared/c.toml", "single.toml", "sub/a.toml", "sub/deep/b.toml"]);
}

#[test]
fn what_cannot_be_read_is_reported_and_the_rest_is_read() {
    let folder = folder(&[("policy.toml", POLICY), ("folder.toml/x.toml", "["), ("z.toml", "[rule.a]\n")]);
    let at = |path: &str| folder.path().join(path);
    write(folder.path(), "latin.toml", b"[policy]\nname = 'caf\xe9'\n");
    write(folder.path(), "utf16.toml", b"\xff\xfe[\0p\0");
    write(folder.path(), "nul.toml", b"[rule.b]\nsays = 'a\0'\n");
    fs::File::create(at("large.toml")).and_then(|file| file.set_len(10_000_001)).expect("a large file");
    fs::File::create(at("huge.toml")).and_then(|file| file.set_len(1 << 40)).expect("a huge file");
    symlink("nowhere.toml", at("broken.toml")).expect("a link");
    symlink("circle.toml", at("circle.toml")).expect("a link");
    symlink("/dev/zero", at("device.toml")).expect("a link");
    insta::assert_snapshot!("policy_unreadable", wrong(folder.path(), folder.path()));
}

#[test]
fn ten_megabytes_are_read() {
    let mut text = POLICY.to_owned();
    text.push_str(&"#".repeat(10_000_000 - text.len()));
    let folder = folder(&[("policy.toml", &text)]);
    assert_eq!(files(&folder), ["policy.toml"]);
}

#[test]
fn a_file_that_may_not_be_read_is_reported() {
    let folder = folder(&[("policy.toml", POLICY), ("locked/a.toml", ""), ("secret.toml", "")]);
    let at = |path: &str| folder.path().join(path);
    for path in ["locked", "secret.toml"] {
        fs::set_permissions(at(path), fs::Permissions::from_mode(0o000)).expect("permissions");
    }
    // The superuser may read all.
    let locked = fs::read_dir(at("locked")).is_err();
    let expected = "DIR/locked:1:1 unreadable \"\"\n  `DIR/locked` cannot be read: permission denied\n  \
                    help: give yourself the right to read it, or ask its owner\n\
                    DIR/secret.toml:1:1 unreadable \"\"\n  `DIR/secret.toml` cannot be read: permission denied\n  \
                    help: give yourself the right to read it, or ask its owner\n";
    let told = wrong(folder.path(), folder.path());
    fs::set_permissions(at("locked"), fs::Permissions::from_mode(0o700)).expect("permissions");
    assert_eq!(told, if locked { expected } else { "" });
}

#[test]
fn where_there_is_no_policy_loading_says_so() {
    let folder = folder(&[("empty/.keep", ""), ("other/a.toml", "[rule.a]\nsays = 'a'"), ("text/a.txt", "")]);
    let mut told = String::new();
    for path in ["empty", "other", "text", "nowhere", "nowhere.toml", "text/a.txt", ""] {
        told.push_str(&format!("{path}\n{}\n", wrong(folder.path(), &folder.path().join(path))));
    }
    insta::assert_snapshot!("policy_nowhere", told);
}

#[test]
fn a_fact_file_that_a_scenario_names_is_no_part_of_the_policy() {
    let scenarios = "[scenario.a]\nissue = 'issues/a.toml'\n[scenario.b]\nissue = './issues/../b.toml'\n\
                     [scenario.c]\nissue = 'policy.toml'\n[scenario.d]\nissue = 'issues/d.json'";
    let mut all = vec![
        ("policy.toml", POLICY),
        ("scenarios.toml", scenarios),
        ("issues/a.toml", "id = 'A-1'\n[[source]]\nname = 'x'"),
        ("b.toml", "fact = 'x'"),
    ];
    assert_eq!(files(&folder(&all)), ["policy.toml", "scenarios.toml"]);
    all.push(("issues/c.toml", "id = 'C-1'"));
    let folder = folder(&all);
    assert_eq!(
        wrong(folder.path(), folder.path()),
        "DIR/issues/c.toml:1:1 unknown-key \"id\"\n  this file looks like an issue, and not like a part of a policy\n  \
         help: move it out of the policy's folder, or let a scenario name it: `issue = \"path of the file\"`\n"
    );
}

#[test]
fn a_folder_or_file_with_a_policy_table_is_a_policy() {
    assert_eq!(found_in(&[("a.toml", ""), ("b.toml", POLICY)]), "DIR");
    assert_eq!(found_in(&[("a.toml", "policy.name = 'x'")]), "DIR");
    assert_eq!(found_in(&[("a.toml", "x = '''\n[policy]\n")]), "DIR");
    assert_eq!(found_in(&[("a.toml", "x = [\n")]), "DIR");
    assert_eq!(found_in(&[("a.toml", POLICY), ("sub/a.toml", POLICY)]), "DIR");
    let folder = folder(&[("a.toml", POLICY), ("broken.toml", "x ="), ("rules.toml", "[rule.a]"), ("a.txt", POLICY)]);
    let at = |path: &str| found(folder.path(), &folder.path().join(path));
    assert_eq!((at("a.toml"), at("broken.toml")), ("DIR/a.toml".to_owned(), "DIR/broken.toml".to_owned()));
    symlink("gone", folder.path().join("link")).expect("a link");
    symlink("gone.toml", folder.path().join("link.toml")).expect("a link");
    write(folder.path(), "latin.toml", b"\xe9");
    write(folder.path(), "locked/latin.toml", b"\xe9");
    let told: Vec<String> =
        ["rules.toml", "a.txt", "none", "none.toml", "link", "link.toml", "latin.toml", "locked", "a.toml/x"]
            .map(|path| format!("{path}: {}", at(path)))
            .to_vec();
    insta::assert_snapshot!("policy_not_found", told.join("\n"));
}

#[test]
fn of_several_policies_the_default_is_taken() {
    let default = "[policy]\nname = 'x'\ndefault = true\n";
    let mut told = String::new();
    for (what, files) in [
        ("one default", vec![("a/p.toml", POLICY), ("b/p.toml", default), ("c/q.toml", "[rule.a]")]),
        ("a single one", vec![("a/p.toml", POLICY), ("c/q.toml", "[rule.a]")]),
        ("no default", vec![("a/p.toml", POLICY), ("b/p.toml", POLICY)]),
        ("two defaults", vec![("a/p.toml", default), ("b/p.toml", default), ("c/p.toml", POLICY)]),
        ("a broken one", vec![("a/p.toml", POLICY), ("b/p.toml", "[policy]\ndefault = true\nname = x\n[rule.a")]),
        ("default of a wrong kind", vec![("a/p.toml", POLICY), ("b/p.toml", "[policy]\ndefault = 'true'")]),
        ("a file beside them", vec![("a/p.toml", default), ("b/p.toml", POLICY), ("notes.toml", "x = ")]),
        ("a hidden one", vec![(".a/p.toml", default), ("b/p.toml", POLICY)]),
        ("too deep", vec![("a/b/p.toml", default)]),
        ("no policy in any file", vec![("a.toml", "[rule.a]"), ("b.toml", "")]),
        ("nothing at all", vec![]),
        ("nothing that counts", vec![("readme.md", "x")]),
    ] {
        told.push_str(&format!("{what}\n{}\n\n", found_in(&files)));
    }
    insta::assert_snapshot!("policy_default", told);
}
