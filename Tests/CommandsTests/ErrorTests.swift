import Foundation
import Testing

extension BuiltProgram {
  /// Every mistake says what happened, to what, and what to do.
  struct ErrorTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    static let usage: [(line: String, says: String)] = [
      ("indx pictures", "did you mean index?"),
      ("index pictures --populaton digital", "did you mean --population?"),
      ("index pictures", "--population"),
      ("index pictures --population digitl", "did you mean digital?"),
      ("report", "needs one more word"),
      ("report tsn", "did you mean report tsne?"),
      ("dedup --threads 0", "from 1 to 1024"),
      ("dedup --threads two", "from 1 to 1024"),
      ("dedup --seed 1 --seed 2", "given twice"),
      ("dedup surplus", "surplus"),
      ("undo --decision", "needs a value"),
      ("quarantine restore", "IMAGE"),
    ]

    @Test(arguments: usage)
    func `a word that is not understood ends with 64 and a suggestion`(
      mistake: (line: String, says: String)
    ) {
      let result = Tool().run(mistake.line.split(separator: " ").map(String.init))
      #expect(result.code == 64)
      #expect(result.err.contains(mistake.says), "\(result.said)")
      #expect(result.err.contains("\n  try: run d2r-curate"), "\(result.said)")
      #expect(result.out.isEmpty)
    }

    static let failures: [(line: String, says: String)] = [
      ("index /nonexistent --population digital", "/nonexistent"),
      ("search /nonexistent.png", "/nonexistent.png"),
      ("audit nosuch", "nosuch"),
      ("delta --space nosuch", "nosuch"),
      ("dedup --space nosuch --similarity-at-least 0.9", "nosuch"),
      ("calibrate --space nosuch", "nosuch"),
      ("calibrate --cohort real --fmr 1e-9", "needs at least 3000000000"),
      ("undo", "no decision"),
      ("undo --decision 9999", "9999"),
      ("quarantine restore 1", "image 1"),
      ("embeddings import /nonexistent.npy --space a --population real", "/nonexistent.npy"),
      ("embeddings export out.npy --space nosuch", "nosuch"),
      ("report tsne --space nosuch", "nosuch"),
      ("report delta", "Δ"),
      ("report calibration --space nosuch", "nosuch"),
      ("calibrate --groups /nonexistent.csv", "/nonexistent.csv"),
      ("run --planted /nonexistent.csv", "/nonexistent.csv"),
      ("leaks --engine faiss:Nonsense --similarity-at-least 0.9", "Nonsense"),
      ("models add /nonexistent", "/nonexistent"),
    ]

    @Test(.enabled(if: Tool.isInstalled, BuiltProgram.needsModels))
    func `what cannot be done ends with 2, names its subject and says what to try`() throws {
      let place = try Demo.shared.workspace(in: scratch)
      let before = try place.verify().content
      for failure in Self.failures {
        let result = place.run(failure.line.split(separator: " ").map(String.init) + ["--quiet"])
        #expect(result.code == 2, "\(failure.line): \(result.said)")
        #expect(result.err.contains(failure.says), "\(failure.line): \(result.said)")
        #expect(result.err.contains("\n  try: "), "\(failure.line): \(result.said)")
      }
      for mistake in ["dedup --similarity-at-least 7", "fill --per-identity 0", "dedup --engine x"]
      {
        let result = place.run(mistake.split(separator: " ").map(String.init))
        #expect(result.code == 64, "\(mistake): \(result.said)")
        #expect(result.err.contains("\n  try: run d2r-curate"), "\(mistake): \(result.said)")
      }
      #expect(try place.verify().content == before, "a failed command changed the catalog")
    }

    @Test func `a folder that is no workspace says how to make one`() {
      for words in [["status"], ["dedup"], ["verify"], ["report", "quota"]] {
        let result = Tool().run(words + ["--workspace", scratch.path])
        #expect(result.code == 2)
        #expect(result.err.contains("not a workspace"), "\(result.said)")
        #expect(result.err.contains("try: make one with: d2r-curate init"), "\(result.said)")
      }
      let nowhere = Tool(folder: scratch.path).run("status")
      #expect(nowhere.code == 2)
      #expect(nowhere.err.contains("--workspace DIR"))
    }

    @Test func `with --json an error is a document too`() throws {
      let result = Tool().run("status", "--workspace", scratch.path, "--json")
      let document = try result.json()
      #expect(document.keys == ["error", "hint"])
      #expect(document["hint"]?.string?.contains("init") == true)
      #expect(result.code == 2)
    }

    @Test func `a workspace's own settings are checked by name`() throws {
      try scratch.write(#"{"format": 1, "imagesPerIdentity": -3}"#, to: "bad/workspace.json")
      let result = Tool().run("verify", "--workspace", scratch["bad"])
      #expect(result.code == 2)
      #expect(result.err.contains("imagesPerIdentity must be a whole number"), "\(result.said)")
      #expect(result.err.contains("try: "))
      try scratch.write("{", to: "worse/workspace.json")
      let broken = Tool().run("verify", "--workspace", scratch["worse"])
      #expect(broken.code == 2)
      #expect(broken.err.contains("try: "), "\(broken.said)")
    }

    @Test func `a catalog that is junk is refused and left as it is`() throws {
      let place = Workplace.new(in: scratch)
      let junk = [UInt8](repeating: 7, count: 5000)
      for name in ["catalog.sqlite-wal", "catalog.sqlite-shm"] {
        try? FileManager.default.removeItem(atPath: "\(place.path)/\(name)")
      }
      try scratch.write(junk, to: "new/catalog.sqlite")
      let result = place.run("verify")
      #expect(result.code == 2)
      #expect(result.err.contains("try: "), "\(result.said)")
      #expect(FileManager.default.contents(atPath: scratch["new/catalog.sqlite"]) == Data(junk))
    }

    @Test func `results that cannot be written end with 2`() {
      let result = Tool().shell("d2r-curate models list > /dev/full")
      #expect(result.code == 2)
      #expect(result.err.contains("could not be written"), "\(result.err)")
      #expect(result.err.contains("try: "))
    }

    @Test func `a reader that goes away is no error`() {
      let help = Tool().shell("set -o pipefail; d2r-curate --help | head -n 1")
      #expect(help.out.hasPrefix("usage: "))
      #expect(!help.err.contains("rror"), "\(help.said)")
      #expect(Tool().run("completions").code == 0)
      let many = Tool().shell(
        "for i in 1 2 3 4 5; do d2r-curate completions | true; echo ${PIPESTATUS[0]}; done")
      for code in many.out.split(separator: "\n") {
        #expect(["0", "141"].contains(code), "\(many.said)")
      }
    }
  }
}
