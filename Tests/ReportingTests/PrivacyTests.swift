import Domain
import Foundation
import Reporting
import Testing

struct PrivacyTests {
  @Test func `no text gives away an absolute path`() throws {
    var sample = Sample.small()
    let paths = [
      "/home/kim/faces/", "cannot read '/home/kim/faces/a b.png', see file:///home/kim/x ",
    ]
    for prefix in paths {
      let report = try rewritingTexts(of: sample.report()) { prefix + $0 }
      for (name, text) in everyText(report) {
        #expect(!text.contains("/home"), "\(name)")
        #expect(!text.contains("kim"), "\(name)")
      }
    }
  }

  @Test func `relative paths, fractions and web hosts are left alone`() {
    let finding = AuditFinding(
      rule: "r", severity: .note, subject: "id-1/2.png", message: "3 / 4 and/or a/b at host:80/x")
    let text = TableCSV.render(findings: [finding])
    #expect(text.contains("id-1/2.png,3 / 4 and/or a/b at host:80/x"))
  }

  @Test func `a real person's picture says that it is hidden`() throws {
    let tile = PictureTile(bytes: tinyPNG, alt: "blocks", isReal: true, hidden: true)
    let image = ImageReference(path: "p/1.png", population: .reference, tile: tile)
    var report = SummaryReport(
      workspace: "w", findingCount: 0, provenance: Provenance(toolVersion: "1", seed: 1))
    report.leaks = [
      LeakRow(
        tier: "reference", image: image, resembles: image, similarities: [], decision: .proposed)
    ]
    let page = SummaryHTML.render(report)
    #expect(page.contains("<span class=\"hide\">hidden (real person)</span>"))
    #expect(page.contains("alt=\"blocks, hidden (real person)\""))
  }

  @Test func `a real person's picture that is not hidden says so too`() {
    var report = SummaryReport(
      workspace: "w", findingCount: 0, provenance: Provenance(toolVersion: "1", seed: 1))
    report.generated = [PictureTile(bytes: tinyPNG, alt: "a", isReal: true, hidden: false)]
    #expect(SummaryHTML.render(report).contains("a, real person"))
  }

  @Test func `pages refer to nothing outside themselves`() {
    var sample = Sample.small()
    for (name, text) in everyText(sample.report()) {
      let own = text.replacingOccurrences(of: "xmlns=\"http://www.w3.org/2000/svg\"", with: "")
      #expect(!own.contains("http://") && !own.contains("https://"), "\(name)")
      #expect(!own.contains("url(") && !own.contains("@import"), "\(name)")
      for source in own.components(separatedBy: " src=\"").dropFirst() {
        #expect(source.hasPrefix("data:image/"), "\(name)")
      }
    }
    #expect(SummaryHTML.render(sample.report()).contains("default-src &#39;none&#39;"))
  }
}
