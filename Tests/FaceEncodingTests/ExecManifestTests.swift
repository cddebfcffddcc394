import FaceEncoding
import Files
import Testing

struct ExecManifestTests {
  private func text(exec: String, files: String = "{}", more: String = "") -> [UInt8] {
    Array(
      """
      {"format": 1, "name": "own", "role": "generator", "kind": "exec", "latent": 4,
       "files": \(files), "exec": \(exec), "licence": "MIT", "source": "test"\(more)}
      """.utf8)
  }

  private func problem(_ json: [UInt8]) -> String? {
    do {
      _ = try ModelManifest(json: json, name: "m")
      return nil
    } catch {
      return (error as? EncodingError)?.message
    }
  }

  @Test func `a command is enough, and what is there survives writing and reading`() throws {
    let least = try ModelManifest(json: text(exec: #"{"command": ["make"]}"#), name: "m")
    #expect(least.exec == ModelManifest.Exec(command: ["make"]))
    #expect(least.exec?.batch == 8)
    let digest = String(repeating: "a1", count: 32)
    let all = try ModelManifest(
      json: text(
        exec: """
          {"command": ["/bin/x", "{folder}/w.bin"], "timeoutSeconds": 2.5, "startSeconds": 9,
           "batch": 3, "workers": 2, "weights": "\(digest)", "environment": ["CUDA_VISIBLE_DEVICES"]}
          """, files: #"{"weights": {"file": "w.bin", "sha256": "\#(digest)"}}"#,
        more: #", "output": {"name": "p", "width": 64, "height": 32}"#), name: "m")
    #expect(try ModelManifest(json: all.json(), name: "m") == all)
  }

  @Test(arguments: [
    (#"{"command": []}"#, "field 'exec.command' must name a program"),
    (#"{"command": ["x"], "batch": 0}"#, "field 'exec.batch' must be 1 to 1024"),
    (#"{"command": ["x"], "workers": 65}"#, "field 'exec.workers' must be 1 to 64"),
    (
      #"{"command": ["x"], "timeoutSeconds": 0}"#,
      "field 'exec.timeoutSeconds' must be above 0 and at most 86400"
    ),
    (
      #"{"command": ["x"], "weights": "abc"}"#,
      "field 'exec.weights' must be 64 lower-case hexadecimal digits"
    ),
    (
      #"{"command": ["x"], "environment": ["TOKEN=secret"]}"#,
      "field 'exec.environment' must be names of variables, without values"
    ),
    (#"{"command": ["x"], "shell": true}"#, "field 'exec.shell' is not known"),
    (
      #"{"command": ["./run"]}"#, "field 'exec.command' names run, which is not among 'files'"
    ),
    (
      #"{"command": ["x", "{folder}/a.py"]}"#,
      "field 'exec.command' names a.py, which is not among 'files'"
    ),
  ])
  func `a wrong field is named`(exec: String, message: String) {
    #expect(problem(text(exec: exec)) == "m: \(message)")
  }

  @Test func `what is started makes the digest, how long it may take does not`() throws {
    func digest(_ exec: String) throws -> String {
      InstalledModel(
        folder: "/", manifest: try ModelManifest(json: text(exec: exec), name: "m")
      ).digest
    }
    let plain = try digest(#"{"command": ["x"]}"#)
    #expect(
      try digest(#"{"command": ["x"], "batch": 2, "workers": 3, "timeoutSeconds": 1}"#) == plain)
    #expect(try digest(#"{"command": ["x", "-v"]}"#) != plain)
    let weights = String(repeating: "0", count: 64)
    #expect(try digest(#"{"command": ["x"], "weights": "\#(weights)"}"#) != plain)
  }

  @Test func `its files are copied in, and a program stays one that can be started`() throws {
    let folder = try TemporaryFolder()
    let source = folder("source")
    try FileSystem.makeFolder(source)
    try AtomicFile.write(text: "#!/bin/sh\n", to: source + "/run")
    try FileSystem.makeExecutable(source + "/run")
    try AtomicFile.write(text: "data", to: source + "/data")
    func entry(_ name: String) throws -> String {
      #"{"file": "\#(name)", "sha256": "\#(try Checksum.sha256(source + "/" + name))"}"#
    }
    let files = #"{"program": \#(try entry("run")), "data": \#(try entry("data"))}"#
    try AtomicFile.write(
      text(exec: #"{"command": ["./run"]}"#, files: files), to: source + "/manifest.json")
    let models = ModelFolder(root: folder("models"))
    let model = try models.add(from: source)
    #expect(FileSystem.isExecutable(model.path(of: "program")))
    #expect(!FileSystem.isExecutable(model.path(of: "data")))
    #expect(models.verify().allSatisfy { $0.problem == nil })
    try AtomicFile.write(text: "other", to: model.path(of: "data"))
    #expect(models.verify().first?.problem?.code == .fileDamaged)
  }
}
