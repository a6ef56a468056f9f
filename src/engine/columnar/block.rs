//! A block: what some thousand issues say, in columns.
//!
//! A reader opens an issue and sets its facts; the planes that rules read are set there
//! and then, so that no value is looked at twice. Holds no more issues than it has room for.

use std::sync::Arc;

use super::compiled::Compiled;
use super::layout::{Column, Layout};
use super::plane::{Lane, Matrix, get, issues_of, lanes, ones, word, word_mut, words_mut};
use super::sets::{date_key, number_key, ordered_key};
use super::thresholds::{Bytes, UNKNOWN, settle};
use crate::issue::{FactState, Issue};
use crate::program::{FactId, Given};
use crate::value::{Date, Number, Value};

/// What setting one value of a fact does: the same in every issue, so looked up once.
/// Both are places among the words that are pending; where nothing is set, the last one.
#[derive(Debug, Clone, Copy)]
pub struct Code {
    plane: u32,
    said: u32,
}

/// Issues in columns: made by [`Compiled::block`] or [`Block::from_issues`], filled, finished, evaluated, cleared.
///
/// It belongs to the [`Compiled`] that it was made by, and so do the issues that are put into it and the [`Code`]s:
/// facts are numbers in it. With those of another policy it gives wrong answers, or panics.
#[derive(Debug, Clone)]
pub struct Block {
    pub(super) layout: Arc<Layout>,
    /// The planes of the layout.
    pub(super) planes: Matrix,
    /// Whether an issue says something of a fact with a default, even that it is not known; one for each default.
    said: Matrix,
    /// The word of the last issue, of each plane, of each that says whether, and of none, as far as codes set it.
    pending: Vec<u64>,
    /// The values of the issues of the same word, of each fact with thresholds, as far as they are set one by one.
    bytes: Vec<Bytes>,
    /// The bit of the last issue.
    bit: u64,
    /// Values of facts that joins look at; empty for all others. Indexed by [`FactId`], then by issue.
    kept: Vec<Vec<Option<Given>>>,
    /// Those facts, by index.
    kept_facts: Vec<usize>,
    ids: String,
    id_ends: Vec<usize>,
    finished: bool,
    capacity: usize,
}

impl Block {
    /// A block with room for a number of issues.
    pub(super) fn new(layout: Arc<Layout>, capacity: usize) -> Self {
        let [planes, said] = [layout.planes, layout.defaults.len()].map(|planes| Matrix::new(planes, capacity));
        let kept = vec![Vec::new(); layout.columns.len()];
        let kept_facts = (0..kept.len()).filter(|fact| layout.kept[*fact]).collect();
        let pending = vec![0; layout.planes + layout.defaults.len() + 1];
        let (ids, id_ends) = (String::new(), Vec::new());
        let bytes = vec![[UNKNOWN; 64]; layout.with_thresholds.len()];
        Self { layout, planes, said, pending, bytes, bit: 1, kept, kept_facts, ids, id_ends, finished: false, capacity }
    }

    /// The block of some issues, ready for evaluation. A fact that is assumed is so from its default.
    pub fn from_issues(compiled: &Compiled<'_>, issues: &[Issue]) -> Self {
        let mut block = compiled.block(issues.len());
        issues.iter().for_each(|issue| block.push(issue));
        block.finish();
        block
    }

    /// The number of issues.
    pub fn len(&self) -> usize {
        self.id_ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.id_ends.is_empty()
    }

    /// Whether there is no room for another.
    pub fn is_full(&self) -> bool {
        self.len() >= self.capacity
    }

    /// The id of an issue.
    ///
    /// # Panics
    /// If there is no such issue.
    pub fn id(&self, issue: usize) -> &str {
        let start = issue.checked_sub(1).map_or(0, |before| self.id_ends[before]);
        self.ids.get(start..self.id_ends[issue]).unwrap_or_default()
    }

    /// The ids of all issues, one behind the other.
    pub fn ids(&self) -> &str {
        &self.ids
    }

    /// Empties the block, which keeps its memory.
    pub fn clear(&mut self) {
        let used = lanes(self.len());
        for plane in self.planes.each_mut().chain(self.said.each_mut()) {
            plane[..used].fill(Lane::default());
        }
        self.pending.fill(0);
        self.bytes.fill([UNKNOWN; 64]);
        self.kept.iter_mut().for_each(Vec::clear);
        self.ids.clear();
        self.id_ends.clear();
        self.finished = false;
    }

    /// Opens an issue of which nothing is said yet; what follows is about it.
    ///
    /// # Panics
    /// If the block is full or finished; [`Block::clear`] opens it again.
    #[inline]
    pub fn open(&mut self, id: &str) {
        assert!(!self.is_full() && !self.finished, "a block that is full or finished takes no issue");
        if self.len().is_multiple_of(64) {
            self.settle();
        }
        self.bit = 1 << (self.len() % 64);
        self.ids.push_str(id);
        self.id_ends.push(self.ids.len());
        for fact in &self.kept_facts {
            self.kept[*fact].push(None);
        }
    }

    /// Names the issue that was opened last, which has no name yet.
    #[inline]
    pub fn set_id(&mut self, id: &str) {
        debug_assert!(self.len().checked_sub(1).is_none_or(|last| self.id(last).is_empty()), "an issue without name");
        self.ids.push_str(id);
        if let Some(end) = self.id_ends.last_mut() {
            *end = self.ids.len();
        }
    }

    /// Moves what is pending into the planes.
    fn settle(&mut self) {
        if self.is_empty() {
            return;
        }
        let last = self.last();
        for (plane, pending) in self.planes.each_mut().chain(self.said.each_mut()).zip(&mut self.pending) {
            if *pending != 0 {
                *word_mut(plane, last) |= std::mem::take(pending);
            }
        }
        settle(self.layout.thresholds(), &mut self.bytes, &mut self.planes, last);
    }

    /// Opens an issue that says what one of another block of the same [`Compiled`] says, which is finished.
    ///
    /// # Panics
    /// If the block is full or finished.
    pub fn open_like(&mut self, other: &Self, issue: usize) {
        self.open(other.id(issue));
        let last = self.last();
        for (planes, from) in [(&mut self.planes, &other.planes), (&mut self.said, &other.said)] {
            for plane in (0..planes.len()).filter(|plane| get(from.plane(*plane), issue)) {
                planes.set(plane, last);
            }
        }
        for (column, from) in self.kept.iter_mut().zip(&other.kept) {
            if let (Some(kept), Some(from)) = (column.last_mut(), from.get(issue)) {
                kept.clone_from(from);
            }
        }
    }

    /// Takes back the issue that was opened last, with all that was set of it.
    pub fn withdraw(&mut self) {
        let Some(last) = self.len().checked_sub(1) else { return };
        let start = last.checked_sub(1).map_or(0, |before| self.id_ends[before]);
        self.ids.truncate(start);
        self.id_ends.pop();
        self.pending.iter_mut().for_each(|word| *word &= !(1 << (last % 64)));
        self.bytes.iter_mut().for_each(|bytes| bytes[last % 64] = UNKNOWN);
        for plane in self.planes.each_mut().chain(self.said.each_mut()) {
            *word_mut(plane, last) &= !(1 << (last % 64));
        }
        self.kept.iter_mut().for_each(|column| column.truncate(last));
    }

    /// The issue says that a fact is not known: no default is assumed.
    pub fn set_unknown(&mut self, fact: FactId) {
        self.say(fact);
    }

    /// A bool.
    pub fn set_bool(&mut self, fact: FactId, value: bool) {
        self.set_key(fact, i64::from(value));
        self.keep(fact, || Given::Value(Value::Bool(value)));
    }

    /// An option of a choice, by its index in the domain.
    pub fn set_option(&mut self, fact: FactId, option: usize, id: &Arc<str>) {
        let plane = match &self.layout.columns[fact.index()] {
            Column::Classes(classes) => classes.of_option.get(option).map(|class| classes.first + class),
            _ => None,
        };
        self.set_plane(plane);
        self.say(fact);
        self.keep(fact, || Given::Value(Value::Symbol(id.clone())));
    }

    /// What setting a bool does in any issue; `None` if its values are kept as they are.
    pub fn code_of_bool(&self, fact: FactId, value: bool) -> Option<Code> {
        let plane = match &self.layout.columns[fact.index()] {
            Column::Classes(classes) => Some(classes.plane(i64::from(value))),
            _ => None,
        };
        self.code(fact, plane)
    }

    /// What setting an option of a choice does in any issue; `None` if its values are kept as they are.
    pub fn code_of_option(&self, fact: FactId, option: usize) -> Option<Code> {
        let plane = match &self.layout.columns[fact.index()] {
            Column::Classes(classes) => classes.of_option.get(option).map(|class| classes.first + class),
            _ => None,
        };
        self.code(fact, plane)
    }

    /// What saying that a fact is not known does in any issue.
    pub fn code_of_unknown(&self, fact: FactId) -> Option<Code> {
        self.code(fact, None)
    }

    fn code(&self, fact: FactId, plane: Option<usize>) -> Option<Code> {
        let Layout { planes, defaults, default_of, .. } = &*self.layout;
        let nowhere = planes + defaults.len();
        let said = default_of[fact.index()].map(|said| planes + said);
        let [plane, said] = [plane, said].map(|place| place.unwrap_or(nowhere) as u32);
        (!self.layout.kept[fact.index()]).then_some(Code { plane, said })
    }

    /// Sets what a code of this block, or another one of the same policy, stands for.
    #[inline(always)]
    pub fn set_code(&mut self, code: Code) {
        for place in [code.plane, code.said] {
            if let Some(word) = self.pending.get_mut(place as usize) {
                *word |= self.bit;
            }
        }
    }

    /// An integer, of an integer fact.
    pub fn set_integer(&mut self, fact: FactId, value: i64) {
        self.set_key(fact, value);
        self.keep(fact, || Given::Value(Value::Integer(value)));
    }

    /// A number, of a number fact.
    pub fn set_number(&mut self, fact: FactId, value: Number) {
        self.set_key(fact, number_key(value));
        self.keep(fact, || Given::Value(Value::Number(value)));
    }

    /// A date.
    pub fn set_date(&mut self, fact: FactId, value: Date) {
        self.set_key(fact, date_key(value));
        self.keep(fact, || Given::Value(Value::Date(value)));
    }

    /// A text.
    pub fn set_text(&mut self, fact: FactId, text: &str) {
        let issue = self.last();
        if let Column::Text(texts) = &self.layout.columns[fact.index()] {
            texts.planes_of(text, &mut |plane| self.planes.set(plane, issue));
        }
        self.say(fact);
        self.keep(fact, || Given::Value(Value::text(text)));
    }

    /// A list or records without a row yet; rows follow.
    pub fn begin_rows(&mut self, fact: FactId) {
        let plane = match &self.layout.columns[fact.index()] {
            Column::Rows(patterns) => Some(patterns.known),
            _ => None,
        };
        self.set_plane(plane);
        self.say(fact);
        self.keep(fact, || Given::Rows(Vec::new()));
    }

    /// A row of records, or a value of a list, after [`Self::begin_rows`]; a cell that is not known is `⊥`.
    pub fn push_row(&mut self, fact: FactId, row: &[Value]) {
        let issue = self.last();
        if let Column::Rows(patterns) = &self.layout.columns[fact.index()] {
            patterns.planes_of(row, &mut |plane| self.planes.set(plane, issue));
        }
        if let Some(Some(Given::Rows(rows))) = self.kept[fact.index()].last_mut() {
            rows.push(row.to_vec());
        }
    }

    /// Whatever the issue says of a fact.
    pub fn set(&mut self, fact: FactId, given: &Given) {
        let issue = self.last();
        match (&self.layout.columns[fact.index()], given) {
            (Column::Thresholds(thresholds), Given::Value(value)) => {
                if let Some(key) = ordered_key(value) {
                    self.bytes[thresholds.number][issue % 64] = thresholds.byte(key);
                }
            }
            _ => self.layout.planes_of(fact, given, &mut |plane| self.planes.set(plane, issue)),
        }
        self.say(fact);
        self.keep(fact, || given.clone());
    }

    /// Ends the filling: defaults are assumed where an issue says nothing. To be called before evaluation.
    pub fn finish(&mut self) {
        if self.finished {
            return;
        }
        self.settle();
        self.finished = true;
        let rows = self.len();
        let layout = self.layout.clone();
        for (number, default) in layout.defaults.iter().enumerate() {
            let said = self.said.plane(number);
            for plane in &default.planes {
                fill_where_not(self.planes.plane_mut(*plane), said, rows);
            }
            if !layout.kept[default.fact.index()] {
                continue;
            }
            for (issue, kept) in self.kept[default.fact.index()].iter_mut().enumerate() {
                if kept.is_none() && !get(said, issue) {
                    *kept = Some(default.given.clone());
                }
            }
        }
    }

    pub(super) fn is_finished(&self) -> bool {
        self.finished
    }

    /// Whether the default of a fact is assumed in an issue.
    pub fn is_assumed(&self, issue: usize, fact: FactId) -> bool {
        self.layout.default_of[fact.index()].is_some_and(|default| !get(self.said.plane(default), issue))
    }

    /// The issues that say something of a fact with a default; of any other fact nothing.
    pub(super) fn said_of(&self, fact: FactId) -> &[Lane] {
        self.layout.default_of[fact.index()].map_or(&[], |default| self.said.plane(default))
    }

    /// What an issue says of a fact whose values are kept.
    pub(super) fn state(&self, issue: usize, fact: FactId) -> FactState {
        match self.kept[fact.index()].get(issue) {
            Some(Some(given)) if self.is_assumed(issue, fact) => FactState::Assumed(given.clone()),
            Some(Some(given)) => FactState::Given(given.clone()),
            _ => FactState::Unknown,
        }
    }

    /// What an issue says of a fact whose values are kept; `None` if nothing.
    pub(crate) fn given(&self, issue: usize, fact: FactId) -> Option<&Given> {
        self.kept[fact.index()].get(issue)?.as_ref()
    }

    /// Adds an issue, which was made for the block's policy.
    ///
    /// # Panics
    /// If the block is full or finished; perhaps if the issue was made for another policy.
    pub fn push(&mut self, issue: &Issue) {
        self.open(&issue.id);
        for (index, state) in issue.facts.iter().enumerate() {
            let fact = FactId(index as u32);
            match state {
                FactState::Given(given) => self.set(fact, given),
                FactState::Assumed(_) => {}
                FactState::Unknown => self.set_unknown(fact),
            }
        }
    }

    /// Opens issues up to a number within the room there is; nothing is said of them yet, and they have no id.
    ///
    /// # Panics
    /// If there is not so much room, or the block is finished.
    pub fn open_to(&mut self, count: usize) {
        assert!(count <= self.capacity && !self.finished, "a block that is full or finished takes no issue");
        self.settle();
        self.id_ends.resize(count.max(self.len()), self.ids.len());
        for (column, _) in self.kept.iter_mut().zip(&self.layout.kept).filter(|(_, kept)| **kept) {
            column.resize(self.id_ends.len(), None);
        }
    }

    /// The same said of a fact in each open issue whose bit is set in `words`; `None`: that it is not known.
    pub fn say_where(&mut self, fact: FactId, given: Option<&Given>, words: &[u64]) {
        let layout = self.layout.clone();
        if let Some(default) = layout.default_of[fact.index()] {
            union(self.said.plane_mut(default), words);
        }
        let Some(given) = given else { return };
        layout.planes_of(fact, given, &mut |plane| union(self.planes.plane_mut(plane), words));
        let kept = &mut self.kept[fact.index()];
        if kept.is_empty() {
            return;
        }
        for issue in words.iter().enumerate().flat_map(|(word, bits)| ones(word, *bits)) {
            if let Some(kept) = kept.get_mut(issue) {
                *kept = Some(given.clone());
            }
        }
    }

    /// What an open issue says of a fact.
    pub fn set_at(&mut self, issue: usize, fact: FactId, given: &Given) {
        self.layout.planes_of(fact, given, &mut |plane| self.planes.set(plane, issue));
        if let Some(default) = self.layout.default_of[fact.index()] {
            self.said.set(default, issue);
        }
        if let Some(kept) = self.kept[fact.index()].get_mut(issue) {
            *kept = Some(given.clone());
        }
    }

    fn set_key(&mut self, fact: FactId, key: i64) {
        let issue = self.last();
        match &self.layout.columns[fact.index()] {
            Column::Classes(classes) => self.planes.set(classes.plane(key), issue),
            Column::Thresholds(thresholds) => self.bytes[thresholds.number][issue % 64] = thresholds.byte(key),
            _ => {}
        }
        self.say(fact);
    }

    fn set_plane(&mut self, plane: Option<usize>) {
        let issue = self.last();
        if let Some(plane) = plane {
            self.planes.set(plane, issue);
        }
    }

    /// The issue that is being filled.
    fn last(&self) -> usize {
        self.len().saturating_sub(1)
    }

    fn say(&mut self, fact: FactId) {
        let issue = self.last();
        if let Some(default) = self.layout.default_of[fact.index()] {
            self.said.set(default, issue);
        }
    }

    fn keep(&mut self, fact: FactId, given: impl FnOnce() -> Given) {
        if let Some(kept) = self.kept[fact.index()].last_mut() {
            *kept = Some(given());
        }
    }
}

fn union(plane: &mut [Lane], words: &[u64]) {
    words_mut(plane).zip(words).for_each(|(all, word)| *all |= word);
}

fn fill_where_not(plane: &mut [Lane], said: &[Lane], rows: usize) {
    for (number, all) in words_mut(plane).take(rows.div_ceil(64)).enumerate() {
        *all |= !word(said, number) & issues_of(number, rows);
    }
}
