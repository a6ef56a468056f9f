//! Every integration test, one binary.

mod dependencies;
mod engine;
mod evaluation;
mod laws;
mod policy;
mod syntax;
mod verdict;
