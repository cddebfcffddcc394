internal import Diagnostics

/// The last lines a job's child wrote to standard error, and the progress among them.
struct JobWords: Sendable {
  /// Lines kept, and characters of one.
  static let mostLines = 20
  static let longestLine = 400

  private(set) var lines: [String] = []

  mutating func add(_ line: String) {
    lines.append(String(line.prefix(Self.longestLine)))
    if lines.count > Self.mostLines { lines.removeFirst() }
  }

  /// The progress that a line tells; nil for every other line.
  static func progress(in line: String) -> JSONValue? {
    guard line.hasPrefix("{\"progress\":"), let document = try? JSONValue(parsing: line),
      let said = document["progress"], let stage = said["stage"]?.stringValue
    else { return nil }
    func number(_ key: String) -> JSONValue { JSONValue(said[key]?.doubleValue, JSONValue.double) }
    func whole(_ key: String) -> JSONValue { JSONValue(said[key]?.intValue, JSONValue.int) }
    return [
      "stage": .string(stage), "done": whole("done"), "total": whole("total"),
      "unit": JSONValue(said["unit"]?.stringValue, JSONValue.string), "rate": number("rate"),
      "secondsLeft": number("secondsLeft"), "memoryBytes": whole("memoryBytes"),
      "remark": JSONValue(said["remark"]?.stringValue, JSONValue.string),
    ]
  }
}
