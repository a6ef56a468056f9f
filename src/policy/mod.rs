//! A policy as written: every table of every file, with spans, nothing judged.
//!
//! [`load`] reads files and gives a [`Policy`] and diagnostics about the TOML and the
//! rule texts alone (`toml`, `syntax`, `unknown-key`, `missing-key`, `wrong-kind`).
//! What names mean and whether the rules make sense is for `check`.

pub(crate) mod brackets;
mod document;
mod fact_files;
mod files;
mod find;
mod lines;
mod load;
mod scenarios_only;
mod slips;
mod strings;
mod tables;
pub(crate) mod toml_error;
mod toml_places;

pub(crate) use self::fact_files::plain;
pub use self::files::as_toml;
pub use self::find::{find_default, find_policies, folder_of, is_part, left_out, misnamed, names_issue, policy_around};
pub use self::load::{load, load_extent, load_texts};
pub(crate) use self::tables::misplaced;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use crate::source::Span;
use crate::syntax::tree::{Clause, Formula, Name, Spanned};

/// How much of a policy is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    #[default]
    Whole,
    /// What decisions follow from: everything but scenarios. A file of nothing but scenarios is not read.
    Decisions,
}

/// Every table of a policy, in the author's order: path order of files, then place.
///
/// Within a kind each name occurs once: a table in several files is joined where its parts say different things; else it
/// is reported, and the first is kept.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// The `[policy]` table; `None` if no file has one.
    pub header: Option<Header>,
    /// `[fact.*]`.
    pub facts: Vec<Fact>,
    /// `[concept.*]`.
    pub concepts: Vec<Concept>,
    /// `[rule.*]`.
    pub rules: Vec<Rule>,
    /// `[decision.*]`.
    pub decisions: Vec<Decision>,
    /// `[scenario.*]`.
    pub scenarios: Vec<Scenario>,
    /// `[invariant.*]`.
    pub invariants: Vec<Invariant>,
    /// The folder that relative paths of scenarios start from (the policy file's own for a single file).
    pub root: PathBuf,
    /// Where the fact files are that scenarios name.
    pub issue_files: IssueFiles,
    /// Whether some file of it could not be read or is not TOML: what seems to be missing may be there.
    pub incomplete: bool,
    /// Whether keys stand below no header, so that nobody knows what is declared, or concluded, there.
    pub nameless: bool,
    /// What of it the TOML reader has complained of: nothing else is to be said of these places.
    pub unread: Vec<Span>,
    /// Whether there was any error in its files, so that it says less than its author wrote: no program is made of it.
    pub faulty: bool,
}

impl Policy {
    /// Whether there is a rule of which nothing could be read, so that nobody knows what it uses and concludes.
    pub(crate) fn has_silent_rules(&self) -> bool {
        self.rules.iter().any(|rule| rule.clauses.is_empty() && rule.unparsed.is_empty() && rule.given_up.is_empty())
    }
}

/// Where the fact files are that scenarios name.
#[derive(Debug, Clone, Default)]
pub enum IssueFiles {
    /// On the disk.
    #[default]
    Disk,
    /// Among the texts that the policy was given as, by path; no other is looked at.
    Texts(BTreeMap<PathBuf, String>),
}

/// A string with its place.
pub type Text = Spanned<Arc<str>>;

/// `[policy]`.
#[derive(Debug, Clone)]
pub struct Header {
    /// `name`; empty if missing (reported).
    pub name: Text,
    /// `version`.
    pub version: Option<Text>,
    /// `summary`.
    pub summary: Option<Text>,
    /// `source`.
    pub source: Option<Text>,
    /// `default`.
    pub default: bool,
}

/// `[fact.NAME]`.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Its name.
    pub name: Name,
    /// `type`, `options`, `aliases`.
    pub domain: Domain,
    /// `of` of a list.
    pub of: Option<Domain>,
    /// `columns` of records, in order.
    pub columns: Option<Spanned<Vec<Column>>>,
    /// `ask`.
    pub ask: Option<Text>,
    /// `default`, untyped.
    pub default: Option<Literal>,
}

/// A type as written: `type = "…"` and/or options; with neither, what stands there is reported.
#[derive(Debug, Clone, Default)]
pub struct Domain {
    /// `type`; `None` with options means a choice.
    pub kind: Option<Text>,
    /// `options`, in order; `None` if not given.
    pub options: Option<Spanned<Vec<OptionLabel>>>,
    /// `aliases`: other spelling → option.
    pub aliases: Vec<(Name, Text)>,
}

impl Domain {
    /// Where the type stands, or else the options.
    pub fn span(&self) -> Option<Span> {
        self.kind.as_ref().map(|kind| kind.span).or_else(|| self.options.as_ref().map(|options| options.span))
    }
}

/// An option with the label for people, if it has one.
#[derive(Debug, Clone)]
pub struct OptionLabel {
    /// The option.
    pub id: Name,
    /// Its label.
    pub label: Option<Text>,
}

/// A column of a records fact.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub domain: Domain,
    /// `ask`.
    pub ask: Option<Text>,
}

/// A TOML value that is yet to be typed (defaults, inline issues).
#[derive(Debug, Clone)]
pub struct Literal {
    /// The value.
    pub kind: LiteralKind,
    /// Its place.
    pub span: Span,
}

/// Kinds of [`Literal`]. (TOML has no null; JSON issues do.)
#[derive(Debug, Clone)]
pub enum LiteralKind {
    /// A string.
    Text(String),
    /// An integer, of any size, as written in decimal.
    Integer(i128),
    /// A float, as written but for underscores; may be infinite or no number.
    Float(String),
    /// A boolean.
    Bool(bool),
    /// A local date.
    Date(String),
    /// A date with a time, or a time.
    DateTime(String),
    /// An array.
    Array(Vec<Literal>),
    /// A table, in order.
    Table(Vec<(Name, Literal)>),
}

/// `[concept.NAME]`.
#[derive(Debug, Clone)]
pub struct Concept {
    /// Its name.
    pub name: Name,
    /// `means`.
    pub means: Option<Text>,
}

/// `[rule.NAME]`.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its name.
    pub name: Name,
    /// The clauses of `says` that parse.
    pub clauses: Vec<Clause>,
    /// The words of what does not parse: names that would be used, and some besides.
    pub unparsed: BTreeSet<Arc<str>>,
    /// What the clauses that do not parse conclude, as far as it can be told.
    pub given_up: Vec<Arc<str>>,
    /// The place of the whole `says`.
    pub says: Span,
    /// Whether there is a `because`, be it a text or not.
    pub has_because: bool,
    /// `because`, if it is a text; as an excerpt so that `{X}` in it has a place.
    pub because: Option<crate::source::Excerpt>,
    /// `source`.
    pub source: Option<Text>,
    /// `overrides`.
    pub overrides: Vec<Name>,
}

/// Hit policies, after DMN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HitPolicy {
    /// The first of the options concluded, in their order.
    Priority,
    /// The only one concluded; two are a conflict.
    Unique,
    /// All that are concluded.
    Collect,
}

impl HitPolicy {
    /// As written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Priority => "priority",
            Self::Unique => "unique",
            Self::Collect => "collect",
        }
    }
}

/// `[decision.NAME]`.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Its name.
    pub name: Name,
    /// `question`.
    pub question: Option<Text>,
    /// `hit-policy`; `None` if missing or unknown (reported).
    pub hit_policy: Option<HitPolicy>,
    /// Whether there is a `default`, be it a text or not.
    pub has_default: bool,
    /// `default`, if it is a text.
    pub default: Option<Text>,
    /// `advisory`.
    pub advisory: Option<bool>,
    /// `option`s, the highest priority first.
    pub options: Vec<DecisionOption>,
    /// Whether there is an option without a name, so that not all of them are known.
    pub unnamed: bool,
}

/// `[[decision.NAME.option]]`.
#[derive(Debug, Clone)]
pub struct DecisionOption {
    /// `id`.
    pub id: Name,
    /// `name`.
    pub name: Option<Text>,
    /// `action`.
    pub action: Option<Text>,
}

/// `[scenario.NAME]`.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its name.
    pub name: Name,
    /// `issue`.
    pub issue: Option<ScenarioIssue>,
    /// `expect`.
    pub expect: Vec<(Name, Expectation)>,
    /// `because`.
    pub because: Option<Text>,
    /// `skip`: why it is not run.
    pub skip: Option<Text>,
}

/// Where the issue of a scenario is.
#[derive(Debug, Clone)]
pub enum ScenarioIssue {
    /// A table in the policy.
    Inline(Literal),
    /// A fact file, relative to [`Policy::root`].
    File(Text),
}

/// One key of `expect`, as written; the key says which may stand where.
#[derive(Debug, Clone)]
pub enum Expectation {
    /// A string (an option, a status, an atom) or an array of strings.
    Names {
        /// The strings.
        names: Vec<Text>,
        /// Whether it was an array.
        array: bool,
        /// Its place.
        span: Span,
    },
    /// `{ value = …, status = …, default = …, possible = …, missing = … }`.
    Long {
        /// `value`.
        value: Option<Spanned<Vec<Text>>>,
        /// Whether `value` was an array.
        value_is_array: bool,
        /// `status`.
        status: Option<Text>,
        /// `default`.
        default: Option<bool>,
        /// `possible`.
        possible: Option<Vec<Text>>,
        /// `missing`.
        missing: Option<Vec<Text>>,
        /// Its place.
        span: Span,
    },
    /// Atoms of `holds` or `not-holds`, parsed.
    Atoms(Vec<Formula>),
}

/// `[invariant.NAME]`.
#[derive(Debug, Clone)]
pub struct Invariant {
    /// Its name.
    pub name: Name,
    /// `never` or `always`; `None` if neither parses.
    pub claim: Option<Claim>,
}

/// What an invariant claims of every fully known issue.
#[derive(Debug, Clone)]
pub enum Claim {
    /// The body holds for none.
    Never(Formula),
    /// The body holds for every one.
    Always(Formula),
}
