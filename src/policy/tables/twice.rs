//! What is declared twice: each thing, or the two files of which one looks like a copy of the other.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Sources, Span};
use crate::syntax::tree::Name;

/// So many names that two files have in common are told as one fault: somebody has copied the file.
const COPY: usize = 3;

/// How many of them are named.
const NAMED: usize = 3;

/// A table that there is already.
pub struct Twice {
    /// `fact`, `rule`, …
    pub kind: &'static str,
    /// Its name, where it is declared again.
    pub name: Name,
    /// Where it is declared first.
    pub first: Span,
}

impl Twice {
    fn report(&self) -> Diagnostic {
        let (message, help) = match self.kind {
            "policy" => ("the policy has two `[policy]` tables".to_owned(), "keep one of the two"),
            kind => {
                let message = format!("the {kind} `{}` is declared twice", self.name.node);
                (message, "give one of them another name, or join the two")
            }
        };
        let diagnostic = Diagnostic::new(Code::DuplicateName, self.name.span, message);
        diagnostic.label(self.first, "declared here first").help(help)
    }

    fn header(&self) -> String {
        if self.kind == "policy" { "`[policy]`".to_owned() } else { format!("`[{}.{}]`", self.kind, self.name.node) }
    }
}

/// The diagnostics, one for each pair of files that have much in common.
pub fn report(twice: Vec<Twice>, sources: &Sources) -> Vec<Diagnostic> {
    let mut pairs: BTreeMap<(FileId, FileId), Vec<Twice>> = BTreeMap::new();
    for each in twice {
        pairs.entry((each.name.span.file, each.first.file)).or_default().push(each);
    }
    let of_pair = |((again, first), each): ((FileId, FileId), Vec<Twice>)| match each.as_slice() {
        [one, ..] if again != first && each.len() >= COPY => vec![copy(one, &each, sources)],
        _ => each.iter().map(Twice::report).collect(),
    };
    pairs.into_iter().flat_map(of_pair).collect()
}

fn copy(one: &Twice, all: &[Twice], sources: &Sources) -> Diagnostic {
    let named: Vec<String> = all.iter().take(NAMED).map(Twice::header).collect();
    let more = match all.len() - named.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let file = |span: Span| sources.path(span.file).display();
    let message = format!(
        "`{}` declares what `{}` declares already: {}{more}",
        file(one.name.span),
        file(one.first),
        named.join(", ")
    );
    Diagnostic::new(Code::DuplicateName, one.name.span, message)
        .label(one.first, "declared here first")
        .help("if one of the two is a copy, take it out of the folder; else give the tables other names")
}
