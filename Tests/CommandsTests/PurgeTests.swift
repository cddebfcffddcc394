import Foundation
import Testing

extension BuiltProgram {
  /// The one verb that deletes.
  @Suite(.enabled(if: Tool.isInstalled, BuiltProgram.needsModels))
  struct PurgeTests {
    let scratch: Scratch
    let place: Workplace
    let pictures: String

    /// A workspace over a copy of some pictures, since these are deleted.
    init() throws {
      scratch = try Scratch()
      pictures = try scratch.copy(Demo.shared.digital, to: "pictures")
      place = Workplace.new(in: scratch)
      let indexed = place.run("index", pictures, "--population", "digital", "--quiet")
      #expect([0, 1].contains(indexed.code), "\(indexed.said)")
      #expect(place.run("calibrate", "--cohort", "digital", "--quiet").code == 0)
      #expect(place.run("dedup", "--apply", "--quiet").code == 0)
    }

    private func aside() throws -> [String] {
      try place.run("quarantine", "list", "--json", "--quiet").json().items
        .compactMap { $0["path"]?.string }
    }

    @Test func `your own files are deleted only when you say so, and are recorded`() throws {
      let before = contents(of: pictures)
      let name = try #require(try aside().first)
      let skipped = place.run("quarantine", "purge", "--yes")
      #expect(skipped.code == 0)
      #expect(skipped.err.contains("see --source-files"))
      let refused = place.run("quarantine", "purge", name, "--yes")
      #expect(refused.code == 2)
      #expect(refused.err.contains("add --source-files"))
      #expect(contents(of: pictures) == before)
      let words = ["quarantine", "purge", name, "--source-files", "--author", "ada", "--quiet"]
      let done = try place.run(words + ["--yes", "--json"]).json()
      #expect(done["files"]?.int == 1 && done["vectors"]?.int == 4)
      var expected = before
      expected[name] = nil
      #expect(contents(of: pictures) == expected)
      #expect(try place.verify().problems == 0)
      let line = try #require(
        try place.run("blame", name, "--json").json()["decisions"]?.items.last)
      #expect(line["action"]?.string == "purge" && line["author"]?.string == "ada")
      #expect(line["evidence"]?["sha256"]?.string?.count == 64)
      #expect(line["evidence"]?["byteCount"]?.int == before[name]?.count)
      let leaked = contents(of: "\(place.path)/vectors").count
      #expect(place.run("index", pictures, "--population", "digital", "--quiet").code < 2)
      #expect(contents(of: "\(place.path)/vectors").count == leaked, "nothing was embedded again")
    }

    @Test func `a file that has changed stops everything`() throws {
      let names = try aside()
      try Data([1, 2, 3]).write(to: URL(filePath: "\(pictures)/\(names[1])"))
      let before = contents(of: pictures)
      let result = place.run("quarantine", "purge", "--source-files", "--yes")
      #expect(result.code == 2)
      #expect(result.err.contains("is not the one that was indexed"), "\(result.said)")
      #expect(contents(of: pictures) == before)
      #expect(try aside() == names)
    }

    @Test func `what a cut-off purge left is found and finished`() throws {
      let name = try #require(try aside().first)
      let file = URL(filePath: "\(pictures)/\(name)")
      let bytes = try Data(contentsOf: file)
      let words = ["quarantine", "purge", "--source-files", "--yes", "--quiet"]
      #expect(place.run(words).code == 0)
      #expect(!FileManager.default.fileExists(atPath: file.path))
      // As if the run had been killed after the ledger was told.
      try bytes.write(to: file)
      #expect(place.run("verify").out.contains("it was purged and is still there"))
      #expect(place.run(words).code == 0)
      #expect(!FileManager.default.fileExists(atPath: file.path))
      #expect(try place.verify().problems == 0)
    }
  }
}
