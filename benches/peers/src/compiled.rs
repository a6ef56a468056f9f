//! The same clauses compiled into the program, the issue as leading column: crepe and ascent.
//!
//! On one plane: of what is not known there is no row. A batch of one is one issue at a time.

use rustc_hash::FxBuildHasher;

use crate::issue::{Answer, Facts, TEAMS};

const ON_CALL: usize = 0;
const CUSTOMER: usize = 1;
const SUPPORT: usize = 2;
const SERVICES: usize = 3;
const DESK: usize = 4;
const OUT_OF_SCOPE: usize = 5;

/// Options of choices as numbers, so that both engines compare numbers.
const CHOICES: [&[&str]; 5] = [
    &["platform", "nerm", "other"],
    &["build", "change", "fix", "advice"],
    &["access_profile", "role", "rule", "source", "tenant"],
    &["inaccessible", "not_provisioning", "not_aggregating", "wrong_values"],
    &["custom", "ootb"],
];

/// An issue as numbers; none where it is not known.
#[derive(Clone, Copy)]
pub struct Row {
    choices: [Option<u8>; 5],
    bools: [Option<bool>; 6],
    users: Option<i64>,
}

impl Row {
    pub fn of(facts: &Facts<'_>) -> Self {
        let mut choices = [None; 5];
        for ((number, options), (_, value)) in choices.iter_mut().zip(CHOICES).zip(facts.choices()) {
            let of = |name: &str| options.iter().position(|option| *option == name);
            *number = value.and_then(of).map(|at| at as u8);
        }
        Self { choices, bools: facts.bools().map(|(_, value)| value), users: facts.users }
    }
}

mod crepe_rules {
    use super::{CUSTOMER, DESK, ON_CALL, OUT_OF_SCOPE, SERVICES, SUPPORT};

    crepe::crepe! {
        @input
        pub struct Product(pub u32, pub u8);
        @input
        pub struct Need(pub u32, pub u8);
        @input
        pub struct Subject(pub u32, pub u8);
        @input
        pub struct Symptom(pub u32, pub u8);
        @input
        pub struct Connector(pub u32, pub u8);
        @input
        pub struct Working(pub u32, pub bool);
        @input
        pub struct Changed(pub u32, pub bool);
        @input
        pub struct RuleInvolved(pub u32, pub bool);
        @input
        pub struct FailsAlone(pub u32, pub bool);
        @input
        pub struct DataQuality(pub u32, pub bool);
        @input
        pub struct HelpWanted(pub u32, pub bool);
        @input
        pub struct Users(pub u32, pub i64);

        struct NoChange(u32);
        struct BreakFix(u32);
        struct OtherWork(u32);
        struct CustomConnector(u32);
        struct RuleToBlame(u32);
        struct NewAccess(u32);
        struct CustomerCan(u32);
        struct Listed(u32);
        struct Lost(u32);
        struct InScope(u32);
        struct Urgent(u32);

        @output
        pub struct Team(pub u32, pub usize);

        NoChange(i) <- Changed(i, false);
        BreakFix(i) <- NoChange(i), Working(i, true);
        Team(i, SUPPORT) <- InScope(i), BreakFix(i);
        OtherWork(i) <- Need(i, 0);
        OtherWork(i) <- Need(i, 1);
        OtherWork(i) <- Working(i, false);
        OtherWork(i) <- Changed(i, true);
        OtherWork(i) <- DataQuality(i, true);
        CustomConnector(i) <- Connector(i, 0);
        OtherWork(i) <- CustomConnector(i);
        RuleToBlame(i) <- RuleInvolved(i, true), FailsAlone(i, false);
        OtherWork(i) <- RuleToBlame(i);
        Team(i, SERVICES) <- InScope(i), OtherWork(i);
        NewAccess(i) <- Need(i, n), (n < 2), Subject(i, s), (s < 2);
        CustomerCan(i) <- InScope(i), NewAccess(i), HelpWanted(i, false);
        Team(i, CUSTOMER) <- CustomerCan(i);
        Listed(i) <- NewAccess(i), HelpWanted(i, true);
        Lost(i) <- Need(i, n), (n >= 2), Subject(i, s), (s < 2), Symptom(i, 1), Working(i, true);
        Team(i, SUPPORT) <- InScope(i), Lost(i);
        InScope(i) <- Product(i, 0);
        Team(i, DESK) <- Product(i, 1);
        Team(i, OUT_OF_SCOPE) <- Product(i, 2);
        Urgent(i) <- Users(i, n), (n >= 500);
        Team(i, ON_CALL) <- Urgent(i), InScope(i), Symptom(i, 0);
        Team(i, SERVICES) <- InScope(i), Listed(i);
    }
}

mod ascent_rules {
    use super::{CUSTOMER, DESK, ON_CALL, OUT_OF_SCOPE, SERVICES, SUPPORT};

    ascent::ascent! {
        pub struct Routing;
        relation product(u32, u8);
        relation need(u32, u8);
        relation subject(u32, u8);
        relation symptom(u32, u8);
        relation connector(u32, u8);
        relation working(u32, bool);
        relation changed(u32, bool);
        relation rule_involved(u32, bool);
        relation fails_alone(u32, bool);
        relation data_quality(u32, bool);
        relation help_wanted(u32, bool);
        relation users(u32, i64);

        relation no_change(u32);
        relation break_fix(u32);
        relation other_work(u32);
        relation custom_connector(u32);
        relation rule_to_blame(u32);
        relation new_access(u32);
        relation customer_can(u32);
        relation listed(u32);
        relation lost(u32);
        relation in_scope(u32);
        relation urgent(u32);
        relation team(u32, usize);

        no_change(i) <-- changed(i, false);
        break_fix(i) <-- no_change(i), working(i, true);
        team(i, SUPPORT) <-- in_scope(i), break_fix(i);
        other_work(i) <-- need(i, 0);
        other_work(i) <-- need(i, 1);
        other_work(i) <-- working(i, false);
        other_work(i) <-- changed(i, true);
        other_work(i) <-- data_quality(i, true);
        custom_connector(i) <-- connector(i, 0);
        other_work(i) <-- custom_connector(i);
        rule_to_blame(i) <-- rule_involved(i, true), fails_alone(i, false);
        other_work(i) <-- rule_to_blame(i);
        team(i, SERVICES) <-- in_scope(i), other_work(i);
        new_access(i) <-- need(i, n), if *n < 2, subject(i, s), if *s < 2;
        customer_can(i) <-- in_scope(i), new_access(i), help_wanted(i, false);
        team(i, CUSTOMER) <-- customer_can(i);
        listed(i) <-- new_access(i), help_wanted(i, true);
        lost(i) <-- need(i, n), if *n >= 2, subject(i, s), if *s < 2, symptom(i, 1), working(i, true);
        team(i, SUPPORT) <-- in_scope(i), lost(i);
        in_scope(i) <-- product(i, 0);
        team(i, DESK) <-- product(i, 1);
        team(i, OUT_OF_SCOPE) <-- product(i, 2);
        urgent(i) <-- users(i, n), if *n >= 500;
        team(i, ON_CALL) <-- urgent(i), in_scope(i), symptom(i, 0);
        team(i, SERVICES) <-- in_scope(i), listed(i);
    }
}

/// The most important team of each issue.
fn first(teams: impl Iterator<Item = (u32, usize)>, issues: usize) -> Vec<Answer> {
    let mut answers = vec![TEAMS.len(); issues];
    for (issue, team) in teams {
        let answer = &mut answers[issue as usize];
        *answer = team.min(*answer);
    }
    answers.into_iter().map(|team| (team < TEAMS.len()).then_some(team)).collect()
}

pub fn crepe(rows: &[Row]) -> Vec<Answer> {
    use crepe_rules::{
        Changed, Connector, Crepe, DataQuality, FailsAlone, HelpWanted, Need, Product, RuleInvolved, Subject, Symptom,
        Team, Users, Working,
    };
    let mut program = Crepe::new();
    macro_rules! relation {
        ($relation:ident, $row:ident => $value:expr) => {
            program.extend((0..).zip(rows).filter_map(|(issue, $row)| $value.map(|value| $relation(issue, value))))
        };
    }
    relation!(Product, row => row.choices[0]);
    relation!(Need, row => row.choices[1]);
    relation!(Subject, row => row.choices[2]);
    relation!(Symptom, row => row.choices[3]);
    relation!(Connector, row => row.choices[4]);
    relation!(Working, row => row.bools[0]);
    relation!(Changed, row => row.bools[1]);
    relation!(RuleInvolved, row => row.bools[2]);
    relation!(FailsAlone, row => row.bools[3]);
    relation!(DataQuality, row => row.bools[4]);
    relation!(HelpWanted, row => row.bools[5]);
    relation!(Users, row => row.users);
    let (teams,): (std::collections::HashSet<Team, FxBuildHasher>,) = program.run_with_hasher::<FxBuildHasher>();
    first(teams.into_iter().map(|Team(issue, team)| (issue, team)), rows.len())
}

pub fn ascent(rows: &[Row]) -> Vec<Answer> {
    let mut program = ascent_rules::Routing::default();
    macro_rules! relation {
        ($relation:ident, $row:ident => $value:expr) => {
            program.$relation = (0..).zip(rows).filter_map(|(issue, $row)| $value.map(|value| (issue, value))).collect()
        };
    }
    relation!(product, row => row.choices[0]);
    relation!(need, row => row.choices[1]);
    relation!(subject, row => row.choices[2]);
    relation!(symptom, row => row.choices[3]);
    relation!(connector, row => row.choices[4]);
    relation!(working, row => row.bools[0]);
    relation!(changed, row => row.bools[1]);
    relation!(rule_involved, row => row.bools[2]);
    relation!(fails_alone, row => row.bools[3]);
    relation!(data_quality, row => row.bools[4]);
    relation!(help_wanted, row => row.bools[5]);
    relation!(users, row => row.users);
    program.run();
    first(program.team.iter().copied(), rows.len())
}
