public import Diagnostics

/// What an expression means, before anything is made of it.
public struct SchedulePreview: Sendable {
  /// In words.
  public let description: String
  /// The next times.
  public let moments: [Moment]
  private let zone: TimeZoneFile

  /// - Throws: `invalid` for an expression or a zone that is none.
  public init(
    _ cron: String, zone: String, count: Int = 5, after: Moment
  ) throws(ServiceError) {
    let expression = try CronExpression(cron)
    self.zone = try TimeZoneFile(zone)
    description = expression.description
    var found: [Moment] = []
    while found.count < count,
      let next = expression.next(after: found.last ?? after, in: self.zone)
    { found.append(next) }
    moments = found
  }

  /// Each time in UTC and on a wall of the zone.
  public var lines: [String] {
    moments.map { moment in
      zone.name == "UTC"
        ? moment.plain : "\(moment.plain)  \(zone.local(moment.seconds).text) \(zone.name)"
    }
  }

  public var document: JSONValue {
    [
      "description": .string(description),
      "next": .array(moments.map { .string($0.plain) }),
      "local": .array(moments.map { .string(zone.local($0.seconds).text) }),
    ]
  }
}

extension Schedule {
  /// As the API and `--json` show it.
  /// - Parameter next: when it fires next.
  public func document(next: Moment?) -> JSONValue {
    [
      "id": .int(Int(id)), "name": .string(name), "verb": .string(verb),
      "arguments": .array(arguments.map(JSONValue.string)), "cron": .string(cron.text),
      "timeZone": .string(zone.name), "description": .string(cron.description),
      "jitterSeconds": .int(jitterSeconds), "missed": .string(missed.rawValue),
      "overlap": .string(overlap.rawValue), "paused": .bool(isPaused),
      "nextAt": JSONValue(next) { .string($0.text) },
      "lastAt": JSONValue(lastAt) { .string($0.text) },
      "lastState": JSONValue(lastState) { .string($0.rawValue) },
    ]
  }
}
