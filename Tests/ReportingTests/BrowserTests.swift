import Foundation
import Reporting
import Testing

/// The pages' scripts, in a real browser.
@Suite(.enabled(if: Browser.path != nil, "chromium is not installed"), .serialized)
struct BrowserTests {
  @Test func `the summary's scripts run`() throws {
    var sample = Sample(pointCount: 60, identityCount: 5, pairCount: 70, pictures: [:])
    let report = sample.report()
    let document = try Browser.document(of: SummaryHTML.render(report))
    #expect(part(of: document, from: "<html", to: ">").contains("data-ready=\"true\""))
    #expect(
      part(of: document, from: "<figure class=\"map\"", to: ">").contains("data-ready=\"true\""))
    #expect(
      part(of: document, from: "<span class=\"map-count\"", to: "</span>").contains("60 images"))
    #expect(document.components(separatedBy: "class=\"folded\"").count - 1 == 20)
    #expect(document.contains(">show all 70 rows</button>"))
    #expect(document.contains("<button type=\"button\">identity similarity</button>"))
  }

  @Test func `the map's legend counts every population`() throws {
    var sample = Sample(pointCount: 50, identityCount: 5, pairCount: 0, pictures: [:])
    let document = try Browser.document(of: MapHTML.render(sample.map()))
    let legend = part(of: document, from: "<div class=\"keys-list\"", to: "</div>")
    #expect(legend.contains(">digital 23</span>"))
    #expect(legend.contains(">reference 2</span>"))
    #expect(legend.components(separatedBy: "aria-pressed=\"true\"").count == 5)
  }

  @Test func `hostile names run nothing`() throws {
    let attack =
      "</script><img src=x onerror=\"document.documentElement.dataset.hacked=1\">"
      + "<script>document.documentElement.dataset.hacked=1</script>"
    var sample = Sample.small()
    let report = try rewritingTexts(of: sample.report()) { _ in attack }
    let document = try Browser.document(of: SummaryHTML.render(report))
    #expect(
      part(of: document, from: "<figure class=\"map\"", to: ">").contains("data-ready=\"true\""))
    #expect(!document.contains("data-hacked"))
  }

  @Test func `an empty map does not stop the script`() throws {
    let map = MapReport(
      title: "Empty", points: [], space: "identity", perplexity: 1, iterations: 0, klDivergence: 0,
      sampledFrom: 0, seed: 0)
    let document = try Browser.document(of: MapHTML.render(map))
    #expect(
      part(of: document, from: "<figure class=\"map\"", to: ">").contains("data-ready=\"true\""))
  }
}
