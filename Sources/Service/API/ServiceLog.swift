public import Diagnostics

/// Where the daemon's log goes: one JSON object a line, without queries, bodies or tokens.
public struct ServiceLog: Sendable {
  /// How bad it is.
  public enum Level: String, Sendable { case info, warning, error }

  private let write: @Sendable (String) -> Void
  private let clock: @Sendable () -> String

  /// - Parameters:
  ///   - clock: ISO 8601.
  ///   - write: takes a line with its line feed; from several threads.
  public init(
    clock: @escaping @Sendable () -> String, write: @escaping @Sendable (String) -> Void
  ) {
    self.clock = clock
    self.write = write
  }

  /// Writes a line about an event.
  public func note(_ level: Level, _ event: String, _ fields: [String: JSONValue] = [:]) {
    var line = fields
    line["at"] = .string(clock())
    line["level"] = .string(level.rawValue)
    line["event"] = .string(event)
    write(JSONValue.object(line).compact + "\n")
  }
}
