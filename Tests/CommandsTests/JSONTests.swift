import Foundation
import Testing

extension BuiltProgram {
  /// `--json` prints one document with stable keys.
  @Suite(.enabled(if: Tool.isInstalled, BuiltProgram.needsModels))
  struct JSONTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// The keys a verb's document has at least; of one item where it is a list.
    static let documents: [(words: [String], keys: Set<String>)] = [
      (["status"], ["populations", "spaces", "outcomes", "stages"]),
      (
        ["calibrate"],
        [
          "space", "cohort", "impostorPairs", "genuinePairs", "points", "det", "equalErrorRate",
          "histogram", "interval", "seconds",
        ]
      ),
      (
        ["delta", "--accept-unstable"],
        ["space", "from", "to", "norm", "splitHalfCosine", "permutationP", "seconds"]
      ),
      (
        ["dedup"],
        ["images", "removals", "groups", "byTier", "mirrored", "identity", "pairs", "seconds"]
      ),
      (
        ["leaks"],
        [
          "suspects", "gallery", "comparisons", "leaks", "samePicture", "pairs", "seconds",
          "verdicts", "prototypes", "mirrored", "classMeans", "leftOut", "engine",
        ]
      ),
      (
        ["collisions"],
        ["identities", "images", "collisions", "budget", "removals", "pairs", "proposals"]
      ),
      (
        ["fill", "--per-identity", "8"],
        ["identities", "attempts", "accepted", "rejectedByReason", "shortfall", "gates", "seconds"]
      ),
      (["audit"], ["suite", "passed", "rules", "limits", "seconds"]),
      (["report", "calibration"], ["page", "files", "calibrations"]),
      (["report", "summary"], ["page", "files"]),
      (
        ["report", "tsne", "--iterations", "50"],
        ["page", "points", "sampledFrom", "perplexity", "iterations", "klDivergence", "seconds"]
      ),
      (
        ["report", "delta"], ["page", "files", "figure", "space", "norm", "areaUnderCurve", "gap"]
      ),
      (["report", "duplicates"], ["kept_path", "removed_path", "tier", "decision"]),
      (["report", "leaks"], ["image_path", "resembles_path", "identity_similarity", "decision"]),
      (["report", "quota"], ["identity", "wanted", "had", "accepted", "shortfall", "reason"]),
      (["report", "audit"], ["rule", "severity", "subject", "message"]),
      (["dedup", "--apply"], ["applied", "pairs"]),
      (["quarantine", "list"], ["image", "decision", "path", "population", "rule", "reason"]),
      (["undo"], ["undone"]),
      (["run"], ["report", "stages"]),
      (["verify"], ["content", "shards", "pictures", "problems"]),
      (["models", "list"], ["name", "role", "licence", "digest"]),
      (["models", "verify"], ["name", "role", "problem"]),
      (["doctor"], ["part", "ok", "state", "remedy"]),
    ]

    @Test func `every verb's document has its keys and nothing else is on standard output`() throws
    {
      let place = try Demo.shared.workspace(in: scratch)
      for (words, keys) in Self.documents {
        let result = place.run(words + ["--json", "--quiet"])
        #expect([0, 1].contains(result.code), "\(words): \(result.said)")
        #expect(result.err.isEmpty, "\(words): \(result.err)")
        let document = try result.json()
        let found = document.isArray ? document.items.first?.keys : document.keys
        #expect(found?.isSuperset(of: keys) == true, "\(words): \(found ?? [])")
      }
    }

    @Test func `search and export have documents too`() throws {
      let place = try Demo.shared.workspace(in: scratch)
      let picture = "\(Demo.shared.digital)/100000/0.png"
      let hits = try place.run("search", picture, "--count", "3", "--json", "--quiet").json().items
      #expect(hits.count == 3)
      #expect(
        hits[0].keys == [
          "similarity", "image", "population", "path", "identity", "falseMatchRateAtMost",
          "falseMatchRateIsBound", "calibratedOn", "threshold",
        ])
      #expect(hits[0]["similarity"]?.double ?? 0 > 0.9999)
      #expect(hits[0]["identity"]?.string == "100000")
      let file = scratch["vectors.npy"]
      let export = place.run("embeddings", "export", file, "--space", "identity", "--json")
      let document = try export.json()
      let lines = try String(contentsOfFile: file + ".csv", encoding: .utf8)
        .split(whereSeparator: \.isNewline)
      #expect(document["vectors"]?.int == lines.count - 1)
      #expect(lines[0] == "population,id,identity")
      let bytes = try #require(FileManager.default.contents(atPath: file))
      let width = try #require(document["width"]?.int)
      #expect(bytes.count % 64 == (4 * width * (lines.count - 1)) % 64)
    }

    @Test func `a dry run writes nothing anywhere`() throws {
      let place = try Demo.shared.workspace(in: scratch)
      let full = place.run("run", "--quiet")
      #expect([0, 1].contains(full.code))
      let before = try place.state()
      let reports = contents(of: "\(place.path)/reports")
      let matrix = try Numbers.npy([[1, 0, 0], [0, 1, 0]])
      let file = try scratch.write(matrix, to: "two.npy")
      let lines: [[String]] = [
        ["calibrate", "--cohort", "real", "--space", "image"],
        ["delta", "--space", "identity", "--accept-unstable"],
        ["dedup", "--population", "real", "--apply"], ["leaks", "--gallery", "real", "--apply"],
        ["collisions", "--fmr", "0.01", "--apply"], ["report", "leaks"],
        ["fill", "--per-identity", "30"], ["audit", "index"], ["undo"], ["run"],
        ["report", "tsne", "--space", "image"], ["report", "summary"], ["report", "delta"],
        ["embeddings", "import", file, "--space", "toy", "--population", "digital"],
        ["embeddings", "export", scratch["out.npy"], "--space", "identity"],
        ["index", Demo.shared.real, "--population", "reference"],
      ]
      for words in lines {
        let result = place.run(words + ["--dry-run"])
        #expect([0, 1].contains(result.code), "\(words): \(result.said)")
        #expect(try place.verify().content == before.content, "\(words) wrote to the catalog")
      }
      #expect(try place.state() == before)
      #expect(contents(of: "\(place.path)/reports") == reports)
      #expect(!FileManager.default.fileExists(atPath: scratch["out.npy"]))
      let made = Tool().run("init", scratch["never"], "--dry-run")
      #expect(made.code == 0)
      #expect(!FileManager.default.fileExists(atPath: scratch["never"]))
      let demo = Tool().run("demo", scratch["never"], "--dry-run")
      #expect(demo.code == 0)
      #expect(!FileManager.default.fileExists(atPath: scratch["never"]))
    }
  }
}
