import Foundation
import SQLite
import Testing

extension BuiltProgram {
  /// Parts that are missing or damaged are named, with the way to mend them.
  @Suite(.enabled(if: Tool.isInstalled, BuiltProgram.needsModels))
  struct InstallationTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Where the models of this machine are.
    private var home: String {
      let environment = ProcessInfo.processInfo.environment
      if let home = environment["D2R_HOME"], !home.isEmpty { return home }
      return "\(environment["HOME"] ?? "")/.local/share/d2r-curate"
    }

    @Test func `all is well where everything is installed`() throws {
      let result = Tool().run("doctor", "--json")
      #expect(result.code == 0, "\(result.said)")
      let parts = try result.json().items
      #expect(parts.allSatisfy { $0["ok"]?.int == 1 })
      for part in ["SQLite", "FAISS", "ONNX Runtime", "generator", "disk space"] {
        #expect(parts.contains { $0["part"]?.string == part }, "\(part)")
      }
    }

    @Test func `without a runtime pictures are refused and the doctor says why`() throws {
      let place = try Demo.shared.workspace(in: scratch)
      var tool = Tool()
      tool.environment["D2R_ONNXRUNTIME"] = "/nonexistent"
      let search = tool.run(
        "search", "\(Demo.shared.digital)/100000/0.png", "--workspace", place.path)
      #expect(search.code == 2)
      #expect(search.err.contains("ONNX Runtime is not installed"), "\(search.said)")
      #expect(search.err.contains("try: install it with: Scripts/install-models"))
      let doctor = tool.run("doctor")
      #expect(doctor.code == 1)
      #expect(doctor.out.contains("MISSING ONNX Runtime"), "\(doctor.said)")
      for words in [["dedup"], ["verify"], ["report", "quota"]] {
        let result = tool.run(words + ["--workspace", place.path, "--quiet"])
        #expect([0, 1].contains(result.code), "needs no network: \(result.said)")
      }
    }

    @Test func `without models each verb that needs one says how to install them`() throws {
      let place = try Demo.shared.workspace(in: scratch)
      var tool = Tool()
      tool.environment["D2R_HOME"] = scratch["empty"]
      tool.environment["D2R_ONNXRUNTIME"] = try runtime()
      let lists = tool.run("models", "list")
      #expect(lists.code == 0)
      #expect(lists.err.contains("Scripts/install-models"))
      let index = tool.run(
        "index", Demo.shared.digital, "--population", "digital", "--workspace", place.path)
      #expect(index.code == 2)
      #expect(index.err.contains("try: "), "\(index.said)")
      #expect(index.err.contains("install-models"), "\(index.said)")
      let status = tool.run("status", "--workspace", place.path)
      #expect(status.code == 0, "status is for looking, models or not: \(status.said)")
    }

    @Test func `a damaged model is found, named and not used`() throws {
      try scratch.copy("\(home)/models", to: "home/models")
      let models = try FileManager.default.contentsOfDirectory(atPath: scratch["home/models"])
      let name = try #require(models.first { $0.contains("dlib") })
      let folder = "\(scratch["home/models"])/\(name)"
      let files = contents(of: folder)
      let network = try #require(files.keys.first { $0.hasSuffix(".onnx") })
      var bytes = try #require(files[network])
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: URL(filePath: "\(folder)/\(network)"))
      var tool = Tool()
      tool.environment["D2R_HOME"] = scratch["home"]
      tool.environment["D2R_ONNXRUNTIME"] = try runtime()
      let verify = tool.run("models", "verify")
      #expect(verify.code == 1)
      #expect(verify.out.contains("\(name)") && verify.out.contains("BROKEN"), "\(verify.said)")
      let place = try Demo.shared.workspace(in: scratch)
      let search = tool.run(
        "search", "\(Demo.shared.digital)/100000/0.png", "--workspace", place.path)
      #expect(search.code == 2)
      #expect(search.err.contains(name) && search.err.contains("try: "), "\(search.said)")
    }

    @Test func `a model is added from its folder and refused twice`() throws {
      var tool = Tool()
      tool.environment["D2R_HOME"] = scratch["home"]
      let models = try FileManager.default.contentsOfDirectory(atPath: "\(home)/models")
      let name = try #require(models.first { $0.contains("mtcnn") })
      let added = tool.run("models", "add", "\(home)/models/\(name)", "--json")
      #expect(added.code == 0, "\(added.said)")
      #expect(try added.json().keys == ["added", "digest"])
      #expect(try tool.run("models", "list", "--json").json().items.count == 1)
      let again = tool.run("models", "add", "\(home)/models/\(name)")
      #expect(again.code == 2)
      #expect(again.err.contains("try: "), "\(again.said)")
    }

    @Test func `a catalog another program holds is waited for, then reported`() throws {
      let place = try Demo.shared.workspace(in: scratch)
      let other = try Database(path: "\(place.path)/catalog.sqlite", mode: .existing)
      try other.run(script: "BEGIN IMMEDIATE")
      let locked = place.run(["calibrate", "--quiet"], patience: 60)
      #expect(locked.code == 2, "\(locked.said)")
      #expect(locked.err.contains("try: "), "\(locked.said)")
      try other.run(script: "ROLLBACK")
      #expect(place.run("calibrate", "--quiet").code == 0)
    }

    private func runtime() throws -> String {
      let folder = "\(home)/runtime"
      let name = try FileManager.default.contentsOfDirectory(atPath: folder).first {
        $0.hasPrefix("libonnxruntime.so")
      }
      return "\(folder)/\(try #require(name))"
    }
  }
}
