//! Hit policies as circuits: the planes of a decision's options → those of its value and status.
//!
//! Says plane by plane what `verdict::hit_policy` says of one issue.

use super::circuit::{Circuit, Judged, Signal};
use crate::program::{Decision, HitPolicy};

/// A decision, in signals; those with one for each option in the order of the options.
#[derive(Debug, Clone)]
pub(super) struct Hits {
    pub(super) options: Vec<Judged>,
    /// The option is in the value.
    pub(super) value: Vec<Signal>,
    /// The value is the default.
    pub(super) from_default: Signal,
    pub(super) open: Signal,
    pub(super) conflict: Signal,
    /// The option keeps the decision open.
    pub(super) open_options: Vec<Signal>,
    /// `decided` holds the option.
    pub(super) decided: Vec<Judged>,
}

/// What the hit policy of a decision makes of its options.
pub(super) fn hits(circuit: &mut Circuit, decision: &Decision, options: Vec<Judged>) -> Hits {
    match decision.hit_policy {
        HitPolicy::Priority => priority(circuit, decision.default, options),
        HitPolicy::Unique => unique(circuit, decision.default, options),
        HitPolicy::Collect => collect(circuit, options),
    }
}

fn priority(circuit: &mut Circuit, default: Option<usize>, options: Vec<Judged>) -> Hits {
    let mut none = Signal::TRUE;
    let (mut value, mut rivals) = (Vec::new(), Vec::new());
    for option in &options {
        value.push(circuit.and(none, option.certain));
        none = circuit.but_not(none, option.certain);
        rivals.push(circuit.and(none, option.possible));
    }
    // From the last option up: as any of the rivals, with a gate less for each.
    let open = options.iter().rev().fold(Signal::FALSE, |below, option| {
        let rival = circuit.or(option.possible, below);
        circuit.but_not(rival, option.certain)
    });
    let single = Single { value, none, conflict: Signal::FALSE, rivals: rivals.clone(), open, open_options: rivals };
    single.hits(circuit, default, options)
}

fn unique(circuit: &mut Circuit, default: Option<usize>, options: Vec<Judged>) -> Hits {
    let (mut some, mut conflict) = (Signal::FALSE, Signal::FALSE);
    for option in &options {
        let another = circuit.and(some, option.certain);
        conflict = circuit.or(conflict, another);
        some = circuit.or(some, option.certain);
    }
    let (mut value, mut rivals, mut open_options) = (Vec::new(), Vec::new(), Vec::new());
    let mut any_open = Signal::FALSE;
    for option in &options {
        value.push(circuit.but_not(option.certain, conflict));
        rivals.push(circuit.but_not(option.possible, some));
        let open = circuit.open(*option);
        any_open = circuit.or(any_open, open);
        open_options.push(circuit.but_not(open, conflict));
    }
    let open = circuit.but_not(any_open, conflict);
    let single = Single { value, none: !some, conflict, rivals, open, open_options };
    single.hits(circuit, default, options)
}

/// A decision of one value.
struct Single {
    /// The option is the value, by a rule.
    value: Vec<Signal>,
    /// No option is certain: the default is the value.
    none: Signal,
    conflict: Signal,
    /// The option may take the place of the value.
    rivals: Vec<Signal>,
    open: Signal,
    open_options: Vec<Signal>,
}

impl Single {
    fn hits(self, circuit: &mut Circuit, default: Option<usize>, options: Vec<Judged>) -> Hits {
        let Self { mut value, none, conflict, rivals, open, open_options } = self;
        if let Some(default) = default {
            value[default] = circuit.or(value[default], none);
        }
        let mut decided = Vec::new();
        for (value, rival) in value.iter().zip(&rivals) {
            decided.push(Judged { certain: circuit.but_not(*value, open), possible: circuit.or(*value, *rival) });
        }
        let from_default = if default.is_some() { none } else { Signal::FALSE };
        Hits { options, value, from_default, open, conflict, open_options, decided }
    }
}

fn collect(circuit: &mut Circuit, options: Vec<Judged>) -> Hits {
    let open_options: Vec<Signal> = options.iter().map(|option| circuit.open(*option)).collect();
    Hits {
        value: options.iter().map(|option| option.certain).collect(),
        from_default: Signal::FALSE,
        open: circuit.any(open_options.iter().copied()),
        conflict: Signal::FALSE,
        open_options,
        decided: options.clone(),
        options,
    }
}
