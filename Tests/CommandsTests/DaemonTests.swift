import Foundation
import Testing

extension BuiltDaemon {
  /// The daemon as a whole, by the programs in `Tests/ServiceTests/Programs`: each starts it on a copy of
  /// a workspace and prints what deviates. Their long forms are run by hand.
  @Suite(
    .serialized, .enabled(if: Tool.isInstalled, BuiltProgram.needsModels),
    .enabled(if: Python.isInstalled, "needs python3: Scripts/install-packages"))
  struct DaemonTests {
    static let programs = Tool.packageRoot.appending(path: "Tests/ServiceTests/Programs").path
    static let document =
      Tool.packageRoot.appending(path: "Sources/Service/API/openapi.json").path

    let scratch: Scratch
    let place: Workplace

    /// A workspace with something of everything: pairs to review, an audit, a map, a report.
    init() throws {
      scratch = try Scratch()
      place = try Demo.shared.workspace(in: scratch)
      for words in [
        ["calibrate", "--cohort", "reference"], ["dedup"], ["leaks"], ["audit"],
        ["report", "tsne"],
      ] {
        let result = place.run(words + ["--quiet"])
        #expect(result.code < 2, "\(result.said)")
      }
    }

    private func program(_ words: [String], patience: Double) -> Tool.Result {
      var tool = Tool()
      tool.environment["D2R_CURATE"] = Tool.path
      return Tool.Running(
        Python.path, ["-B", "\(Self.programs)/\(words[0])"] + words.dropFirst(), tool
      ).wait(patience: patience)
    }

    @Test func `it answers as its OpenAPI file says`() {
      let examples = program(["check_openapi.py", "--examples", Self.document], patience: 200)
      #expect(examples.code == 0, "\(examples.said)")
      let answers = program(
        ["check_openapi.py", "--serve", place.path, Self.document], patience: 600)
      #expect(answers.code == 0, "\(answers.said)")
    }

    @Test func `wrong requests get their due, and nobody gets what is not his`() {
      let said = program(
        ["fuzz_http.py", place.path, "--rounds", "80", "--slow", "6"], patience: 600)
      #expect(said.code == 0, "\(said.said)")
    }

    @Test func `killed again and again, it loses nothing and doubles nothing`() {
      let said = program(
        ["kill_service.py", place.path, Demo.shared.digital, "--kills", "10", "--jobs", "6"],
        patience: 600)
      #expect(said.code == 0, "\(said.said)")
    }

    @Test func `an audit that the clock begins finds a planted leak and tells a webhook`() {
      let said = program(["nightly.py", place.path, Demo.shared.reference], patience: 600)
      #expect(said.code == 0, "\(said.said)")
    }
  }

  /// What is handed to systemd.
  struct UnitTests {
    static let analyze = "/usr/bin/systemd-analyze"

    @Test(
      .enabled(
        if: FileManager.default.isExecutableFile(atPath: UnitTests.analyze),
        "needs systemd-analyze: apt-get install systemd"))
    func `systemd takes the units and finds little exposed`() {
      let said = Tool().shell("\(Tool.packageRoot.path)/Scripts/systemd/check")
      #expect(said.code == 0, "\(said.said)")
    }
  }
}

/// What runs the programs that drive the daemon. Not in the suite: its own attribute asks for it.
enum Python {
  static let path = "/usr/bin/python3"
  static let isInstalled: Bool = FileManager.default.isExecutableFile(atPath: path)
}
