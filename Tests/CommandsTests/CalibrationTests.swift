import Foundation
import Testing

extension BuiltProgram {
  /// Thresholds are error rates: measured, bounded, or extrapolated and marked; never of another
  /// encoder.
  struct CalibrationTests {
    let scratch: Scratch
    let place: Workplace

    init() throws {
      scratch = try Scratch()
      place = Workplace.new(in: scratch)
    }

    static let width = 32

    /// People around random directions; those of `group` "near" share a part of theirs.
    private func take(
      _ people: Int, near: Int = 0, population: String = "reference", encoder: String = "toy",
      seed: UInt64 = 1, as name: String = "c", to place: Workplace? = nil
    ) throws {
      var dice = Numbers(seed: seed)
      let shared = (0..<Self.width).map { _ in dice.normal() }
      var rows: [[Float]] = []
      var lines = ["id,identity"]
      for person in 0..<people {
        let isNear = person < near
        let centre = shared.map { (isNear ? 0.9 * $0 : 0) + dice.normal() }
        for picture in 0..<2 {
          rows.append(centre.map { $0 + 0.2 * dice.normal() })
          lines.append("\(name)-\(person)-\(picture),\(isNear ? "near" : "far")-\(person)")
        }
      }
      let file = try scratch.write(try Numbers.npy(rows), to: "\(name).npy")
      let ids = try scratch.write(lines.joined(separator: "\n") + "\n", to: "\(name).csv")
      let taken = (place ?? self.place).run(
        "embeddings", "import", file, "--space", "toy", "--population", population, "--ids", ids,
        "--encoder", encoder, "--quiet")
      #expect(taken.code == 0, "\(taken.said)")
    }

    private func points(_ document: JSON) -> [JSON] { document["points"]?.items ?? [] }

    @Test func `a rate that is too small is refused with what it would take`() throws {
      try take(60)
      let refused = place.run("calibrate", "--space", "toy", "--fmr", "1e-6")
      #expect(refused.code == 2)
      #expect(refused.err.contains("at least 3000000 impostor comparisons"), "\(refused.said)")
      #expect(refused.err.contains("there are 7080 of 60 identities"), "\(refused.said)")
      #expect(refused.err.contains("extrapolate"))
      let measured = try place.run("calibrate", "--space", "toy", "--json", "--quiet").json()
      #expect(measured["identities"]?.int == 60)
      #expect(
        points(measured).map { $0["method"]?.string } == ["measured", "measured", "rule-of-three"])
      for point in points(measured) {
        let cosine = try #require(point["similarity"]?.double)
        #expect(try #require(point["low"]?.double) <= cosine)
        #expect(try #require(point["high"]?.double) >= cosine)
        #expect(try #require(point["rateLow"]?.double) <= (point["measuredRate"]?.double ?? -1))
      }
      #expect(points(measured)[1]["matches"]?.int == 7)
    }

    @Test func `an extrapolated cosine is marked and used only where that was allowed`() throws {
      try take(80)
      try take(5, population: "digital", seed: 2, as: "d")
      let said = place.run("calibrate", "--space", "toy", "--extrapolate", "--quiet")
      #expect(said.code == 0, "\(said.said)")
      #expect(said.out.contains("1e-6: cosine") && said.out.contains("EXTRAPOLATED"))
      let document = try place.run(
        "calibrate", "--space", "toy", "--extrapolate", "--json", "--quiet"
      ).json()
      let inferred = points(document).filter { $0["method"]?.string == "extrapolated" }
      #expect(inferred.map { $0["falseMatchRate"]?.double } == [1e-4, 1e-5, 1e-6])
      #expect(document["extrapolation"]?["goodness"]?.double ?? 0 >= 0.05)
      let cosines = points(document).compactMap { $0["similarity"]?.double }
      #expect(cosines == cosines.sorted())
      for verb in ["leaks", "dedup"] {
        let words = [verb, "--space", "toy", "--fmr", "1e-6", "--json", "--quiet"]
        let key = verb == "leaks" ? "threshold" : "identity"
        let plain = try #require(place.run(words).json()[key])
        #expect(plain["extrapolated"]?.int == 0)
        #expect(plain["falseMatchRate"]?.double ?? 0 > 1e-4)
        let told = try place.run(words + ["--allow-extrapolated"]).json()
        #expect(told[key]?["extrapolated"]?.int == 1)
        #expect(told[key]?["falseMatchRate"]?.double == 1e-6)
        #expect(told[key]?["origin"]?.string?.hasPrefix("EXTRAPOLATED") == true)
      }
      let page = place.run("report", "calibration", "--space", "toy", "--quiet")
      #expect(page.code == 0, "\(page.said)")
      let folder = "\(place.path)/reports/calibration-toy"
      let files = contents(of: folder)
      #expect(
        Set(files.keys) == [
          "index.html", "reference-curve.csv", "reference-points.csv", "reference-trade-off.svg",
          "reference-histogram.svg",
        ])
      let html = String(decoding: try #require(files["index.html"]), as: UTF8.self)
      #expect(html.contains(">extrapolated</span>") && html.contains("Detection error trade-off"))
      let curve = String(decoding: try #require(files["reference-curve.csv"]), as: UTF8.self)
      #expect(curve.hasPrefix("similarity,false_match_rate,false_non_match_rate\r\n"))
      #expect(curve.split(whereSeparator: \.isNewline).count == document["det"]!.items.count + 1)
    }

    @Test func `groups that differ beyond chance are named, and a bad table is refused`() throws {
      try take(120, near: 60)
      let lines = (0..<120).map { $0 < 60 ? "near-\($0),near" : "far-\($0),far" }
      func table(_ lines: [String], header: String = "identity,group") throws -> String {
        try scratch.write(([header] + lines).joined(separator: "\n") + "\n", to: "groups.csv")
      }
      let words = ["calibrate", "--space", "toy", "--quiet", "--groups"]
      let said = place.run(words + [try table(lines)])
      #expect(said.code == 0, "\(said.said)")
      #expect(said.out.contains("warning: near has more false matches than far"), "\(said.said)")
      let document = try place.run(words + [try table(lines), "--json"]).json()
      let groups = try #require(document["groups"])
      #expect(groups["groups"]?.items.map { $0["group"]?.string } == ["far", "near"])
      #expect(groups["groups"]?.items.map { $0["impostorPairs"]?.int } == [7080, 7080])
      #expect(groups["differences"]?.items.count == 1)
      // By path, half of the people left out.
      let paths = (60..<120).flatMap { ["c-\($0)-0,a", "c-\($0)-1,a"] }
      let half = try place.run(words + [try table(paths, header: "path,group"), "--json"]).json()
      #expect(half["groups"]?["imagesWithoutGroup"]?.int == 120)
      for (lines, header, says) in [
        (["c-1-0,a", "c-1-1,b"], "path,group", "into the groups a and b"),
        (["nobody,a"], "identity,group", "no image of the cohort"),
        (["x,y"], "who,team", "columns who, team"),
      ] {
        let refused = place.run(words + [try table(lines, header: header)])
        #expect(refused.code == 2 && refused.err.contains(says), "\(refused.said)")
        #expect(refused.err.contains("try: "))
      }
    }

    @Test func `a calibration is refused for vectors of another encoder`() throws {
      try take(60, encoder: "first")
      #expect(place.run("calibrate", "--space", "toy", "--quiet").code == 0)
      try take(60, population: "digital", encoder: "first", seed: 3, as: "d")
      let words = ["leaks", "--space", "toy", "--fmr", "1e-3", "--quiet"]
      #expect(place.run(words).code < 2)
      // The same pictures again, half of them: no encoder is in force for all.
      try take(60, encoder: "second")
      let half = place.run(words)
      #expect(half.code == 2 && half.err.contains("2 encoders"), "\(half.said)")
      try take(60, population: "digital", encoder: "second", seed: 3, as: "d")
      let refused = place.run(words)
      #expect(refused.code == 2, "\(refused.said)")
      #expect(refused.err.contains("space toy was calibrated for the encoder"), "\(refused.said)")
      #expect(refused.err.contains("try: measure again: d2r-curate calibrate --space toy"))
      #expect(place.run("report", "calibration", "--space", "toy").code == 2)
      #expect(place.run("calibrate", "--space", "toy", "--quiet").code == 0)
      #expect(place.run(words).code < 2)
    }

    @Test func `threads do not change a calibration`() throws {
      try take(80)
      let other = Workplace.new(in: scratch, "other")
      try take(80, to: other)
      let words = ["calibrate", "--space", "toy", "--extrapolate", "--seed", "4", "--quiet"]
      #expect(place.run(words + ["--threads", "1"]).code == 0)
      #expect(other.run(words + ["--threads", "3"]).code == 0)
      #expect(try place.verify().content == other.verify().content)
    }

    @Test(.enabled(if: Tool.isInstalled, BuiltProgram.needsModels))
    func `hits say which false-match rate goes with them, and a rate leaves weak ones out`()
      throws
    {
      let demo = try Demo.shared.workspace(in: scratch, as: "demo")
      let words = ["search", "\(Demo.shared.digital)/100000/0.png", "--count", "60", "--json"]
      let unknown = demo.run(words)
      #expect(unknown.err.contains("not calibrated"))
      #expect(try unknown.json().items.allSatisfy { $0["falseMatchRateAtMost"]?.double == nil })
      #expect(demo.run("calibrate", "--extrapolate", "--fmr", "1e-3", "--quiet").code == 0)
      let stages = try #require(demo.run("status", "--json", "--quiet").json()["stages"])
      #expect(stages["calibrate reference"]?.string == "current", "run keeps what was asked for")
      let hits = try demo.run(words).json().items
      let rates = try hits.map { try #require($0["falseMatchRateAtMost"]?.double) }
      #expect(rates == rates.sorted() && rates.first == 3.0 / 44_550)
      #expect(hits.first?["falseMatchRateIsBound"]?.int == 1)
      let strong = try demo.run(words + ["--fmr", "1e-3"]).json().items
      #expect(strong.count < hits.count && strong.count >= 1)
      for hit in strong {
        #expect(hit["falseMatchRateAtMost"]?.double ?? 1 <= 1e-3)
        #expect(hit["threshold"]?["falseMatchRate"]?.double == 1e-3)
      }
      let said = demo.run("search", "\(Demo.shared.digital)/100000/0.png", "--count", "2")
      #expect(said.out.contains("FMR < 6.7e-5"), "\(said.said)")
      let fill = demo.run("fill", "--fmr", "1e-3", "--own-fmr", "1e-2", "--budget", "0", "--quiet")
      #expect(fill.out.contains("leak from cosine") && fill.out.contains("false-match rate 1e-3"))
      let audit = demo.run("audit", "--fmr", "1e-2", "--quiet")
      #expect(
        audit.out.contains("identities collide from cosine")
          && audit.out.contains("false-match rate 0.01"), "\(audit.said)")
    }
  }
}
