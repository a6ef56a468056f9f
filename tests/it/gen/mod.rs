//! Random policies and random issues, as structures that shrink well and print as TOML.
//!
//! Policies pass the checks by construction: relations in layers, variables bound before
//! they are used, columns typed. Domains are tiny, so that things coincide often.

mod aggregates;
mod atoms;
mod body;
pub mod case;
mod domain;
mod exprs;
pub mod gene;
pub mod issue;
mod literals;
mod permute;
pub mod policy;
mod print;
pub mod schema;
mod strata;
pub mod tree;
