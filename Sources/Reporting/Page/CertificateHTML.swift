/// A leak certificate as a page that prints on one sheet of A4.
public enum CertificateHTML {
  /// One HTML file without scripts or outside references. `place` is put where the signed document
  /// goes, and must close its own element with `</script>`.
  public static func render(_ report: CertificateReport, place: String) -> String {
    let page: Markup = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="referrer" content="no-referrer">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(report.title)</title>
      <style>
      \(Markup(verbatim: style))
      </style>
      </head>
      <body>
      <main>
      <header>
      <h1>\(report.title)</h1>
      <p class="verdict \(report.mark.rawValue)">\(report.verdict)</p>
      <p class="exposure">\(report.exposure)</p>
      </header>
      <div class="sections">
      \(Markup.joined(report.sections.map(section)))
      </div>
      <section class="limits">
      <h2>What this does not say</h2>
      <ul>
      \(Markup.joined(report.limits.map { "<li>\($0)</li>" }))
      </ul>
      </section>
      <footer>\(report.footer)</footer>
      </main>
      \(Markup(verbatim: place))
      </body>
      </html>

      """
    return page.text
  }

  private static func section(_ section: CertificateReport.Section) -> Markup {
    let facts: [Markup] = section.facts.map { fact in
      let value: Markup = fact.isCode ? "<code>\(fact.value)</code>" : "\(fact.value)"
      return "<div><dt>\(fact.term)</dt><dd>\(value)</dd></div>"
    }
    return """
      <section>
      <h2>\(section.heading)</h2>
      <dl>
      \(Markup.joined(facts))
      </dl>
      </section>
      """
  }

  /// Sized so that a page of six sections and six limits fills one sheet with room to spare.
  private static let style = """
    @page{size:A4;margin:14mm}
    *{box-sizing:border-box}
    html{background:#e7e7e3}
    body{margin:0;font:9.2pt/1.38 system-ui,"Segoe UI","DejaVu Sans",sans-serif;color:#1c1c1a}
    main{background:#fff;width:210mm;max-width:100%;margin:8mm auto;padding:14mm}
    h1{font-size:17pt;line-height:1.15;margin:0 0 3mm;font-weight:650}
    h2{font-size:9.6pt;margin:0 0 1mm;font-weight:650;border-bottom:.3mm solid #c9c9c3}
    .verdict{font-size:12pt;font-weight:600;margin:0 0 2mm;padding:2mm 3mm;border-left:1.4mm solid}
    .clean{border-color:#1f7a4d;background:#eef7f1}
    .exceptions{border-color:#a06a00;background:#fbf5e6}
    .findings{border-color:#b3261e;background:#fcefee}
    .exposure{margin:0 0 3.5mm}
    section{margin:0 0 3.2mm;break-inside:avoid}
    dl{margin:0}
    dl div{display:grid;grid-template-columns:41mm 1fr;gap:2mm;padding:.35mm 0}
    dt{color:#5a5a54}
    dd{margin:0;overflow-wrap:anywhere}
    code{font:7.6pt/1.3 "DejaVu Sans Mono",ui-monospace,monospace}
    ul{margin:.6mm 0 0;padding-left:4mm}
    li{margin:0}
    .limits{font-size:8.3pt}
    footer{font-size:8pt;color:#5a5a54;border-top:.3mm solid #c9c9c3;padding-top:1.5mm}
    @media print{html{background:none}main{margin:0;padding:0;width:auto}
    .verdict{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
    @media (max-width:640px){main{margin:0;padding:6mm}dl div{grid-template-columns:1fr;gap:0}}
    """
}
