import Foundation

/// The server of faults in Scripts/servers, on a port of its own; ended with this object.
final class FaultServer: Sendable {
  let url: String
  private let process = Process()

  /// - Parameter certificate: files of a certificate and its key, to speak TLS.
  init(certificate: (file: String, key: String)? = nil) throws {
    let script = Self.root + "/Scripts/servers/serve_faults.py"
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = ["-B", script, "--port", "0"]
    if let certificate { process.arguments? += ["--tls", certificate.file, certificate.key] }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    var line = ""
    while !line.hasSuffix("\n") {
      let data = pipe.fileHandleForReading.availableData
      if data.isEmpty { throw CocoaError(.fileReadUnknown) }
      line += String(decoding: data, as: UTF8.self)
    }
    let port = line.trimmingCharacters(in: .whitespacesAndNewlines)
    url = "\(certificate == nil ? "http" : "https")://127.0.0.1:\(port)"
  }

  deinit { process.terminate() }

  /// Ends it at once, in the middle of whatever it does.
  func kill() {
    process.terminate()
    process.waitInTurn()
  }

  static let root =
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

  /// One server for all tests that do not end it.
  static let shared = try? FaultServer()
}

extension Process {
  /// Returns when it has ended. `waitUntilExit` waits for a run loop, which a test's thread has not.
  func waitInTurn() { while isRunning { usleep(2000) } }
}
