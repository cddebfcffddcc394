import Foundation
import Glibc

/// A real server with the installed networks, started for a test and ended with this object.
final class ModelServer {
  enum Kind: String, CaseIterable, Sendable {
    case mlserver, triton

    /// What `models verify` says of it.
    var said: String {
      switch self {
      case .mlserver: "mlserver 1.7.1, JSON tensors"
      case .triton: "triton 2.51.0, binary tensors"
      }
    }
  }

  let kind: Kind
  let port: Int
  private var process: Process?
  var url: String { "http://127.0.0.1:\(port)" }

  static let home: String = {
    let environment = ProcessInfo.processInfo.environment
    if let home = environment["D2R_HOME"], !home.isEmpty { return home }
    return (environment["HOME"] ?? "/") + "/.local/share/d2r-curate"
  }()

  private static func python(_ kind: Kind) -> String {
    "\(home)/servers/\(kind.rawValue)/bin/python"
  }

  /// True where both were installed.
  static let areInstalled = Kind.allCases.allSatisfy { kind in
    FileManager.default.fileExists(atPath: "\(home)/servers/\(kind.rawValue)/installed")
  }

  init(_ kind: Kind) throws {
    self.kind = kind
    port = try Self.freePort()
    try start()
  }

  deinit { stop() }

  func start() throws {
    let process = Process()
    process.executableURL = URL(filePath: Self.python(kind))
    let folder = Tool.packageRoot.appending(path: "Scripts/servers").path
    process.arguments = ["-B", "\(folder)/serve_\(kind.rawValue).py", "--port", "\(port)"]
    var environment = ProcessInfo.processInfo.environment
    environment["PYTHONPATH"] = nil
    process.environment = environment
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    self.process = process
  }

  /// Ends it in order; Triton's own process is a child that must be told.
  func stop() {
    process?.terminate()
    waitForEnd()
  }

  /// As if the machine had lost its power.
  func kill() {
    if let process { Glibc.kill(process.processIdentifier, SIGKILL) }
    waitForEnd()
  }

  private func waitForEnd() {
    while let process, process.isRunning { usleep(2000) }
    process = nil
  }

  private static func freePort() throws -> Int {
    let asked = Process()
    asked.executableURL = URL(filePath: "/usr/bin/python3")
    asked.arguments = [
      "-c",
      "import socket as s; a = s.socket(); a.bind(('127.0.0.1', 0)); print(a.getsockname()[1])",
    ]
    let pipe = Pipe()
    asked.standardOutput = pipe
    try asked.run()
    while asked.isRunning { usleep(2000) }
    let text = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
    guard let port = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw CocoaError(.fileReadUnknown)
    }
    return port
  }
}

/// An install folder with the machine's own models and runtime, and more models of a test's own.
struct RemoteHome {
  let path: String
  var tool: Tool { Tool(environment: ["D2R_HOME": path]) }

  init(in scratch: Scratch) throws {
    path = scratch["home"]
    let files = FileManager.default
    try files.createDirectory(atPath: "\(path)/models", withIntermediateDirectories: true)
    try files.createSymbolicLink(
      atPath: "\(path)/runtime", withDestinationPath: "\(ModelServer.home)/runtime")
    for name in try files.contentsOfDirectory(atPath: "\(ModelServer.home)/models") {
      try files.createSymbolicLink(
        atPath: "\(path)/models/\(name)",
        withDestinationPath: "\(ModelServer.home)/models/\(name)")
    }
  }

  /// Adds `NAME-generator` and `NAME-encoder`, served at `url`.
  func add(_ name: String, at url: String, in scratch: Scratch, patience: Int = 60) throws {
    let models = [
      "generator": """
      "role": "generator", "input": {"name": "z"}, "latent": 100,
      "output": {"name": "image", "width": 64, "height": 64, "range": [-1, 1]},
      "remote": {"url": "\(url)", "model": "dcgan", "patienceSeconds": \(patience)}
      """,
      "encoder": """
      "role": "encoder", "space": "identity",
      "input": {"name": "input", "width": 112, "height": 112, "alignment": "arcface-112"},
      "output": {"name": "embedding", "width": 128},
      "remote": {"url": "\(url)", "model": "identity", "patienceSeconds": \(patience)}
      """,
    ]
    for (role, text) in models {
      let manifest = """
        {"format": 1, "name": "\(name)-\(role)", "kind": "remote", "licence": "a test",
        "source": "a test", \(text)}
        """
      let folder = "manifest-\(name)-\(role)"
      try scratch.write(manifest, to: "\(folder)/manifest.json")
      let added = tool.run("models", "add", scratch[folder], "--quiet")
      guard added.code == 0 else { throw Refused(said: added.said) }
    }
  }

  struct Refused: Error { var said: String }
}
