import Domain
import Foundation
import Reporting
import Testing

@Suite struct ReviewPageTests {
  static func report(_ count: Int, path: String = "a/1.png") -> ReviewReport {
    let pairs = (0..<count).map { number in
      var pair = ReviewPair(
        key: "00000000000000\(10 + number)", question: "same person?", tier: "same-person",
        removed: ImageReference(path: path, population: .digital, identity: "a"),
        kept: ImageReference(
          path: "r/\(number).jpg", population: .reference,
          tile: PictureTile(bytes: [0xFF, 0xD8, 0xFF], alt: "r", isReal: true, hidden: true)))
      pair.similarities = [
        SpaceSimilarity(space: "identity", similarity: CosineSimilarity(0.9612))
      ]
      pair.threshold = "identity cosine >= 0.9 (false-match rate 1e-4, measured)"
      pair.isUnsure = number == 0
      return pair
    }
    return ReviewReport(workspace: "faces", pairs: pairs)
  }

  @Test func `the page holds every pair and needs nothing from elsewhere`() {
    let page = ReviewHTML.render(Self.report(3))
    #expect(page.components(separatedBy: "<li class=\"match\"").count == 4)
    #expect(page.contains("identity similarity</dt><dd>0.9612"))
    #expect(page.contains("false-match rate 1e-4"))
    #expect(page.contains("hidden (real person)"))
    #expect(page.components(separatedBy: "unsure before").count == 2)
    #expect(page.contains("default-src &#39;none&#39;"))
    for address in ["http:", "https:", "src=\"/", "url("] { #expect(!page.contains(address)) }
    #expect(ReviewHTML.render(Self.report(3)) == page)
  }

  @Test func `an empty queue says so`() {
    #expect(ReviewHTML.render(Self.report(0)).contains("No pair waits for an answer."))
  }

  /// A page with a script of ours after its own, as a person would press keys.
  private func press(_ page: String, _ script: String) throws -> String {
    try Browser.document(
      of: page.replacing(
        "</body>",
        with: """
          <script>
          const press = (key) => document.dispatchEvent(
            new KeyboardEvent("keydown", { key, bubbles: true }));
          \(script)
          </script></body>
          """))
  }

  private func answers(_ document: String) -> [String] {
    part(of: document, from: "<textarea", to: "</textarea>").split(separator: "\n")
      .dropFirst().dropLast()
      .map { String($0.split(separator: ",", omittingEmptySubsequences: false)[1]) }
  }

  @Test(.enabled(if: Browser.path != nil, "chromium is not installed"))
  func `keys answer, z takes back, buttons work, and the download has it all`() throws {
    let document = try press(
      ReviewHTML.render(Self.report(5)),
      """
      ["1", "2", "3", "z", "1", "z", "z", "x", "3"].forEach(press);
      document.querySelectorAll("li.match")[4].querySelector("[data-answer=different]").click();
      const make = URL.createObjectURL;
      URL.createObjectURL = (blob) => {
        blob.text().then((text) => { document.documentElement.dataset.saved = btoa(text); });
        return make(blob);
      };
      const link = document.getElementById("download");
      link.addEventListener("click", (event) => event.preventDefault());
      link.click();
      """)
    #expect(part(of: document, from: "<html", to: ">").contains("data-ready=\"true\""))
    #expect(answers(document) == ["same", "unsure", "", "", "different"])
    #expect(document.contains("3 of 5 answered"))
    let saved = try #require(
      document.components(separatedBy: "data-saved=\"").dropFirst().first?
        .components(separatedBy: "\"").first)
    let text = String(decoding: try #require(Data(base64Encoded: saved)), as: UTF8.self)
    #expect(text.hasPrefix("pair,answer,removed,kept\n0000000000000010,same,digital/a/1.png,"))
    #expect(text.split(separator: "\n").count == 6)
  }

  @Test(.enabled(if: Browser.path != nil, "chromium is not installed"))
  func `a hostile path runs nothing and is quoted in the answers`() throws {
    let attack = "a,\"</li><script>document.documentElement.dataset.hacked=1</script>.png"
    let document = try press(ReviewHTML.render(Self.report(1, path: attack)), "press('1')")
    #expect(!document.contains("data-hacked"))
    #expect(part(of: document, from: "<textarea", to: "</textarea>").contains("\"digital/a,\"\""))
  }
}
