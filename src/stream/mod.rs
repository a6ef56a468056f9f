//! A stream of issues: what is read → what is to be written and counted, piece by piece.
//!
//! A [`Worker`] turns a piece into a [`Batch`], on any thread; whoever hands the pieces out
//! puts the batches into the order of the pieces. A [`Desk`] answers issues that come one at a
//! time. Does no output, starts no thread.

mod batch;
mod cases;
#[cfg(feature = "parquet")]
mod columns;
mod desk;
mod job;
mod keys;
mod scan;
mod worker;
mod write;

pub use batch::Batch;
pub use desk::Desk;
pub use job::{EngineName, Job, Shape};
pub use worker::Worker;
