import Foundation
import Testing

extension BuiltProgram {
  /// Δ from the command line, on vectors alone.
  struct DeltaTests {
    let scratch: Scratch
    let place: Workplace

    init() throws {
      scratch = try Scratch()
      place = Workplace.new(in: scratch)
    }

    /// `count` people of two images around an axis that all share, shifted along another.
    private func people(_ count: Int, shift: Float, across: Float = 0, seed: UInt64) -> Crowd {
      var dice = Numbers(seed: seed)
      var crowd = Crowd()
      for person in 0..<count {
        let centre = (0..<Crowd.width).map { column in
          (column == 0 ? 10 : 0) + (column == 1 ? shift : 0) + (column == 2 ? across : 0)
            + 0.3 * dice.normal()
        }
        for _ in 0..<2 { crowd.add(centre.map { $0 + 0.1 * dice.normal() }, "p\(person)") }
      }
      return crowd
    }

    private func enter(
      _ place: Workplace, digital: Int = 150, real: Int = 150, shift: Float = 5
    ) throws {
      for (crowd, population) in [
        (people(digital, shift: 0, seed: 1), "digital"),
        (people(real, shift: shift, seed: 2), "real"),
      ] {
        let taken = try crowd.enter(place, scratch, as: population, population, space: "image")
        #expect(taken.code == 0, "\(taken.said)")
      }
    }

    @Test
    func `a Δ of few identities is refused with the number that would do, and taken on request`()
      throws
    {
      try enter(place, digital: 6, real: 9, shift: 2)
      let refused = place.run("delta")
      #expect(refused.code == 2, "\(refused.said)")
      #expect(refused.err.contains("below 0.99"), "\(refused.said)")
      let pattern = /about ([0-9,]+) more digital identities and ([0-9,]+) more real identities/
      #expect(refused.err.firstMatch(of: pattern) != nil, "\(refused.said)")
      #expect(place.run("report", "delta").code == 2)
      let taken = place.run("delta", "--accept-unstable", "--json", "--quiet")
      #expect(taken.code == 0, "\(taken.said)")
      #expect(try taken.json()["identitiesNeeded"]?["from"]?.int ?? 0 > 6)
      // What is on record is refused all the same.
      #expect(place.run("delta").code == 2)
      #expect(place.run("report", "delta", "--quiet").code == 0)
    }

    @Test func `a stable Δ is recorded with counts, weights, intervals and areas`() throws {
      try enter(place)
      let result = place.run("delta", "--json", "--quiet")
      #expect(result.code == 0, "\(result.said)")
      let document = try result.json()
      func number(_ key: String) -> Double { document[key]?.double ?? .nan }
      #expect(number("splitHalfCosine") >= 0.99)
      #expect(number("normLow") < number("normWithoutNoise"))
      #expect(number("normHigh") > number("normWithoutNoise"))
      #expect((0...10).contains(number("directionDegrees")))
      #expect(number("areaUnderCurve") > 0.99 && number("areaUnderWhitenedCurve") > 0.99)
      #expect(number("permutationP") == 0.001)
      #expect(document["from"]?["identities"]?.int == 150)
      #expect(document["from"]?["mostImages"]?.int == 2)
      #expect(document["from"]?["effectiveImages"]?.double == 300)
      #expect(try place.verify().problems == 0)
    }

    @Test(arguments: ["delta.npy", "delta.safetensors"])
    func `an exported Δ comes back bit by bit, and a changed or a foreign one does not`(
      _ name: String
    ) throws {
      try enter(place)
      #expect(place.run("delta", "--quiet").code == 0)
      let file = scratch[name]
      let written = try place.run("delta", "export", file, "--json", "--quiet").json()
      let other = Workplace.new(in: scratch, "other")
      try enter(other)
      let taken = other.run("delta", "import", file, "--json", "--quiet")
      #expect(taken.code == 0, "\(taken.said)")
      #expect(try taken.json()["imported"]?.string == written["sha256"]?.string)
      let back = scratch["back-\(name)"]
      let again = try other.run("delta", "export", back, "--json", "--quiet").json()
      #expect(again["sha256"]?.string == written["sha256"]?.string)
      #expect(other.run("report", "delta", "--quiet").code == 0)
      #expect(try other.verify().problems == 0)

      // One bit of the last value.
      var bytes = [UInt8](try #require(FileManager.default.contents(atPath: file)))
      bytes[bytes.count - 2] ^= 1
      let changed = try scratch.write(bytes, to: "changed-\(name)")
      if name.hasSuffix(".npy") {
        try FileManager.default.copyItem(atPath: file + ".json", toPath: changed + ".json")
      }
      let damaged = other.run("delta", "import", changed)
      #expect(damaged.code == 2 && damaged.err.contains("digest"), "\(damaged.said)")
      let cut = try scratch.write(bytes.prefix(20), to: "cut-\(name)")
      #expect(other.run("delta", "import", cut).code == 2)

      let foreign = Workplace.new(in: scratch, "foreign")
      let rows = try scratch.write(try Numbers.npy(people(3, shift: 0, seed: 9).rows), to: "f.npy")
      #expect(
        foreign.run(
          "embeddings", "import", rows, "--space", "image", "--population", "digital",
          "--encoder", "another", "--quiet"
        ).code == 0)
      let refused = foreign.run("delta", "import", file)
      #expect(refused.code == 2 && refused.err.contains("encoder"), "\(refused.said)")
      let narrow = Workplace.new(in: scratch, "narrow")
      let few = try scratch.write(try Numbers.npy([[1, 0], [0, 1]]), to: "n.npy")
      #expect(
        narrow.run(
          "embeddings", "import", few, "--space", "image", "--population", "digital", "--quiet"
        ).code == 0)
      let width = narrow.run("delta", "import", file)
      #expect(width.code == 2 && width.err.contains("has 2"), "\(width.said)")
    }

    @Test func `the report says what generated pictures have closed, and warns of too much`() throws
    {
      try enter(place)
      #expect(place.run("delta", "--quiet").code == 0)
      let without = try place.run("report", "delta", "--json", "--quiet").json()
      #expect(without["gap"]?["along"] == nil)
      let half = people(120, shift: 2.5, across: 2, seed: 3)
      #expect(
        try half.enter(place, scratch, as: "generated", "half", space: "image").code == 0)
      let report = try place.run("report", "delta", "--json", "--quiet").json()
      let gap = try #require(report["gap"])
      // Unit vectors: 2.5 of 5 aside of an axis of 10 turn a little further than half.
      #expect((0.45...0.6).contains(gap["along"]?.double ?? .nan), "\(gap)")
      #expect((0.25...0.55).contains(gap["across"]?.double ?? .nan), "\(gap)")
      #expect(gap["overshoots"]?.bool == false)
      let page = try String(
        contentsOfFile: report["page"]?.string ?? "", encoding: .utf8)
      #expect(page.contains("has closed") && !page.contains("overshoots"))
      #expect(!page.contains("<img"))
      let table = try String(
        contentsOfFile: "\(place.path)/reports/delta/images.csv", encoding: .utf8
      ).split(whereSeparator: \.isNewline)
      #expect(table.count == 1 + 300 + 300 + 240)
      #expect(report["spreads"]?.items.count == 3)

      let other = Workplace.new(in: scratch, "other")
      try enter(other)
      #expect(other.run("delta", "--quiet").code == 0)
      let far = people(120, shift: 9, seed: 4)
      #expect(try far.enter(other, scratch, as: "generated", "far", space: "image").code == 0)
      let second = try other.run("report", "delta", "--json", "--quiet").json()
      #expect(second["gap"]?["overshoots"]?.bool == true, "\(second)")
    }

    @Test func `drift names the batch that came from elsewhere`() throws {
      try enter(place)
      #expect(place.run("delta", "--quiet").code == 0)
      let calm = place.run("delta", "drift", "--batch", "30", "--json", "--quiet")
      #expect(calm.code == 0, "\(calm.said)")
      #expect(try calm.json()["batches"]?.items.count == 5)
      let late = people(30, shift: 7, seed: 5)
      var renamed = Crowd()
      for (row, name) in zip(late.rows, late.names) { renamed.add(row, "late-\(name)") }
      #expect(try renamed.enter(place, scratch, as: "real", "late", space: "image").code == 0)
      let found = place.run("delta", "drift", "--batch", "30", "--json", "--quiet")
      #expect(found.code == 1, "\(found.said)")
      let outside = try found.json()["batches"]?.items.map { $0["isOutside"]?.bool == true }
      #expect(outside == [false, false, false, false, false, true], "\(found.said)")
    }

    static let golden = Tool.packageRoot.appending(path: "../shared/golden/diffusion").path

    @Test(
      .enabled(
        if: FileManager.default.fileExists(atPath: "\(golden)/pipeline.json") && Tool.isInstalled,
        "needs the installed networks (Scripts/install-models) and ../shared/golden/diffusion"))
    func `in conditioning space Δ is exactly 0 before the identity's token`() throws {
      let environment = ProcessInfo.processInfo.environment
      let home = environment["D2R_HOME"] ?? "\(environment["HOME"] ?? "")/.local/share/d2r-curate"
      try FileManager.default.createDirectory(
        atPath: scratch["home"], withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: scratch["home/runtime"], withDestinationPath: "\(home)/runtime")
      var tool = Tool()
      tool.environment["D2R_HOME"] = scratch["home"]
      #expect(tool.run("models", "add", Self.golden, "--name", "tiny").code == 0)
      #expect(tool.run("init", scratch["c"], "--name", "c", "--quiet").code == 0)
      let work = Workplace(path: scratch["c"], tool: tool)
      for (number, population) in ["digital", "real"].enumerated() {
        var crowd = people(30, shift: Float(12 * number), seed: 20 + UInt64(number))
        crowd.rows = crowd.rows.map { Array($0.prefix(16)) }
        let taken = try crowd.enter(work, scratch, as: population, population)
        #expect(taken.code == 0, "\(taken.said)")
      }
      let words = ["delta", "--space", "conditioning", "--accept-unstable", "--json", "--quiet"]
      let result = work.run(words)
      #expect(result.code == 0, "\(result.said)")
      #expect(try result.json()["width"]?.int == 77 * 32)
      let report = try work.run("report", "delta", "--json", "--quiet").json()
      let norms = (report["tokenNorms"]?.items ?? []).compactMap(\.double)
      try #require(norms.count == 77)
      #expect(norms[..<4].allSatisfy { $0 == 0 }, "\(norms[..<6])")
      #expect(norms[4...].allSatisfy { $0 > 0 })
      // Batches of the side Δ points to are where they were; the other side is a whole Δ away.
      let drift = [
        "delta", "drift", "--space", "conditioning", "--batch", "15", "--json", "--quiet",
      ]
      let calm = work.run(drift)
      #expect(calm.code == 0, "\(calm.said)")
      #expect(try calm.json()["batches"]?.items.count == 2)
      let away = work.run(drift + ["--population", "digital"])
      #expect(away.code == 1, "\(away.said)")
      #expect(try away.json()["outside"]?.int == 2)
      // What is exported is what generate takes.
      let file = scratch["conditioning.npy"]
      #expect(work.run("delta", "export", file, "--quiet").code == 0)
      let made = tool.run(
        "generate", "--identities", "\(Self.golden)/identities.npy", "--delta", file, "--steps",
        "2",
        "--output", scratch["pictures"], "--quiet")
      #expect(made.code == 0, "\(made.said)")
      #expect(work.run("delta", "import", file, "--accept-unstable", "--quiet").code == 0)
      #expect(try work.verify().problems == 0)
    }
  }
}
