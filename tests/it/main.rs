//! Every integration test, one binary.

mod check;
mod dependencies;
mod engine;
mod evaluation;
mod explain;
mod issue;
mod laws;
mod policy;
mod readme;
mod syntax;
mod verdict;
