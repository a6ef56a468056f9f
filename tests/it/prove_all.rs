//! Whether going through all issues one by one says what `remit prove` says: of the shipped policy
//! with few enough kinds of issues, of policies that failed once, and of random ones.

use std::cell::Cell;
use std::path::Path;
use std::time::{Duration, Instant};

use proptest::test_runner::{Config, TestCaseError, TestRunner};
use remit::program::Program;
use remit::prove::{Abstraction, Bounds, Claim, Finding, Findings, Obstacle, Stop, Verdict, prove};

use crate::enumeration::Enumeration;
use crate::r#gen::case::{cases, compile};

/// What came of comparing a policy.
#[derive(Debug, Default, Clone, Copy)]
struct Compared {
    determined: usize,
    undetermined: usize,
}

/// Compares every finding with what all issues say.
fn compare(program: &Program, abstraction: &Abstraction, findings: &Findings) -> Result<Compared, String> {
    let enumeration = Enumeration::new(program, abstraction);
    if Some(enumeration.size()) != abstraction.size() {
        return Err(format!("{} issues, said to be {:?}", enumeration.size(), abstraction.size()));
    }
    let decided = enumeration.decided();
    // A warning tells of arithmetic that fails in some step; where that does not matter, `prove` looks at the issue.
    let with_failures = match enumeration.calculates() {
        true => enumeration.with_failures().decided(),
        false => decided.clone(),
    };
    let mut compared = Compared::default();
    for finding in &findings.findings {
        if let Verdict::Undetermined(Obstacle::Constructs(constructs)) = &finding.verdict
            && constructs.is_empty()
        {
            return Err(format!("nothing is named as out of reach: {finding:#?}"));
        }
        let Some(decided) = decided.get(&finding.claim) else {
            return Err(format!("nothing is said of {finding:#?}"));
        };
        let says = format!("{finding:#?}\nof {}: going through all issues says {decided}", program.name);
        match shows(finding) {
            Some(found) if found == *decided => compared.determined += 1,
            Some(true) if with_failures[&finding.claim] => compared.determined += 1,
            // And of those in which it does, a few more are left out than need be.
            Some(false) if findings.leaves_out_failures => compared.determined += 1,
            Some(_) => return Err(says),
            // What is not determined has no example among the issues.
            None if !*decided || findings.leaves_out_failures => compared.undetermined += 1,
            // What is too large to be encoded is named, and has to be rare: see below.
            None if matches!(finding.verdict, Verdict::Undetermined(Obstacle::TooMuch(Some(_)))) => {
                compared.undetermined += 1;
            }
            None => return Err(says),
        }
    }
    Ok(compared)
}

/// Whether a finding says that there is an issue that decides its claim, if it is determined.
fn shows(finding: &Finding) -> Option<bool> {
    let universal = finding.claim.is_universal();
    match &finding.verdict {
        Verdict::Refuted | Verdict::RefutedUpTo(..) => Some(universal),
        Verdict::Proved | Verdict::ProvedUpTo(..) => Some(!universal),
        Verdict::Undetermined(_) => None,
    }
}

#[test]
fn all_issues_of_the_shipped_policy_say_the_same() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/saas-platform");
    let (program, _) = remit::check::load(&path, &mut remit::source::Sources::default());
    let program = program.expect("the policy is fine");
    let bounds = Bounds::default();
    let abstraction = Abstraction::of(&[&program], bounds);
    assert_eq!(abstraction.size(), Some(3_096_576));
    let findings = prove(&program, bounds, None).expect("the engine says the same of each example");
    let compared = compare(&program, &abstraction, &findings).unwrap_or_else(|error| unreachable!("{error}"));
    assert_eq!((compared.determined, compared.undetermined), (findings.findings.len(), 0));
    let matters = |f: &&Finding| matches!(f.claim, Claim::RuleMatters(_) | Claim::FactMatters(_));
    assert!(findings.findings.iter().filter(matters).count() > 50, "rules and facts are among what is compared");
}

/// The most issues that are gone through for a random policy.
const MOST: u64 = 1_000;

/// A random policy that takes longer is left out: one in some thousands has formulas that keep a solver busy for minutes.
const LONGEST: Duration = Duration::from_secs(20);

/// How many random policies without `PROPTEST_CASES`.
const CASES: u32 = 360;

#[test]
fn all_issues_of_random_policies_say_the_same() {
    let mut config = Config { failure_persistence: None, max_shrink_iters: 300, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = CASES;
    }
    let policies = Cell::new(0_usize);
    let claims = Cell::new(Compared::default());
    let outcome = TestRunner::new(config).run(&cases(), |case| {
        let compiled = compile(vec![case.policy.to_string()]).map_err(TestCaseError::fail)?;
        let bounds = Bounds { rows: 1 };
        let abstraction = Abstraction::of(&[&compiled.program], bounds);
        if abstraction.size().is_none_or(|size| size > MOST) {
            return Ok(());
        }
        let end = Instant::now() + LONGEST;
        let findings = prove(&compiled.program, bounds, Some(Stop::when(move || Instant::now() > end)))
            .map_err(|disagreement| TestCaseError::fail(format!("{disagreement:#?}")))?;
        if Instant::now() > end {
            return Ok(());
        }
        let compared = compare(&compiled.program, &abstraction, &findings).map_err(TestCaseError::fail)?;
        policies.set(policies.get() + 1);
        let so_far = claims.get();
        claims.set(Compared {
            determined: so_far.determined + compared.determined,
            undetermined: so_far.undetermined + compared.undetermined,
        });
        Ok(())
    });
    outcome.unwrap_or_else(|error| unreachable!("{error}"));
    let (policies, claims) = (policies.get(), claims.get());
    println!("{policies} policies, {claims:?}");
    assert!(policies > 10, "policies are small enough: {policies}");
    assert!(claims.determined > 20 * claims.undetermined, "of {policies} policies: {claims:?}");
}
