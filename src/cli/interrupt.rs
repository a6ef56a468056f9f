//! Ctrl-C during a stream: the line under way is finished, nothing half written is left.

use super::exit::INTERRUPTED;

/// Ends the program on Ctrl-C, or when it is told to end, as soon as the outputs are given up, for which each waits
/// until no line is half written.
pub fn end_whole(give_up: impl Fn() + Send + 'static) {
    // Without a handler the program still ends, only less tidily.
    let _ = ctrlc::set_handler(move || {
        give_up();
        std::process::exit(INTERRUPTED);
    });
}
