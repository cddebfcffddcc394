/// The summary of a workspace as a page.
public enum SummaryHTML {
  /// One HTML file without any outside reference: it opens from a mail or a stick, prints, and
  /// shows everything without scripts, which only add sorting, folding and the live map. The same
  /// report gives the same bytes.
  public static func render(_ report: SummaryReport) -> String {
    let sections = self.sections(report)
    let links = sections.map { "<li><a href=\"#\($0.anchor)\">\($0.title)</a></li>" as Markup }
    let body: Markup = """
      <a class="skip" href="#main">Skip to the report</a>
      <div class="page">
      \(SummaryHeading.markup(report))
      <nav class="toc" aria-label="Sections"><ol>\(Markup.joined(links, by: ""))</ol></nav>
      <main id="main">
      \(Markup.joined(sections.map(\.markup)))
      </main>
      <footer>\(report.provenance.toolVersion) · seed \(String(report.provenance.seed)) · \
      real people are shown as blocks, paths are relative to the indexed folders</footer>
      </div>
      """
    return PageShell.document(
      title: "\(report.workspace): summary", style: "summary", body: body,
      scripts: [PackageResources.page_js] + MapFigure.scripts)
  }

  private struct Section {
    var anchor: String
    var title: String
    var markup: Markup
  }

  private static func sections(_ report: SummaryReport) -> [Section] {
    var result: [Section] = []
    func add(_ anchor: String, _ title: String, _ markup: Markup?) {
      if let markup { result.append(Section(anchor: anchor, title: title, markup: markup)) }
    }
    add("planted", "Planted", report.planted.map(PlantedSection.markup))
    add("index", "Index", IndexMarkup.markup(report))
    add("map", "Map", report.map.map(mapSection))
    add("delta", "Δ", DeltaMarkup.markup(report.deltas))
    add("similarities", "Similarities", SimilaritySection.markup(report.similarities))
    add(
      "calibration", "Thresholds",
      report.calibrations.isEmpty ? nil : CalibrationSection.markup(report.calibrations))
    add("duplicates", "Duplicates", PairSections.duplicates(report.duplicates))
    add("leaks", "Leaks", PairSections.leaks(report.leaks))
    add("leak-search", "Leak search", report.leakSearch.map(LeakSearchSection.markup))
    add("collisions", "Collisions", report.collisions.map(CollisionSection.markup))
    add("quotas", "Quotas", QuotaSection.markup(report))
    add("audit", "Audit", AuditSection.markup(report.findings))
    add("provenance", "Provenance", ProvenanceSection.markup(report.provenance))
    return result
  }

  private static func mapSection(_ map: MapReport) -> Markup {
    PageParts.section("map", map.title, "", [MapFigure.markup(map, wheel: .focus)])
  }
}
