//! Every integration test, one binary.

mod syntax;
