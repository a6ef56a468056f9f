//! What is said of texts that are one condition or one atom.

use super::{Words, brief, words};

/// A body in brackets, if it has something in it that a comma would cut.
fn bracketed(body: &str) -> String {
    let has_or = body.contains(';') || body.split_whitespace().any(|word| word == "or");
    if has_or { format!("({body})") } else { body.to_owned() }
}

pub fn no_condition() -> Words {
    words("there is no condition here", "write a condition, as in `decided(team, support), not urgent`")
}

/// `if b`
pub fn if_before_condition() -> Words {
    words("a condition stands here, not a rule", "write what comes behind `if` alone")
}

/// `d if b`, where what is said of every issue is a condition.
pub fn rule_as_condition(head: &str, body: &str) -> Words {
    let [never, always] =
        [format!("{}, {}", bracketed(body), bracketed(head)), format!("not ({body}) or {}", bracketed(head))];
    if brief(&never) != never || brief(&always) != always {
        return words(
            "a condition stands here, not a rule",
            "`never` names what is not to be found together: `conditions, conclusion`; `always` what holds of every \
             issue: `not (conditions) or conclusion`",
        );
    }
    words(
        "a condition stands here, not a rule",
        format!(
            "`never` names what is not to be found together: `{never}`; `always` what holds of every issue: `{always}`"
        ),
    )
}

pub fn behind_condition(shown: &str) -> Words {
    words(
        format!("`{shown}` stands behind the end of the condition"),
        "write one condition; join its parts with `and` or `or`",
    )
}

pub fn no_atom() -> Words {
    words("there is nothing here", "write one fact or conclusion, as in `urgent` or `custom_source(S)`")
}

pub fn negated_atom() -> Words {
    words("`not` cannot stand here", "write one fact or conclusion alone, as in `urgent` or `custom_source(S)`")
}

pub fn behind_atom(shown: &str) -> Words {
    words(
        format!("`{shown}` stands behind the fact or conclusion"),
        "write one fact or conclusion alone, as in `urgent` or `custom_source(S)`, and nothing else",
    )
}
