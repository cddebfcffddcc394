internal import Cryptography
internal import Diagnostics

/// One thing to be told, as it lies in the outbox.
struct AlertMessage: Equatable, Sendable {
  /// Random; the receiver knows by it what it was sent twice.
  var name: String
  var event: String
  var at: Moment
  /// One line.
  var title: String
  /// What is sent as JSON.
  var body: JSONValue

  init(
    _ event: String, title: String, at moment: Moment, workspace: String,
    fields: [String: JSONValue] = [:]
  ) {
    name = Hex.string(RandomBytes.next(16))
    self.event = event
    self.title = title
    at = moment
    var members = fields
    members["id"] = .string(name)
    members["event"] = .string(event)
    members["at"] = .string(moment.text)
    members["workspace"] = .string(workspace)
    members["title"] = .string(title)
    body = .object(members)
  }

  /// From the outbox; nil for what is no message.
  init?(body text: String, at moment: Moment) {
    guard let body = try? JSONValue(parsing: text), let name = body["id"]?.stringValue,
      let event = body["event"]?.stringValue, let title = body["title"]?.stringValue
    else { return nil }
    self.name = name
    self.event = event
    self.title = title
    self.body = body
    at = moment
  }

  /// For people.
  var text: String {
    var lines = [title, ""]
    if let detail = body["detail"]?.stringValue { lines.append(detail) }
    if let job = body["job"] {
      let arguments = job["arguments"]?.arrayValue?.compactMap(\.stringValue) ?? []
      lines.append(
        "job \(job["id"]?.intValue ?? 0): "
          + ([job["verb"]?.stringValue ?? ""] + arguments).joined(separator: " "))
      if let schedule = job["schedule"]?["name"]?.stringValue {
        lines.append("queued by schedule \(schedule)")
      }
      lines += (job["lastWords"]?.arrayValue ?? []).compactMap(\.stringValue).map { "| \($0)" }
    }
    lines += (body["findings"]?.arrayValue ?? []).compactMap(\.stringValue).map { "- \($0)" }
    lines.append("")
    lines.append("workspace \(body["workspace"]?.stringValue ?? ""), \(at.plain)")
    return lines.joined(separator: "\n")
  }
}
