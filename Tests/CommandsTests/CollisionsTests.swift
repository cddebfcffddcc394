import Testing

extension BuiltProgram {
  /// Identities of one set that show the same person, as vectors; no network is needed.
  struct CollisionsTests {
    let scratch: Scratch
    let place: Workplace

    init() throws {
      scratch = try Scratch()
      place = Workplace.new(in: scratch)
      #expect(
        try Crowd(60, each: 3, seed: 51).enter(place, scratch, as: "reference", "g").code == 0)
      #expect(place.run("calibrate", "--quiet").code == 0)
    }

    /// Thirty identities. The pictures of `p0` are half of `p1`'s person and half of `p2`'s.
    private func plantHub() throws {
      var crowd = Crowd(30, each: 4, seed: 52)
      for (row, other) in [(0, 4), (1, 5), (2, 8), (3, 9)] {
        crowd.rows[row] = Crowd.near(crowd.rows[other], seed: UInt64(row))
      }
      #expect(try crowd.enter(place, scratch, as: "digital", "d").code == 0)
    }

    private func search(_ words: String...) throws -> JSON {
      let result = place.run(["collisions", "--json", "--quiet"] + words)
      #expect(result.code < 2, "\(result.said)")
      return try result.json()
    }

    private func quarantined() throws -> [JSON] {
      try place.run("quarantine", "list", "--json", "--quiet").json().items
    }

    @Test func `the identity that collides with most is proposed, and can be taken back`() throws {
      try plantHub()
      let found = try search()
      let pairs = found["pairs"]?.items ?? []
      #expect(Set(pairs.compactMap { $0["b"]?.string }) == ["p1", "p2"], "\(pairs)")
      #expect(pairs.allSatisfy { $0["a"]?.string == "p0" && $0["imagePairs"]?.int == 8 })
      #expect(pairs.allSatisfy { ["images", "both"].contains($0["decidedBy"]?.string) })
      let proposals = found["proposals"]?.items ?? []
      #expect(proposals.map { $0["identity"]?.string } == ["p0"])
      #expect(proposals.first?["degree"]?.int == 2)
      #expect(try quarantined().isEmpty)
      let applied = place.run("collisions", "--apply", "--json", "--quiet")
      #expect(applied.code == 0, "\(applied.said)")
      let aside = try quarantined()
      #expect(aside.count == 4)
      #expect(aside.allSatisfy { $0["rule"]?.string == "collision" })
      #expect(aside.allSatisfy { $0["reason"]?.string?.contains("p0 collides with 2") == true })
      #expect(place.run("collisions", "--quiet").code == 0, "nothing waits any more")
      let again = try search("--apply")
      #expect(again["applied"]?["unchanged"]?.int == 4)
      #expect(place.run("undo", "--quiet").code == 0)
      #expect(try quarantined().isEmpty)
      #expect(place.run("collisions", "--quiet").code == 1)
      #expect(try place.verify().problems == 0)
    }

    @Test func `found is held against chance, and a budget proposes no more than needed`() throws {
      try plantHub()
      let all = try search("--fmr", "1e-2", "--by", "images")
      let budget = try #require(all["budget"]?["images"])
      #expect(budget["comparisons"]?.int == 30 * 29 / 2 * 16)
      #expect(abs((budget["expected"]?.double ?? 0) - 69.6) < 1e-9)
      #expect(budget["low"]?.int == 54)
      #expect(budget["high"]?.int == 86)
      #expect(all["budget"]?["prototypes"]?.int == nil)
      let few = try search("--fmr", "1e-2", "--by", "images", "--budget")
      let wanted = try #require(all["removals"]?.int)
      #expect(few["removals"]?.int ?? .max <= wanted)
      let text = place.run("collisions", "--fmr", "1e-2", "--quiet").out
      #expect(text.contains("are expected by chance (95 %: 54 to 86)"), "\(text)")
      #expect(
        place.run("collisions", "--budget", "--similarity-at-least", "0.9").code == 64)
    }

    @Test func `the audit judges collisions against chance`() throws {
      try plantHub()
      _ = try search()
      let rule = "identities-are-distinct"
      #expect(place.run("audit", "--quiet").out.contains("FOUND   \(rule)"))
      _ = try search("--apply")
      #expect(place.run("audit", "--quiet").out.contains("passed  \(rule)"))
    }

    @Test func `equal identities, one picture, none and no identity do no harm`() throws {
      let none = place.run("collisions", "--quiet")
      #expect(none.code == 2)
      #expect(none.err.contains("no digital or generated image"), "\(none.said)")
      var crowd = Crowd()
      let row = Crowd(1, each: 1, seed: 53).rows[0]
      crowd.add(row, "a")
      try crowd.enter(place, scratch, as: "digital", "one")
      #expect(try search()["collisions"]?.int == 0)
      var more = Crowd()
      for name in ["b", "c", ""] { more.add(row, name) }
      try more.enter(place, scratch, as: "digital", "more")
      let found = try search()
      #expect(found["collisions"]?.int == 3)
      #expect(found["withoutIdentity"]?.int == 1)
      #expect(
        found["proposals"]?.items.compactMap { $0["identity"]?.string } == ["a", "b"])
    }

    @Test func `a threshold measured on the set itself is no yardstick, and this is said`() throws {
      let alone = Workplace.new(in: scratch, "alone")
      try Crowd(30, each: 4, seed: 54).enter(
        alone, scratch, as: "digital", "d", space: "toy")
      let toy = ["--space", "toy", "--quiet"]
      #expect(alone.run(["calibrate", "--cohort", "digital"] + toy).code == 0)
      let result = alone.run(["collisions", "--fmr", "1e-3"] + toy)
      #expect(result.code < 2, "\(result.said)")
      #expect(result.out.contains("measured on this set itself"), "\(result.said)")
    }
  }
}
