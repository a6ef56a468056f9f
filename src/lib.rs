#![doc = include_str!("../docs/library.md")]

pub mod arithmetic;
pub mod check;
pub mod diagnostic;
mod dice;
pub mod diff;
mod digest;
pub mod engine;
pub mod explain;
pub mod interview;
pub mod issue;
pub mod mutation;
pub mod naive;
pub mod policy;
pub mod program;
pub mod prove;
mod readings;
mod regions;
pub mod report;
pub mod source;
pub mod stream;
pub mod syntax;
pub mod testing;
pub mod value;
pub mod verdict;
pub mod verify;
