/// A calibration as a page of its own.
public enum CalibrationHTML {
  /// One HTML file without any outside reference.
  public static func render(_ reports: [CalibrationReport], provenance: Provenance) -> String {
    let spaces = reports.map(\.space).first ?? ""
    return SectionPage.render(
      title: "\(spaces) space: thresholds", kicker: "d2r-curate calibration",
      sections: [CalibrationSection.markup(reports)], provenance: provenance)
  }
}

/// Duplicates as a page of their own, with the error rates they were decided by.
public enum DuplicatesHTML {
  /// One HTML file without any outside reference: the pairs and the calibrations of `report`.
  public static func render(_ report: SummaryReport) -> String {
    SectionPage.render(
      title: "\(report.workspace): duplicates", kicker: "d2r-curate duplicates",
      sections: [
        PairSections.duplicates(report.duplicates), CalibrationSection.markup(report.calibrations),
      ], provenance: report.provenance)
  }
}

/// A page of a few sections.
enum SectionPage {
  static func render(
    title: String, kicker: String, sections: [Markup], provenance: Provenance
  ) -> String {
    let body: Markup = """
      <div class="page">
      <header><p class="kicker">\(kicker)</p><h1>\(name: title)</h1></header>
      <main id="main">
      \(Markup.joined(sections))
      </main>
      <footer>\(provenance.toolVersion) · seed \(String(provenance.seed)) · \
      paths are relative to the indexed folders</footer>
      </div>
      """
    return PageShell.document(
      title: title, style: "summary", body: body, scripts: [PackageResources.page_js])
  }
}
