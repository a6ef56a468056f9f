//! A sum in the making, as the engine adds: values in ascending order.

use crate::prove::regions::Regions;
use crate::value::{Number, Value};

/// A sum in the making: integers exactly, to be checked at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sum {
    /// It fails: it is less than any number.
    Below,
    Integer(i128),
    Number(Number),
    /// It fails: it is more than any number.
    Above,
}

impl Sum {
    /// With one more value.
    pub(super) fn plus(self, value: &Value) -> Self {
        match (self, value) {
            (Self::Integer(sum), Value::Integer(by)) => Self::Integer(sum + i128::from(*by)),
            (Self::Number(sum), value) => {
                let sum = sum.get() + value.as_f64().unwrap_or(f64::NAN);
                let failed = if sum < 0.0 { Self::Below } else { Self::Above };
                Number::new(sum).map_or(failed, Self::Number)
            }
            (Self::Below, _) => Self::Below,
            _ => Self::Above,
        }
    }

    /// What it comes to, unless it fails.
    pub(super) fn value(self) -> Option<Value> {
        match self {
            Self::Integer(sum) => i64::try_from(sum).ok().map(Value::Integer),
            Self::Number(sum) => Some(Value::Number(sum)),
            Self::Below | Self::Above => None,
        }
    }

    /// Which region it lies in, from 1 on; below and above is where it fails.
    pub(super) fn rank(self, regions: &Regions) -> usize {
        match (self.value(), self) {
            (Some(value), _) => 1 + regions.of(&value),
            (None, Self::Below | Self::Integer(i128::MIN..0)) => 0,
            (None, _) => 1 + regions.count(),
        }
    }

    /// A sum of this kind and that rank, if there is one.
    pub(super) fn ranked(self, rank: usize, regions: &Regions) -> Option<Self> {
        if rank == 0 || rank > regions.count() {
            return Some(if rank == 0 { Self::Below } else { Self::Above });
        }
        let value = regions.within(rank - 1)?;
        match (self, value) {
            (Self::Integer(_), Value::Integer(value)) => Some(Self::Integer(value.into())),
            // No integer is such a constant.
            (Self::Integer(_), Value::Number(_)) if rank.is_multiple_of(2) => None,
            (_, value) => value.as_f64().and_then(Number::new).map(Self::Number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_that_fail_lie_beyond_all_others() {
        let regions = Regions::new(&[Value::Integer(0)]).expect("they compare");
        let largest = Value::number(f64::MAX).expect("finite");
        let zero = Sum::Number(Number::new(0.0).expect("finite"));
        let twice = zero.plus(&largest).plus(&largest);
        assert_eq!((twice, twice.rank(&regions)), (Sum::Above, 4));
        let integers = Sum::Integer(0).plus(&Value::Integer(i64::MIN)).plus(&Value::Integer(-1));
        assert_eq!(integers.rank(&regions), 0);
        assert_eq!(integers.plus(&Value::Integer(1)).rank(&regions), 1);
        assert_eq!([1, 2, 3].map(|rank| zero.ranked(rank, &regions).map_or(9, |sum| sum.rank(&regions))), [1, 2, 3]);
    }
}
