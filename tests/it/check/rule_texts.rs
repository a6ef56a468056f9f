//! Mistakes in rule texts: one mistake brings one message, and its help, applied literally, gives a policy without one.

use std::path::PathBuf;

use remit::diagnostic::{Code, Diagnostic};
use remit::source::Sources;

const POLICY: &str = r#"
[policy]
name = "t"
[fact]
b.type = "bool"
b2.type = "bool"
photo.type = "bool"
n.type = "integer"
price.type = "number"
begun.type = "date"
ended.type = "date"
carrier.options = ["dhl", "ups", "own_van"]
[fact.damage.options]
box = "Only the box"
contents = "The contents"
none = "Nothing"
[fact.tags]
type = "list"
of = "text"
[fact.item]
type = "records"
columns = { name = "text", kind = ["glass", "metal"], price = "number", broken = "bool" }
[concept.late]
means = "it is late"
[rule.late]
says = 'late if ended > begun'
[rule.broken]
says = 'broken(N) if item(name: N, broken: true)'
[decision.team]
question = "?"
hit-policy = "priority"
default = "desk"
option = [{ id = "claims", name = "The claims desk" }, { id = "manager" }, { id = "desk" }]
[decision.note]
question = "?"
hit-policy = "collect"
option = [{ id = "formal" }]
"#;

/// What is found in the policy with some more tables.
fn found(tables: &str) -> (Vec<Diagnostic>, Sources) {
    let files = vec![(PathBuf::from("p.toml"), format!("{POLICY}{tables}"))];
    let (policy, sources, mut found) = remit::policy::load_texts(files, PathBuf::new());
    found.extend(remit::check::check(&policy, &sources).1);
    let unused = [Code::UnusedFact, Code::UnusedConclusion, Code::MissingBecause, Code::OptionNeverConcluded];
    found.retain(|d| !unused.contains(&d.code));
    (found, sources)
}

fn rule(says: &str) -> String {
    format!("[rule.x]\nsays = '''{says}'''\n")
}

/// What stands in backticks in a help; nothing at all too, where it says to take something out.
fn pieces(help: &str) -> Vec<&str> {
    let mut pieces: Vec<&str> = help.split('`').skip(1).step_by(2).collect();
    if help.contains(" out") {
        pieces.push("");
    }
    pieces
}

/// The one finding.
fn only<'a>(found: &'a [Diagnostic], about: &str) -> &'a Diagnostic {
    assert_eq!(found.len(), 1, "{about}: {found:#?}");
    &found[0]
}

/// That a text has one fault, whose help says what makes the other text of it in the place of `odd`; that one has none.
fn mends(tables: impl Fn(&str) -> String, written: &str, odd: &str, mended: &str) {
    let (faults, _) = found(&tables(written));
    let fault = only(&faults, written);
    let help = fault.help.as_deref().unwrap_or_default();
    let applied = pieces(help).iter().any(|piece| written.replacen(odd, piece, 1) == mended);
    assert!(applied, "{written}: {help}");
    let left = found(&tables(mended)).0;
    assert_eq!(left, [], "{mended}");
}

/// The same for the condition of a rule.
fn conditions(cases: &[(&str, &str, &str)]) {
    for (written, odd, mended) in cases {
        mends(|body| rule(&format!("team(claims) if {body}")), written, odd, mended);
    }
}

/// The text that is marked, and the help.
fn told(says: &str) -> (String, String) {
    let (found, sources) = found(&rule(says));
    let fault = only(&found, says);
    let marked = sources.text(fault.span.expect("a place")).to_owned();
    (marked, fault.help.clone().expect("a help"))
}

#[test]
fn a_small_letter_where_a_variable_is_meant() {
    for (says, odd, variable) in [
        ("late_by(days) if days = ended - begun, days > 7", "days", "Days"),
        ("team(claims) if days = ended - begun, days > 7", "days", "Days"),
        ("team(claims) if d = ended - begun, d > 7", "d", "D"),
        ("team(claims) if number = count(item(broken: true)), number > 1", "number", "Number"),
        ("lost(x) if item(name: x, broken: true)", "x", "X"),
        ("lost(any_of_them) if item(name: any_of_them)", "any_of_them", "Any_of_them"),
        ("team(claims) if item(kind: k, price: amount), amount > 3, k != glass, not b", "amount", "Amount"),
    ] {
        let (faults, _) = found(&rule(says));
        let help = format!("variables begin with a capital: write `{variable}` in place of each `{odd}`");
        assert!(faults.iter().any(|fault| fault.help.as_deref() == Some(&help)), "{says}: {faults:#?}");
    }
    for (says, mended) in [
        ("late_by(days) if days = ended - begun, days > 7", "late_by(Days) if Days = ended - begun, Days > 7"),
        ("lost(x) if item(name: x, broken: true)", "lost(X) if item(name: X, broken: true)"),
        ("team(claims) if Days = ended - begun, days > 7", "team(claims) if Days = ended - begun, Days > 7"),
    ] {
        assert_eq!(found(&rule(says)).0.len(), 1, "{says}");
        assert_eq!(found(&rule(mended)).0, [], "{mended}");
    }
}

/// What is no variable by the way it is used.
#[test]
fn a_small_letter_where_none_is_meant() {
    for (body, help) in [
        ("weight > 3, weight < 9", "declare a fact `[fact.weight]`, or name one that there is"),
        ("item(name: lamp)", "texts stand in quotes: write `\"lamp\"`"),
        ("item(name: lamp) or item(name: lamp, broken: true)", "texts stand in quotes: write `\"lamp\"`"),
        ("pric = price * 2, pric > 3", "write `price`"),
        ("item(kind: glas, name: N), broken(N)", "write `glass`"),
    ] {
        let faults = found(&rule(&format!("team(claims) if {body}"))).0;
        assert_eq!(faults.first().and_then(|fault| fault.help.as_deref()), Some(help), "{body}");
    }
    // What rules conclude may have words in its brackets that are no options.
    let words = "[rule.y]\nsays = 'state(fresh) if photo'\n[rule.z]\nsays = 'state(done) if state(fresh), n > 3'\n";
    let last = "[rule.w]\nsays = 'team(claims) if state(Done), Done = done'\n";
    let told: Vec<Code> = found(&format!("{words}{last}")).0.iter().map(|fault| fault.code).collect();
    assert!(!told.contains(&Code::UnknownName), "{told:?}");
    let body = "item(kind: glass, name: N), not item(kind: metal, name: N), damage = box, carrier = dhl";
    assert_eq!(found(&rule(&format!("team(claims) if {body}"))).0, []);
}

#[test]
fn a_variable_in_two_spellings() {
    let (marked, help) = told("team(claims) if Dayz = ended - begun, Days > 7");
    assert_eq!(marked, "Dayz");
    assert_eq!(help, "if they are the same, write `Dayz` in both places; else use each a second time");
    assert_eq!(found(&rule("team(claims) if Dayz = ended - begun, Dayz > 7")).0, []);
    let options = found(&rule("team(claims) if carrier = Dhl, carrier != Ups")).0;
    assert!(
        options.iter().all(|fault| fault.help.as_ref().is_some_and(|help| help.contains("options"))),
        "{options:#?}"
    );
}

/// The list stands for all that is marked.
#[test]
fn options_that_are_joined() {
    for (body, mended) in [
        ("carrier = own_van or ups", "carrier in [own_van, ups]"),
        ("carrier = own_van, ups", "carrier in [own_van, ups]"),
        ("carrier = own_van or ups or dhl, photo", "carrier in [own_van, ups, dhl], photo"),
        ("photo, (carrier = own_van or ups)", "photo, (carrier in [own_van, ups])"),
        ("not carrier = dhl or ups", "carrier not in [dhl, ups]"),
        ("carrier != dhl and ups", "carrier not in [dhl, ups]"),
        ("carrier != dhl, not ups", "carrier not in [dhl, ups]"),
        ("not (carrier = dhl or ups)", "not (carrier in [dhl, ups])"),
        ("carrier = own_van/ups, photo", "carrier in [own_van, ups], photo"),
        ("carrier != own_van/ups", "carrier not in [own_van, ups]"),
    ] {
        let (marked, help) = told(&format!("team(claims) if {body}"));
        let applied = pieces(&help).iter().any(|piece| body.replacen(&marked, piece, 1) == mended);
        assert!(applied, "{body}: {marked}: {help}");
        assert_eq!(found(&rule(&format!("team(claims) if {mended}"))).0, [], "{mended}");
    }
    // Something else stands between the two, or a bracket begins there.
    for body in ["carrier = dhl or photo or ups", "carrier = dhl or (ups, photo)", "(carrier = dhl, photo) or ups"] {
        let (marked, help) = told(&format!("team(claims) if {body}"));
        let whole = "write `carrier = ups`; one of several options is `carrier in [dhl, ups]`";
        assert_eq!((marked.as_str(), help.as_str()), ("ups", whole), "{body}");
        let mended = body.replacen("ups", "carrier = ups", 1);
        assert_eq!(found(&rule(&format!("team(claims) if {mended}"))).0, [], "{mended}");
    }
}

#[test]
fn words_of_english_beside_conditions() {
    conditions(&[
        ("damage is not none", "damage is not none", "damage != none"),
        ("photo, no longer late", "no longer late", "photo, not late"),
        ("photo, never late", "never late", "photo, not late"),
        ("photo, not yet late", "yet late", "photo, not late"),
        ("photo, is not late", "is not late", "photo, not late"),
        ("is late, photo", "is late", "late, photo"),
        ("it is late", "it is late", "late"),
        ("carrier is late", "carrier is late", "late"),
        ("carrier is not late", "carrier is not late", "not late"),
        ("carrier is dhl", "carrier is dhl", "carrier = dhl"),
        ("photo is true", "photo is true", "photo = true"),
        ("n not > 2", "n not > 2", "n <= 2"),
        ("damage not = none", "damage not = none", "damage != none"),
        ("carrier not equal dhl", "carrier not equal dhl", "carrier != dhl"),
        ("late unless photo", "late unless photo", "late, not photo"),
        ("n > 7d", "7d", "n > 7"),
        ("n > 24h", "24h", "n > 24"),
    ]);
}

#[test]
fn what_stands_for_if() {
    let says = |says: &str| rule(says);
    for (written, odd, mended) in [
        ("late2 only if photo", "only ", "late2 if photo"),
        ("late2 is true if photo", "is true ", "late2 if photo"),
        ("late2 iff photo", "iff", "late2 if photo"),
        ("late2 wenn photo", "wenn", "late2 if photo"),
        ("late2 when photo", "when", "late2 if photo"),
        ("late2 := photo", ":=", "late2 if photo"),
        ("late2 photo", "photo", "late2 if photo"),
        ("late2 unless photo", "unless photo", "late2 if not (photo)"),
        ("then team(claims) if photo", "then ", "team(claims) if photo"),
        ("team claims if photo", "team claims", "team(claims) if photo"),
        ("carrier pays if photo", "carrier pays", "carrier_pays if photo"),
        ("team() if photo", "team()", "late2 if photo"),
    ] {
        if written.starts_with("team()") || written == "late2 photo" {
            assert_eq!(found(&rule(written)).0.len(), 1, "{written}");
            continue;
        }
        mends(says, written, odd, mended);
    }
    let (_, help) = told("team(claims or manager) if photo");
    assert_eq!(help, "write a rule for each: `team(claims) if …` and `team(manager) if …`");
}

#[test]
fn points_in_names_of_a_condition() {
    conditions(&[
        ("item.broken, photo", "item.broken", "item(broken: true), photo"),
        ("concept.late and photo", "concept.late", "late and photo"),
    ]);
}

#[test]
fn numbers_and_dates_as_elsewhere() {
    conditions(&[
        ("price >= 1.500,00", "1.500,00", "price >= 1500.00"),
        ("price >= 1,500.50", "1,500.50", "price >= 1500.50"),
        ("price >= 1.500.000", "1.500.000", "price >= 1500000"),
        ("price >= +500", "+500", "price >= 500"),
        ("begun > 31.12.25", "31.12.25", "begun > 2025-12-31"),
        ("begun > 2025-12-1", "2025-12-1", "begun > 2025-12-01"),
        ("begun > 31-12-2025", "31-12-2025", "begun > 2025-12-31"),
        ("begun > 12/31/2025", "12/31/2025", "begun > 2025-12-31"),
    ]);
    // Which one is the month cannot be told.
    assert_eq!(told("team(claims) if begun > 11/12/2025").1, "dates are written like 2026-01-31");
}

#[test]
fn operators_in_two_parts() {
    for (body, mended) in [
        ("damage /= none", "damage != none"),
        ("damage ! = none", "damage != none"),
        ("n < = 3", "n <= 3"),
        ("n > = 3", "n >= 3"),
        ("n = < 3", "n <= 3"),
    ] {
        let (marked, help) = told(&format!("team(claims) if {body}"));
        let applied = pieces(&help).iter().any(|piece| body.replacen(&marked, piece, 1) == mended);
        assert!(applied, "{body}: {marked}: {help}");
    }
    conditions(&[("damage /= none", "/=", "damage != none")]);
}

#[test]
fn lists_and_what_may_be_in_them() {
    conditions(&[
        ("carrier in own_van", "carrier in own_van", "carrier = own_van"),
        ("carrier not in own_van", "carrier not in own_van", "carrier != own_van"),
        ("\"vip\" in tags", "\"vip\" in tags", "tags(\"vip\")"),
        ("\"vip\" not in tags", "\"vip\" not in tags", "not tags(\"vip\")"),
    ]);
    let unclosed = told("team(claims) if damage in [box, contents, not late, photo");
    assert_eq!(unclosed, ("not".to_owned(), "write `]` where the list shall end".to_owned()));
    for list in ["in [glass, metal]", "[glass, metal]"] {
        let (marked, help) = told(&format!("team(claims) if item(kind: {list}, broken: true)"));
        assert_eq!(marked, list);
        let mended = "item(kind: Kind, broken: true), Kind in [glass, metal]";
        assert_eq!(help, format!("put it behind the bracket: `{mended}`"));
    }
    assert_eq!(found(&rule("team(claims) if item(kind: Kind, broken: true), Kind in [glass, metal]")).0, []);
}

#[test]
fn values_that_are_something_else() {
    conditions(&[
        ("broken(*)", "*", "broken(_)"),
        ("broken(any)", "any", "broken(_)"),
        ("carrier(own_van)", "carrier(own_van)", "carrier = own_van"),
        ("n = box", "n = box", "damage = box"),
        ("damage = \"Only the box\"", "\"Only the box\"", "damage = box"),
    ]);
    mends(rule, "team(\"The claims desk\") if photo", "\"The claims desk\"", "team(claims) if photo");
    for (written, odd) in [
        ("note(formal) if decided(\"team\", \"manager\")", "decided(\"team\", \"manager\")"),
        ("note(formal) if decided(manager)", "decided(manager)"),
    ] {
        let help = told(written).1;
        let whole = pieces(&help).iter().any(|piece| piece.starts_with("decided(team, "));
        assert!(whole, "{odd}: {help}");
    }
    mends(rule, "note(formal) if decide(team, manager)", "decide", "note(formal) if decided(team, manager)");
    let clock = told("team(claims) if begun < today").1;
    assert!(clock.starts_with("rules do not look at the clock"), "{clock}");
    let counted = told("team(claims) if N = len(item), N > 2").1;
    assert!(counted.contains("count(item("), "{counted}");
}

#[test]
fn invariants_that_are_no_conditions() {
    let invariant = |says: &str| format!("[invariant.i]\n{says}\n");
    mends(
        invariant,
        "always = 'if damage = none then not decided(team, claims)'",
        "if damage = none then not decided(team, claims)",
        "always = 'not (damage = none) or not decided(team, claims)'",
    );
    let (found, _) = found(&invariant("never = 'to-claims, damage = none'"));
    let help = found.first().and_then(|fault| fault.help.as_deref()).unwrap_or_default();
    assert!(help.ends_with("name what the rule concludes"), "{help}");
}

#[test]
fn nothing_follows_from_a_conclusion_that_cannot_be_read() {
    for head in ["late_fee", "Late_fee", "late-fee", "\"late_fee\"", "late fee"] {
        let tables = format!(
            "[concept.late_fee]\nmeans = 'm'\n{}[rule.y]\nsays = 'team(claims) if late_fee'\n",
            rule(&format!("{head} if photo"))
        );
        let wanted = usize::from(head != "late_fee");
        assert_eq!(found(&tables).0.len(), wanted, "{head}");
    }
}

/// All that is found, warnings of what is unused too.
fn all_found(tables: &str) -> Vec<Code> {
    let files = vec![(PathBuf::from("p.toml"), format!("{POLICY}{tables}"))];
    let (policy, sources, mut found) = remit::policy::load_texts(files, PathBuf::new());
    found.extend(remit::check::check(&policy, &sources).1);
    found.iter().map(|fault| fault.code).collect()
}

#[test]
fn what_is_misspelt_is_not_called_unused() {
    let with_photo = all_found(&rule("team(claims) if photo"));
    let with_capital = all_found(&rule("team(claims) if Photo"));
    assert!(!with_photo.contains(&Code::UnusedFact) || with_photo.len() >= with_capital.len() - 1);
    let never = |says: &str| all_found(&rule(says)).iter().filter(|code| **code == Code::OptionNeverConcluded).count();
    assert_eq!(never("taem(claims) if photo"), never("team(claims) if photo"));
    assert_eq!(never("other(claims) if photo"), never("team(claims) if photo") + 1);
}

#[test]
fn a_rule_that_overrides_itself() {
    let (faults, _) = found("[rule.x]\nsays = 'team(claims) if photo'\noverrides = ['x']\n");
    let fault = only(&faults, "overrides");
    assert_eq!((fault.code, fault.message.as_str()), (Code::NegationCycle, "the rule `x` overrides itself"));
}
