//! Reports: results → text, JSON, CSV, SARIF, JUnit.
//!
//! The only types that serialise are here, and nothing here decides anything. Gives
//! strings: whoever calls prints them. Text from outside is shown without control characters.

pub mod coverage;
pub mod diagnostics;
pub mod diff;
pub mod explanation;
mod figures;
mod given;
mod html;
pub mod interview;
pub mod json;
pub mod junit;
pub mod look;
pub mod mutants;
pub mod page;
pub mod prove;
pub mod rejection;
pub mod sarif;
pub mod scenarios;
pub mod summary;
pub mod tuples;
pub mod verdict;
