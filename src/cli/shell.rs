//! Words of a command line, for help that can be copied.

use std::path::Path;

use remit::source::escape_control;

/// A path as it has to be written in a shell.
pub fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let text = if text.starts_with('-') { format!("./{text}") } else { text };
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,:@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text;
    }
    format!("'{}'", escape_control(&text).replace('\'', r"'\''"))
}
