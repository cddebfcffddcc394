/// The map as a page of its own.
public enum MapHTML {
  /// One HTML file without any outside reference. Readers without scripts see the SVG map.
  public static func render(_ report: MapReport) -> String {
    let body: Markup = """
      <div class="page">
      <header><p class="kicker">d2r-curate map</p><h1>\(name: report.title)</h1></header>
      <main>
      \(MapFigure.markup(report, wheel: .always))
      </main>
      </div>
      """
    return PageShell.document(
      title: report.title, style: "whole", body: body, scripts: [PackageResources.map_js])
  }
}
