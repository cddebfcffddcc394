import Domain
import Reporting
import Testing

struct LeakPageTests {
  private func report() -> SummaryReport {
    var report = SummaryReport(
      workspace: "faces", findingCount: 0,
      provenance: Provenance(toolVersion: "1.0.0", seed: 0))
    var images = LeakSearch.Rate(name: "images", comparisons: 53_100, leaks: 10, onlyHere: 1)
    images.reject = CosineSimilarity(0.9612)
    images.rejectRate = 1e-4
    report.leakSearch = LeakSearch(
      rates: [images, .init(name: "prototypes", comparisons: 0, leaks: 0, onlyHere: 0)],
      classMeans: .init(3, of: 40), mirrored: .init(0, of: 177), onlyMirrored: 0)
    var budget = CollisionReport.Budget(name: "image pairs", found: 37, comparisons: 124_000)
    budget.expected = 12.4
    budget.usual = 6...20
    report.collisions = CollisionReport(
      identities: 24, budgets: [budget],
      pairs: [.init(a: "<b>", b: "other", imagePairs: 2, decidedBy: "images")],
      removals: [.init(identity: "<b>", degree: 1, images: 8, decision: .proposed)],
      isMeasuredOnItself: true)
    return report
  }

  @Test func `the page says what was compared, what means miss, and what chance gives`() {
    for page in [LeaksHTML.render(report()), SummaryHTML.render(report())] {
      for text in [
        "53,100", "5.3", "not compared", "3 of 40", "0 of 177", "37", "12.4", "6 to 20",
        "24 identities", "no yardstick", "proposed",
      ] { #expect(page.contains(text), "\(text)") }
      #expect(!page.contains("<b>"))
    }
  }

  @Test func `without a search there are no such sections`() {
    let nothing = SummaryReport(
      workspace: "new", findingCount: 0, provenance: Provenance(toolVersion: "1", seed: 0))
    for page in [LeaksHTML.render(nothing), SummaryHTML.render(nothing)] {
      #expect(page.contains("No leaks were found"))
      #expect(!page.contains("Identity collisions") && !page.contains("How leaks were searched"))
    }
  }
}
