import Foundation
import Testing

extension BuiltProgram {
  /// Groups, keepers, thresholds and sizes of `dedup`, on vectors alone: no network is needed.
  struct DuplicatesTests {
    let scratch: Scratch
    let place: Workplace

    init() throws {
      scratch = try Scratch()
      place = Workplace.new(in: scratch)
    }

    private func take(
      _ rows: [[Float]], as name: String, population: String = "digital",
      identities: [String]? = nil, into place: Workplace? = nil
    ) throws {
      let file = try scratch.write(try Numbers.npy(rows), to: "\(name).npy")
      var words = ["embeddings", "import", file, "--space", "toy", "--population", population]
      if let identities {
        let lines = identities.enumerated().map { "\(name)-\($0),\($1)" }
        words += [
          "--ids",
          try scratch.write(
            (["id,identity"] + lines).joined(separator: "\n") + "\n", to: "\(name).csv"),
        ]
      }
      let taken = (place ?? self.place).run(words + ["--quiet"])
      #expect(taken.code == 0, "\(taken.said)")
    }

    private func dedup(_ options: String..., patience: Double = 120) throws -> JSON {
      let result = place.run(
        ["dedup", "--space", "toy", "--json", "--quiet"] + options, patience: patience)
      #expect([0, 1].contains(result.code), "\(result.said)")
      return try result.json()
    }

    /// Removed and kept paths of every pair.
    private func pairs(_ document: JSON) -> [String: String] {
      let pairs = document["pairs"]?.items ?? []
      return Dictionary(
        uniqueKeysWithValues: pairs.map {
          ($0["removed"]?["path"]?.string ?? "", $0["kept"]?["path"]?.string ?? "")
        })
    }

    /// Unit vectors in a plane, by their angles.
    private func fan(_ angles: Float...) -> [[Float]] {
      angles.map { [cos($0), sin($0), 0, 0] }
    }

    @Test func `a chain is no group: every member is close to the image that stays`() throws {
      try take(fan(0, 0.2, 0.4), as: "chain")
      #expect(pairs(try dedup("--similarity-at-least", "0.95")) == ["1": "0"])
      let central = try dedup("--similarity-at-least", "0.95", "--keep", "centrality")
      #expect(pairs(central) == ["0": "1", "2": "1"])
      let reasons = central["pairs"]?.items.map { $0["keeper"]?["decidedBy"]?.string }
      #expect(reasons == ["centrality", "centrality"])
    }

    @Test func `of two alike the one most like its identity is central`() throws {
      // Rows 0 and 1 are a pair; rows 2 and 3 pull the prototype towards row 1.
      try take(fan(0, 0.1, 0.6, 0.7), as: "v", identities: ["a", "a", "a", "a"])
      let central = try dedup("--similarity-at-least", "0.995", "--keep", "centrality")
      #expect(pairs(central)["v-0"] == "v-1")
      let oldest = try dedup("--similarity-at-least", "0.995", "--keep", "oldest")
      #expect(pairs(oldest)["v-1"] == "v-0")
      let keeper = oldest["pairs"]?.items.first?["keeper"]
      #expect(keeper?["keep"]?.string == "oldest" && keeper?["decidedBy"]?.string == "oldest")
    }

    @Test func `a protected population wins and loses nothing`() throws {
      try take(fan(0, 1), as: "d")
      try take(fan(0.01, 0.02, 1.5), as: "r", population: "real")
      let free = try dedup(
        "--similarity-at-least", "0.99", "--population", "digital", "--population", "real")
      #expect(pairs(free).count == 2 && pairs(free).values.allSatisfy { $0 == "0" })
      let document = try dedup(
        "--similarity-at-least", "0.99", "--population", "digital", "--protect", "real")
      let found = try #require(document["pairs"]).items
      #expect(document["protected"]?.int == 3)
      #expect(found.count == 1, "real images stay, though two of them are alike")
      #expect(found.first?["removed"]?["population"]?.string == "digital")
      #expect(found.first?["kept"]?["population"]?.string == "real")
      #expect(found.first?["keeper"]?["decidedBy"]?.string == "protected")
    }

    @Test func `within identities only images of one identity are compared`() throws {
      try take(fan(0, 0.01, 0.02, 1), as: "v", identities: ["a", "b", "a", "b"])
      #expect(pairs(try dedup("--similarity-at-least", "0.99")) == ["v-1": "v-0", "v-2": "v-0"])
      let within = try dedup("--similarity-at-least", "0.99", "--scope", "identity")
      #expect(pairs(within) == ["v-2": "v-0"])
    }

    @Test func `stricter thresholds and sweeps read the pairs that were searched`() throws {
      try take(fan(0, 0.1, 0.2, 0.3, 1.0, 1.02), as: "v")
      let sweep = place.run(
        "dedup", "--space", "toy", "--sweep", "0.9,0.97,0.999", "--json", "--quiet")
      #expect(sweep.code == 0, "\(sweep.said)")
      let lines = try #require(try sweep.json()["sweep"]).items
      #expect(lines.map { $0["removals"]?.int } == [4, 3, 1])
      let shards = contents(of: "\(place.path)/graphs")
      #expect(shards.count == 1)
      for line in lines {
        let cosine = try #require(line["similarityAtLeast"]?.double)
        let single = try dedup("--similarity-at-least", "\(Float(cosine))")
        #expect(single["removals"]?.int == line["removals"]?.int)
        #expect(single["groups"]?.int == line["groups"]?.int)
        #expect(single["graph"]?["stored"]?.value as? Bool == true)
      }
      #expect(contents(of: "\(place.path)/graphs") == shards, "nothing was searched again")
      let said = place.run("dedup", "--space", "toy", "--similarity-at-least", "0.95", "--quiet")
      #expect(said.out.contains("from the stored pair graph"), "\(said.said)")
      let looser = try dedup("--similarity-at-least", "0.5")
      #expect(looser["graph"]?["stored"]?.value as? Bool == false)
      #expect(try place.verify().problems == 0)
    }

    @Test func `a graph that is damaged or gone is searched for again`() throws {
      try take(fan(0, 0.1, 1), as: "v")
      let first = try dedup("--similarity-at-least", "0.9")
      let file = try #require(contents(of: "\(place.path)/graphs").first)
      var bytes = Array(file.value)
      bytes[260] ^= 1
      try scratch.write(bytes, to: "new/graphs/\(file.key)")
      #expect(try place.verify().problems == 1)
      let second = try dedup("--similarity-at-least", "0.95")
      #expect(second["graph"]?["stored"]?.value as? Bool == false)
      #expect(pairs(second) == pairs(first))
      try FileManager.default.removeItem(atPath: "\(place.path)/graphs")
      #expect(try place.verify().problems == 0, "what is gone is searched for again")
      #expect(pairs(try dedup("--similarity-at-least", "0.96")) == pairs(first))
    }

    @Test func `a dry run leaves nothing`() throws {
      try take(fan(0, 0.1, 1), as: "v")
      let before = try place.verify()
      let dry = place.run(
        "dedup", "--space", "toy", "--similarity-at-least", "0.9", "--apply", "--dry-run")
      #expect(dry.code == 1, "\(dry.said)")
      #expect(contents(of: "\(place.path)/graphs").isEmpty)
      #expect(try place.verify() == before)
    }

    @Test func `twenty thousand equal vectors are one group, one step each`() throws {
      try take([[Float]](repeating: [1, 2, 3, 4], count: 20_000), as: "v")
      let document = try dedup("--similarity-at-least", "0.9", patience: 60)
      #expect(document["removals"]?.int == 19_999)
      #expect(document["groups"]?.int == 1)
      #expect(document["graph"]?["rows"]?.int == 1)
    }

    @Test func `a group larger than any block of the search is one group`() throws {
      var dice = Numbers(seed: 3)
      let rows = (0..<1300).map { _ in (0..<16).map { _ in 3 + 0.01 * dice.normal() } }
      try take(rows, as: "v")
      let document = try dedup("--similarity-at-least", "0.99")
      #expect(document["removals"]?.int == 1299)
      #expect(document["groups"]?.int == 1)
      #expect(document["graph"]?["pairs"]?.int == 1300 * 1299 / 2)
    }

    @Test func `one image is no duplicate and none is a clear message`() throws {
      let none = place.run("dedup", "--quiet")
      #expect(none.code == 2 && none.err.contains("try: index some"), "\(none.said)")
      try take(fan(0), as: "v")
      #expect(try dedup("--similarity-at-least", "0.9")["removals"]?.int == 0)
      #expect(place.run("dedup", "--quiet").code == 2, "no vector of the identity space")
    }

    @Test func `a wrong sweep is a usage error`() throws {
      for words in [["--sweep", "0.9,x"], ["--sweep", "2"], ["--sweep", "0.9", "--apply"]] {
        #expect(place.run(["dedup"] + words).code == 64)
      }
      #expect(place.run("dedup", "--hash-at-most", "32").code == 64)
    }
  }
}
