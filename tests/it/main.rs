//! Every integration test, one binary.

mod agreement;
mod check;
mod cli_init;
mod columnar;
mod dependencies;
mod engine;
mod evaluation;
mod explain;
mod r#gen;
mod issue;
mod laws;
mod mutants;
mod naive;
mod policy;
mod proof_schema;
mod properties;
mod readme;
mod regression;
mod syntax;
mod syntax_gen;
mod verdict;
mod watch;
