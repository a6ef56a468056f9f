//! Answers of many parts: the values of a list, the rows of records, one after the other.
//!
//! What has been told is saved as it comes, and taken up again after an interruption.

use remit::interview::Item;
use remit::interview::answer::{self, Misfit};
use remit::program::{Domain, FactId, FactKind, Given};
use remit::report::interview as words;
use remit::value::Value;

use super::conversation::{COMMANDS, Conversation, Reply};
use crate::cli::exit::Failure;

impl Conversation<'_> {
    /// The values of a list, one after the other.
    pub(super) fn list(&mut self, fact: FactId, domain: &Domain, why: &str) -> Result<Reply<Given>, Failure> {
        self.terminal.say(&words::answers(domain, self.terminal.asides));
        self.remark("  (one value after the other; an empty line ends the list)");
        self.remark(&format!("  ({COMMANDS})"));
        let mut values = self.begun(fact);
        loop {
            self.told(fact, &values)?;
            let next = |typed: &str| match typed {
                "" => Ok(None),
                _ => answer::value(domain, typed).map(Some),
            };
            match self.until(why, next)? {
                Reply::Value(Some(value)) => values.push(vec![value]),
                Reply::Value(None) => return Ok(Reply::Value(Given::Rows(values))),
                Reply::Back if values.pop().is_some() => {}
                Reply::Back => return Ok(Reply::Back),
                Reply::Unknown => return Ok(Reply::Unknown),
                Reply::End => return Ok(Reply::End),
            }
        }
    }

    /// The rows of records, one after the other, column by column.
    pub(super) fn records(&mut self, fact: FactId, why: &str) -> Result<Reply<Given>, Failure> {
        let FactKind::Records(columns) = &self.program.fact(fact).kind else { return Ok(Reply::Unknown) };
        let asked = self.interviewer.columns(fact);
        let mut rows = self.begun(fact);
        // Where the conversation is: before the next row, or at one of the columns asked of the last row.
        let mut at: Option<usize> = rows.last().and_then(|cells| {
            let row = rows.len() - 1;
            let is_told = |column: &usize| {
                let item = Item::Cell { fact, row, column: *column };
                !cells[*column].is_unknown() || self.progress.unanswerable.contains(&item)
            };
            Some(asked.iter().rposition(is_told).map_or(0, |place| place + 1)).filter(|place| *place < asked.len())
        });
        loop {
            self.told(fact, &rows)?;
            let Some(place) = at else {
                match self.another(rows.len(), why)? {
                    Reply::Value(true) => {
                        rows.push(vec![Value::Unknown; columns.len()]);
                        at = Some(0);
                    }
                    Reply::Value(false) => return Ok(Reply::Value(Given::Rows(rows))),
                    Reply::Unknown if rows.is_empty() => return Ok(Reply::Unknown),
                    Reply::Unknown => self.misfit(&Misfit {
                        message: "the rows that are given must be all there are".to_owned(),
                        help: Some("answer yes or no, or go back to the first row with `<`".to_owned()),
                    }),
                    Reply::Back if rows.is_empty() => return Ok(Reply::Back),
                    Reply::Back => at = Some(asked.len() - 1),
                    Reply::End => return Ok(Reply::End),
                }
                continue;
            };
            let (row, column) = (rows.len() - 1, asked[place]);
            let item = Item::Cell { fact, row, column };
            self.terminal.say(&words::cell_question(self.program, item, self.terminal.asides));
            self.progress.unanswerable.remove(&item);
            match self.value(&columns[column].domain, why)? {
                Reply::Value(value) => rows[row][column] = value,
                Reply::Unknown => {
                    rows[row][column] = Value::Unknown;
                    self.progress.unanswerable.insert(item);
                }
                Reply::Back => {
                    at = place.checked_sub(1);
                    if place == 0 {
                        rows.pop();
                    }
                    continue;
                }
                Reply::End => return Ok(Reply::End),
            }
            at = Some(place + 1).filter(|next| *next < asked.len());
        }
    }

    /// What was told of a fact of many rows before the interview broke off.
    fn begun(&mut self, fact: FactId) -> Vec<Vec<Value>> {
        match self.progress.begun.take() {
            Some((begun, rows)) if begun == fact && !rows.is_empty() => {
                let given = words::given_words(self.program, Item::Fact(fact), &Given::Rows(rows.clone()));
                self.remark(&format!("  So far: {given}"));
                rows
            }
            _ => Vec::new(),
        }
    }

    /// Saves what has been told of a fact of many rows, if that is anything.
    fn told(&mut self, fact: FactId, rows: &[Vec<Value>]) -> Result<(), Failure> {
        let begun = Some((fact, rows.to_vec())).filter(|(_, rows)| !rows.is_empty());
        if self.progress.begun == begun {
            return Ok(());
        }
        self.progress.begun = begun;
        self.save()
    }

    /// Whether there is a row, or another one.
    fn another(&mut self, rows: usize, why: &str) -> Result<Reply<bool>, Failure> {
        match rows {
            0 => self.terminal.say("  1  say what they are, one after the other\n  2  there are none\n"),
            _ => self.terminal.say("  Another one?\n  1  yes\n  2  no, these are all\n"),
        }
        self.remark(&format!("  ({COMMANDS})"));
        self.until(why, |typed| match &*typed.to_lowercase() {
            "1" | "y" | "yes" => Ok(true),
            "2" | "n" | "no" | "none" => Ok(false),
            _ => Err(Misfit {
                message: match typed {
                    "" => "an empty line is no answer".to_owned(),
                    _ => format!("`{typed}` is none of the answers"),
                },
                help: Some("write `1` or `2`".to_owned()),
            }),
        })
    }
}
