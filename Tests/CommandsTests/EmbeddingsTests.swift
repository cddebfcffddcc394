import Foundation
import Testing

extension BuiltProgram {
  /// Every analysis works on vectors that came without pictures; no network is needed.
  struct EmbeddingsTests {
    let scratch: Scratch
    let place: Workplace

    init() throws {
      scratch = try Scratch()
      place = Workplace.new(in: scratch)
    }

    static let width = 32

    /// Clusters around random directions: rows, and the identity of each.
    private func people(
      _ count: Int, each: Int, seed: UInt64, spread: Float = 0.08
    ) -> (rows: [[Float]], names: [String]) {
      var dice = Numbers(seed: seed)
      var rows: [[Float]] = []
      var names: [String] = []
      for person in 0..<count {
        let centre = (0..<Self.width).map { _ in dice.normal() }
        for _ in 0..<each {
          rows.append(centre.map { $0 + spread * dice.normal() })
          names.append("p\(person)")
        }
      }
      return (rows, names)
    }

    @discardableResult
    private func take(
      _ rows: [[Float]], _ names: [String]?, population: String, as name: String
    ) throws -> Tool.Result {
      let file = try scratch.write(try Numbers.npy(rows), to: "\(name).npy")
      var words = [
        "embeddings", "import", file, "--space", "toy", "--population", population, "--json",
        "--quiet",
      ]
      if let names {
        let lines = names.enumerated().map { "\(name)-\($0),\($1)" }
        let text = (["id,identity"] + lines).joined(separator: "\n") + "\n"
        words += ["--ids", try scratch.write(text, to: "\(name).csv")]
      }
      return place.run(words)
    }

    @Test func `calibrate, dedup, leaks, delta and the map work on vectors alone`() throws {
      let gallery = people(40, each: 3, seed: 1)
      var (rows, names) = people(12, each: 4, seed: 2)
      // Planted: row 48 repeats row 5, row 49 is a person of the gallery.
      rows.append(rows[5].map { $0 * 3 })
      names.append(names[5])
      rows.append(gallery.rows[7])
      names.append("p3")
      #expect(try take(gallery.rows, gallery.names, population: "reference", as: "g").code == 0)
      let taken = try take(rows, names, population: "digital", as: "d")
      #expect(try taken.json()["added"]?.int == 50)
      #expect(try take(rows, names, population: "digital", as: "d").json()["added"]?.int == 0)

      let calibrated = try place.run("calibrate", "--space", "toy", "--json", "--quiet").json()
      #expect(calibrated["impostorPairs"]?.int == 120 * 119 / 2 - 40 * 3)
      #expect(calibrated["genuinePairs"]?.int == 120)
      let dedup = try place.run(
        "dedup", "--space", "toy", "--similarity-at-least", "0.999999", "--json", "--quiet"
      ).json()
      let pairs = try #require(dedup["pairs"]).items
      #expect(pairs.count == 1)
      let ends = [pairs.first?["kept"], pairs.first?["removed"]].map { $0?["path"]?.string ?? "" }
      #expect(Set(ends) == ["d-5", "d-48"])
      let leaks = place.run(
        "leaks", "--space", "toy", "--similarity-at-least", "0.9999", "--json", "--quiet")
      #expect(leaks.code == 1, "\(leaks.said)")
      #expect(try leaks.json()["leaks"]?.int == 1)
      let map = try place.run(
        "report", "tsne", "--space", "toy", "--iterations", "100", "--json", "--quiet"
      ).json()
      #expect(map["points"]?.int == 170)
      #expect(map["klDivergence"]?.double ?? .nan > 0)
      let lines = try String(
        contentsOfFile: "\(place.path)/reports/tsne-toy/map.csv", encoding: .utf8
      ).split(whereSeparator: \.isNewline)
      #expect(lines.count == 171)
      let delta = try place.run(
        "delta", "--space", "toy", "--to", "reference", "--accept-unstable", "--json", "--quiet"
      ).json()
      #expect(delta["width"]?.int == Self.width)
      #expect(try place.verify().problems == 0)
    }

    @Test func `identity vectors go through the leak search and are applied`() throws {
      let gallery = people(40, each: 3, seed: 3)
      var digital = people(10, each: 3, seed: 4)
      digital.rows[11] = gallery.rows[20]
      let encode = ["--space", "identity", "--json", "--quiet"]
      for (name, set, population) in [
        ("g", gallery, "reference"), ("d", digital, "digital"),
      ] {
        let file = try scratch.write(try Numbers.npy(set.rows), to: "\(name).npy")
        let ids = (["id,identity"] + set.names.enumerated().map { "\(name)-\($0),\($1)" })
          .joined(separator: "\n")
        let table = try scratch.write(ids, to: "\(name).csv")
        let taken = place.run(
          ["embeddings", "import", file, "--population", population, "--ids", table] + encode)
        #expect(taken.code == 0, "\(taken.said)")
      }
      #expect(place.run("calibrate", "--quiet").code == 0)
      let leaks = place.run(
        "leaks", "--similarity-at-least", "0.999", "--apply", "--json", "--quiet")
      #expect(leaks.code == 0, "\(leaks.said)")
      #expect(try leaks.json()["leaks"]?.int == 1)
      let aside = try place.run("quarantine", "list", "--json", "--quiet").json().items
      #expect(aside.map { $0["path"]?.string } == ["d-11"])
    }

    @Test func `rows without a direction are listed and the rest is taken in`() throws {
      var (rows, names) = people(3, each: 2, seed: 5)
      rows[1] = rows[1].map { _ in 0 }
      rows[4][3] = .nan
      let result = try take(rows, names, population: "real", as: "bad")
      #expect(result.code == 1, "\(result.said)")
      let document = try result.json()
      #expect(document["rejected"]?.items.compactMap(\.string) == ["bad-1", "bad-4"])
      #expect(document["added"]?.int == 4)
      let status = try place.run("status", "--json", "--quiet").json()
      let outcomes = status["outcomes"]?.items.filter { $0["outcome"]?.string == "rejected" } ?? []
      #expect(outcomes.count == 2, "\(status)")
      #expect(try take(rows, names, population: "real", as: "bad").code == 1)
      #expect(try place.verify().problems == 0)
      names.removeLast()
      #expect(try take(rows, names, population: "real", as: "worse").code == 2)
      let nothing = rows.map { $0.map { _ in Float(0) } }
      #expect(try take(nothing, nil, population: "real", as: "nothing").code == 2)
    }

    @Test func `a table of the wrong length and a file that is no matrix are refused`() throws {
      let (rows, names) = people(3, each: 2, seed: 6)
      let short = try take(rows, Array(names.dropLast()), population: "real", as: "short")
      #expect(short.code == 2)
      #expect(short.err.contains("5 lines for 6 vectors"), "\(short.said)")
      let whole = try Numbers.npy(rows)
      for (name, bytes) in [
        ("cut", Array(whole.dropLast(7))), ("text", Array("1,2,3".utf8)), ("empty", []),
      ] {
        let file = try scratch.write(bytes, to: "\(name).npy")
        let result = place.run(
          "embeddings", "import", file, "--space", "toy", "--population", "real")
        #expect(result.code == 2, "\(result.said)")
        #expect(
          result.err.contains("\(name).npy") && result.err.contains("try: "), "\(result.said)")
      }
    }

    @Test func `what is exported can be imported again, bit by bit`() throws {
      let (rows, names) = people(4, each: 2, seed: 7)
      #expect(try take(rows, names, population: "real", as: "r").code == 0)
      let file = scratch["out.npy"]
      #expect(place.run("embeddings", "export", file, "--space", "toy", "--quiet").code == 0)
      let written = try #require(FileManager.default.contents(atPath: file))
      let given = try #require(FileManager.default.contents(atPath: scratch["r.npy"]))
      #expect(written.suffix(4 * 8 * Self.width) == given.suffix(4 * 8 * Self.width))
      let other = Workplace.new(in: scratch, "other")
      let taken = other.run(
        "embeddings", "import", file, "--space", "toy", "--population", "real", "--ids",
        file + ".csv", "--json", "--quiet")
      #expect(try taken.json()["added"]?.int == 8, "\(taken.said)")
    }
  }
}
