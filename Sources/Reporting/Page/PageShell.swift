/// A whole HTML document: one file that needs nothing else.
enum PageShell {
  /// - Parameters:
  ///   - style: class of the `html` element, fixing the layout.
  ///   - styles: style sheets of this page alone, after the common one.
  ///   - compilesScripts: lets scripts make functions of text, as plotly.js does for WebGL.
  static func document(
    title: String, style: String, body: Markup, scripts: [[UInt8]], styles: [[UInt8]] = [],
    compilesScripts: Bool = false
  ) -> String {
    let code = scripts.map { Markup(verbatim: "<script>\n\(text($0))</script>") }
    let page: Markup = """
      <!DOCTYPE html>
      <html lang="en" class="\(style)">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="referrer" content="no-referrer">
      <meta http-equiv="Content-Security-Policy" content="\(policy(compilesScripts))">
      <title>\(title)</title>
      <style>
      \(Markup(verbatim: ([css] + styles.map(text)).joined(separator: "\n")))
      </style>
      <script>document.documentElement.classList.add("js")</script>
      </head>
      <body>
      \(body)
      \(Markup.joined(code))
      </body>
      </html>

      """
    return page.text
  }

  /// Nothing is loaded from anywhere: pictures are data, styles and scripts are in the file.
  private static func policy(_ compilesScripts: Bool) -> String {
    let scripts = compilesScripts ? "'unsafe-inline' 'unsafe-eval'" : "'unsafe-inline'"
    return "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src \(scripts); "
      + "base-uri 'none'; form-action 'none'"
  }

  private static let css = """
    \(variables(\.light))
    @media (prefers-color-scheme:dark){\(variables(\.dark))}
    @media print{\(variables(\.light))}
    \(ChartStyle.css)
    \(text(PackageResources.page_css))
    """

  private static func variables(_ side: KeyPath<Palette.Tone, UInt32>) -> String {
    let tones = Palette.surfaces + Palette.tones + Palette.identities
    let lines = tones.map { "--\($0.name):\(Palette.hex($0.tone[keyPath: side]))" }
    return ":root{\(lines.joined(separator: ";"))}"
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
