//! A conversation: one question after the other, until there is nothing left to ask.
//!
//! Every answer is saved before the next question. The end of the input ends it, at any place.

use std::io::{self, BufRead, IsTerminal};
use std::path::{Path, PathBuf};

use remit::interview::answer::{self, Misfit};
use remit::interview::{End, Interviewer, Item, Progress, Question, Step};
use remit::program::{Domain, FactId, FactKind, Given, Program};
use remit::report::interview as words;
use remit::report::look::Ink;
use remit::report::page::Page;
use remit::value::Value;

use super::kept::Kept;
use crate::cli::exit::Failure;
use crate::cli::output::Output;
use crate::cli::terminal::Terminal;

/// What can be typed instead of an answer.
pub(super) const COMMANDS: &str = "? I don't know   < back   ?? why do you ask";

/// A conversation under way.
pub struct Conversation<'a> {
    pub(super) interviewer: &'a Interviewer<'a>,
    pub(super) program: &'a Program,
    pub(super) terminal: &'a Terminal,
    pub(super) progress: Progress,
    /// How far it had come before each answer.
    before: Vec<Progress>,
    save: Option<PathBuf>,
    others: toml::Table,
    /// The file that it goes on from.
    kept: Option<Kept>,
}

/// What came instead of a value, or the value.
pub(super) enum Reply<T> {
    Value(T),
    Unknown,
    Back,
    /// The input is at its end.
    End,
}

/// What a line says.
enum Line {
    Text(String),
    Unknown,
    Back,
    Why,
    End,
}

impl<'a> Conversation<'a> {
    /// A conversation that goes on from what is known.
    pub fn new(
        interviewer: &'a Interviewer<'a>,
        progress: Progress,
        terminal: &'a Terminal,
        save: Option<&Path>,
        (others, kept): (toml::Table, Option<Kept>),
    ) -> Self {
        let save = save.map(Path::to_path_buf);
        let program = interviewer.program();
        Self { interviewer, program, terminal, progress, before: Vec::new(), save, others, kept }
    }

    /// Asks until there is nothing left to ask, or nobody answers any more.
    ///
    /// # Errors
    /// If answers cannot be read, or what is known cannot be saved.
    pub fn lead(&mut self) -> Result<(Progress, End), Failure> {
        self.save()?;
        loop {
            let ended = match self.interviewer.next(&self.progress) {
                Step::Ask(question) => self.ask(&question)?.then_some(End { whatever: Vec::new() }),
                Step::Done(end) => self.confirm()?.then_some(end),
            };
            if let Some(end) = ended {
                return Ok((self.progress.clone(), end));
            }
        }
    }

    /// Asks one question; true if nobody answers any more.
    fn ask(&mut self, question: &Question) -> Result<bool, Failure> {
        let number = self.before.len() + 1;
        let text = words::prompt_text(self.program, &self.progress.issue, question, number, self.terminal.asides);
        self.terminal.say(&text);
        let why = words::why(self.program, question, self.terminal.asides);
        self.answer(question.item, &why)
    }

    /// Takes the answer to a question that stands there; true if nobody answers any more.
    fn answer(&mut self, item: Item, why: &str) -> Result<bool, Failure> {
        let reply = match (words::domain(self.program, item), &self.program.fact(item.fact()).kind) {
            (Some(domain), _) => match self.value(domain, why)? {
                Reply::Value(value) => Reply::Value(Given::Value(value)),
                Reply::Unknown => Reply::Unknown,
                Reply::Back => Reply::Back,
                Reply::End => Reply::End,
            },
            (None, FactKind::List(domain)) => self.list(item.fact(), domain, why)?,
            (None, _) => self.records(item.fact(), why)?,
        };
        if !matches!(reply, Reply::End) {
            self.progress.begun = None;
        }
        let before = self.progress.clone();
        match (reply, item) {
            (Reply::End, _) => {
                if let Some((fact, rows)) = &self.progress.begun {
                    let given = words::given_words(self.program, Item::Fact(*fact), &Given::Rows(rows.clone()));
                    let name = &self.program.fact(*fact).name;
                    self.remark(&format!(
                        "Of `{name}` there is {given} so far; as these may not be all, it is unknown."
                    ));
                }
                self.remark("The interview ends here. This is what is known so far.");
                return Ok(true);
            }
            (Reply::Back, _) => {
                match self.before.pop() {
                    Some(before) => self.progress = before,
                    None => self.remark("This is the first question."),
                }
                self.save()?;
                return Ok(false);
            }
            (Reply::Unknown, item) => self.progress.give_up(item),
            (Reply::Value(Given::Value(value)), Item::Cell { fact, row, column }) => {
                self.progress.tell_cell(fact, row, column, value);
            }
            (Reply::Value(given), item) => self.progress.tell(item.fact(), given),
        }
        self.before.push(before);
        self.save()?;
        Ok(false)
    }

    /// Shows what was assumed and mattered, and lets one of it be corrected; true if all is right.
    fn confirm(&mut self) -> Result<bool, Failure> {
        let facts = self.interviewer.assumptions(&self.progress);
        if facts.is_empty() {
            return Ok(true);
        }
        self.terminal.say(&words::assumptions(self.program, &self.progress.issue, &facts, self.terminal.asides));
        loop {
            let typed = match self.line()? {
                Line::End => return Ok(true),
                Line::Text(typed) if typed.is_empty() => return Ok(true),
                Line::Text(typed) => typed,
                Line::Back => {
                    if let Some(before) = self.before.pop() {
                        self.progress = before;
                        self.save()?;
                        return Ok(false);
                    }
                    self.remark("Nothing was asked before.");
                    continue;
                }
                Line::Unknown => String::from("?"),
                Line::Why => String::from("??"),
            };
            let chosen = typed.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            match chosen.and_then(|index| facts.get(index)) {
                Some(fact) => return self.correct(*fact),
                None => self.misfit(&Misfit {
                    message: format!("`{typed}` is none of these"),
                    help: Some(match facts.len() {
                        1 => "write `1`, or nothing".to_owned(),
                        most => format!("write a number from 1 to {most}, or nothing"),
                    }),
                }),
            }
        }
    }

    fn correct(&mut self, fact: FactId) -> Result<bool, Failure> {
        let item = Item::Fact(fact);
        let mut page = Page::new(self.terminal.asides);
        page.line(0, "");
        page.lead(0, Ink::Strong, &words::asked(self.program, item), "");
        self.terminal.say(&page.finish());
        self.answer(item, "It is assumed, and another answer may change what is decided.\n")
    }

    /// One value.
    pub(super) fn value(&mut self, domain: &Domain, why: &str) -> Result<Reply<Value>, Failure> {
        self.terminal.say(&words::answers(domain, self.terminal.asides));
        self.remark(&format!("  ({COMMANDS})"));
        self.until(why, |typed| answer::value(domain, typed))
    }

    /// The first typed line that fits; of each that does not, it is said why.
    pub(super) fn until<T>(&mut self, why: &str, fit: impl Fn(&str) -> Result<T, Misfit>) -> Result<Reply<T>, Failure> {
        loop {
            let typed = match self.line()? {
                Line::Text(typed) => typed,
                Line::Unknown => return Ok(Reply::Unknown),
                Line::Back => return Ok(Reply::Back),
                Line::End => return Ok(Reply::End),
                Line::Why => {
                    self.terminal.say(why);
                    continue;
                }
            };
            match fit(&typed) {
                Ok(value) => return Ok(Reply::Value(value)),
                Err(misfit) => self.misfit(&misfit),
            }
        }
    }

    /// The next line of the input.
    fn line(&mut self) -> Result<Line, Failure> {
        self.terminal.say("> ");
        let mut bytes = Vec::new();
        let read = io::stdin().lock().read_until(b'\n', &mut bytes);
        let read = read.map_err(|error| Failure::reading("standard input", &error))?;
        let typed = String::from_utf8_lossy(&bytes).trim().to_owned();
        if !io::stdin().is_terminal() || read == 0 {
            // Where nobody types, the answer is not on the screen yet.
            self.remark(&typed);
        }
        if read == 0 {
            return Ok(Line::End);
        }
        Ok(match &*typed {
            "?" => Line::Unknown,
            "??" => Line::Why,
            "<" => Line::Back,
            _ => Line::Text(typed),
        })
    }

    pub(super) fn misfit(&self, misfit: &Misfit) {
        self.terminal.error(&misfit.message, misfit.help.as_deref());
    }

    pub(super) fn remark(&self, text: &str) {
        let mut page = Page::new(self.terminal.asides);
        let indent = text.len() - text.trim_start().len();
        page.line(indent, text.trim_start());
        self.terminal.say(&page.finish());
    }

    /// Writes what is known, whole or not at all.
    pub(super) fn save(&self) -> Result<(), Failure> {
        let Some(path) = &self.save else { return Ok(()) };
        let output = Output::open(Some(path))?;
        let saved = words::saved(self.program, &self.progress, &self.others);
        let kept = self.kept.as_ref().and_then(|kept| kept.with(self.program, &self.progress.issue, &saved));
        output.write(kept.unwrap_or(saved).as_bytes())?;
        output.finish()
    }
}
