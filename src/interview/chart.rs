//! A chart: every state of knowledge of an interview, and the least expected number of questions
//! from each. What strategies are measured by; questions are chosen without it where it is too large.

use super::optimal::Optimal;
use super::table::{Axis, Case, Table};
use super::{Interviewer, Item, Progress};
use crate::issue::Issue;
use crate::program::Given;

/// All states of knowledge about some items.
#[derive(Debug)]
pub struct Chart {
    axes: Vec<Axis>,
    optimal: Optimal,
}

impl Interviewer<'_> {
    /// The chart of an interview that has come so far; `None` if it has more than `most` states, or if
    /// something that could be asked has other values than can be charted.
    pub fn chart(&self, progress: &Progress, most: usize) -> Option<Chart> {
        let (_, verdict) = self.judged(&progress.issue);
        let items = self.open_items(progress, &verdict);
        let (axes, complete): (Vec<Axis>, Vec<bool>) =
            items.iter().map(|item| self.axis(&progress.issue, *item)).unzip();
        if !complete.into_iter().all(|complete| complete) {
            return None;
        }
        let mut table = Table::new(&self.compiled, &progress.issue, axes);
        table.merge();
        let optimal = Optimal::new(&table, most)?;
        Some(Chart { axes: table.axes, optimal })
    }
}

impl Chart {
    /// The least expected number of questions, answers independent and equally likely.
    pub fn optimum(&self) -> f64 {
        self.optimal.expected(self.optimal.start())
    }

    /// What can change a decision; in the author's order.
    pub fn items(&self) -> impl Iterator<Item = Item> + '_ {
        self.axes.iter().map(|axis| axis.item)
    }

    /// How many of some items, asked in their order, it takes until a whole issue is decided; `None` if
    /// they do not decide it, or the issue has a value that no case stands for.
    pub fn questions(&self, order: impl IntoIterator<Item = Item>, whole: &Issue) -> Option<usize> {
        let mut state = self.optimal.start();
        let mut asked = 0;
        let mut order = order.into_iter();
        while !self.optimal.is_decided(state) {
            let item = order.next()?;
            asked += 1;
            if let Some(number) = self.axes.iter().position(|axis| axis.item == item) {
                state = self.optimal.told(state, number, self.axes[number].group_in(whole)?);
            }
        }
        Some(asked)
    }
}

impl Axis {
    /// The group of what a whole issue says.
    fn group_in(&self, whole: &Issue) -> Option<usize> {
        let case = match (self.item, whole.fact(self.item.fact()).given()?) {
            (Item::Fact(_), given) => Case::Fact(given.clone()),
            (Item::Cell { row, column, .. }, Given::Rows(rows)) => Case::Cell(rows.get(row)?.get(column)?.clone()),
            (Item::Cell { .. }, Given::Value(_)) => return None,
        };
        let case = self.cases.iter().position(|known| *known == case)?;
        self.groups.iter().position(|group| group.contains(&case))
    }
}
