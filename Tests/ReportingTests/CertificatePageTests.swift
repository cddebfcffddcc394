import Foundation
import Reporting
import Testing

@Suite struct CertificatePageTests {
  /// As full as a certificate gets.
  private func page(_ text: String = "0123456789abcdef") -> String {
    let digest = String(repeating: text, count: text.count == 16 ? 4 : 1)
    var report = CertificateReport(
      title: "Leak certificate", mark: .findings,
      verdict: "Not clean: 1,234 images that were found wait for a decision.",
      exposure: String(repeating: "At 95 % confidence at most 13 leaks were missed. ", count: 4),
      sections: (0..<5).map { section in
        .init(
          "Section \(section)",
          (0..<5).map { fact in
            .init("term \(fact)", fact < 3 ? digest : "one of several values", isCode: fact < 3)
          })
      })
    report.limits = Array(
      repeating: "The bound supposes that a leak resembles its person as pictures do.", count: 6)
    report.footer = text
    return CertificateHTML.render(report, place: "<script id=\"certificate\">\n</script>")
  }

  @Test func `a page is one file without scripts, and text in it stays text`() {
    let page = page("</style><script>alert(1)</script><img src=x>")
    #expect(page.components(separatedBy: "<script").count == 2, "the place of the document alone")
    #expect(!page.contains("<img") && !page.contains("http://") && !page.contains("https://"))
    #expect(page.contains("default-src 'none'"))
    #expect(page == self.page("</style><script>alert(1)</script><img src=x>"))
  }

  @Test(.enabled(if: Browser.path != nil, "chromium is not installed"))
  func `it prints on one sheet of A4`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "d2r-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "page.html")
    try Data(page().utf8).write(to: file)
    let sheet = folder.appending(path: "page.pdf")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Browser.path))
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(folder.path)/profile",
      "--no-pdf-header-footer", "--print-to-pdf=\(sheet.path)", file.absoluteString,
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let text = String(decoding: try Data(contentsOf: sheet), as: Unicode.ASCII.self)
    #expect(text.matches(of: #/\/Type ?\/Page\b(?!s)/#).count == 1)
    // A4 in points, as Chromium rounds it.
    #expect(text.firstMatch(of: #/\/MediaBox ?\[0 0 59[45][.0-9]* 84[12][.0-9]*\]/#) != nil)
  }
}
