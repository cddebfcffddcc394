import Foundation
import Testing

extension BuiltDaemon {
  /// The daemon's page in a real browser, by `Tests/ServiceTests/Programs/drive_service.py`.
  @Suite(
    .serialized, .enabled(if: Tool.isInstalled, BuiltProgram.needsModels),
    .enabled(
      if: DrivenBrowser.isInstalled, "needs a browser: apt-get install chromium chromium-driver"))
  struct PageTests {
    let scratch: Scratch
    let place: Workplace

    /// A workspace with pairs to review, two audits, a map and a report.
    init() throws {
      scratch = try Scratch()
      place = try Demo.shared.workspace(in: scratch)
      for words in [
        ["calibrate", "--cohort", "reference"], ["dedup"], ["leaks"], ["audit"],
        ["report", "tsne"], ["report", "summary"],
      ] {
        let result = place.run(words + ["--quiet"])
        #expect(result.code < 2, "\(result.said)")
      }
    }

    private func drive(_ checks: String..., patience: Double = 900) {
      var tool = Tool()
      tool.environment["D2R_CURATE"] = Tool.path
      let program = Tool.packageRoot.appending(path: "Tests/ServiceTests/Programs/drive_service.py")
      let said = Tool.Running("/usr/bin/python3", ["-B", program.path, place.path] + checks, tool)
        .wait(patience: patience)
      #expect(said.code == 0, "\(said.said)")
      print(said.out)
    }

    @Test func `every page opens, by keyboard, by ear and on a phone`() {
      drive("units", "sign-in", "every-page", "keyboard", "problems")
    }

    @Test func `pairs are judged by keys, and real faces seen on record only`() {
      drive("review", "faces", "reader", "tokens")
    }

    @Test func `what is chosen on the map is decided, and taken back in the ledger`() {
      drive("map", "map-decision", "paint", "search", "upload")
    }

    @Test func `jobs and schedules run from the page, and reports open shut off from it`() {
      drive("jobs", "schedule", "reports", "watch", "alert")
    }
  }
}

/// Chromium, its driver, and what runs the program that uses them.
enum DrivenBrowser {
  static let isInstalled: Bool = ["chromium", "chromedriver", "python3"].allSatisfy {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)")
  }
}
