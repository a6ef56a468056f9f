//! Claims as JUnit XML: one case a claim, a failure where it is denied, skipped where it is
//! not known.

use std::fmt::Write;

use super::super::junit::escape;
use super::Proof;
use super::facts::lines;
use super::words::{code, name, sentence};
use crate::prove::{Finding, Verdict};

/// The whole document.
pub fn document(proof: &Proof<'_>) -> String {
    let findings = &proof.findings.findings;
    let failures = findings.iter().filter(|finding| proof.fails(finding)).count();
    let skipped = findings.iter().filter(|finding| is_skipped(proof, finding)).count();
    let counts = format!("tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\"", findings.len());
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(xml, "<testsuites name=\"remit\" {counts}>");
    let _ = writeln!(xml, "  <testsuite name=\"{}\" {counts}>", escape(&proof.program.name));
    findings.iter().for_each(|finding| case(&mut xml, proof, finding));
    xml.push_str("  </testsuite>\n</testsuites>\n");
    xml
}

fn is_skipped(proof: &Proof<'_>, finding: &Finding) -> bool {
    !proof.fails(finding) && matches!(finding.verdict, Verdict::Undetermined(_))
}

fn case(xml: &mut String, proof: &Proof<'_>, finding: &Finding) {
    let at = proof.sources.position(finding.span);
    let _ = write!(
        xml,
        "    <testcase classname=\"{}.{}\" name=\"{}\" file=\"{}\" line=\"{}\"",
        escape(&proof.program.name),
        code(finding.claim),
        escape(&name(proof.program, finding.claim)),
        escape(&proof.sources.path(finding.span.file).display().to_string()),
        at.line,
    );
    let message = escape(&sentence(proof.program, finding));
    if is_skipped(proof, finding) {
        let _ = write!(xml, ">\n      <skipped message=\"{message}\"/>\n    </testcase>\n");
    } else if proof.fails(finding) {
        let example = finding.example.as_ref().map(|example| lines(proof.program, &example.issue).join("\n"));
        let example = example.unwrap_or_default().lines().map(escape).collect::<Vec<_>>().join("\n");
        let kind = code(finding.claim);
        let _ = write!(xml, ">\n      <failure type=\"{kind}\" message=\"{message}\">{example}</failure>\n");
        xml.push_str("    </testcase>\n");
    } else {
        xml.push_str("/>\n");
    }
}
