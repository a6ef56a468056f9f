//! Every integration test, one binary.

mod engine;
mod evaluation;
mod policy;
mod syntax;
mod verdict;
