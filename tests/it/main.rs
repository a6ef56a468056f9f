//! Every integration test, one binary.

mod policy;
mod syntax;
