import Domain
import Foundation
import Imaging
import SQLite
import Testing

/// A quality network among the shared test models.
private enum Scorer {
  static let network = Tool.packageRoot.deletingLastPathComponent()
    .appending(path: "shared/models/quality_lightqnet_dm100.onnx").path
  static let isThere = FileManager.default.fileExists(atPath: network)
}

extension BuiltProgram {
  /// A network that scores faces, where the shared test models are.
  @Suite(.enabled(if: Tool.isInstalled && Scorer.isThere, "needs ../shared/models"))
  struct QualityTests {
    let scratch: Scratch
    let tool: Tool

    /// An install folder of its own: the models that are there, by link, and the scorer.
    init() throws {
      scratch = try Scratch()
      let environment = ProcessInfo.processInfo.environment
      let home =
        environment["D2R_HOME"] ?? "\(environment["HOME"] ?? "")/.local/share/d2r-curate"
      let files = FileManager.default
      try files.createDirectory(atPath: scratch["home/models"], withIntermediateDirectories: true)
      for name in try files.contentsOfDirectory(atPath: "\(home)/models") {
        try files.createSymbolicLink(
          atPath: scratch["home/models/\(name)"], withDestinationPath: "\(home)/models/\(name)")
      }
      try files.createSymbolicLink(
        atPath: scratch["home/runtime"], withDestinationPath: "\(home)/runtime")
      try scratch.copy(Scorer.network, to: "scorer/scorer.onnx")
      try scratch.write(
        """
        {"format": 1, "name": "scorer", "role": "quality", "kind": "onnx",
         "files": {"main": {"file": "scorer.onnx", "sha256":
           "37df1b61cc6a9375f51af748e3f60d8ca2c1cdbe3e57345cdfaeb7a20b6503ee"}},
         "input": {"name": "input", "width": 96, "height": 96, "channels": "rgb",
           "mean": [127.5, 127.5, 127.5], "std": [128, 128, 128], "resize": "bilinear",
           "alignment": "arcface-112"},
         "output": {"name": "quality", "width": 1}, "licence": "MIT", "source": "test", "note": ""}
        """, to: "scorer/manifest.json")
      var tool = Tool()
      tool.environment["D2R_HOME"] = scratch["home"]
      self.tool = tool
      let added = tool.run("models", "add", scratch["scorer"])
      #expect(added.code == 0, "\(added.said)")
    }

    private func scores(_ place: Workplace) throws -> [Double] {
      let catalog = try Database(path: "\(place.path)/catalog.sqlite", mode: .existing)
      return try catalog.rows(
        "SELECT quality FROM image WHERE quality_encoder IS NOT NULL ORDER BY path"
      ) { $0.real(0) }
    }

    @Test func `the better face stays, and scores can be added later`() throws {
      let files = contents(of: Demo.shared.reference)
      let name = try #require(files.keys.min())
      let picture = try PictureDecoder.decode(Array(files[name] ?? Data())).picture
      let small = Resampling.resized(picture, to: 20, 20, filter: .bilinear)
      let blurred = Resampling.resized(
        small, to: picture.width, picture.height, filter: .bilinear)
      try scratch.write(try PictureEncoder.png(blurred), to: "set/1-blurred.png")
      try scratch.write(try PictureEncoder.png(picture), to: "set/2-sharp.png")
      var place = Workplace(path: scratch["new"], tool: tool)
      #expect(tool.run("init", place.path, "--quiet").code == 0)
      let settings = try String(contentsOfFile: scratch["new/workspace.json"], encoding: .utf8)
      #expect(settings.contains("\"scorer\""), "\(settings)")
      let words = [
        "index", scratch["set"], "--population", "digital", "--crop", "aligned", "--json",
        "--quiet",
      ]
      #expect(place.run(words).code == 0)
      let given = try scores(place)
      #expect(given.count == 2)
      #expect(given[1] > given[0], "the sharp face scores higher: \(given)")
      // The two differ so much that only a generous second key calls them one picture.
      let dedup = place.run(
        "dedup", "--similarity-at-least", "-1", "--registered-at-least", "0.5", "--json", "--quiet")
      let pair = try #require(try dedup.json()["pairs"]?.items.first, "\(dedup.said)")
      #expect(pair["kept"]?["path"]?.string == "2-sharp.png")
      #expect(pair["keeper"]?["measure"]?.string == "network")
      #expect(pair["keeper"]?["decidedBy"]?.string == "quality")

      let catalog = try Database(path: "\(place.path)/catalog.sqlite", mode: .existing)
      try catalog.run(script: "UPDATE image SET quality = NULL, quality_encoder = NULL;")
      #expect(try scores(place).isEmpty)
      place.tool = tool
      #expect(try place.run(words).json()["measured"]?.int == 2)
      #expect(try scores(place).count == 2)
    }
  }
}
