//! Answers as people type them → values.
//!
//! Takes what an issue file would take, the number of an answer, and what people write for
//! yes and no. What does not fit is told in the words that issue files are told in.

use crate::issue::{Raw, given};
use crate::program::{Domain, FactKind, Given, Scalar};
use crate::value::Value;

/// An answer that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Misfit {
    /// What was expected and what came.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// The value that a line says.
///
/// # Errors
/// If it says none.
pub fn value(domain: &Domain, typed: &str) -> Result<Value, Misfit> {
    let typed = typed.trim();
    if typed.is_empty() && domain.scalar != Scalar::Text {
        return Err(Misfit { message: "an empty line is no answer".to_owned(), help: Some(hint(domain)) });
    }
    match domain.scalar {
        Scalar::Bool => yes_or_no(typed).map(Value::Bool).ok_or_else(|| misfit(domain, typed)),
        Scalar::Choice => option(domain, typed).map_or_else(|| scalar(domain, &Raw::text(typed)), Ok),
        Scalar::Integer => match typed.parse::<i128>() {
            Ok(integer) => scalar(domain, &Raw::Integer(integer)),
            Err(_) => scalar(domain, &number(typed)),
        },
        Scalar::Number => scalar(domain, &number(typed)),
        Scalar::Date => scalar(domain, &Raw::text(typed)),
        Scalar::Text => Ok(Value::text(unquoted(typed))),
    }
}

/// A hint at what can be answered.
pub fn hint(domain: &Domain) -> String {
    match domain.scalar {
        Scalar::Bool => "write `yes` or `no`, or the number of the answer".to_owned(),
        Scalar::Choice => format!("write a number from 1 to {}", domain.options.len()),
        Scalar::Integer => "write a whole number".to_owned(),
        Scalar::Number => "write a number".to_owned(),
        Scalar::Date => "write the day as year, month, day: `2024-05-31`".to_owned(),
        Scalar::Text => "write a text".to_owned(),
    }
}

fn yes_or_no(typed: &str) -> Option<bool> {
    match &*typed.to_lowercase() {
        "1" | "y" | "yes" | "true" => Some(true),
        "2" | "0" | "n" | "no" | "false" => Some(false),
        _ => None,
    }
}

/// An option by its number, or by its label or itself in any case.
fn option(domain: &Domain, typed: &str) -> Option<Value> {
    let lower = typed.to_lowercase();
    let number = typed.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let named = || {
        let is_named = |option: &&crate::program::OptionLabel| {
            let label = option.label.as_deref().unwrap_or_default();
            option.id.to_lowercase() == lower || label.to_lowercase() == lower
        };
        // An exact spelling, or another spelling that the author lists, goes before.
        let exact = domain.options.iter().any(|option| *option.id == *typed) || domain.aliases.contains_key(typed);
        domain.options.iter().find(is_named).filter(|_| !exact)
    };
    let option = number.and_then(|number| domain.options.get(number)).or_else(named)?;
    Some(Value::Symbol(option.id.clone()))
}

fn number(typed: &str) -> Raw<'_> {
    match typed.parse::<f64>() {
        Ok(number) => Raw::Float(number),
        Err(_) => Raw::text(typed),
    }
}

/// Quotes round a text keep what is within as it is.
fn unquoted(typed: &str) -> &str {
    typed.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(typed)
}

fn scalar(domain: &Domain, raw: &Raw<'_>) -> Result<Value, Misfit> {
    match given(&FactKind::Single(domain.clone()), raw) {
        Ok(Some(Given::Value(value))) => Ok(value),
        Ok(_) => Err(Misfit { message: "that is no answer".to_owned(), help: Some(hint(domain)) }),
        Err(fault) => Err(Misfit { message: fault.message(), help: Some(helped(domain, fault.help)) }),
    }
}

/// For files, help says how to write a value in a file; here, what to type.
fn helped(domain: &Domain, help: Option<String>) -> String {
    match (domain.scalar, help) {
        // A help that names something says more than the hint.
        (Scalar::Choice, Some(help)) if help.contains('`') => format!("{}; {help}", hint(domain)),
        _ => hint(domain),
    }
}

fn misfit(domain: &Domain, typed: &str) -> Misfit {
    let message = format!("expected yes or no, got {}", Raw::text(typed).describe());
    Misfit { message, help: Some(hint(domain)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::OptionLabel;
    use std::collections::HashMap;

    fn domain(scalar: Scalar) -> Domain {
        let options = [("ootb", Some("Out of the box")), ("custom", None)];
        let label = |(id, label): (&str, Option<&str>)| OptionLabel { id: id.into(), label: label.map(Into::into) };
        let options = if scalar == Scalar::Choice { options.map(label).to_vec() } else { Vec::new() };
        Domain { scalar, options, aliases: HashMap::from([("OOTB!".into(), "ootb".into())]) }
    }

    fn read(scalar: Scalar, typed: &str) -> Result<Value, String> {
        value(&domain(scalar), typed).map_err(|misfit| misfit.message)
    }

    #[test]
    fn options_are_named_by_number_id_label_or_other_spelling() {
        for typed in ["1", "ootb", "OOTB", "out of the box", "OOTB!", " 1 "] {
            assert_eq!(read(Scalar::Choice, typed), Ok(Value::symbol("ootb")), "{typed}");
        }
        for typed in ["0", "3", "cust", "", "-1"] {
            assert!(read(Scalar::Choice, typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn yes_and_no_have_many_names() {
        for typed in ["1", "y", "Yes", "TRUE"] {
            assert_eq!(read(Scalar::Bool, typed), Ok(Value::Bool(true)), "{typed}");
        }
        for typed in ["2", "0", "n", "No", "false"] {
            assert_eq!(read(Scalar::Bool, typed), Ok(Value::Bool(false)), "{typed}");
        }
        assert_eq!(read(Scalar::Bool, "maybe"), Err("expected yes or no, got the text `maybe`".to_owned()));
    }

    #[test]
    fn numbers_dates_and_texts_are_as_in_files() {
        assert_eq!(read(Scalar::Integer, "-5"), Ok(Value::Integer(-5)));
        assert!(read(Scalar::Integer, "5.5").is_err());
        assert!(read(Scalar::Integer, "99999999999999999999").is_err());
        assert_eq!(read(Scalar::Number, "5"), Ok(Value::number(5.0).unwrap_or(Value::Unknown)));
        assert!(read(Scalar::Number, "inf").is_err());
        assert!(read(Scalar::Date, "2026-02-30").is_err());
        assert_eq!(read(Scalar::Text, "\"?\""), Ok(Value::text("?")));
        assert_eq!(read(Scalar::Text, ""), Ok(Value::text("")));
    }
}
