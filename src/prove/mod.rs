//! Proofs over all fully known issues: a finite abstraction of what issues can say, the
//! policies as formulas over it, and a SAT solver.
//!
//! How to use it, for one policy or several over shared facts:
//!
//! 1. [`Abstraction::of`] takes the policies and how many rows records and lists may have.
//!    Facts of the same name and type are one [`slots::Slot`]; for each cell there are the
//!    constants it is compared with and witnesses for all other values.
//! 2. [`Encoding::new`] takes the same policies in the same order. With
//!    [`Faith::Witnesses`] whatever the solver finds is an issue; with [`Faith::Relaxed`]
//!    what it does not find is no issue. While [`Encoding::is_exact`] the first is enough
//!    for both. [`Encoding::meaning`] encodes a policy, by its index: a [`Meaning`] holds,
//!    by decision, the [`DecisionBits`] "the value is this option" and "there is no value".
//! 3. Formulas are put together with [`Encoding::circuit`]; [`Encoding::solve`] looks for an
//!    assignment that makes all of the given bits true (and in which no arithmetic fails),
//!    and [`Encoding::issue`] reads an assignment as an issue of one of the policies.
//! 4. [`Encoding::constructs`] names what is not followed exactly in a formula,
//!    [`Encoding::bounded_by`] the records and lists that it depends on.
//!
//! Everything is `Err(TooLarge)` or [`Found::GaveUp`] where it would take too much. Whoever
//! shows an example evaluates it with the reference engine first.

mod abstraction;
mod circuit;
mod claims;
pub mod classes;
mod closed;
mod counted;
mod encoding;
mod exactness;
mod example;
mod findings;
mod flow;
mod ground;
mod inputs;
mod known;
mod matter;
mod occurs;
mod plain;
mod probe;
mod prover;
mod reasons;
mod redundant;
mod regions;
mod rows;
mod run;
mod sat;
mod shares;
pub mod slots;
mod term;
mod texts;
mod witnesses;

pub use abstraction::{Abstraction, Bounds};
pub use circuit::{Bit, Circuit};
pub use counted::Counted;
pub use encoding::{Construct, Encoding, Faith, TooLarge};
pub use findings::{Claim, Disagreement, Example, Finding, Findings, Kind, Obstacle, Reason, Verdict};
pub use ground::{DecisionBits, Derived, Meaning, Relation};
pub use inputs::Inputs;
pub use regions::Regions;
pub use rows::bounded;
pub use run::prove;
pub use sat::{Assignment, Found, Stop};
pub use shares::{Share, Shares, shares};
pub use term::{Term, Tuple};
