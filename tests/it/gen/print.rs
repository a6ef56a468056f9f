//! How a generated policy is printed as TOML.

use std::fmt::{self, Display, Write as _};

use remit::value::Value;

use super::tree::{Args, Clause, Datum, Decision, Expr, Fact, FactKind, Formula, Policy, Rule, Type, options};

fn commas<T: Display>(f: &mut fmt::Formatter<'_>, items: &[T], between: &str) -> fmt::Result {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(between)?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}

fn sides(f: &mut fmt::Formatter<'_>, alternatives: &[Vec<Formula>]) -> fmt::Result {
    for (i, side) in alternatives.iter().enumerate() {
        if i > 0 {
            f.write_str(" or ")?;
        }
        commas(f, side, ", ")?;
    }
    Ok(())
}

impl Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Formula::Or(alternatives) => {
                f.write_char('(')?;
                sides(f, alternatives)?;
                f.write_char(')')
            }
            Formula::Not(inner) => write!(f, "not {inner}"),
            Formula::Group(inner) => {
                f.write_char('(')?;
                commas(f, inner, ", ")?;
                f.write_char(')')
            }
            Formula::Atom(name, args) => {
                f.write_str(name)?;
                match args {
                    Args::None => Ok(()),
                    Args::Positional(args) => {
                        f.write_char('(')?;
                        commas(f, args, ", ")?;
                        f.write_char(')')
                    }
                    Args::Named(args) => {
                        let args: Vec<String> = args.iter().map(|(column, arg)| format!("{column}: {arg}")).collect();
                        write!(f, "({})", args.join(", "))
                    }
                }
            }
            Formula::Compare(left, op, right) => write!(f, "{left} {op} {right}"),
            Formula::In { subject, negated, list } => {
                let list: Vec<String> = list.iter().map(in_rule).collect();
                write!(f, "{subject} {}in [{}]", if *negated { "not " } else { "" }, list.join(", "))
            }
            Formula::Test(test, subject, pattern) => write!(f, "{test}({subject}, {pattern})"),
        }
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expr::Variable(name) | Expr::Fact(name) => f.write_str(name),
            Expr::Wildcard => f.write_char('_'),
            Expr::Constant(value) => f.write_str(&in_rule(value)),
            Expr::Binary(op, left, right) => write!(f, "{} {op} {}", Operand(left), Operand(right)),
            Expr::Negate(inner) => write!(f, "-({inner})"),
            Expr::Call(function, inner) => write!(f, "{function}({inner})"),
            Expr::Aggregate(function, of, body) => {
                write!(f, "{function}(")?;
                if let Some(of) = of {
                    write!(f, "{of} : ")?;
                }
                sides(f, body)?;
                f.write_char(')')
            }
        }
    }
}

/// A part of arithmetic, in brackets if it is arithmetic itself.
struct Operand<'a>(&'a Expr);

impl Display for Operand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Expr::Binary(..) => write!(f, "({})", self.0),
            other => write!(f, "{other}"),
        }
    }
}

impl Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.head)?;
        if !self.args.is_empty() {
            f.write_char('(')?;
            commas(f, &self.args, ", ")?;
            f.write_char(')')?;
        }
        if !self.body.is_empty() {
            f.write_str(" if ")?;
            commas(f, &self.body, ", ")?;
        }
        Ok(())
    }
}

/// A value as rules write it.
pub fn in_rule(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("{text:?}"),
        other => other.to_string(),
    }
}

/// A value as TOML writes it.
pub fn in_toml(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Symbol(text) => format!("{text:?}"),
        other => other.to_string(),
    }
}

/// What is said of a fact, as TOML writes it.
pub fn datum_in_toml(datum: &Datum, kind: &FactKind) -> String {
    match datum {
        Datum::Value(value) => in_toml(value),
        Datum::List(values) => format!("[{}]", values.iter().map(in_toml).collect::<Vec<_>>().join(", ")),
        Datum::Rows(rows) => {
            let FactKind::Records(columns) = kind else { unreachable!("rows of what are no records") };
            let row = |row: &Vec<Option<Value>>| {
                let cell = |((column, _), cell): (&(String, Type), &Option<Value>)| {
                    cell.as_ref().map(|value| format!("{column} = {}", in_toml(value)))
                };
                let cells: Vec<String> = columns.iter().zip(row).filter_map(cell).collect();
                format!("{{ {} }}", cells.join(", "))
            };
            format!("[{}]", rows.iter().map(row).collect::<Vec<_>>().join(", "))
        }
    }
}

fn type_in_toml(ty: Type) -> String {
    match ty {
        Type::Bool => "\"bool\"".to_string(),
        Type::Integer => "\"integer\"".to_string(),
        Type::Number => "\"number\"".to_string(),
        Type::Date => "\"date\"".to_string(),
        Type::Text => "\"text\"".to_string(),
        Type::Choice(bits) => format!("{:?}", options(bits)),
    }
}

impl Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "[fact.{}]", self.name)?;
        match &self.kind {
            FactKind::Single(Type::Choice(bits)) => writeln!(f, "options = {:?}", options(*bits))?,
            FactKind::Single(ty) => writeln!(f, "type = {}", type_in_toml(*ty))?,
            FactKind::List(ty) => writeln!(f, "type = \"list\"\nof = {}", type_in_toml(*ty))?,
            FactKind::Records(columns) => {
                let columns: Vec<String> =
                    columns.iter().map(|(name, ty)| format!("{name} = {}", type_in_toml(*ty))).collect();
                writeln!(f, "type = \"records\"\ncolumns = {{ {} }}", columns.join(", "))?;
            }
        }
        match &self.default {
            Some(default) => writeln!(f, "default = {}", datum_in_toml(default, &self.kind)),
            None => Ok(()),
        }
    }
}

impl Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "[rule.{}]\nsays = [", self.name)?;
        for clause in &self.clauses {
            writeln!(f, "  '{clause}',")?;
        }
        writeln!(f, "]")?;
        if self.overrides.is_empty() { Ok(()) } else { writeln!(f, "overrides = {:?}", self.overrides) }
    }
}

impl Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "[decision.{}]\nquestion = \"?\"\nhit-policy = \"{}\"", self.name, self.hit_policy)?;
        if let Some(default) = self.default {
            writeln!(f, "default = \"{default}\"")?;
        }
        if self.advisory {
            writeln!(f, "advisory = true")?;
        }
        let options: Vec<String> = self.options.iter().map(|option| format!("{{ id = \"{option}\" }}")).collect();
        writeln!(f, "option = [{}]", options.join(", "))
    }
}

impl Policy {
    /// The tables, each as TOML text, without `[policy]`.
    pub fn tables(&self) -> Vec<String> {
        let facts = self.facts.iter().map(ToString::to_string);
        let rules = self.rules.iter().map(ToString::to_string);
        let decisions = self.decisions.iter().map(ToString::to_string);
        facts.chain(decisions).chain(rules).collect()
    }
}

impl Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "[policy]\nname = \"generated\"\n\n{}", self.tables().join("\n"))
    }
}
