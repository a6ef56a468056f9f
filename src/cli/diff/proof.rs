//! Both policies over all issues: proved equal, or examples of how they differ.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use remit::diff::equivalence::{Limits, equivalence};
use remit::diff::{Differences, Pair};
use remit::prove::{Bounds, Stop};
use remit::report::diff::{self as report, Proven};
use remit::report::json;
use remit::source::Sources;

use super::{Arguments, Format};
use crate::cli::common::Common;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::Output;
use crate::cli::terminal::Terminal;

/// Compares two policies over all issues.
///
/// # Errors
/// If a result cannot be written, or prover and engine disagree.
pub fn run(
    pair: Pair<'_>,
    (old_sources, new_sources): (&Sources, &Sources),
    differences: &Differences,
    arguments: &Arguments,
    common: &Common,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let output = Output::open(common.output.as_deref())?;
    let until = Instant::now() + Duration::from_secs(arguments.timeout);
    let stop = Some(Stop::when(move || Instant::now() >= until));
    let bounds = arguments.rows.map_or_else(|| Bounds::of(&[pair.old, pair.new]), |rows| Bounds { rows });
    let limits = Limits { bounds, stop };
    let equivalence = &equivalence(pair, differences, &limits);
    let proven = Proven { pair, old_sources, new_sources, differences, equivalence };
    if equivalence.contradictions().next().is_some() {
        terminal.say(&report::contradictions(&proven, terminal.asides));
        return Err(Failure::input("prover and engine disagree, which is a fault of this program")
            .help("report it, with both policies"));
    }
    let text = match arguments.format {
        Format::Text => report::proven_text(&proven, terminal.results),
        Format::Markdown => report::proven_markdown(&proven),
        Format::Json => json::indented(&report::proven_json(&proven)),
        Format::Csv => report::proven_csv(&proven),
    };
    if let Some(folder) = &arguments.examples {
        write_examples(folder, &proven)?;
    }
    output.write(text.as_bytes())?;
    output.finish()?;
    let one_sided = differences.decisions.iter().any(|decision| decision.only().is_some());
    let denied = !arguments.deny.is_empty() && !equivalence.is_equal();
    let differs = equivalence.differs() || one_sided || denied;
    Ok(if differs { Exit::Refuted } else { Exit::Done })
}

/// Writes each example as a fact file.
fn write_examples(folder: &Path, proven: &Proven<'_>) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| Failure::writing(&folder.display().to_string(), &error))?;
    for compared in &proven.equivalence.decisions {
        for (index, example) in compared.examples.iter().enumerate() {
            let name = report::example_name(compared, index + 1, example);
            let file = Output::open(Some(&folder.join(format!("{name}.toml"))))?;
            file.write(report::example_file(proven, compared, example).as_bytes())?;
            file.finish()?;
        }
    }
    Ok(())
}
