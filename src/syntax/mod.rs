//! Rule text: text → tree with spans, tree → text.
//!
//! Parsing never fails: it gives a tree of what it understood and diagnostics.
//! Knows neither TOML nor what a name means.

pub mod tree;
