import Arguments
import Reporting

/// `report quota`
enum ReportQuotaVerb: Verb {
  static let spec = CommandSpec(
    "report quota", group: "Report",
    summary: "what every identity had, got and still lacks, and why",
    discussion: """
      Prints the table of quotas, and writes a page with bars, with the candidates that each gate
      stopped, with how accepted and rejected ones differ, and with contact sheets of the identities
      that are most short: the picture nearest the prototype, the nearest other identities, accepted
      and rejected candidates. Beside it: quota.csv, quota.json, quota.svg, funnel.csv, funnel.svg and
      contact-sheet.png. No picture of a real person is on it, nor any candidate that resembles one.
      """,
    examples: [
      CommandExample("d2r-curate report quota", "CSV on standard output, JSON with --json")
    ],
    options: [
      OptionSpec(
        "--identities", value: "N", help: "identities with a contact sheet", defaultText: "24")
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let limit = try invocation.int("--identities", in: 0...10_000) ?? 24
    return try await TablePage.show("quota", ReportOptions(), in: surroundings) { reading in
      let report = try await reading.quotaPage(identities: limit)
      let shown =
        report.sheets.isEmpty ? Array(report.quotas.prefix(limit)) : report.sheets.map(\.quota)
      var page = TablePage(
        page: QuotaHTML.render(report), csv: TableCSV.render(quotas: report.quotas),
        json: TableJSON.render(quotas: report.quotas))
      let texts = [
        ("quota.csv", page.csv), ("quota.json", QuotaTables.json(report)),
        ("quota.svg", SVGBars.render(shown, title: "Pictures per identity")),
        ("funnel.csv", QuotaTables.csv(report.funnel)),
        ("funnel.svg", SVGFunnel.render(report.funnel, title: "Candidates by gate")),
      ]
      page.files = texts.map { ($0, Array($1.utf8)) }
      page.files.append(("contact-sheet.png", try PNGSheet.render(report)))
      return page
    }
  }
}
