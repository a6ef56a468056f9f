//! Every integration test, one binary.

mod agreement;
mod check;
mod cli_init;
mod dependencies;
mod engine;
mod evaluation;
mod explain;
mod r#gen;
mod issue;
mod laws;
mod naive;
mod policy;
mod properties;
mod readme;
mod regression;
mod syntax;
mod syntax_gen;
mod verdict;
