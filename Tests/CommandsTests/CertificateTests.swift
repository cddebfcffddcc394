import Foundation
import SQLite
import Testing

extension BuiltProgram {
  /// Certificates and sealed galleries, on vectors that need no network.
  struct CertificateTests {
    let scratch: Scratch
    let place: Workplace

    init() throws {
      scratch = try Scratch()
      var place = Workplace.new(in: scratch)
      place.tool.environment["XDG_CONFIG_HOME"] = scratch["config"]
      place.tool.environment["USER"] = "ada"
      self.place = place
      try take(Self.gallery, population: "reference", as: "person-of-the-gallery")
      try take(Self.suspects, population: "digital", as: "render")
    }

    static let width = 32
    static let gallery = people(40, each: 4, seed: 11)
    /// Rows 5 and 9 show gallery rows 30 and 77.
    static let suspects: [[Float]] = {
      var rows = people(15, each: 3, seed: 12)
      rows[5] = gallery[30].map { $0 * 2 }
      rows[9] = gallery[77]
      return rows
    }()

    private static func people(_ count: Int, each: Int, seed: UInt64) -> [[Float]] {
      var dice = Numbers(seed: seed)
      return (0..<count).flatMap { _ in
        let centre = (0..<width).map { _ in dice.normal() }
        return (0..<each).map { _ in centre.map { $0 + 0.08 * dice.normal() } }
      }
    }

    private func take(_ rows: [[Float]], population: String, as name: String) throws {
      let file = try scratch.write(try Numbers.npy(rows), to: "\(name).npy")
      let each = population == "reference" ? 4 : 3
      let lines = rows.indices.map { "\(name)-\($0).png,\(name)-\($0 / each)" }
      let table = try scratch.write(
        (["id,identity"] + lines).joined(separator: "\n") + "\n", to: "\(name).csv")
      let taken = place.run(
        "embeddings", "import", file, "--space", "identity", "--population", population, "--ids",
        table, "--quiet")
      try #require(taken.code == 0, "\(taken.said)")
    }

    private func search(_ more: String...) -> Tool.Result {
      place.run(
        ["leaks", "--similarity-at-least", "0.99", "--json", "--quiet"] + more)
    }

    private func certify(_ more: String...) throws -> (Tool.Result, json: String, page: String) {
      let result = place.run(["certify", "--output", scratch["out"], "--quiet"] + more)
      return (
        result, scratch["out/leak-certificate.json"], scratch["out/leak-certificate.html"]
      )
    }

    @Test func `a certificate says what was found, decided and possibly missed`() throws {
      #expect(search("--apply").code == 0)
      let (made, file, page) = try certify()
      #expect(made.code == 0, "\(made.said)")
      #expect(made.out.contains("Clean: no image that was found is left in the set."))
      let document = try #require(JSON(parsing: try text(file))["document"])
      #expect(document["verdict"]?.string == "clean")
      #expect(document["comparisons"]?.int == 45 * 160)
      #expect(document["set"]?["remaining"]?.int == 43)
      #expect(document["decisions"]?["quarantinedByRule"]?.int == 2)
      let hits = try #require(document["hits"]).items
      #expect(hits.count >= 2)
      // A prototype's cosine is not that of any two images.
      let samples = hits.filter { $0["tier"]?.string != "prototype" }
      #expect(samples.count >= 2)
      #expect(samples.allSatisfy { $0["asIs"]?.double == $0["similarity"]?.double })
      #expect(document["search"]?["exact"]?.value as? Bool == true)
      // 240 genuine pairs at cosine 0.99: the bound follows from those below it.
      #expect(document["exposure"]?["missRate"]?["pairs"]?.int == 40 * 6)
      #expect(document["exposure"]?["missRate"]?["cohort"]?.string == "reference")
      let most = try #require(document["exposure"]?["atMost"]?.int)
      #expect((0...43).contains(most))
      for path in [file, page] {
        let checked = Tool().run("verify", path)
        #expect(checked.code == 0, "\(checked.said)")
        #expect(checked.out.contains("not checked against a known key"), "\(checked.said)")
        #expect(place.run("verify", path).out.contains("signed by your own key"))
        let words = try text(path)
        for name in ["person-of-the-gallery", "render-", scratch.path, "/tmp"] {
          #expect(!words.contains(name), "\(name) in \(path)")
        }
      }
      #expect(try text(page).contains(try text(file)), "the page holds the same document")
    }

    @Test func `hits that nobody decided about make it not clean, a person's word an exception`()
      throws
    {
      #expect(search().code == 1)
      let (open, file, _) = try certify()
      #expect(open.code == 1, "\(open.said)")
      #expect(open.out.contains("Not clean: 2 images that were found wait for a decision."))
      #expect(try place.run("verify", file, "--json").json()["valid"]?.value as? Bool == true)
      #expect(search("--apply").code == 0)
      let aside = try place.run("quarantine", "list", "--json", "--quiet").json().items
      let image = try #require(aside.first?["image"]?.int)
      #expect(place.run("quarantine", "restore", "\(image)", "--quiet").code == 0)
      let (kept, _, _) = try certify()
      #expect(kept.code == 0)
      #expect(kept.out.contains("1 image that was found stays in the set by a person's decision."))
    }

    @Test func `a missing or stale search is refused`() throws {
      let (early, _, _) = try certify()
      #expect(early.code == 2)
      #expect(early.err.contains("never searched") && early.err.contains("try: "), "\(early.said)")
      #expect(search("--apply").code == 0)
      try take(Array(Self.gallery.prefix(8)), population: "reference", as: "latecomer")
      let (stale, file, _) = try certify()
      #expect(stale.code == 2)
      #expect(stale.err.contains("stale") && stale.err.contains("d2r-curate leaks"))
      #expect(!FileManager.default.fileExists(atPath: file))
    }

    @Test func `the signer is told apart by public key and fingerprint`() throws {
      #expect(search("--apply").code == 0)
      let created = place.run("keys", "create", "--json")
      #expect(created.code == 0, "\(created.said)")
      #expect(place.run("keys", "create").code == 2, "a key was replaced")
      let shown = try place.run("keys", "show", "--json").json()
      let print = try #require(shown["fingerprint"]?.string)
      let secret = "\(scratch["config"])/d2r-curate/signing.key"
      let mode = try FileManager.default.attributesOfItem(atPath: secret)[.posixPermissions]
      #expect((mode as? NSNumber)?.intValue == 0o600)
      let (_, file, _) = try certify()
      for pin in [print, try #require(shown["publicKey"]?.string), secret + ".pub"] {
        let checked = Tool().run("verify", file, "--public-key", pin)
        #expect(checked.code == 0 && checked.out.contains("expected key"), "\(checked.said)")
      }
      let other = scratch["other.key"]
      #expect(place.run("keys", "create", "--key", other, "--quiet").code == 0)
      let wrong = Tool().run("verify", file, "--public-key", other + ".pub")
      #expect(wrong.code == 1 && wrong.out.contains("another key"), "\(wrong.said)")
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: other)
      let open = place.run("certify", "--key", other, "--output", scratch["out"])
      #expect(open.code == 2 && open.err.contains("chmod 600"), "\(open.said)")
    }

    @Test func `a replay recomputes it, and finds what has changed`() throws {
      #expect(search("--apply").code == 0)
      let (_, file, page) = try certify()
      let replay = place.run("verify", page, "--replay", "500", "--json")
      #expect(replay.code == 0, "\(replay.said)")
      let counts = try replay.json()["replay"]
      #expect(counts?["comparisons"]?.int == 500)
      #expect(counts?["hits"]?.int ?? 0 >= 2)
      #expect(place.run("verify", file, "--replay", "50", "--seed", "7").out.contains("seed 7"))
      // One more suspect: the digests no longer fit.
      try take([Self.gallery[3]], population: "digital", as: "late")
      let changed = place.run("verify", file, "--replay", "10")
      #expect(changed.code == 1)
      #expect(changed.out.contains("images tested: the certificate says 45, here it is 46"))
      #expect(changed.out.contains("digest of the set"))
    }

    @Test func `a hit that the certificate hides is found by random comparisons`() throws {
      #expect(search().code == 1)
      try Database(path: "\(place.path)/catalog.sqlite", mode: .existing).run("DELETE FROM pair")
      let (made, file, _) = try certify()
      #expect(made.code == 0, "\(made.said)")
      // 7,200 pairs, of which two or more are hits: 60,000 draws miss them all less often than e^-16.
      let replay = place.run("verify", file, "--replay", "60000", "--seed", "1")
      #expect(replay.code == 1, "\(replay.said)")
      #expect(replay.out.contains("reaches the threshold and is no hit"), "\(replay.said)")
    }

    @Test func `a forged number is found by verify`() throws {
      #expect(search().code == 1)
      let (_, file, page) = try certify()
      for path in [file, page] {
        let whole = try text(path)
        for (from, to) in [
          ("\"undecided\":2", "\"undecided\":0"),
          ("\"verdict\":\"findings\"", "\"verdict\":\"clean\""),
          ("\"format\":1", "\"format\":1.0"),
        ] {
          #expect(whole.contains(from), "\(from)")
          let forged = try scratch.write(
            whole.replacingOccurrences(of: from, with: to), to: "forged")
          let result = Tool().run("verify", forged)
          #expect(result.code == 1, "\(from): \(result.said)")
          #expect(result.out.contains("this is not what was signed"), "\(result.said)")
        }
      }
      let shown = try text(page).replacingOccurrences(of: "Not clean: 2", with: "Clean: 0")
      #expect(Tool().run("verify", try scratch.write(shown, to: "shown.html")).code == 1)
      let junk = try scratch.write("junk", to: "junk")
      #expect(Tool().run("verify", junk).code == 1)
      #expect(Tool().run("verify", scratch["none"]).code == 2)
    }

    private func text(_ path: String) throws -> String {
      try String(contentsOfFile: path, encoding: .utf8)
    }
  }
}
