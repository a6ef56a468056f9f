//! Witnesses: the values that stand for all values of a class.
//!
//! Each constant the class is compared with, and in each gap between two of them so many
//! values as an issue can hold at once, so that any order and any equalities among them
//! occur; where remainders are asked for, so many of each.

use std::collections::BTreeSet;

use super::classes::Class;
use crate::program::Scalar;
use crate::value::{Date, Number, Value};

/// Up to here doubles are exact integers.
const EXACT: i64 = 1 << 53;

/// The most values that constants of arithmetic add to a class.
const MOST_STEPS: usize = 60;

/// The witnesses of a class for cells of a type, sorted; sets `complete` to false where
/// they do not stand for all values.
pub fn witnesses(class: &mut Class, scalar: Scalar) -> Vec<Value> {
    let values = values(class, scalar);
    if class.complete || class.injective {
        return values;
    }
    // It is not known what tells its values apart, so one of them may not stand for two.
    class.injective = true;
    self::values(class, scalar)
}

fn values(class: &mut Class, scalar: Scalar) -> Vec<Value> {
    match scalar {
        Scalar::Bool | Scalar::Choice => Vec::new(),
        Scalar::Integer => integers(class).into_iter().map(Value::Integer).collect(),
        Scalar::Date => dates(class),
        Scalar::Number => numbers(class),
        Scalar::Text => super::texts::witnesses(class),
    }
}

/// How many witnesses a gap needs of each remainder.
pub fn needed(class: &Class) -> usize {
    if class.injective { class.capacity.max(1) } else { 1 }
}

fn in_gap(class: &Class) -> i64 {
    i64::try_from(needed(class)).unwrap_or(i64::MAX).saturating_mul(class.modulus.max(1))
}

fn integers(class: &mut Class) -> Vec<i64> {
    let mut points = BTreeSet::new();
    for constant in &class.constants {
        match constant {
            Value::Integer(integer) => {
                points.insert(*integer);
            }
            Value::Number(number) => {
                let (below, above) = (number.get().floor(), number.get().ceil());
                points.extend([below, above].into_iter().filter_map(as_integer));
                // Beyond, integers are rounded before they are compared with numbers.
                class.complete &= below.abs() < EXACT as f64;
            }
            _ => {}
        }
    }
    class.complete &= !class.numbers || points.iter().all(|point| (-EXACT..EXACT).contains(point));
    let mut values = spread(&points, in_gap(class), i64::MIN, i64::MAX, 0);
    let bases: Vec<i64> = points.into_iter().chain([0]).collect();
    let steps = class.steps.iter().filter_map(|step| match step {
        Value::Integer(step) => Some(*step),
        Value::Number(step) => as_integer(step.get().ceil()),
        _ => None,
    });
    values.extend(moved(&bases, &steps.collect::<Vec<_>>()));
    values.into_iter().collect()
}

#[allow(clippy::cast_possible_truncation)]
fn as_integer(number: f64) -> Option<i64> {
    (number.abs() < EXACT as f64).then_some(number as i64)
}

/// The points, and in each gap between them so many values.
fn spread(points: &BTreeSet<i64>, need: i64, least: i64, greatest: i64, origin: i64) -> BTreeSet<i64> {
    let mut values = points.clone();
    let (Some(first), Some(last)) = (points.first().copied(), points.last().copied()) else {
        values.extend(origin..origin.saturating_add(need).min(greatest));
        return values;
    };
    values.extend((1..=need).map_while(|by| first.checked_sub(by)).take_while(|value| *value >= least));
    values.extend((1..=need).map_while(|by| last.checked_add(by)).take_while(|value| *value <= greatest));
    for (below, above) in points.iter().zip(points.iter().skip(1)) {
        values.extend((1..=need).map_while(|by| below.checked_add(by)).take_while(|value| value < above));
    }
    values
}

/// The bases moved by the steps, exactly and by one more or less.
fn moved(bases: &[i64], steps: &[i64]) -> Vec<i64> {
    let near = |step: &i64| [0, 1, -1].map(|by| step.saturating_add(by));
    let by: BTreeSet<i64> = steps.iter().flat_map(near).flat_map(|by| [by, by.saturating_neg()]).collect();
    let all = bases.iter().flat_map(|base| by.iter().filter_map(|by| base.checked_add(*by)));
    all.take(MOST_STEPS).collect()
}

/// The first day there is; dates are counted from it.
fn first_day() -> Date {
    Date::new(1, 1, 1).expect("invariant: a day")
}

fn dates(class: &Class) -> Vec<Value> {
    let start = first_day();
    let day = |value: &Value| match value {
        Value::Date(date) => Some(date.days_since(start)),
        _ => None,
    };
    let last = Date::new(9999, 12, 31).map_or(0, |date| date.days_since(start));
    // A Monday, so that what is by chance in examples is no weekend.
    let origin = Date::new(2026, 1, 5).map_or(0, |date| date.days_since(start));
    let points: BTreeSet<i64> = class.constants.iter().filter_map(day).collect();
    let mut values = spread(&points, in_gap(class), 0, last, origin);
    if !class.steps.is_empty() {
        values.extend(class.steps.iter().filter_map(day));
        values.extend(origin..origin + 7);
        let bases: Vec<i64> = [origin].into_iter().chain(points).collect();
        let steps = class.steps.iter().filter_map(|step| match step {
            Value::Integer(step) => Some(*step),
            _ => None,
        });
        values.extend(moved(&bases, &steps.collect::<Vec<_>>()));
    }
    values.into_iter().filter_map(|days| start.plus_days(days)).map(Value::Date).collect()
}

fn numbers(class: &mut Class) -> Vec<Value> {
    let points: BTreeSet<Number> = class.constants.iter().filter_map(as_number).collect();
    let need = needed(class);
    let mut values = points.clone();
    if class.integers {
        let shared: Vec<i64> = integers(class);
        values.extend(shared.into_iter().filter_map(|integer| as_number(&Value::Integer(integer))));
    }
    let ends = [-f64::MAX, f64::MAX];
    match (values.first().copied(), values.last().copied()) {
        (Some(first), Some(last)) => {
            let inner: Vec<Number> = values.iter().copied().collect();
            let below = near(first.get(), -1.0, need).or_else(|| between(ends[0], first.get(), need));
            let above = near(last.get(), 1.0, need).or_else(|| between(last.get(), ends[1], need));
            let gaps = inner.windows(2).map(|pair| between(pair[0].get(), pair[1].get(), need));
            for gap in [below, above].into_iter().chain(gaps) {
                class.complete &= gap.is_some();
                values.extend(gap.into_iter().flatten());
            }
        }
        _ => values.extend((0..need).filter_map(|i| i32::try_from(i).ok()).map(f64::from).filter_map(Number::new)),
    }
    values.extend(number_steps(class, need).into_iter().take(MOST_STEPS));
    values.into_iter().map(Value::Number).collect()
}

fn as_number(value: &Value) -> Option<Number> {
    value.as_f64().and_then(Number::new)
}

/// So many numbers just beyond one, in steps of one.
fn near(from: f64, direction: f64, need: usize) -> Option<Vec<Number>> {
    let numbers: Option<Vec<Number>> = (1..=need)
        .map(|i| {
            let moved = from + direction * f64::from(u32::try_from(i).ok()?);
            Number::new(moved)
        })
        .collect();
    let mut last = from;
    numbers.filter(|numbers| numbers.iter().all(|n| std::mem::replace(&mut last, n.get()) != n.get()))
}

/// So many numbers between two, if there are so many; with as few digits as can be.
fn between(below: f64, above: f64, need: usize) -> Option<Vec<Number>> {
    let parts = f64::from(u32::try_from(need).ok()?) + 1.0;
    let mut even = Vec::new();
    for part in 1..=need {
        let share = f64::from(u32::try_from(part).ok()?) / parts;
        even.push(below * (1.0 - share) + above * share);
    }
    let plain = PLACES.rev().map(|place| even.iter().map(|number| rounded(*number, place)).collect());
    let ascending = |numbers: &Vec<f64>| {
        let mut last = below;
        numbers.iter().all(|number| std::mem::replace(&mut last, *number) < *number) && last < above
    };
    let numbers = plain.chain([even.clone()]).find(ascending)?;
    numbers.into_iter().map(Number::new).collect()
}

/// Powers of ten that numbers are rounded to.
const PLACES: std::ops::RangeInclusive<i32> = -6..=12;

/// A number rounded to a power of ten.
fn rounded(number: f64, place: i32) -> f64 {
    match usize::try_from(-place) {
        Ok(decimals) => format!("{number:.decimals$}").parse().unwrap_or(number),
        Err(_) => (number / 10_f64.powi(place)).round() * 10_f64.powi(place),
    }
}

fn number_steps(class: &Class, need: usize) -> BTreeSet<Number> {
    let parts = u32::try_from(need).map_or(2.0, f64::from).max(2.0);
    let part = |step: f64| rounded(step / parts, -2);
    let around = |step: f64| [step, -step, step / 2.0, part(step), step * 2.0, step + 1.0, step - 1.0, 0.0];
    class.steps.iter().filter_map(Value::as_f64).flat_map(around).filter_map(Number::new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(constants: &[Value]) -> Class {
        let constants = constants.iter().cloned().collect();
        Class { constants, capacity: 2, modulus: 1, complete: true, ..Class::default() }
    }

    #[test]
    fn each_gap_has_a_witness() {
        let mut class = class(&[Value::Integer(1), Value::Integer(3), Value::Integer(4)]);
        assert_eq!(integers(&mut class), [0, 1, 2, 3, 4, 5]);
        class.injective = true;
        assert_eq!(integers(&mut class), [-1, 0, 1, 2, 3, 4, 5, 6]);
        class.modulus = 3;
        assert_eq!(integers(&mut class).len(), 4 + 6 + 6);
        assert!(class.complete);
    }

    #[test]
    fn the_ends_of_the_range_have_no_gap() {
        let mut class = class(&[Value::Integer(i64::MAX), Value::Integer(i64::MIN)]);
        assert_eq!(integers(&mut class), [i64::MIN, i64::MIN + 1, i64::MAX]);
    }

    #[test]
    fn numbers_between_two_have_few_digits() {
        let found = |below, above, need| between(below, above, need).map(|n| n.iter().map(|n| n.get()).collect());
        assert_eq!(found(500.0, 2000.0, 2), Some(vec![1000.0, 1500.0]));
        assert_eq!(found(1500.0, 1501.0, 2), Some(vec![1500.3, 1500.7]));
        assert_eq!(found(0.0, 1.0, 1), Some(vec![0.5]));
        assert_eq!(found(1.0, 1.0 + f64::EPSILON, 1), None);
        assert_eq!(found(1.0, 1.0 + 2.0 * f64::EPSILON, 1), Some(vec![1.0 + f64::EPSILON]));
    }

    #[test]
    fn numbers_lie_between_constants() {
        let half = Value::number(0.5).expect("finite");
        let mut class = class(&[half, Value::Integer(1)]);
        class.numbers = true;
        let found: Vec<f64> = numbers(&mut class).iter().filter_map(Value::as_f64).collect();
        assert_eq!(found, [-0.5, 0.5, 0.8, 1.0, 2.0]);
        let largest = Value::number(f64::MAX).expect("finite");
        class.constants.insert(largest);
        numbers(&mut class);
        assert!(!class.complete, "there is nothing above the largest number");
    }
}
