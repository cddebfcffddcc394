import Domain
import Foundation
import Imaging
import Reporting
import Testing

struct QuotaPageTests {
  private func report() -> QuotaReport {
    var report = QuotaReport(
      workspace: "faces", provenance: Provenance(toolVersion: "1.0.0", seed: 7))
    report.generator = "own"
    report.quotas = [
      QuotaRow(
        identity: "full", wanted: 10, had: 8, accepted: 2, attempts: 3, shortfall: 0, reason: ""),
      QuotaRow(
        identity: "<b>short</b>", wanted: 10, had: 2, accepted: 1, attempts: 30, shortfall: 7,
        reason: "30 attempts, 1 accepted"),
    ]
    report.funnel = CandidateFunnel(
      candidates: 33,
      stopped: [("one usable face", 3, ""), ("no leak", 27, "leak: 0.612, limit 0.480")])
    let tile = PictureTile(bytes: tinyPNG, alt: "a", isReal: false, hidden: false)
    var sheet = IdentitySheet(report.quotas[1], explanation: "stopped: leak 27")
    sheet.prototype = [.init(tile, caption: "0.991")]
    sheet.neighbours = [.init(tile, caption: "other, 0.71")]
    sheet.accepted = [.init(tile, caption: "4: 0.95")]
    sheet.rejected = [
      .init(nil, caption: "0: leak: 0.612, limit 0.480", instead: "leak, not shown")
    ]
    sheet.moreRejected = 26
    report.sheets = [sheet]
    return report
  }

  @Test func `the funnel counts what reaches and what passes every gate`() {
    let funnel = report().funnel
    #expect(funnel.gates.map(\.reached) == [33, 30])
    #expect(funnel.gates.map(\.passed) == [30, 3])
    #expect(funnel.accepted == 3)
    let drawing = SVGFunnel.render(funnel, title: "Candidates")
    #expect(drawing.contains("3, stopped 27 (90 %)"))
    #expect(drawing.contains("33 candidates, 3 accepted"))
    #expect(QuotaTables.csv(funnel).contains("no leak,30,27,3,\"leak: 0.612, limit 0.480\""))
  }

  @Test func `the page says what is short and why, and what is not shown`() {
    let page = QuotaHTML.render(report())
    for text in [
      "1 of 2 identities reached their quota; 7 images are missing", "30 attempts, 1 accepted",
      "stopped: leak 27", "leak, not shown", "and 26 more", "nearest other identities",
      "2 + 1 of 10, 7 missing", "leak: 0.612, limit 0.480",
      "33 candidates of own, 3 accepted (9 %)",
    ] { #expect(page.contains(text), "\(text)") }
    #expect(!page.contains("<b>short"))
    #expect(page.components(separatedBy: "<img ").count - 1 == 3)
  }

  @Test func `an unfilled workspace has a page that says so`() throws {
    let nothing = QuotaReport(workspace: "new", provenance: Provenance(toolVersion: "1", seed: 0))
    #expect(QuotaHTML.render(nothing).contains("Nothing has been filled yet"))
    #expect(SVGFunnel.render(nothing.funnel, title: "t").contains("No candidates"))
    #expect(try PictureDecoder.decode(PNGSheet.render(nothing)).picture.height > 100)
  }

  @Test func `the same report gives the same bytes, as page, JSON and picture`() throws {
    #expect(QuotaHTML.render(report()) == QuotaHTML.render(report()))
    #expect(try PNGSheet.render(report()) == PNGSheet.render(report()))
    let json = QuotaTables.json(report())
    #expect(json.contains("\"isShown\":false"))
    #expect(try JSONSerialization.jsonObject(with: Data(json.utf8)) is [String: Any])
  }

  @Test(.enabled(if: Browser.path != nil, "chromium is not installed"))
  func `a browser runs the page`() throws {
    let document = try Browser.document(of: QuotaHTML.render(report()))
    #expect(document.contains("<button type=\"button\">missing</button>"))
  }
}
