/// Leaks and identity collisions as a page of their own.
public enum LeaksHTML {
  /// One HTML file without any outside reference, in the style of the summary.
  public static func render(_ report: SummaryReport) -> String {
    let sections = [
      report.leakSearch.map(LeakSearchSection.markup), PairSections.leaks(report.leaks),
      report.collisions.map(CollisionSection.markup),
      report.calibrations.isEmpty ? nil : CalibrationSection.markup(report.calibrations),
    ].compactMap { $0 }
    let body: Markup = """
      <div class="page">
      <header><p class="kicker">d2r-curate leaks</p><h1>\(name: report.workspace)</h1></header>
      <main id="main">
      \(Markup.joined(sections))
      </main>
      <footer>\(report.provenance.toolVersion) · seed \(String(report.provenance.seed)) · \
      paths are relative to the indexed folders</footer>
      </div>
      """
    return PageShell.document(
      title: "\(report.workspace): leaks", style: "summary", body: body,
      scripts: [PackageResources.page_js])
  }
}
