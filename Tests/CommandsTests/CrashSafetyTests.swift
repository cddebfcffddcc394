import Foundation
import Testing

extension BuiltProgram {
  /// Killed without warning, the program leaves a sound workspace, and a rerun ends as if nothing
  /// had happened. `Scripts/soak` does the same twenty times.
  @Suite(.enabled(if: Tool.isInstalled, BuiltProgram.needsModels))
  struct CrashSafetyTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func `killed while indexing, a rerun ends like a run left alone`() throws {
      let words = [
        "index", Demo.shared.digital, "--population", "digital", "--batch", "8", "--quiet",
      ]
      let calm = Workplace.new(in: scratch, "calm")
      #expect([0, 1].contains(calm.run(words).code))
      let wanted = try calm.state()
      #expect(wanted.problems == 0)
      #expect(wanted.vectors.count > 12)
      for shards in [1, 5, 10] {
        let hit = Workplace.new(in: scratch, "hit-\(shards)")
        try strike(words, in: hit, when: "vectors", holds: shards)
        #expect(try hit.verify().problems == 0, "killed at \(shards) shards")
        #expect([0, 1].contains(hit.run(words).code))
        #expect(try hit.state() == wanted, "killed at \(shards) shards")
      }
    }

    @Test func `killed while filling, a rerun ends like a run left alone`() throws {
      let base = try Demo.shared.workspace(in: scratch, as: "base")
      for words in [["calibrate"], ["dedup", "--apply"], ["leaks", "--apply"]] {
        #expect([0, 1].contains(base.run(words + ["--quiet"]).code))
      }
      func copy(_ name: String) throws -> Workplace {
        Workplace(path: try scratch.copy(base.path, to: name))
      }
      let words = ["fill", "--per-identity", "24", "--quiet"]
      let calm = try copy("calm")
      #expect([0, 1].contains(calm.run(words).code))
      let wanted = try calm.state()
      #expect(wanted.generated.count > 60)
      let hit = try copy("hit")
      for pictures in [1, 40] {
        try strike(words, in: hit, when: "generated", holds: pictures)
        #expect(try hit.verify().problems == 0, "killed at \(pictures) pictures")
      }
      #expect([0, 1].contains(hit.run(words).code))
      #expect(try hit.state() == wanted, "killed twice")
    }

    @Test func `asked to stop, indexing says how to go on and goes on`() throws {
      let words = [
        "index", Demo.shared.reference, "--population", "reference", "--batch", "8", "--quiet",
      ]
      let place = Workplace.new(in: scratch)
      let running = place.start(words)
      try wait(for: place, "vectors", toHold: 3)
      running.send(SIGINT)
      let stopped = running.wait()
      #expect(stopped.code == 2, "\(stopped.said)")
      #expect(stopped.err.contains("try: run the same command again"), "\(stopped.said)")
      let rest = place.run(words + ["--json"])
      #expect(rest.code == 0)
      let document = try rest.json()
      #expect(document["files"]?.int == 300)
      #expect(try place.verify().problems == 0)
    }

    /// Kills a run as soon as a folder of its workspace holds so many files.
    private func strike(
      _ words: [String], in place: Workplace, when folder: String, holds count: Int
    ) throws {
      let running = place.start(words)
      try wait(for: place, folder, toHold: count)
      running.send(SIGKILL)
      #expect(running.wait().code == -SIGKILL, "the run was over before it was killed")
    }

    /// Waits for an event, not for the clock; gives up after two minutes.
    private func wait(for place: Workplace, _ folder: String, toHold count: Int) throws {
      let root = "\(place.path)/\(folder)"
      for _ in 0..<60_000 {
        let paths = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        let files = paths.filter { $0.hasSuffix(".shard") || $0.hasSuffix(".png") }
        if files.count(where: { !$0.contains("/.") }) >= count { return }
        usleep(2000)
      }
      Issue.record("\(folder) never held \(count) files")
    }
  }
}
