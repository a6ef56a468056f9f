//! What issues can say that two policies do not make the same of, in sentences.

use crate::diff::unlike::{Place, What, Words};
use crate::diff::{Pair, Side, Unlike};
use crate::program::{Given, Program};
use crate::report::given;
use crate::report::verdict::words::join;

/// The most spellings that are named.
const NAMED: usize = 8;

/// Which issues were not compared, and why.
pub(super) fn sentence(pair: Pair<'_>, unlike: &Unlike) -> String {
    let fact = &unlike.fact;
    let (issues, why) = match &unlike.what {
        What::Kinds(old, new) => (format!("that say {fact}"), apart(old, new)),
        What::Only(side, words) => (with(fact, words), format!("only the {} policy reads them", side.as_str())),
        What::Otherwise(words, old, new) => (with(fact, words), apart(old, new)),
        What::Assumed(old, new) => {
            let assumed = |side, given: &Option<Given>| assumed(pair.of(side), fact, given.as_ref());
            let why = format!(
                "the old policy takes it for {} then, the new one for {}",
                assumed(Side::Old, old),
                assumed(Side::New, new)
            );
            return format!("Issues that leave out {fact} were not compared, and may be decided otherwise: {why}.");
        }
    };
    format!("Issues {issues} were not compared: {why}.")
}

fn apart(old: &str, new: &str) -> String {
    format!("it is {old} in the old policy and {new} in the new one")
}

/// `with kind = garden or roof in a row of item`.
fn with(fact: &str, words: &Words) -> String {
    let more = words.words.len().saturating_sub(NAMED);
    let mut named: Vec<String> = words.words.iter().take(NAMED).map(|word| spelled(word)).collect();
    if more > 0 {
        named.push(format!("{more} more"));
    }
    let words_text = join(&named.iter().map(String::as_str).collect::<Vec<_>>(), "or");
    match &words.place {
        Place::Value => format!("with {fact} = {words_text}"),
        Place::Item => format!("with {words_text} in {fact}"),
        Place::Column(column) => format!("with {column} = {words_text} in a row of {fact}"),
    }
}

/// As it stands, unless it could be taken for more than one word.
fn spelled(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    if word.chars().all(is_plain) { word.to_owned() } else { format!("{word:?}") }
}

fn assumed(program: &Program, fact: &str, given: Option<&Given>) -> String {
    let known = program.fact_ids.get(fact).zip(given);
    known.map_or("unknown".to_owned(), |(id, given)| given::toml(&program.fact(*id).kind, given))
}
