/// The map as a page of its own.
public enum MapHTML {
  /// One HTML file without any outside reference. Readers without scripts see the SVG map.
  /// - Parameter plotly: the text of plotly.js, which then draws the points by WebGL and stands in the
  ///   page; nil, or a browser without WebGL, draws them on a canvas.
  public static func render(_ report: MapReport, plotly: [UInt8]? = nil) -> String {
    let body: Markup = """
      <div class="page">
      <header><p class="kicker">d2r-curate map</p><h1>\(name: report.title)</h1></header>
      <main>
      \(MapFigure.markup(report, wheel: .always))
      </main>
      </div>
      """
    let library = plotly.map { [$0, PackageResources.map_plotly_js] } ?? []
    return PageShell.document(
      title: report.title, style: "whole", body: body, scripts: library + MapFigure.scripts,
      compilesScripts: plotly != nil)
  }
}
