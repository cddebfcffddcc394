import Foundation
import Testing

/// Chromium without a window, where it is installed.
enum Browser {
  static let path = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
    .first(where: FileManager.default.isExecutableFile)

  /// The document after the page's scripts ran.
  static func document(of page: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "d2r-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "page.html")
    try Data(page.utf8).write(to: file)
    let output = folder.appending(path: "dom.html")
    try Data().write(to: output)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(path))
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(folder.path)/profile",
      "--virtual-time-budget=4000", "--window-size=1200,900", "--dump-dom", file.absoluteString,
    ]
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: try Data(contentsOf: output), as: UTF8.self)
  }

  /// What one step of a visit gave: a value as text, or the text of a saved file.
  typealias Step = [String: Any]

  /// Opens the page and plays `steps` as `Programs/drive_page.py` describes them.
  static func visit(_ page: String, _ steps: [Step]) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "d2r-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "page.html")
    try Data(page.utf8).write(to: file)
    let script = folder.appending(path: "steps.json")
    try JSONSerialization.data(withJSONObject: steps).write(to: script)
    let driver = packageRoot.appending(path: "Tests/ReportingTests/Programs/drive_page.py")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = ["-B", driver.path, try #require(path), file.path, folder.path]
    process.standardInput = try FileHandle(forReadingFrom: script)
    let answer = Pipe()
    process.standardOutput = answer
    let complaints = folder.appending(path: "errors.txt")
    try Data().write(to: complaints)
    process.standardError = try FileHandle(forWritingTo: complaints)
    try process.run()
    let said = answer.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let errors = String(decoding: try Data(contentsOf: complaints), as: UTF8.self)
    try #require(process.terminationStatus == 0, "\(errors)")
    let values = try #require(try JSONSerialization.jsonObject(with: said) as? [Any])
    return values.map { "\($0)" }
  }
}
