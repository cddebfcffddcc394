public import Diagnostics
internal import SQLite

/// The daemon that serves a workspace, as it says itself.
public struct Presence: Equatable, Sendable {
  /// Where it listens: an address that starts with http or https, or words.
  public var address: String
  public var process: Int
  /// Of the tool.
  public var version: String
  /// ISO 8601.
  public var since: String

  public init(address: String, process: Int, version: String, since: String) {
    self.address = address
    self.process = process
    self.version = version
    self.since = since
  }

  /// `address`, `process`, `version` and `since`.
  public var document: JSONValue {
    [
      "address": .string(address), "process": .int(process), "version": .string(version),
      "since": .string(since),
    ]
  }

  init?(_ document: JSONValue) {
    guard let address = document["address"]?.stringValue,
      let process = document["process"]?.intValue,
      let version = document["version"]?.stringValue, let since = document["since"]?.stringValue
    else { return nil }
    self.init(address: address, process: process, version: version, since: since)
  }
}

extension ServiceStore {
  private static let presenceName = "daemon"

  /// Says who serves the workspace.
  public func note(_ presence: Presence) throws {
    try database.run(
      "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2",
      Self.presenceName, Array(presence.document.compact.utf8))
  }

  /// Says that nobody does any more.
  public func forgetPresence() throws {
    try database.run("DELETE FROM setting WHERE name = ?", Self.presenceName)
  }

  /// What the last daemon said of itself, unless it has stopped in order.
  func presence() throws -> Presence? {
    let words = try database.first("SELECT value FROM setting WHERE name = ?", Self.presenceName) {
      String(decoding: $0.blob(0), as: UTF8.self)
    }
    return words.flatMap { try? JSONValue(parsing: $0) }.flatMap(Presence.init)
  }
}
