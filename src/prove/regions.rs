//! Regions of numbers and dates: the constants that values are compared with, and what lies between them.
//!
//! What is calculated and then only compared with constants matters by its region alone, so one value of
//! each region stands for all.

use std::cmp::Ordering;

use crate::value::{Number, Value};

/// Constants in ascending order, each beside all others.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Regions {
    constants: Vec<Value>,
}

impl Regions {
    /// The regions that constants make; none if these do not all compare with each other.
    pub fn new<'v>(constants: impl IntoIterator<Item = &'v Value>) -> Option<Self> {
        let mut constants: Vec<Value> = constants.into_iter().cloned().collect();
        let dates = constants.iter().filter(|value| matches!(value, Value::Date(_))).count();
        let exact = |value: &Value| value.as_f64().is_some_and(|number| number.abs() < Number::INEXACT);
        if dates != constants.len() && !constants.iter().all(exact) {
            return None;
        }
        constants.sort_by(|one, other| one.compare(other).unwrap_or(Ordering::Equal));
        constants.dedup_by(|one, other| one.compare(other) == Some(Ordering::Equal));
        Some(Self { constants })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        2 * self.constants.len() + 1
    }

    /// The region of a value, from the lowest on; those of odd number are the constants.
    pub fn of(&self, value: &Value) -> usize {
        let below = self.constants.partition_point(|constant| constant.compare(value) == Some(Ordering::Less));
        let is_constant =
            self.constants.get(below).is_some_and(|constant| constant.compare(value) == Some(Ordering::Equal));
        2 * below + usize::from(is_constant)
    }

    /// What stands for a value: itself if it is a constant, else one and the same for all of its region.
    pub fn substitute(&self, value: &Value) -> Value {
        let region = self.of(value);
        if region % 2 == 1 || !matches!(value, Value::Integer(_) | Value::Number(_) | Value::Date(_)) {
            return value.clone();
        }
        self.within(region).unwrap_or_else(|| value.clone())
    }

    /// The value that stands for a region, if there is one.
    pub fn within(&self, region: usize) -> Option<Value> {
        if region % 2 == 1 {
            return self.constants.get(region / 2).cloned();
        }
        let below = (region / 2).checked_sub(1).and_then(|at| self.constants.get(at));
        between(below, self.constants.get(region / 2)).filter(|value| self.of(value) == region)
    }
}

fn between(below: Option<&Value>, above: Option<&Value>) -> Option<Value> {
    if let Some(Value::Date(day)) = below {
        return day.plus_days(1).map(Value::Date);
    }
    if let Some(Value::Date(day)) = above {
        return day.plus_days(-1).map(Value::Date);
    }
    let middle = match (below.and_then(Value::as_f64), above.and_then(Value::as_f64)) {
        (Some(below), Some(above)) => below / 2.0 + above / 2.0,
        (Some(below), None) => below + 1.0,
        (None, Some(above)) => above - 1.0,
        (None, None) => 0.0,
    };
    Value::number(middle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Date;

    fn date(text: &str) -> Value {
        Value::Date(Date::parse(text).expect("a date"))
    }

    #[test]
    fn a_region_has_one_substitute() {
        let half = Value::number(0.5).expect("finite");
        let regions = Regions::new(&[Value::Integer(3), half.clone(), Value::Integer(3)]).expect("they compare");
        assert_eq!(regions.count(), 5);
        let of = |value: &Value| regions.of(value);
        assert_eq!([0, 1, 2, 3, 4].map(|i| of(&Value::Integer(i))), [0, 2, 2, 3, 4]);
        assert_eq!(of(&half), 1);
        assert_eq!(regions.substitute(&Value::Integer(1)), regions.substitute(&Value::Integer(2)));
        for region in 0..regions.count() {
            assert_eq!(of(&regions.within(region).expect("there is one")), region);
        }
        let number = Value::number(3.0).expect("finite");
        assert_eq!(regions.substitute(&number), number);
        assert_eq!(of(&Value::Integer(i64::MAX)), 4);
    }

    #[test]
    fn days_have_regions() {
        let regions = Regions::new(&[date("2026-02-01"), date("2026-03-01")]).expect("they compare");
        for region in 0..regions.count() {
            assert_eq!(regions.of(&regions.within(region).expect("there is one")), region);
        }
        assert!(Regions::new(&[date("2026-02-01"), Value::Integer(1)]).is_none());
        assert!(Regions::new(&[Value::Integer(i64::MAX)]).is_none());
    }
}
