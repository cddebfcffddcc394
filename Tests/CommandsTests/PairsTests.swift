import Foundation
import Glibc
import Testing

extension BuiltProgram {
  /// `pairs` and `nearest` over .npy files, without a workspace.
  struct PairsTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Rows round common centres, four each.
    private func rows(_ count: Int, width: Int = 24, seed: UInt64, spread: Float = 0.25)
      -> [[Float]]
    {
      var dice = Numbers(seed: seed)
      var rows: [[Float]] = []
      while rows.count < count {
        let centre = (0..<width).map { _ in dice.normal() }
        for _ in 0..<4 { rows.append(centre.map { $0 + spread * dice.normal() }) }
      }
      return Array(rows.prefix(count))
    }

    private func file(_ rows: [[Float]], _ name: String) throws -> String {
      try scratch.write(try Numbers.npy(rows), to: name)
    }

    /// Pairs by double-precision cosines, far enough from the floor to be sure of.
    private func brute(_ a: [[Float]], _ b: [[Float]]?, floor: Double) -> Set<String> {
      func unit(_ row: [Float]) -> [Double] {
        let length = row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        return row.map { Double($0) / length }
      }
      let left = a.map(unit)
      let right = (b ?? a).map(unit)
      var found: Set<String> = []
      for (i, x) in left.enumerated() {
        for (j, y) in right.enumerated() where b != nil || j > i {
          if zip(x, y).reduce(0, { $0 + $1.0 * $1.1 }) >= floor { found.insert("\(i),\(j)") }
        }
      }
      return found
    }

    private func found(_ path: String) throws -> [String] {
      try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst()
        .map { $0.split(separator: ",").prefix(2).joined(separator: ",") }
    }

    @Test func `all pairs within one file and between two`() throws {
      let a = rows(300, seed: 1)
      let b = rows(200, seed: 1) + rows(50, seed: 9)
      let (first, second) = (try file(a, "a.npy"), try file(b, "b.npy"))
      let within = Tool().run(
        "pairs", first, "--similarity-at-least", "0.8", "--output", scratch["within.csv"])
      #expect(within.code == 0, "\(within.said)")
      #expect(within.err.contains("plan: 300 rows with each other"), "\(within.err)")
      #expect(Set(try found(scratch["within.csv"])) == brute(a, nil, floor: 0.8))
      let between = Tool().run(
        "pairs", first, second, "--similarity-at-least", "0.8", "--output", scratch["between.csv"],
        "--json")
      #expect(between.code == 0, "\(between.said)")
      #expect(Set(try found(scratch["between.csv"])) == brute(a, b, floor: 0.8))
      #expect(try between.json()["exact"]?.int == 1)
      #expect(!FileManager.default.fileExists(atPath: scratch["between.csv.partial"]))
    }

    @Test func `one thread or two, little memory or much: the same bytes`() throws {
      let input = try file(rows(9000, width: 16, seed: 3), "a.npy")
      var answers: [Data] = []
      for (number, words) in [["--threads", "1"], ["--threads", "2"], ["--memory", "1500K"]]
        .enumerated()
      {
        let output = scratch["\(number).npy"]
        let run = Tool().run(
          ["pairs", input, "--similarity-at-least", "0.9", "--output", output, "--quiet", "--json"]
            + words)
        #expect(run.code == 0, "\(run.said)")
        if words[0] == "--memory" { #expect(try run.json()["passes"]?.int ?? 0 > 1, "\(run.said)") }
        answers.append(try Data(contentsOf: URL(filePath: output)))
      }
      #expect(answers[0].count > 10_000)
      #expect(answers[1] == answers[0])
      #expect(answers[2] == answers[0])
    }

    @Test func `killed, the same command goes on where it was`() throws {
      let input = try file(rows(24_000, width: 8, seed: 4, spread: 0.5), "a.npy")
      func words(_ output: String) -> [String] {
        [
          "pairs", input, "--similarity-at-least", "0.97", "--output", scratch[output], "--quiet",
          "--json", "--threads", "1",
        ]
      }
      let calm = Tool().run(words("calm.npy"))
      #expect(calm.code == 0, "\(calm.said)")
      let wanted = try Data(contentsOf: URL(filePath: scratch["calm.npy"]))
      let tiles = try #require(try calm.json()["tiles"]?.int)
      #expect(tiles > 10)
      let running = Tool().start(words("hit.npy"))
      let partial = scratch["hit.npy.partial"]
      // Waits for some tiles, not for a time.
      while running.isRunning, size(of: partial) < wanted.count / 12 { usleep(500) }
      running.send(SIGKILL)
      #expect(running.wait().code == -SIGKILL)
      #expect(!FileManager.default.fileExists(atPath: scratch["hit.npy"]))
      let again = Tool().run(words("hit.npy"))
      #expect(again.code == 0, "\(again.said)")
      let resumed = try again.json()["resumedTiles"]?.int ?? 0
      #expect(resumed > 0 && resumed < tiles)
      #expect(try Data(contentsOf: URL(filePath: scratch["hit.npy"])) == wanted)
    }

    private func size(of path: String) -> Int {
      (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }

    @Test func `kept tiles of another question, or damaged ones, are not used`() throws {
      let input = try file(rows(400, seed: 5), "a.npy")
      let output = scratch["o.csv"]
      func run(_ floor: String) -> Tool.Result {
        Tool().run("pairs", input, "--similarity-at-least", floor, "--output", output, "--json")
      }
      for left in ["", "nonsense", String(repeating: "d2rjoin1", count: 40)] {
        try left.write(toFile: output + ".partial", atomically: true, encoding: .utf8)
        let result = run("0.8")
        #expect(result.code == 0, "\(result.said)")
        #expect(try result.json()["resumedTiles"]?.int == 0)
        #expect(Set(try found(output)) == brute(rows(400, seed: 5), nil, floor: 0.8))
      }
    }

    @Test func `zero rows and NaN are named and match nothing`() throws {
      var some = rows(50, seed: 6)
      some[3] = [Float](repeating: 0, count: 24)
      some[7][2] = .nan
      let result = Tool().run(
        "pairs", try file(some, "a.npy"), "--similarity-at-least", "-1", "--output",
        scratch["o.csv"])
      #expect(result.code == 1, "\(result.said)")
      #expect(result.said.contains("2 rows have no direction"), "\(result.said)")
      #expect(result.said.contains("3, 7"), "\(result.said)")
      #expect(try found(scratch["o.csv"]).count == 48 * 47 / 2)
    }

    @Test func `one row, and widths that differ`() throws {
      let one = try file(rows(1, seed: 7), "one.npy")
      let result = Tool().run(
        "pairs", one, "--similarity-at-least", "0.5", "--output", scratch["o.csv"])
      #expect(result.code == 0, "\(result.said)")
      #expect(try found(scratch["o.csv"]).isEmpty)
      let other = try file(rows(2, width: 8, seed: 7), "other.npy")
      let wrong = Tool().run(
        "pairs", one, other, "--similarity-at-least", "0.5", "--output", scratch["p.csv"])
      #expect(wrong.code == 2)
      #expect(wrong.err.contains("24 values"), "\(wrong.err)")
      let small = Tool().run(
        "pairs", try file(rows(9000, width: 8, seed: 7), "many.npy"), "--similarity-at-least",
        "0.5",
        "--output", scratch["q.csv"], "--memory", "1KiB")
      #expect(small.code == 2)
      #expect(small.err.contains("--memory"), "\(small.err)")
    }

    @Test func `an approximate engine says its measured recall`() throws {
      let input = try file(rows(3000, seed: 8), "a.npy")
      let result = Tool().run(
        "pairs", input, "--similarity-at-least", "0.8", "--output", scratch["o.csv"], "--engine",
        "faiss:IVF64,Flat", "--json")
      #expect(result.code == 0, "\(result.said)")
      let recall = try #require(try result.json()["recall"]?.double)
      #expect(recall > 0.1 && recall <= 1)
      #expect(try result.json()["exact"]?.int == 0)
      let flat = Tool().run(
        "pairs", input, "--similarity-at-least", "0.8", "--output", scratch["flat.csv"], "--engine",
        "faiss:Flat")
      let exact = Tool().run(
        "pairs", input, "--similarity-at-least", "0.8", "--output", scratch["exact.csv"])
      #expect(flat.code == 0 && exact.code == 0)
      #expect(
        try Data(contentsOf: URL(filePath: scratch["flat.csv"]))
          == Data(contentsOf: URL(filePath: scratch["exact.csv"])))
    }

    @Test func `the nearest rows, together or one by one`() throws {
      let input = try file(rows(2000, seed: 10), "a.npy")
      let queries = try file(rows(30, seed: 10), "q.npy")
      let together = Tool().run(
        "nearest", input, queries, "--count", "4", "--output", scratch["t.csv"])
      let single = Tool().run(
        "nearest", input, queries, "--count", "4", "--output", scratch["s.csv"], "--one-by-one",
        "--json")
      #expect(together.code == 0 && single.code == 0, "\(together.said) \(single.said)")
      #expect(
        try Data(contentsOf: URL(filePath: scratch["t.csv"]))
          == Data(contentsOf: URL(filePath: scratch["s.csv"])))
      #expect(try found(scratch["t.csv"]).prefix(1) == ["0,0"])
      #expect(try single.json()["p99Milliseconds"]?.double ?? 0 > 0)
      let walked = Tool().run(
        "nearest", input, queries, "--count", "4", "--output", scratch["h.csv"], "--engine",
        "faiss:HNSW16", "--json")
      #expect(walked.code == 0, "\(walked.said)")
      #expect(try walked.json()["recall"]?.double ?? 0 > 0.5)
    }

    @Test func `a query without a direction is named and the others are answered`() throws {
      var some = rows(60, seed: 12)
      some[4] = [Float](repeating: 0, count: 24)
      let input = try file(some, "a.npy")
      let result = Tool().run("nearest", input, "--count", "59", "--output", scratch["n.csv"])
      #expect(result.code == 1, "\(result.said)")
      #expect(result.out.contains("no neighbours: 4"), "\(result.out)")
      let lines = try found(scratch["n.csv"])
      #expect(lines.count == 59 * 59)
      #expect(!lines.contains { $0.hasPrefix("4,") || $0.hasSuffix(",4") })
    }
  }
}
