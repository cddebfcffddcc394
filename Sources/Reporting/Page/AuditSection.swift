/// What the audit found, worst first.
enum AuditSection {
  static func markup(_ findings: [AuditFinding]) -> Markup {
    guard !findings.isEmpty else {
      return PageParts.section(
        "audit", "Audit", "",
        [PageParts.empty("No findings: every rule that was asked is content.")])
    }
    let groups = AuditFinding.Severity.allCases.compactMap { severity -> Markup? in
      let own = findings.filter { $0.severity == severity }
      return own.isEmpty ? nil : "<ul class=\"found\">\(Markup.joined(own.map(item)))</ul>"
    }
    return PageParts.section("audit", "Audit", tally(findings), groups)
  }

  private static func tally(_ findings: [AuditFinding]) -> String {
    AuditFinding.Severity.allCases.compactMap { severity in
      let count = findings.count { $0.severity == severity }
      return count > 0 ? Numeral.counted(count, severity.rawValue, severity.rawValue + "s") : nil
    }.joined(separator: ", ")
  }

  private static func item(_ finding: AuditFinding) -> Markup {
    let subject: Markup = finding.subject.isEmpty ? .empty : " · \(name: finding.subject)"
    return """
      <li><span><span class="chip \(finding.severity.rawValue)">\(finding.severity.rawValue)</span>\
      </span><p>\(finding.message)</p>\
      <p class="about"><code>\(finding.rule)</code>\(subject)</p></li>
      """
  }
}
