import Foundation
import Glibc
import Testing

extension BuiltDaemon {
  /// The verbs of the daemon's queue, schedules, alerts and watches, and the queue at work.
  struct ServiceVerbTests {
    let scratch: Scratch
    let place: Workplace

    init() throws {
      scratch = try Scratch()
      place = Workplace.new(in: scratch)
    }

    /// The workspace stands first, where a "--" cannot hide it.
    private func run(_ words: [String], patience: Double = 400) -> Tool.Result {
      place.tool.run(["--workspace", place.path] + words, patience: patience)
    }

    private func run(_ words: String..., patience: Double = 400) -> Tool.Result {
      run(words, patience: patience)
    }

    /// A file of random rows inside the workspace.
    private func rows(_ count: Int, width: Int, seed: UInt64, _ name: String) throws {
      var dice = Numbers(seed: seed)
      let rows = (0..<count).map { _ in (0..<width).map { _ in dice.normal() } }
      try scratch.write(try Numbers.npy(rows), to: "new/\(name)")
    }

    private func submit(_ words: String...) throws -> Int {
      let made = run(["jobs", "submit", "--json", "--"] + words)
      #expect(made.code == 0, "\(made.said)")
      return try #require(try made.json()["id"]?.int)
    }

    @Test func `a job is queued, worked off, shown, and its result kept`() throws {
      try rows(200, width: 8, seed: 1, "a.npy")
      let good = try submit(
        "pairs", "a.npy", "--similarity-at-least", "0.9", "--output", "pairs.csv")
      let bad = try submit("audit", "nonsense")
      let waiting = run("jobs", "list")
      #expect(waiting.out.contains("\(bad)  queued  audit nonsense"), "\(waiting.said)")
      let worked = run("jobs", "work", "--until-idle")
      #expect(worked.code == 0, "\(worked.said)")
      let shown = try run("jobs", "show", "\(good)", "--json").json()
      #expect(shown["state"]?.string == "succeeded")
      #expect(shown["exitCode"]?.int == 0)
      #expect(shown["result"]?["exact"]?.int == 1)
      #expect(FileManager.default.fileExists(atPath: "\(place.path)/pairs.csv"))
      let failed = run("jobs", "show", "\(bad)")
      #expect(failed.out.contains("failed"), "\(failed.said)")
      #expect(failed.out.contains("  | d2r-curate: "), "\(failed.said)")
      let again = run("jobs", "retry", "\(bad)")
      #expect(again.out.contains("queued"), "\(again.said)")
      let cancelled = run("jobs", "cancel", "\(bad)")
      #expect(cancelled.out.contains("cancelled"), "\(cancelled.said)")
      #expect(run("jobs", "cancel", "\(bad)").code == 2)
      #expect(run("jobs", "list", "--state", "succeeded").out.contains("pairs a.npy"))
    }

    @Test(arguments: [
      (["keys", "create"], "cannot be a job"), (["audit", "--workspace=/x"], "unknown option"),
      (["index", "x"], "needs --population"), (["nonsense"], "cannot be a job"),
      (["certify", "--output", "/etc"], "lie in the workspace"),
    ])
    func `words that make no job are refused at once`(words: [String], reason: String) {
      let refused = run(["jobs", "submit", "--"] + words)
      #expect(refused.code == 2, "\(refused.said)")
      #expect(refused.err.contains(reason), "\(refused.said)")
      #expect(run("jobs", "list").out == "no jobs\n")
    }

    @Test func `killed at twenty moments, the queue loses nothing and does nothing twice`() throws {
      try rows(16_000, width: 96, seed: 7, "a.npy")
      let words = ["pairs", "a.npy", "--similarity-at-least", "0.42"]
      let alone = Tool(folder: place.path).run(words + ["--output", "alone.csv", "--quiet"])
      #expect(alone.code == 0, "\(alone.said)")
      var ids: [Int] = []
      for number in 0..<6 {
        let made = run(
          ["jobs", "submit", "--json", "--"] + words
            + ["--output", "\(number).csv"])
        ids.append(try #require(try made.json()["id"]?.int))
      }
      var dice = Numbers(seed: 20)
      var begun = 0
      for _ in 0..<20 {
        let working = place.start(["jobs", "work"])
        usleep(UInt32(60_000 + 300_000 * abs(dice.normal())))
        let children = self.children()
        working.send(SIGKILL)
        #expect(working.wait().code == -SIGKILL)
        begun += children.count
        for _ in 0..<100 where !self.children().isEmpty { usleep(100_000) }
        #expect(self.children().isEmpty, "children outlive the daemon")
      }
      #expect(begun > 0, "no kill met a running job")
      let worked = run("jobs", "work", "--until-idle", patience: 900)
      #expect(worked.code == 0, "\(worked.said)")
      let expected = FileManager.default.contents(atPath: "\(place.path)/alone.csv")
      for (number, id) in ids.enumerated() {
        let job = try run("jobs", "show", "\(id)", "--json").json()
        #expect(job["state"]?.string == "succeeded")
        #expect(job["attempt"]?.int == 1)
        #expect(
          FileManager.default.contents(atPath: "\(place.path)/\(number).csv") == expected)
      }
    }

    /// Processes that are jobs of this workspace.
    private func children() -> [String] {
      let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
      return all.filter { name in
        guard Int(name) != nil,
          let data = FileManager.default.contents(atPath: "/proc/\(name)/cmdline")
        else { return false }
        let line = String(decoding: data, as: UTF8.self)
        return line.contains(place.path) && line.contains("pairs\0a.npy")
      }
    }

    @Test func `SIGTERM ends the work in order, and jobs wait again`() throws {
      try rows(20_000, width: 128, seed: 7, "a.npy")
      let id = try submit("pairs", "a.npy", "--similarity-at-least", "0.4", "--output", "p.csv")
      let working = place.start(["jobs", "work"])
      let end = Date.now.addingTimeInterval(200)
      while children().isEmpty, Date.now < end { usleep(5000) }
      working.send(SIGTERM)
      #expect(working.wait(patience: 200).code == 0)
      #expect(children().isEmpty)
      let job = try run("jobs", "show", "\(id)", "--json").json()
      #expect(job["state"]?.string == "queued")
      #expect(job["attempt"]?.int == 0)
    }

    @Test func `schedules are made, previewed, paused, run and removed`() throws {
      let preview = run(
        "schedule", "preview", "30 2 * * mon-fri", "--time-zone", "Europe/Berlin")
      #expect(preview.out.hasPrefix("at 02:30 on Monday to Friday\n"), "\(preview.said)")
      #expect(preview.out.split(separator: "\n").count == 6)
      let added = run(
        ["schedule", "add", "nightly", "30 2 * * *", "--jitter", "60"]
          + ["--", "audit", "release"])
      #expect(added.out.contains("nightly: audit release"), "\(added.said)")
      #expect(added.out.contains("  next "), "\(added.said)")
      #expect(run("schedule", "pause", "nightly").out.contains("paused"))
      #expect(run("schedule", "resume", "nightly").out.contains("next"))
      let ran = run("schedule", "run-now", "nightly")
      #expect(ran.out.contains("queued  audit release  by schedule nightly"), "\(ran.said)")
      #expect(run("schedule", "history", "nightly").out.contains("fired  job 1"))
      let listed = try run("schedule", "list", "--json").json()
      #expect(listed.items.first?["timeZone"]?.string == "UTC")
      #expect(listed.items.first?["lastState"]?.string == "queued")
      for words in [
        ["bad", "61 * * * *", "audit"], ["nightly", "@daily", "audit"], ["x", "@daily", "purge"],
      ] {
        #expect(run(["schedule", "add"] + words).code == 2)
      }
      #expect(run("schedule", "remove", "nightly").code == 0)
      #expect(run("schedule", "list").out == "no schedules\n")
    }

    @Test func `a schedule fires while the queue is worked off, and a mail says what failed`()
      throws
    {
      let spool = scratch["spool"]
      try FileManager.default.createDirectory(atPath: spool, withIntermediateDirectories: true)
      let alert = run("alerts", "add", "post", "--mail", spool, "--to", "ada@example.org")
      #expect(alert.code == 0, "\(alert.said)")
      #expect(
        run(["schedule", "add", "often", "* * * * *", "audit", "nonsense"]).code == 0)
      let working = place.start(["jobs", "work"])
      let end = Date.now.addingTimeInterval(300)
      func mails() -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: spool)) ?? []
      }
      while mails().allSatisfy({ $0.hasPrefix(".") }), Date.now < end { usleep(20_000) }
      working.send(SIGTERM)
      _ = working.wait(patience: 200)
      let history = try run("schedule", "history", "often", "--json").json()
      #expect(history.items.first?["outcome"]?.string == "fired")
      let mail = try #require(mails().first { $0.hasSuffix(".eml") })
      let text = try String(contentsOfFile: "\(spool)/\(mail)", encoding: .utf8)
      #expect(text.contains("audit nonsense failed"), "\(text)")
      #expect(text.contains("queued by schedule often"), "\(text)")
    }

    @Test func `alerts and watches are made, listed and removed`() throws {
      let hook = run(
        "alerts", "add", "ops", "--webhook", "http://127.0.0.1:9/x", "--on", "failed")
      #expect(hook.out.contains("secret: "), "\(hook.said)")
      #expect(
        run("alerts", "list").out.contains("ops: webhook http://127.0.0.1:9/x, on failed"))
      #expect(!run("alerts", "list", "--json").out.contains("secret"))
      #expect(run("alerts", "test", "ops").out.contains("waits"))
      #expect(run("alerts", "remove", "ops").code == 0)
      #expect(run("alerts", "add", "x").code == 64)
      #expect(run("alerts", "add", "x", "--webhook", "ftp://x").code == 2)
      let folder = scratch["in"]
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let watch = run("watch", "add", folder, "--population", "digital", "--settle", "1")
      #expect(watch.out.contains("\(folder)  digital"), "\(watch.said)")
      #expect(run("watch", "add", folder, "--population", "digital").code == 2)
      #expect(run("watch", "list").out.contains("0 files wait"))
      #expect(run("watch", "remove", folder).code == 0)
      #expect(run("watch", "list").out == "nothing is watched\n")
    }
  }
}
