//! Sums: what can come of adding up some of the values that there can be.
//!
//! Where a sum is only compared with constants, it is asked between which of them it lies: that takes few
//! formulas even where there are millions of sums. Else each sum is told by itself, while there are few.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Grounder;
use super::aggregate::Items;
use super::expression::Gathered;
use super::sum::Sum;
use crate::program::{AggregateKind, GroupId};
use crate::prove::circuit::Bit;
use crate::prove::encoding::TooLarge;
use crate::prove::regions::Regions;
use crate::prove::term::{Outcome, Outcomes, Term};
use crate::value::{Number, Value};

/// The most sums that are told apart: of more, only those of few values are, and no others are looked at for examples.
const MOST_SUMS: usize = 3000;

/// The most sums of few values.
const MOST_SMALL_SUMS: usize = 300;

/// The most values that sums of few values are made of.
const MOST_ADDENDS: usize = 200;

/// The most ways to begin a sum that are gone through to find out how it ends.
const MOST_BEGINNINGS: usize = 50_000;

/// Values that may be added, in ascending order, as the engine adds them.
struct Addends {
    zero: Sum,
    values: Vec<(Value, Bit)>,
    /// How many of them there are in one issue at most.
    most: usize,
}

impl Grounder<'_, '_> {
    /// What the items add up to. `told`: between which constants is all that is asked of it.
    pub(super) fn sum(&mut self, id: GroupId, items: &Items, told: Option<&Regions>) -> Result<Outcomes, TooLarge> {
        let class = items.values.iter().find_map(|(_, class, _)| *class);
        let addends = self.addends(id, items);
        let sums = match told {
            Some(regions) if addends.followed() >= addends.most => self.between(&addends, addends.most, regions)?,
            _ => match (self.sums(&addends, MOST_SUMS, None)?, told) {
                (Some(sums), _) => sums,
                (None, _) if self.is_relaxed() => return Ok(self.unfollowed_over(AggregateKind::Sum, items)),
                (None, Some(regions)) => self.between(&addends, addends.followed(), regions)?,
                (None, None) => self.small_sums(addends)?,
            },
        };
        let mut gathered = Gathered::default();
        for (sum, when) in sums {
            let outcome = sum.value().map_or(Outcome::Failed, |sum| {
                let sum = told.map_or_else(|| sum.clone(), |regions| regions.substitute(&sum));
                Outcome::Value(Term::Known(sum), class)
            });
            gathered.add(outcome, when);
        }
        Ok(gathered.finish(self))
    }

    fn addends(&self, id: GroupId, items: &Items) -> Addends {
        let numbers = self.plan.sums_numbers(id);
        let zero = if numbers { Number::new(0.0).map_or(Sum::Above, Sum::Number) } else { Sum::Integer(0) };
        let value = |(term, _, when): &(Term, _, Bit)| match term {
            Term::Known(value) if numbers => value.as_f64().and_then(Number::new).map(|n| (Value::Number(n), *when)),
            Term::Known(value) => Some((value.clone(), *when)),
            Term::Opaque(_) => None,
        };
        let mut values: Vec<(Value, Bit)> = items.values.iter().filter_map(value).collect();
        values.sort();
        let most = self.most_solutions(self.program.group(id)).min(values.len());
        Addends { zero, values, most }
    }

    /// Between which constants the sum of up to so many values lies, with a sum that lies there; where there are
    /// more values, no examples are looked for.
    fn between(&mut self, addends: &Addends, most: usize, regions: &Regions) -> Result<Vec<(Sum, Bit)>, TooLarge> {
        let at_least = self.at_least(addends, most + 1);
        if most < addends.most {
            self.encoding.leave_out(at_least[most + 1][0]);
        }
        let (mut sums, mut here) = (Vec::new(), Bit::TRUE);
        for rank in 0..regions.count() + 2 {
            self.encoding.go_on()?;
            let beyond = self.beyond(addends, &at_least, regions, rank);
            let when = self.and([here, !beyond]);
            sums.extend(addends.zero.ranked(rank, regions).filter(|_| when != Bit::FALSE).map(|sum| (sum, when)));
            here = beyond;
        }
        Ok(sums)
    }

    /// When the sum lies beyond a rank.
    fn beyond(&mut self, addends: &Addends, at_least: &[Vec<Bit>], regions: &Regions, rank: usize) -> Bit {
        let reach = Reach { addends, at_least, regions, rank: rank + 1 };
        let least = |count| reach.of(addends.zero, 0..count);
        if (0..at_least.len() - 1).all(least) {
            return Bit::TRUE;
        }
        let mut ways = Vec::new();
        for (count, pair) in at_least.windows(2).enumerate() {
            let reached = self.reached(&reach, addends.zero, 0, count);
            ways.push(self.and([pair[0][0], !pair[1][0], reached]));
        }
        self.or(ways)
    }

    /// By number and place: when so many of the values from that place on are there.
    fn at_least(&mut self, addends: &Addends, most: usize) -> Vec<Vec<Bit>> {
        let places = addends.values.len();
        let mut table = vec![vec![Bit::TRUE; places + 1]];
        for number in 1..=most {
            let mut row = vec![Bit::FALSE; places + 1];
            for (place, (_, when)) in addends.values.iter().enumerate().rev() {
                let with = self.and([*when, table[number - 1][place + 1]]);
                row[place] = self.or([row[place + 1], with]);
            }
            table.push(row);
        }
        table
    }

    /// Where just `left` of the values from a place on are there: when they bring a sum to a rank.
    fn reached(&mut self, reach: &Reach<'_>, sum: Sum, from: usize, left: usize) -> Bit {
        let values = &reach.addends.values;
        if from + left > values.len() {
            return Bit::FALSE;
        }
        if !reach.of(sum, values.len() - left..values.len()) {
            return Bit::FALSE;
        }
        if reach.of(sum, from..from + left) {
            return reach.at_least[left][from];
        }
        if left == 1 {
            // Values ascend, and so do the sums.
            let before = values[from..].partition_point(|(value, _)| sum.plus(value).rank(reach.regions) < reach.rank);
            return reach.at_least[1][from + before];
        }
        let mut ways = Vec::new();
        for (place, (value, when)) in values.iter().enumerate().skip(from) {
            let rest = self.reached(reach, sum.plus(value), place + 1, left - 1);
            ways.push(self.and([*when, rest]));
        }
        self.or(ways)
    }

    /// The sums of few values; examples are looked for among those alone.
    fn small_sums(&mut self, mut addends: Addends) -> Result<Vec<(Sum, Bit)>, TooLarge> {
        let all = std::mem::take(&mut addends.values);
        let (every, mut others) = (all.len().div_ceil(MOST_ADDENDS), Vec::new());
        for (place, (value, when)) in all.into_iter().enumerate() {
            if place % every == 0 {
                addends.values.push((value, when));
            } else {
                others.push(when);
            }
        }
        let sums = self.sums(&addends, MOST_SMALL_SUMS, Some(&mut others))?;
        let others = self.or(others);
        self.encoding.leave_out(others);
        Ok(sums.unwrap_or_default())
    }

    /// What there can be as a sum. Of more than `most`, sums of the fewest values are told, and when it is one of
    /// the `others`; without a place for these, nothing is.
    fn sums(
        &mut self,
        addends: &Addends,
        most: usize,
        mut others: Option<&mut Vec<Bit>>,
    ) -> Result<Option<Vec<(Sum, Bit)>>, TooLarge> {
        let mut sums = vec![Partial { values: 0, sum: addends.zero, when: Bit::TRUE }];
        for (value, when) in &addends.values {
            self.encoding.go_on()?;
            let mut next: BTreeMap<Sum, (usize, Vec<Bit>)> = BTreeMap::new();
            for Partial { values, sum, when: so_far } in sums {
                for (sum, values, is_added) in [(sum, values, !*when), (sum.plus(value), values + 1, *when)] {
                    let way = self.and([so_far, is_added]);
                    if way != Bit::FALSE && values <= addends.most {
                        let (fewest, ways) = next.entry(sum).or_insert((values, Vec::new()));
                        *fewest = values.min(*fewest);
                        ways.push(way);
                    }
                }
            }
            let next = next.into_iter();
            sums = next.map(|(sum, (values, ways))| Partial { values, sum, when: self.or(ways) }).collect();
            if sums.len() > most {
                let Some(others) = &mut others else { return Ok(None) };
                sums.sort_by_key(|partial| partial.values);
                others.extend(sums.drain(most..).map(|partial| partial.when));
            }
        }
        Ok(Some(sums.into_iter().map(|partial| (partial.sum, partial.when)).collect()))
    }
}

/// What a sum shall come to.
struct Reach<'r> {
    addends: &'r Addends,
    at_least: &'r [Vec<Bit>],
    regions: &'r Regions,
    rank: usize,
}

impl Reach<'_> {
    /// Whether a sum and the values of some places come to it.
    fn of(&self, sum: Sum, places: Range<usize>) -> bool {
        let values = &self.addends.values[places];
        values.iter().fold(sum, |sum, (value, _)| sum.plus(value)).rank(self.regions) >= self.rank
    }
}

/// A sum of some of the values that there can be.
struct Partial {
    /// Of how few values it can be.
    values: usize,
    sum: Sum,
    when: Bit,
}

impl Addends {
    /// Of how many values sums are followed without too many beginnings.
    fn followed(&self) -> usize {
        let mut beginnings = 1_usize;
        let mut of = 1;
        while of < self.most {
            beginnings = beginnings.saturating_mul(self.values.len()) / of;
            if beginnings > MOST_BEGINNINGS {
                break;
            }
            of += 1;
        }
        of.min(self.most)
    }
}
