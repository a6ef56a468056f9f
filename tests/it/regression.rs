//! Cases that once told the engines or the naive evaluator apart, and all that is shipped.
//!
//! A new case is a new folder in `fixtures/regression`: `policy.toml`, whose scenarios say
//! what is right, and an issue or more in `issue.toml`, `issue.json` or `issue.jsonl`.

use std::path::{Path, PathBuf};

use remit::diagnostic::Severity;
use remit::engine::columnar::Compiled;
use remit::engine::{Plan, reference};
use remit::issue::{Input, Issues, ReadOptions};
use remit::program::Program;
use remit::source::Sources;
use remit::{check, policy, testing, verdict};

use crate::agreement::differences;
use crate::naive::Naive;
use crate::naive::issue::Issue;
use crate::{columnar, relational};

/// Both evaluators of one policy.
struct Both {
    program: Program,
    naive: Naive,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("readable").path()).collect();
    entries.sort();
    entries
}

impl Both {
    fn load(path: &Path) -> Self {
        let mut sources = Sources::default();
        let (policy, mut found) = policy::load(path, &mut sources);
        let (program, checked) = check::check(&policy, &sources);
        found.extend(checked);
        found.retain(|d| d.severity() == Severity::Error);
        assert!(found.is_empty(), "{}: {found:#?}", path.display());
        Self { program: program.expect("no errors"), naive: Naive::of(&policy) }
    }

    /// Every difference on an issue.
    fn compare(&self, issue: &remit::issue::Issue) -> Vec<String> {
        let model = reference::evaluate(&self.program, issue);
        let judged = verdict::judge(&self.program, issue, &model);
        let own = Issue::from_library(&self.program, issue);
        assert_eq!(own.to_library(&self.program).facts, issue.facts, "the issue survives the way there and back");
        let mut found = differences(&self.program, &self.naive, &own, &model, &judged);
        found.extend(relational::differences(&self.program, issue, &model));
        let compiled = Compiled::new(&self.program);
        found.extend(columnar::difference(&compiled, std::slice::from_ref(issue), &[judged]));
        found
    }

    /// Compares all issues of a file; how many there were.
    fn compare_file(&self, path: &Path) -> usize {
        let inputs = vec![Input::File(path.to_path_buf())];
        let issues = Issues::open(&self.program, inputs, ReadOptions::default()).expect("the file is there");
        let mut count = 0;
        for record in issues {
            let record = record.expect("the issue is well formed");
            let found = self.compare(&record.issue);
            assert!(found.is_empty(), "{}: {}\n{}", path.display(), record.issue.id, found.join("\n"));
            count += 1;
        }
        count
    }

    /// Compares the issues of all scenarios; how many there were.
    fn compare_scenarios(&self) -> usize {
        for scenario in &self.program.scenarios {
            let found = self.compare(&scenario.issue);
            assert!(found.is_empty(), "scenario {}\n{}", scenario.name, found.join("\n"));
        }
        self.program.scenarios.len()
    }
}

#[test]
fn every_regression_is_still_right() {
    let mut folders = 0;
    for folder in entries(&root().join("fixtures/regression")).iter().filter(|path| path.is_dir()) {
        let both = Both::load(&folder.join("policy.toml"));
        let plan = Plan::new(&both.program);
        for index in 0..both.program.scenarios.len() {
            let result = testing::run_scenario(&both.program, &plan, index);
            assert!(result.passed(), "{}: {:#?}", folder.display(), result.failures);
        }
        let is_issue = |path: &&PathBuf| path.file_stem().is_some_and(|stem| stem == "issue");
        let issues: usize = entries(folder).iter().filter(is_issue).map(|path| both.compare_file(path)).sum();
        assert!(both.compare_scenarios() + issues > 0, "{} has no issue", folder.display());
        folders += 1;
    }
    assert!(folders > 0, "there are regressions");
}

#[test]
fn shipped_policies_agree_on_their_scenarios() {
    let paths = policy::find_policies(&root().join("policies")).expect("there are policies");
    for path in paths {
        assert!(Both::load(&path).compare_scenarios() > 10, "{} has few scenarios", path.display());
    }
}

#[test]
fn shipped_policies_agree_on_the_fixtures() {
    let fixtures = root().join("fixtures");
    let saas = Both::load(&root().join("policies/saas-platform"));
    let files: Vec<PathBuf> = entries(&fixtures).into_iter().filter(|path| path.is_file()).collect();
    assert!(files.iter().map(|path| saas.compare_file(path)).sum::<usize>() > 20);
    let escalation = Both::load(&root().join("policies/escalation"));
    let files = entries(&fixtures.join("escalation"));
    assert!(files.iter().map(|path| escalation.compare_file(path)).sum::<usize>() > 2);
    let example = Both::load(&fixtures.join("language-example/policy"));
    assert_eq!(example.compare_file(&fixtures.join("language-example/issue.toml")), 1);
}
