//! Ctrl-C during a stream: the line under way is finished, nothing half written is left.

use super::exit::INTERRUPTED;
use super::output::Output;

/// Ends the program on Ctrl-C as soon as none of the outputs is being written to.
pub fn end_whole(outputs: Vec<Output>) {
    // Without a handler the program still ends, only less tidily.
    let _ = ctrlc::set_handler(move || {
        outputs.iter().for_each(Output::give_up);
        std::process::exit(INTERRUPTED);
    });
}
