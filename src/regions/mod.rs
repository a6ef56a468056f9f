//! Regions: values of a fact that no rule tells apart.
//!
//! Read off the clauses alone; nothing is evaluated. What is said of a region holds of
//! every value in it only where the rules do nothing but compare with constants.

pub(crate) mod cases;
mod intervals;
mod uses;

pub use intervals::Values;
pub(crate) use intervals::{Region, cut, regions};
pub(crate) use uses::Uses;
