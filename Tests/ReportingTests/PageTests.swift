import Foundation
import Reporting
import Testing

struct PageTests {
  @Test func `the same report gives the same bytes`() throws {
    var first = Sample.small()
    var second = Sample.small()
    let (a, b) = (first.report(), second.report())
    #expect(a == b)
    for (one, other) in zip(everyText(a), everyText(b)) {
      #expect(one.text == other.text, "\(one.name)")
    }
    #expect(try PNGMap.render(#require(a.map)) == PNGMap.render(#require(b.map)))
  }

  @Test func `a report survives JSON`() throws {
    var sample = Sample.small()
    let report = sample.report()
    let data = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(SummaryReport.self, from: data) == report)
  }

  @Test func `sections stand in the order of the job`() {
    var sample = Sample.small()
    let page = SummaryHTML.render(sample.report())
    let order = [
      "planted", "index", "map", "delta", "similarities", "duplicates", "leaks", "quotas", "audit",
      "provenance",
    ]
    let places = order.map { page.range(of: "<section id=\"\($0)\"")?.lowerBound }
    #expect(places.allSatisfy { $0 != nil })
    #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
    for anchor in order { #expect(page.contains("<a href=\"#\(anchor)\">"), "\(anchor)") }
  }

  @Test func `the verdict counts findings in words`() {
    for (count, words) in [
      (0, "No open findings"), (1, "1 finding</strong> needs"), (2, "2 findings</strong> need "),
    ] {
      let report = SummaryReport(
        workspace: "w", findingCount: count, provenance: Provenance(toolVersion: "1", seed: 1))
      #expect(SummaryHTML.render(report).contains(words))
    }
  }

  @Test func `pictures have words, tables captions, figures names, anchors are unique`() {
    var sample = Sample.small()
    let page = part(of: SummaryHTML.render(sample.report()), from: "<body>", to: "</footer>")
    func pieces(_ tag: String) -> [Substring] {
      page.components(separatedBy: tag).dropFirst().map { $0.prefix { $0 != ">" } }
    }
    #expect(pieces("<img ").allSatisfy { $0.contains("alt=\"") && !$0.contains("alt=\"\"") })
    #expect(pieces("<table ").count == page.components(separatedBy: "<caption>").count - 1)
    #expect(
      pieces("<svg ").allSatisfy {
        $0.contains("aria-label=\"") || $0.contains("aria-hidden=\"true\"")
      })
    #expect(pieces("<th ").allSatisfy { $0.contains("scope=\"col\"") })
    #expect(pieces("<h1").count == 1)
    let anchors = page.components(separatedBy: " id=\"").dropFirst().map {
      $0.prefix { $0 != "\"" }
    }
    #expect(Set(anchors).count == anchors.count)
  }

  @Test func `a permutation p is never smaller than its permutations resolve`() {
    var sample = Sample.small()
    var report = sample.report()
    report.deltas[0].permutationP = 0
    report.deltas[0].permutations = 199
    #expect(SummaryHTML.render(report).contains("<dd>≤ 5e-3</dd>"))
  }

  @Test func `figures are well-formed`() throws {
    var sample = Sample.small()
    for (name, text) in everyText(sample.report()) where name.hasSuffix(".svg") {
      try expectWellFormed(text)
    }
  }

  /// WCAG 2.1: 4.5 : 1 for text (1.4.3), 3 : 1 for the marks of figures (1.4.11).
  @Test func `text and marks stand out on light and on dark ground`() throws {
    var sample = Sample.small()
    let themes = SummaryHTML.render(sample.report()).components(separatedBy: ":root{").dropFirst()
      .prefix(2)
    #expect(themes.count == 2)
    for theme in themes {
      let tones = colours(String(theme.prefix { $0 != "}" }))
      for ground in ["ground", "surface"] {
        let back = try #require(tones[ground])
        for name in ["ink", "muted", "warn"] {
          #expect(contrast(try #require(tones[name]), back) >= 4.5, "\(name) on \(ground)")
        }
        for name in ["digital", "real", "generated", "reference", "impostor", "genuine", "leak"] {
          #expect(contrast(try #require(tones[name]), back) >= 3, "\(name) on \(ground)")
        }
        for place in 0..<8 {
          #expect(contrast(try #require(tones["c\(place)"]), back) >= 3, "c\(place) on \(ground)")
        }
      }
    }
  }

  private func colours(_ css: String) -> [String: Int] {
    var result: [String: Int] = [:]
    for line in css.components(separatedBy: ";") {
      let sides = line.components(separatedBy: ":#")
      if sides.count == 2 { result[String(sides[0].dropFirst(2))] = Int(sides[1], radix: 16) }
    }
    return result
  }

  private func contrast(_ a: Int, _ b: Int) -> Double {
    let (x, y) = (luminance(a), luminance(b))
    return (max(x, y) + 0.05) / (min(x, y) + 0.05)
  }

  private func luminance(_ colour: Int) -> Double {
    let channels = [16, 8, 0].map { shift -> Double in
      let value = Double(colour >> shift & 255) / 255
      return value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
  }
}
