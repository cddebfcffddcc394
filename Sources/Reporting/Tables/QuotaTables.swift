/// The quota report's tables and its JSON document.
public enum QuotaTables {
  /// One record per gate.
  public static func csv(_ funnel: CandidateFunnel) -> String { table(funnel).csv }

  /// Everything the page shows but its pictures, as one object.
  public static func json(_ report: QuotaReport) -> String {
    JSONText.object([
      ("workspace", .text(report.workspace)), ("generator", .text(report.generator)),
      ("toolVersion", .text(report.provenance.toolVersion)),
      ("seed", .plain(String(report.provenance.seed))),
      ("candidates", .count(report.funnel.candidates)),
      ("accepted", .count(report.funnel.accepted)),
      ("gates", .list(report.funnel.gates.map(gate))),
      ("quotas", .list(report.quotas.map(quota))),
      ("explanations", .list(report.explanations.map { .text($0) })),
      ("distributions", .list(report.distributions.map(distribution))),
      ("sheets", .list(report.sheets.map(sheet))),
    ]).rendered + "\n"
  }

  private static func table(_ funnel: CandidateFunnel) -> Table {
    Table(
      columns: ["gate", "reached", "stopped", "went_on", "example"],
      rows: funnel.gates.map {
        [
          .text($0.name), .count($0.reached), .count($0.stopped), .count($0.passed),
          .text($0.example),
        ]
      })
  }

  private static func gate(_ gate: CandidateFunnel.Gate) -> JSONText {
    .object([
      ("gate", .text(gate.name)), ("reached", .count(gate.reached)),
      ("stopped", .count(gate.stopped)), ("example", .text(gate.example)),
    ])
  }

  private static func quota(_ row: QuotaRow) -> JSONText {
    .object([
      ("identity", .text(row.identity)), ("wanted", .count(row.wanted)), ("had", .count(row.had)),
      ("accepted", .count(row.accepted)), ("attempts", .count(row.attempts)),
      ("shortfall", .count(row.shortfall)), ("reason", .text(row.reason)),
    ])
  }

  private static func distribution(_ histogram: Histogram) -> JSONText {
    .object([
      ("title", .text(histogram.title)), ("lower", .number(histogram.lower, decimals: 6)),
      ("upper", .number(histogram.upper, decimals: 6)),
      (
        "series",
        .object(histogram.series.map { ($0.name, .list($0.counts.map { .count($0) })) })
      ),
    ])
  }

  private static func sheet(_ sheet: IdentitySheet) -> JSONText {
    func frames(_ frames: [IdentitySheet.Frame]) -> JSONText {
      .list(
        frames.map {
          .object([
            ("caption", .text($0.caption)), ("isShown", .flag($0.tile != nil)),
            ("instead", .text($0.instead)),
          ])
        })
    }
    return .object([
      ("identity", .text(sheet.quota.identity)), ("explanation", .text(sheet.explanation)),
      ("prototype", frames(sheet.prototype)), ("neighbours", frames(sheet.neighbours)),
      ("accepted", frames(sheet.accepted)), ("rejected", frames(sheet.rejected)),
      ("moreAccepted", .count(sheet.moreAccepted)), ("moreRejected", .count(sheet.moreRejected)),
    ])
  }
}
