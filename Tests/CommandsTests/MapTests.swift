import Foundation
import Testing

extension BuiltProgram {
  /// Maps of vectors that came without pictures; no network is needed.
  struct MapTests {
    let scratch: Scratch
    let place: Workplace

    init() throws {
      scratch = try Scratch()
      place = Workplace.new(in: scratch)
    }

    private func enter(
      _ people: Int, each: Int, as population: String = "digital", _ name: String = "d",
      seed: UInt64 = 1
    ) throws {
      let crowd = Crowd(people, each: each, seed: seed)
      let result = try crowd.enter(place, scratch, as: population, name)
      #expect(result.code == 0, "\(result.said)")
    }

    private func map(_ words: String...) throws -> JSON { try map(words) }

    private func map(_ words: [String]) throws -> JSON {
      let result = place.run(["report", "tsne", "--json", "--quiet"] + words)
      #expect(result.code == 0, "\(result.said)")
      return try result.json()
    }

    private func files(_ folder: String = "tsne-identity") -> [String: Data] {
      contents(of: "\(place.path)/reports/\(folder)")
    }

    /// The fields of a table's lines, by column name; no field here needs quotes.
    private func table(_ folder: String = "tsne-identity") throws -> [[String: String]] {
      let text = try String(
        contentsOfFile: "\(place.path)/reports/\(folder)/map.csv", encoding: .utf8)
      let lines = text.split(whereSeparator: \.isNewline)
        .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
      return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
    }

    @Test func `the answer holds stages, memory and the divergence; no file does`() throws {
      try enter(60, each: 20)
      let answer = try map("--iterations", "300")
      let stages = try #require(answer["stages"])
      #expect(
        stages.keys == ["neighbours", "affinities", "axes", "early", "main", "placing"])
      for stage in ["neighbours", "affinities", "early", "main"] {
        #expect(stages[stage]?.double ?? 0 > 0, "\(stage)")
      }
      #expect(answer["peakMemory"]?.int ?? 0 > 1_000_000)
      #expect(answer["iterations"]?.int == 300)
      #expect(answer["kl_divergence"]?.double ?? 0 > 0)
      #expect(answer["history"]?.items.map { $0["iteration"]?.int } == [125, 250, 300])
      let once = files()
      #expect(
        Set(once.keys) == [
          "map.png", "map.svg", "map.csv", "map.parquet", "map.json", "map.html",
        ])
      _ = try map("--iterations", "300", "--threads", "3")
      #expect(files() == once)
    }

    @Test
    func `most neighbours are found of many images, and the answer and map.json say how many`()
      throws
    {
      try enter(230, each: 20)
      let words = ["--sample", "5000", "--iterations", "30", "--perplexity", "6", "--threads"]
      let answer = try map(words + ["2"])
      let share = try #require(answer["neighbours"]?["share"]?.double)
      #expect(share >= 0.99)
      let once = files()
      let saved = try JSON(parsing: String(decoding: once["map.json"] ?? Data(), as: UTF8.self))
      #expect(saved["neighbours"]?["share"]?.double == share)
      #expect(saved["parameters"]?["neighbourShare"]?.double == 0.99)
      _ = try map(words + ["1"])
      #expect(files() == once)
      let all = try map(words + ["2", "--neighbours", "1"])
      #expect(all["neighbours"]?["share"] == nil)
      #expect(files() != once)
    }

    @Test func `few images lower the perplexity, and the answer says so`() throws {
      try enter(4, each: 7)
      let answer = try map("--perplexity", "30")
      #expect(answer["perplexity"]?.double == 9)
      let remarks = answer["remarks"]?.items.compactMap(\.string)
      #expect(remarks == ["perplexity lowered from 30.000 to 9.000 for 28 vectors"])
    }

    @Test func `equal vectors are laid out`() throws {
      var crowd = Crowd(3, each: 10, seed: 5)
      for row in 1..<10 { crowd.rows[row] = crowd.rows[0] }
      try crowd.enter(place, scratch, as: "digital", "d")
      _ = try map()
      #expect(try table().allSatisfy { Double($0["x"] ?? "")?.isFinite == true })
    }

    @Test func `a layout stops where it has converged, and not before`() throws {
      try enter(20, each: 10)
      let loose = try map("--until-converged", "0.05")
      let strict = try map("--until-converged", "0.001")
      let (few, many) = (loose["iterations"]?.int ?? 0, strict["iterations"]?.int ?? 0)
      #expect(few >= 375 && few < many && many < 5000, "\(few) and \(many)")
      let said = loose["remarks"]?.items.first?.string ?? ""
      #expect(said.hasPrefix("converged after \(few) iterations"))
      let cut = try map("--until-converged", "0.000001", "--iterations", "400")
      #expect(cut["iterations"]?.int == 400)
      #expect(cut["remarks"]?.items.first?.string?.hasPrefix("not converged in 400") == true)
    }

    @Test func `every option of the descent changes the map`() throws {
      try enter(10, each: 10)
      let base = try map("--iterations", "400")["kl_divergence"]?.double
      for words in [
        ["--perplexity", "10"], ["--principal-axes", "3"], ["--learning-rate", "20"],
        ["--exaggeration", "4"],
      ] {
        let result = place.run(
          ["report", "tsne", "--json", "--quiet", "--iterations", "400"] + words)
        #expect(try result.json()["kl_divergence"]?.double != base, "\(words)")
      }
      #expect(place.run("report", "tsne", "--learning-rate", "0").code == 64)
    }

    @Test func `new images are placed on a map, which stays`() throws {
      try enter(12, each: 12)
      _ = try map("--iterations", "400")
      let before = files()
      let old = try table()
      // The same people's other pictures: Crowd draws the same centres from the same seed.
      var crowd = Crowd(12, each: 12, seed: 1)
      crowd.rows = crowd.rows.enumerated().map { Crowd.near($1, seed: UInt64($0 + 9)) }
      try crowd.enter(place, scratch, as: "generated", "g")
      let answer = try map("--onto", "\(place.path)/reports/tsne-identity", "--quality")
      #expect(answer["placed"]?.int == 144 && answer["points"]?.int == 288)
      #expect(answer["quality"]?["trustworthiness"]?.double ?? 0 > 0.9)
      #expect(files() == before)
      let rows = try table("tsne-identity-onto")
      let kept = rows.filter { $0["new"] == "false" }
      #expect(kept.map { $0["x"] } == old.map { $0["x"] })
      let fresh = rows.filter { $0["new"] == "true" }
      let own = fresh.count { row in nearest(row, kept)?["identity"] == row["identity"] }
      #expect(own >= 140, "\(own) of 144")
      let page = files("tsne-identity-onto")["map.html"].map { String(decoding: $0, as: UTF8.self) }
      #expect(page?.contains("144 new images placed among 144") == true)
      let again = files("tsne-identity-onto")
      _ = try map("--onto", "\(place.path)/reports/tsne-identity/map.json", "--threads", "3")
      #expect(files("tsne-identity-onto") == again)
    }

    private func nearest(_ row: [String: String], _ others: [[String: String]]) -> [String: String]?
    {
      func distance(_ other: [String: String]) -> Double {
        let dx = (Double(row["x"] ?? "") ?? 0) - (Double(other["x"] ?? "") ?? 0)
        let dy = (Double(row["y"] ?? "") ?? 0) - (Double(other["y"] ?? "") ?? 0)
        return dx * dx + dy * dy
      }
      return others.min { distance($0) < distance($1) }
    }

    @Test func `a map that does not fit is refused`() throws {
      try enter(4, each: 6)
      let folder = "\(place.path)/reports/tsne-identity"
      func refusal(_ words: String...) -> String {
        let result = place.run(["report", "tsne", "--quiet"] + words)
        #expect(result.code == 2, "\(result.said)")
        return result.err
      }
      #expect(refusal("--onto", folder).contains("holds no map"))
      _ = try map("--iterations", "50")
      #expect(refusal("--onto", folder).contains("every image"))
      try Crowd(4, each: 6, seed: 8).enter(place, scratch, as: "digital", "t", space: "toy")
      #expect(refusal("--onto", folder, "--space", "toy").contains("is of space identity"))
      let other = Workplace.new(in: scratch, "other")
      try Crowd(5, each: 6, seed: 9).enter(other, scratch, as: "digital", "o")
      let stranger = other.run("report", "tsne", "--onto", folder, "--quiet")
      #expect(stranger.code == 2 && stranger.err.contains("of other images"), "\(stranger.said)")
      let csv = try String(contentsOfFile: folder + "/map.csv", encoding: .utf8)
      try scratch.write(csv + "999,digital,p0,0,0,false,q,kept,false\r\n", to: "map/map.csv")
      try scratch.copy(folder + "/map.json", to: "map/map.json")
      #expect(refusal("--onto", scratch["map"]).contains("not those it was saved with"))
    }

    @Test func `leaks and removed images are told apart`() throws {
      try Crowd(6, each: 6, seed: 3).enter(place, scratch, as: "reference", "r")
      var crowd = Crowd(6, each: 6, seed: 4)
      crowd.rows[5] = Crowd(6, each: 6, seed: 3).rows[9]
      try crowd.enter(place, scratch, as: "digital", "d")
      #expect(place.run("calibrate", "--quiet").code == 0)
      _ = place.run("leaks", "--similarity-at-least", "0.999", "--apply", "--quiet")
      _ = try map("--iterations", "100")
      let rows = try table()
      #expect(rows.filter { $0["state"] == "leak" }.map { $0["path"] } == ["d-5"])
      #expect(rows.count { $0["state"] == "kept" } == 71)
    }
  }
}
