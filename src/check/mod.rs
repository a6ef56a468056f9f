//! Checking: a [`crate::policy::Policy`] → a [`crate::program::Program`] and diagnostics.
//!
//! Never stops at the first fault and never prints. One check a file.
