//! What a line says of the facts that the rules ask for, and what an engine answers.

use serde::Deserialize;

/// The options of the decision, the most important first.
pub const TEAMS: [&str; 6] = ["on_call", "customer", "support", "services", "desk", "out_of_scope"];

/// A team by its number, or none.
pub type Answer = Option<usize>;

/// The number of a team.
pub fn team(name: &str) -> Answer {
    TEAMS.iter().position(|team| *team == name)
}

/// The fields of a line that rules ask for; none where they are not there, or null.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Facts<'a> {
    pub product: Option<&'a str>,
    pub need: Option<&'a str>,
    pub subject: Option<&'a str>,
    pub symptom: Option<&'a str>,
    pub connector: Option<&'a str>,
    pub working: Option<bool>,
    pub changed: Option<bool>,
    pub rule_involved: Option<bool>,
    pub fails_alone: Option<bool>,
    pub data_quality: Option<bool>,
    pub help_wanted: Option<bool>,
    pub users: Option<i64>,
}

impl<'a> Facts<'a> {
    pub fn read(line: &'a str) -> Self {
        sonic_rs::from_str(line).expect("a line of the generator is an object")
    }

    /// Choices by name.
    pub fn choices(&self) -> [(&'static str, Option<&'a str>); 5] {
        let Self { product, need, subject, symptom, connector, .. } = *self;
        [("product", product), ("need", need), ("subject", subject), ("symptom", symptom), ("connector", connector)]
    }

    /// Bools by name.
    pub fn bools(&self) -> [(&'static str, Option<bool>); 6] {
        [
            ("working", self.working),
            ("changed", self.changed),
            ("rule_involved", self.rule_involved),
            ("fails_alone", self.fails_alone),
            ("data_quality", self.data_quality),
            ("help_wanted", self.help_wanted),
        ]
    }

    pub fn is_known(&self) -> bool {
        self.users.is_some()
            && self.choices().iter().all(|(_, value)| value.is_some())
            && self.bools().iter().all(|(_, value)| value.is_some())
    }
}
