//! Random policies and random issues, as structures that shrink well and print as TOML.
//!
//! Policies pass the checks by construction: relations in layers, variables bound before
//! they are used, columns typed. Domains are tiny, so that things coincide often.

mod body;
pub mod case;
mod domain;
pub mod gene;
pub mod issue;
mod permute;
pub mod policy;
mod schema;
mod strata;
pub mod tree;
