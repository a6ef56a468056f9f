//! What people write from other languages, and what it is here.
//!
//! Nothing in this table may begin a text that the grammar allows.

use super::begins_with;

/// What was probably meant.
#[derive(Clone, Copy)]
pub enum Meant {
    /// This punctuation.
    Mark(&'static str),
    /// This word.
    Word(&'static str),
    /// A comment to the end of the line.
    Comment,
    /// Several things, or nothing that rules can say.
    Unclear,
}

/// An entry of the table.
pub struct Foreign {
    /// As written.
    pub written: &'static str,
    /// What it stands for.
    pub meant: Meant,
    /// What to write instead.
    pub help: &'static str,
}

/// The entry that `text` begins with.
pub fn find(text: &str) -> Option<&'static Foreign> {
    FOREIGN.iter().find(|foreign| begins_with(text, foreign.written))
}

const fn mark(written: &'static str, mark: &'static str, help: &'static str) -> Foreign {
    Foreign { written, meant: Meant::Mark(mark), help }
}

const fn word(written: &'static str, word: &'static str, help: &'static str) -> Foreign {
    Foreign { written, meant: Meant::Word(word), help }
}

const fn unclear(written: &'static str, help: &'static str) -> Foreign {
    Foreign { written, meant: Meant::Unclear, help }
}

const fn comment(written: &'static str) -> Foreign {
    Foreign { written, meant: Meant::Comment, help: "a comment begins with `#`" }
}

const CONCLUSION_FIRST: &str =
    "write the conclusion first: `conclusion if condition`; in an invariant, `not (condition) or conclusion`";
/// `{a}`
const BRACES: &str = "use round brackets; `{X}` belongs into `because`";
/// `in {a}`
pub const BRACES_OF_LIST: &str = "a list stands in square brackets: `[one, other]`";
const DASH: &str = "write `-` for minus; names are written with `_`";

/// Longer ones before those they begin with.
const FOREIGN: [Foreign; 40] = [
    mark("===", "=", "write `=`"),
    mark("!==", "!=", "write `!=`"),
    mark("==", "=", "write `=`"),
    mark(":=", "=", "write `=`"),
    mark("<>", "!=", "write `!=`"),
    mark("~=", "!=", "write `!=`"),
    mark("=/=", "!=", "write `!=`"),
    mark("=<", "<=", "write `<=`"),
    mark("≠", "!=", "write `!=`"),
    mark("≤", "<=", "write `<=`"),
    mark("≥", ">=", "write `>=`"),
    mark("×", "*", "write `*`"),
    mark("÷", "/", "write `/`"),
    word("&&", "and", "write `and` or a comma"),
    word("||", "or", "write `or`"),
    word("&", "and", "write `and` or a comma"),
    word("|", "or", "write `or`"),
    word("∧", "and", "write `and` or a comma"),
    word("∨", "or", "write `or`"),
    word("¬", "not", "write `not`"),
    word("~", "not", "write `not`"),
    word("⇐", "if", "write `if`"),
    word("←", "if", "write `if`"),
    comment("//"),
    comment("/*"),
    unclear(
        "=>",
        "write `>=` for `at least`; where something follows from a condition, write the conclusion first: `conclusion if \
         condition`, and in an invariant `not (condition) or conclusion`",
    ),
    unclear("->", CONCLUSION_FIRST),
    unclear("⇒", CONCLUSION_FIRST),
    unclear("→", CONCLUSION_FIRST),
    mark("−", "-", DASH),
    mark("–", "-", DASH),
    mark("—", "-", DASH),
    unclear("{", BRACES),
    unclear("}", BRACES),
    unclear("€", "amounts are plain numbers: write them without `€`"),
    unclear("£", "amounts are plain numbers: write them without `£`"),
    unclear(
        "$",
        "amounts are plain numbers: write them without `$`; variables begin with a capital letter, as in `Source`",
    ),
    unclear("@", "names have lower-case letters a to z, digits and `_`"),
    unclear(
        "?",
        "take it out: a condition needs none, and questions belong into `ask`; variables begin with a capital letter, as in `Source`",
    ),
    unclear("^", "there is no power; write the product, as in `x * x`"),
];

#[cfg(test)]
mod tests {
    use super::FOREIGN;

    #[test]
    fn longer_ones_come_first() {
        for (index, foreign) in FOREIGN.iter().enumerate() {
            for earlier in FOREIGN.iter().take(index) {
                assert!(!foreign.written.starts_with(earlier.written), "`{}` is never found", foreign.written);
            }
        }
    }
}
