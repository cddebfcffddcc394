/// How quotas were filled, as a page of its own.
public enum QuotaHTML {
  /// Rows of the table of identities; the CSV file beside the page has all.
  static let mostRows = 1000

  /// One HTML file without any outside reference, in the style of the summary.
  public static func render(_ report: QuotaReport) -> String {
    let body: Markup = """
      <a class="skip" href="#main">Skip to the report</a>
      <div class="page">
      <header class="top"><p class="kicker">d2r-curate quotas</p><h1>\(name: report.workspace)</h1></header>
      <main id="main">
      \(Markup.joined(sections(report)))
      </main>
      <footer>\(report.provenance.toolVersion) · seed \(String(report.provenance.seed)) · \
      pictures of real people and candidates that resemble one are not on this page</footer>
      </div>
      """
    return PageShell.document(
      title: "\(report.workspace): quotas", style: "summary", body: body,
      scripts: [PackageResources.page_js], styles: [PackageResources.quota_css])
  }

  private static func sections(_ report: QuotaReport) -> [Markup] {
    guard !report.quotas.isEmpty else {
      return [
        PageParts.section(
          "quotas", "Quotas", "",
          [PageParts.empty("Nothing has been filled yet. Start with: d2r-curate fill")])
      ]
    }
    return [
      quotas(report), funnel(report), distributions(report.distributions), sheets(report),
      ProvenanceSection.markup(report.provenance),
    ]
  }

  private static func quotas(_ report: QuotaReport) -> Markup {
    let rows = QuotaSection.shortfallFirst(explained(report))
    let note: Markup =
      rows.count <= mostRows
      ? .empty
      : "<p class=\"muted\">The first \(mostRows) of \(Numeral.grouped(rows.count)); quota.csv has all.</p>"
    return PageParts.section(
      "quotas", "Quotas", QuotaSection.lede(rows),
      [
        QuotaSection.swatches, QuotaSection.table(Array(rows.prefix(mostRows))).markup, note,
      ])
  }

  /// Rows whose reason says also what stopped the candidates.
  private static func explained(_ report: QuotaReport) -> [QuotaRow] {
    guard report.explanations.count == report.quotas.count else { return report.quotas }
    return zip(report.quotas, report.explanations).map { quota, explanation in
      var row = quota
      if quota.shortfall > 0, !explanation.isEmpty {
        row.reason = [quota.reason, explanation].filter { !$0.isEmpty }.joined(separator: "; ")
      }
      return row
    }
  }

  private static func funnel(_ report: QuotaReport) -> Markup {
    let funnel = report.funnel
    let share = Double(funnel.accepted) / Double(max(1, funnel.candidates))
    let maker = report.generator.isEmpty ? "" : " of \(report.generator)"
    let lede =
      "\(Numeral.counted(funnel.candidates, "candidate", "candidates"))\(maker), "
      + "\(Numeral.grouped(funnel.accepted)) accepted (\(Numeral.percent(share))). "
      + "A candidate is counted at the first gate that stops it."
    let table = HTMLTable(
      caption: "Candidates by gate",
      columns: [
        .init(title: "gate", sorts: false), .init(title: "reached", isNumber: true, sorts: false),
        .init(title: "stopped", isNumber: true, sorts: false),
        .init(title: "went on", isNumber: true, sorts: false),
        .init(title: "for example", sorts: false),
      ],
      rows: funnel.gates.map {
        [
          .text($0.name), .count($0.reached), .count($0.stopped), .count($0.passed),
          .text($0.example),
        ]
      })
    return PageParts.section(
      "funnel", "Acceptance by gate", lede,
      [
        "<figure class=\"funnel\">\(SVGFunnel.drawing(funnel, title: "", standsAlone: false))</figure>",
        table.markup,
      ])
  }

  private static func distributions(_ histograms: [Histogram]) -> Markup {
    guard !histograms.isEmpty else { return .empty }
    let figures = histograms.map {
      "<figure>\(SVGHistogram.drawing($0, standsAlone: false))</figure>" as Markup
    }
    return PageParts.section(
      "distributions", "Accepted and rejected", "",
      ["<div class=\"charts\">\(Markup.joined(figures))</div>"])
  }

  private static func sheets(_ report: QuotaReport) -> Markup {
    let sheets = report.sheets
    guard !sheets.isEmpty else { return .empty }
    let kept =
      report.hasRejectedPictures ? "" : " No rejected picture that may be shown has been kept."
    return PageParts.section(
      "sheets", "Contact sheets",
      "The \(Numeral.counted(sheets.count, "identity", "identities")) most short, then with most "
        + "rejections. Numbers under pictures are cosines to the identity's prototype.\(kept)",
      sheets.map(IdentitySheetMarkup.markup))
  }
}
