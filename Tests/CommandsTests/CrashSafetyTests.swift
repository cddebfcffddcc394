import Foundation
import Testing

extension BuiltProgram {
  /// Killed without warning, the program leaves a sound workspace, and a rerun ends as if nothing
  /// had happened. `Scripts/soak` does the same twenty times.
  @Suite(.enabled(if: Tool.isInstalled, BuiltProgram.needsModels))
  struct CrashSafetyTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Shares of a whole run's time after which it is killed.
    static let moments = [0.25, 0.6, 0.9]

    @Test func `killed while indexing, a rerun ends like a run left alone`() throws {
      let words = [
        "index", Demo.shared.digital, "--population", "digital", "--batch", "8", "--quiet",
      ]
      let calm = Workplace.new(in: scratch, "calm")
      let length = try time(words, in: calm)
      let wanted = try calm.state()
      #expect(wanted.problems == 0)
      #expect(!wanted.vectors.isEmpty)
      for moment in Self.moments {
        let hit = Workplace.new(in: scratch, "hit-\(moment)")
        try strike(words, in: hit, after: moment * length)
        #expect(try hit.verify().problems == 0, "after the kill at \(moment)")
        #expect([0, 1].contains(hit.run(words).code))
        #expect(try hit.state() == wanted, "killed after \(moment) of a run")
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
      let length = try time(words, in: calm)
      let wanted = try calm.state()
      #expect(!wanted.generated.isEmpty)
      let hit = try copy("hit")
      for moment in [0.9, 0.2] {
        try strike(words, in: hit, after: moment * length)
        #expect(try hit.verify().problems == 0, "after the kill at \(moment)")
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
      usleep(900_000)
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

    private func time(_ words: [String], in place: Workplace) throws -> Double {
      let start = Date.now
      let done = place.run(words)
      #expect([0, 1].contains(done.code), "\(done.said)")
      return Date.now.timeIntervalSince(start)
    }

    private func strike(_ words: [String], in place: Workplace, after seconds: Double) throws {
      let running = place.start(words)
      usleep(UInt32(seconds * 1_000_000))
      running.send(SIGKILL)
      #expect(running.wait().code == -SIGKILL, "the run was over before it was killed")
    }
  }
}
