//! The same policy or issue in another order.

use super::gene::Tape;
use super::issue::{Issue, Said};
use super::tree::{Args, Clause, Datum, Expr, Formula, Policy};

impl Policy {
    /// Tables, rules, clauses, literals, sides, overrides and named columns in another order.
    pub fn reordered(&self, order: &[u8]) -> Policy {
        let tape = &mut Tape::new(order);
        let mut policy = self.rules_reordered(order);
        tape.shuffle(&mut policy.facts);
        tape.shuffle(&mut policy.decisions);
        policy
    }

    /// The same but for facts and decisions, whose order is that in which they are shown.
    pub fn rules_reordered(&self, order: &[u8]) -> Policy {
        let tape = &mut Tape::new(order);
        let mut policy = self.clone();
        tape.shuffle(&mut policy.rules);
        for rule in &mut policy.rules {
            tape.shuffle(&mut rule.overrides);
            tape.shuffle(&mut rule.clauses);
            for Clause { body, .. } in &mut rule.clauses {
                body_reordered(body, tape);
            }
        }
        policy
    }

    /// The tables spread over several files.
    pub fn split(&self, order: &[u8]) -> Vec<String> {
        let tape = &mut Tape::new(order);
        let mut files = vec!["[policy]\nname = \"generated\"\n".to_string(), String::new(), String::new()];
        for table in self.tables() {
            let at = tape.below(files.len());
            files[at].push_str(&table);
            files[at].push('\n');
        }
        tape.shuffle(&mut files);
        files
    }
}

fn body_reordered(body: &mut [Formula], tape: &mut Tape) {
    tape.shuffle(body);
    body.iter_mut().for_each(|literal| formula(literal, tape));
}

fn formula(literal: &mut Formula, tape: &mut Tape) {
    match literal {
        Formula::Or(sides) => {
            tape.shuffle(sides);
            sides.iter_mut().for_each(|side| body_reordered(side, tape));
        }
        Formula::Group(inner) => body_reordered(inner, tape),
        Formula::Not(inner) => formula(inner, tape),
        Formula::Atom(_, Args::Named(args)) => {
            tape.shuffle(args);
            args.iter_mut().for_each(|(_, arg)| expr(arg, tape));
        }
        Formula::Atom(_, Args::Positional(args)) => args.iter_mut().for_each(|arg| expr(arg, tape)),
        Formula::Atom(_, Args::None) => {}
        Formula::Compare(left, _, right) | Formula::Test(_, left, right) => {
            expr(left, tape);
            expr(right, tape);
        }
        Formula::In { subject, list, .. } => {
            expr(subject, tape);
            tape.shuffle(list);
        }
    }
}

fn expr(e: &mut Expr, tape: &mut Tape) {
    match e {
        Expr::Binary(_, left, right) => {
            expr(left, tape);
            expr(right, tape);
        }
        Expr::Negate(inner) | Expr::Call(_, inner) => expr(inner, tape),
        Expr::Aggregate(_, of, body) => {
            of.iter_mut().for_each(|of| expr(of, tape));
            tape.shuffle(body);
            body.iter_mut().for_each(|side| body_reordered(side, tape));
        }
        _ => {}
    }
}

impl Issue {
    /// The rows of each fact in another order.
    pub fn reordered(&self, order: &[u8]) -> Issue {
        let tape = &mut Tape::new(order);
        let mut issue = self.clone();
        for (_, said) in &mut issue.said {
            match said {
                Said::Given(Datum::List(values)) => tape.shuffle(values),
                Said::Given(Datum::Rows(rows)) => tape.shuffle(rows),
                _ => {}
            }
        }
        tape.shuffle(&mut issue.said);
        issue
    }
}
