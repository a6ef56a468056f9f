//! Policies: finding them, reading their tables, and every place in them.

#![allow(clippy::panic, clippy::string_slice)]
#[cfg(unix)]
mod files;
mod fuzz;
mod parts;
mod spans;
mod tables;
mod toml;

use std::fmt::Write as _;
use std::path::PathBuf;

use remit::diagnostic::Diagnostic;
use remit::policy::{
    Claim, Domain, Expectation, Fact, HitPolicy, Literal, LiteralKind, Policy, ScenarioIssue, Text, load_texts,
};
use remit::source::Sources;
use remit::syntax::print::{print_clause, print_formula};

const EXAMPLE: &str = include_str!("policy/example.toml");

/// Loads one file.
fn read(text: &str) -> (Policy, Sources, Vec<Diagnostic>) {
    load_texts(vec![(PathBuf::from("policy.toml"), text.to_owned())], PathBuf::new())
}

/// Every diagnostic: place, code, the text it points at, message, labels, help.
fn shown(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut out = String::new();
    for d in diagnostics {
        let place = d.span.map_or("nowhere".to_owned(), |span| sources.place(span));
        let text = d.span.map_or("", |span| sources.text(span));
        let _ = writeln!(out, "{place} {} {text:?}\n  {}", d.code.as_str(), d.message);
        for label in &d.labels {
            let _ = writeln!(out, "  {} {:?} {}", sources.place(label.span), sources.text(label.span), label.text);
        }
        let _ = writeln!(out, "  help: {}", d.help.as_deref().unwrap_or("none"));
    }
    out
}

fn word(text: &Option<Text>) -> &str {
    text.as_ref().map_or("-", |text| &text.node)
}

fn domain(domain: &Domain) -> String {
    let options = domain.options.as_ref().map(|options| {
        let labels = options.node.iter().map(|option| format!("{}:{}", option.id.node, word(&option.label)));
        labels.collect::<Vec<_>>().join(" ")
    });
    let aliases: Vec<String> = domain.aliases.iter().map(|(from, to)| format!("{}>{}", from.node, to.node)).collect();
    format!("{}/{}/{}", word(&domain.kind), options.as_deref().unwrap_or("-"), aliases.join(" "))
}

fn literal(literal: &Literal) -> String {
    match &literal.kind {
        LiteralKind::Text(text) => format!("{text:?}"),
        LiteralKind::Integer(number) => number.to_string(),
        LiteralKind::Float(number) => number.clone(),
        LiteralKind::Bool(flag) => flag.to_string(),
        LiteralKind::Date(date) => format!("date {date}"),
        LiteralKind::DateTime(time) => format!("time {time}"),
        LiteralKind::Array(list) => format!("[{}]", list.iter().map(self::literal).collect::<Vec<_>>().join(", ")),
        LiteralKind::Table(table) => {
            let entries = table.iter().map(|(key, value)| format!("{}={}", key.node, self::literal(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

fn fact(fact: &Fact) -> String {
    let columns = fact.columns.iter().flat_map(|columns| &columns.node);
    let columns = columns.map(|c| format!("{}={} ask {}", c.name.node, domain(&c.domain), word(&c.ask)));
    format!(
        "{} {} of {} columns [{}] ask {} default {}",
        fact.name.node,
        domain(&fact.domain),
        fact.of.as_ref().map_or("-".to_owned(), domain),
        columns.collect::<Vec<_>>().join(", "),
        word(&fact.ask),
        fact.default.as_ref().map_or("-".to_owned(), literal),
    )
}

#[test]
fn the_example_of_the_language_loads_whole() {
    let (policy, sources, diagnostics) = read(EXAMPLE);
    assert_eq!(shown(&diagnostics, &sources), "");

    let header = policy.header.expect("a header");
    assert_eq!(&*header.name.node, "connectors");
    assert_eq!(word(&header.version), "1.0.0");
    assert_eq!(word(&header.summary), "Who repairs a connector that stopped.");
    assert_eq!(word(&header.source), "Service handbook, chapter 3");
    assert!(header.default);

    assert_eq!(
        policy.facts.iter().map(fact).collect::<Vec<_>>(),
        [
            "previously_working bool/-/ of - columns [] ask Did this work before? default -",
            "config_changed bool/-/ of - columns [] ask - default -",
            "connector -/ootb:Out-of-the-box connector custom:Custom connector/ of - columns [] \
             ask Is the connector out-of-the-box or custom? default -",
            "severity -/p1:- p2:- p3:-/P1>p1 critical>p1 of - columns [] ask - default \"p3\"",
            "days_since_change integer/-/ of - columns [] ask - default -",
            "tags list/-/ of text/-/ columns [] ask - default -",
            "source records/-/ of - columns [name=text/-/ ask -, kind=-/ootb:- custom:-/ ask -, \
             aggregating=bool/-/ ask Does it still load accounts?] ask - default []",
        ]
    );

    let concepts: Vec<_> = policy.concepts.iter().map(|c| (&*c.name.node, word(&c.means))).collect();
    assert_eq!(concepts, [("break_fix", "the issue is break-fix")]);

    let rules: Vec<String> = policy
        .rules
        .iter()
        .map(|rule| {
            let clauses: Vec<String> = rule.clauses.iter().map(print_clause).collect();
            let because = rule.because.as_ref().map_or("-", |because| &because.text);
            let overrides: Vec<&str> = rule.overrides.iter().map(|name| &*name.node).collect();
            let over = overrides.join(" ");
            format!("{}: {} | {because} | {} | {over}", rule.name.node, clauses.join(". "), word(&rule.source))
        })
        .collect();
    assert_eq!(
        rules,
        [
            "unchanged: no_config_change if not config_changed | - | - | ",
            "break-fix: break_fix if no_config_change, previously_working | It worked before and nobody changed \
             the configuration since. | Scope of the support team | ",
            "custom-source: custom_source(S) if source(name: S, kind: custom, aggregating: false) | Source {S} no \
             longer loads accounts and its connector is custom. | - | ",
            "custom-part: custom_part if connector = custom. custom_part if custom_source(_) | - | - | ",
            "support-takes-break-fix: team(support) if break_fix | - | - | ",
            "services-take-custom: team(services) if custom_part, break_fix | Custom connectors are built and \
             repaired by the services team. | - | support-takes-break-fix",
        ]
    );
    assert_eq!(sources.text(policy.rules[0].says), "'no_config_change if not config_changed'");

    let [team] = policy.decisions.as_slice() else { panic!("one decision") };
    assert_eq!((&*team.name.node, word(&team.question)), ("team", "Who takes the issue?"));
    assert_eq!((team.hit_policy, word(&team.default), team.advisory), (Some(HitPolicy::Priority), "desk", Some(false)));
    let options: Vec<_> = team.options.iter().map(|o| (&*o.id.node, word(&o.name), word(&o.action))).collect();
    assert_eq!(
        options,
        [
            ("services", "Services team", "Book the services team."),
            ("support", "Support team", "Raise a support case."),
            ("desk", "Service desk", "Ask the service desk to route it."),
        ]
    );

    let [scenario] = policy.scenarios.as_slice() else { panic!("one scenario") };
    assert_eq!(&*scenario.name.node, "custom-connector-stopped");
    let Some(ScenarioIssue::Inline(issue)) = &scenario.issue else { panic!("an issue in place") };
    assert_eq!(literal(issue), r#"{connector="custom", previously_working=true, config_changed=false}"#);
    let [(decision, Expectation::Names { names, array: false, span })] = scenario.expect.as_slice() else {
        panic!("one expectation")
    };
    assert_eq!((&*decision.node, &*names[0].node, names.len()), ("team", "services", 1));
    assert_eq!(sources.text(*span), "\"services\"");
    assert!(scenario.because.is_none() && scenario.skip.is_none());

    let [invariant] = policy.invariants.as_slice() else { panic!("one invariant") };
    assert_eq!(&*invariant.name.node, "support-never-takes-custom");
    let Some(Claim::Never(body)) = &invariant.claim else { panic!("never") };
    assert_eq!(print_formula(body), "decided(team, support), custom_part");
}

#[test]
fn the_ends_of_lines_have_no_meaning() {
    let (policy, ..) = read(EXAMPLE);
    let (windows, sources, diagnostics) = read(&EXAMPLE.replace('\n', "\r\n"));
    assert_eq!(shown(&diagnostics, &sources), "");
    let clauses = |policy: &Policy| -> Vec<String> {
        policy.rules.iter().flat_map(|rule| &rule.clauses).map(print_clause).collect()
    };
    assert_eq!(clauses(&policy), clauses(&windows));
    for clause in windows.rules.iter().flat_map(|rule| &rule.clauses) {
        assert_eq!(sources.text(clause.head.name.span), &*clause.head.name.node);
    }
    let names = windows.facts.iter().map(|fact| &fact.name).chain(windows.rules.iter().map(|rule| &rule.name));
    for name in names {
        assert_eq!(sources.text(name.span), &*name.node);
    }
}
