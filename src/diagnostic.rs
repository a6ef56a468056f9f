//! The one type of everything remit says about a text: code, place, sentence, help.
//!
//! Diagnostics are values; nothing here prints. Messages are lower case without a
//! full stop, with the user's text in backticks; advice goes into `help`.

use std::fmt;

use crate::source::{Sources, Span};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The policy or the issue cannot be used.
    Error,
    /// It can, but is probably not what its author means.
    Warning,
}

impl Severity {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $severity:ident;)*) => {
        /// The name of a kind of diagnostic; `docs/checks/<code>.md` explains each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The code as users see it.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)* }
            }

            /// Whether it stops the policy or only warns.
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)* }
            }

            /// The page that explains it, as Markdown.
            pub fn page(self) -> &'static str {
                match self { $(Code::$name => include_str!(concat!("../docs/checks/", $text, ".md")),)* }
            }
        }
    };
}

codes! {
    /// No policy where one was looked for, or several.
    NoPolicy = "no-policy", Error;
    /// A file that cannot be read.
    Unreadable = "unreadable", Error;
    /// Not TOML.
    Toml = "toml", Error;
    /// Rule text that does not parse.
    Syntax = "syntax", Error;
    /// A key or table the language does not have.
    UnknownKey = "unknown-key", Error;
    /// A required key is not there.
    MissingKey = "missing-key", Error;
    /// A key has another kind of value than it must.
    WrongKind = "wrong-kind", Error;
    /// A name that is not written as names are.
    BadName = "bad-name", Error;
    /// A name that the language keeps for itself.
    ReservedName = "reserved-name", Error;
    /// A name declared twice.
    DuplicateName = "duplicate-name", Error;
    /// A type the language does not have.
    UnknownType = "unknown-type", Error;
    /// A name that nothing declares or concludes.
    UnknownName = "unknown-name", Error;
    /// A column that the records do not have.
    UnknownColumn = "unknown-column", Error;
    /// An option that the choice or decision does not have.
    UnknownOption = "unknown-option", Error;
    /// A rule that does not exist.
    UnknownRule = "unknown-rule", Error;
    /// A decision that does not exist.
    UnknownDecision = "unknown-decision", Error;
    /// Too many or too few arguments.
    WrongArity = "wrong-arity", Error;
    /// Values of two types meet.
    TypeMismatch = "type-mismatch", Error;
    /// A variable that nothing binds.
    UnsafeVariable = "unsafe-variable", Error;
    /// A conclusion depends on its own negation.
    NegationCycle = "negation-cycle", Error;
    /// Recursion that could compute new values for ever.
    UnboundedArithmetic = "unbounded-arithmetic", Error;
    /// A rule whose `or`s multiply out to more clauses than the limit.
    TooManyClauses = "too-many-clauses", Error;
    /// A rule concludes a fact.
    HeadIsFact = "head-is-fact", Error;
    /// A pattern that is no regular expression.
    BadPattern = "bad-pattern", Error;
    /// A default that does not fit its fact or decision.
    BadDefault = "bad-default", Error;
    /// A reason names a variable that a clause does not bind.
    BadBecause = "bad-because", Error;
    /// The policy decides nothing.
    NoDecision = "no-decision", Error;
    /// An issue of a scenario says something of what is no fact.
    UnknownFact = "unknown-fact", Warning;
    /// A fact that no rule uses.
    UnusedFact = "unused-fact", Warning;
    /// A conclusion that nothing uses.
    UnusedConclusion = "unused-conclusion", Warning;
    /// A variable that occurs once.
    SingletonVariable = "singleton-variable", Warning;
    /// A clause whose body can never hold.
    NeverHolds = "never-holds", Warning;
    /// An option that is also a single-valued fact.
    AmbiguousName = "ambiguous-name", Warning;
    /// Two rules that say the same.
    DuplicateRule = "duplicate-rule", Warning;
    /// A rule that a more general one makes superfluous.
    SubsumedRule = "subsumed-rule", Warning;
    /// An option that no rule concludes.
    OptionNeverConcluded = "option-never-concluded", Warning;
    /// A decision without a default.
    NoDefault = "no-default", Warning;
    /// A rule without a reason.
    MissingBecause = "missing-because", Warning;
    /// An override that switches off every row of a rule at once.
    OverridesAllRows = "overrides-all-rows", Warning;
}

impl Code {
    /// The code of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A place with what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A few words; empty if the message says it all.
    pub text: String,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind.
    pub code: Code,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where; `None` only where there is no file (no such folder).
    pub span: Option<Span>,
    /// Further places.
    pub labels: Vec<Label>,
    /// What to write instead.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A finding at a place.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), span: Some(span), labels: Vec::new(), help: None }
    }

    /// A finding about something that has no text.
    pub fn placeless(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), span: None, labels: Vec::new(), help: None }
    }

    /// Adds what to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Error or warning.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// Sorts by file path, place, code and message, and drops exact repetitions.
pub fn sort(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| d.span.map(|s| (sources.path(s.file).to_path_buf(), s.start, s.end));
        key(a).cmp(&key(b)).then_with(|| a.code.as_str().cmp(b.code.as_str())).then_with(|| a.message.cmp(&b.message))
    });
    diagnostics.dedup();
}

/// Whether any of them is an error.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity() == Severity::Error)
}

/// The name that a text would be: letters without accents in lower case, `separator` between words.
pub fn proposed_name(text: &str, separator: char) -> String {
    let (mut out, mut before) = (String::new(), None);
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        // A word begins behind a small letter, or where capitals that are one word end: `HTTPPort`.
        let behind_small = before.is_some_and(|before: char| before.is_lowercase() || before.is_ascii_digit());
        let ends_capitals = before.is_some_and(char::is_uppercase) && letters.peek().is_some_and(|c| c.is_lowercase());
        before = Some(c);
        let plain = without_accent(c);
        if plain.is_empty() {
            if !out.is_empty() && !out.ends_with(separator) {
                out.push(separator);
            }
            continue;
        }
        if c.is_uppercase() && !out.is_empty() && !out.ends_with(separator) && (behind_small || ends_capitals) {
            out.push(separator);
        }
        out.push_str(&plain);
    }
    out.trim_end_matches(separator).trim_start_matches(|c: char| c.is_ascii_digit() || c == separator).to_owned()
}

/// A letter or digit as ASCII letters in lower case; nothing for anything else.
fn without_accent(c: char) -> String {
    const LETTERS: [(&str, &str); 15] = [
        ("äæ", "ae"),
        ("öœø", "oe"),
        ("ü", "ue"),
        ("ß", "ss"),
        ("àáâãåā", "a"),
        ("èéêëēę", "e"),
        ("ìíîïī", "i"),
        ("òóôõō", "o"),
        ("ùúûūů", "u"),
        ("çćč", "c"),
        ("ñńň", "n"),
        ("śšş", "s"),
        ("źżž", "z"),
        ("ýÿ", "y"),
        ("ł", "l"),
    ];
    let lower: String = c.to_lowercase().collect();
    if c.is_ascii_alphanumeric() {
        return lower;
    }
    let known = LETTERS.iter().find(|(letters, _)| c.is_alphabetic() && letters.contains(&lower));
    known.map_or(String::new(), |(_, plain)| (*plain).to_owned())
}

/// The candidate nearest to `name`, if one is near enough to be meant.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    let limit = (length / 3).clamp(1, 4);
    candidates
        .into_iter()
        .map(|candidate| match candidate.eq_ignore_ascii_case(name) {
            true => (0, candidate),
            false => (strsim::damerau_levenshtein(name, candidate), candidate),
        })
        // One letter is as near to any other.
        .filter(|(distance, candidate)| {
            *distance <= limit && (*distance < length || candidate.eq_ignore_ascii_case(name))
        })
        .min()
        .map(|(_, candidate)| candidate)
}
