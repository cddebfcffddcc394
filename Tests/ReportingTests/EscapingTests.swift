import Foundation
import Reporting
import Testing

struct EscapingTests {
  private static let attack =
    "x\"'><script>document.documentElement.dataset.hacked=1</script><img src=x onerror=hack()>&amp;"

  private func report(_ rewrite: (String) -> String) throws -> SummaryReport {
    var sample = Sample.small()
    return try rewritingTexts(of: sample.report(), rewrite)
  }

  @Test func `names that look like markup stay text in every page and figure`() throws {
    let hostile = try report { _ in Self.attack }
    for (name, text) in everyText(hostile) where name.hasSuffix("html") || name.hasSuffix("svg") {
      #expect(!text.contains("<script>document.documentElement.dataset"), "\(name)")
      #expect(!text.contains("<img src=x"), "\(name)")
      #expect(!text.contains("x\"'"), "\(name)")
      #expect(text.contains("x&quot;&#39;&gt;&lt;script&gt;"), "\(name)")
      #expect(text.contains("&amp;amp;"), "\(name)")
    }
  }

  @Test func `data inside a script element cannot end it`() throws {
    let page = try MapHTML.render(#require(report { _ in Self.attack }.map))
    let data = part(of: page, from: "<script type=\"application/json\">", to: "</script>")
    #expect(data.hasSuffix("]}</script>") || data.hasSuffix("null}</script>"))
    let json = data.dropFirst("<script type=\"application/json\">".count).dropLast(
      "</script>".count)
    let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    #expect((object?["path"] as? [String])?.first == Self.attack)
    #expect((object?["identities"] as? [String])?.first == Self.attack)
  }

  @Test func `quotes, commas and line ends survive CSV`() throws {
    let name = "a \"b\", c\r\nd\ne"
    let row = QuotaRow(identity: name, wanted: 1, had: 1, accepted: 0, attempts: 0, shortfall: 0)
    #expect(
      TableCSV.render(quotas: [row])
        == "identity,wanted,had,accepted,attempts,shortfall,reason\r\n"
        + "\"a \"\"b\"\", c\r\nd\ne\",1,1,0,0,0,\r\n")
  }

  @Test func `JSON tables give back what went in`() throws {
    let name = "a \"b\" \\ \u{1} \u{2028} <é> 名 🙂"
    let row = QuotaRow(identity: name, wanted: 1, had: 1, accepted: 0, attempts: 0, shortfall: 0)
    let text = TableJSON.render(quotas: [row])
    let list = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
    #expect(list?.first?["identity"] as? String == name)
  }

  @Test func `right-to-left names are isolated and cannot reorder the page`() throws {
    let page = SummaryHTML.render(try report { _ in "שלום\u{202E}gpj.exe\u{2066}" })
    #expect(page.contains("<bdi>שלום\u{FFFD}gpj.exe\u{FFFD}</bdi>"))
    #expect(!page.unicodeScalars.contains("\u{202E}"))
    #expect(!page.unicodeScalars.contains("\u{2066}"))
  }

  @Test func `control characters and line ends do not break a figure`() throws {
    let map = try #require(report { _ in "a\nb\u{0}c\u{7}\u{FFFF}" }.map)
    try expectWellFormed(SVGMap.render(map))
    #expect(SVGMap.render(map).contains("a b\u{FFFD}c\u{FFFD}\u{FFFD}"))
  }
}
