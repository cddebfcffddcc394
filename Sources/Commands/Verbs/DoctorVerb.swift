import Arguments
import Diagnostics

/// `doctor`
enum DoctorVerb: Verb {
  static let spec = CommandSpec(
    "doctor", group: "Set up",
    summary: "check every part the tool stands on, and say how to mend what is missing",
    examples: [CommandExample("d2r-curate doctor", "exit code 1 when a part is missing")],
    exitCodes: "0 everything is there\n1 a part is missing or wrong\n64 wrong usage")

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let findings = Doctor(surroundings: surroundings).examine()
    for finding in findings {
      surroundings.console.out(
        "\(finding.isWell ? "ok     " : "MISSING") \(finding.part): \(finding.state)")
      if let remedy = finding.remedy { surroundings.console.out("          try: \(remedy)") }
    }
    surroundings.console.out(
      json: .array(
        findings.map {
          [
            "part": .string($0.part), "ok": .bool($0.isWell), "state": .string($0.state),
            "remedy": JSONValue($0.remedy) { .string($0) },
          ]
        }))
    return findings.allSatisfy(\.isWell) ? .clean : .findings
  }
}
