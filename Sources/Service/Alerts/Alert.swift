public import Diagnostics
internal import Files

/// Who is told of what.
public struct Alert: Equatable, Sendable {
  /// How.
  public enum Kind: String, CaseIterable, Sendable {
    /// A signed POST to an address.
    case webhook
    /// A message in a folder from which a mail system takes it.
    case mail
  }

  /// Of what.
  public enum Event: String, CaseIterable, Sendable {
    /// A job ended with findings.
    case findings
    /// A job failed, after all its attempts.
    case failed
    /// An audit found more than the one before it, or Δ has moved.
    case drift
    /// A job that had failed or found something is clean again.
    case recovered
  }

  /// What the last message came to.
  public struct Delivery: Equatable, Sendable {
    /// Where a message stands.
    public enum State: String, Sendable {
      case waiting, delivered
      case givenUp = "given-up"
    }

    public var id: Int64
    public var alert: Int64
    public var event: String
    /// The message's own name; the same when it is sent again.
    public var message: String
    public var state: State
    public var attempts: Int
    public var createdAt: Moment
    public var nextAt: Moment?
    public var deliveredAt: Moment?
    public var problem: String?
  }

  public var id: Int64
  public var name: String
  public var kind: Kind
  /// An http or https address; or a folder with `?to=ADDRESS` behind it.
  public var target: String
  public var events: [Event]
  public var isPaused: Bool
  public var lastDelivery: Delivery?
}

/// An alert to be made.
public struct NewAlert: Equatable, Sendable {
  public var name: String
  public var kind: Alert.Kind
  public var target: String
  public var events: [Alert.Event]

  /// - Throws: `invalid` for a target that is none, and where it would never be told anything.
  public init(
    _ name: String, _ kind: Alert.Kind, target: String, events: [Alert.Event]
  ) throws(ServiceError) {
    self.name = try ServiceName.check(name, of: "an alert")
    guard !events.isEmpty else {
      throw ServiceError(
        .invalid, "an alert needs something to be told of",
        hint: Alert.Event.allCases.map(\.rawValue).joined(separator: ", "))
    }
    switch kind {
    case .webhook: try Self.checkAddress(target)
    case .mail: _ = try MailSpool(target)
    }
    self.kind = kind
    self.target = target
    self.events = Alert.Event.allCases.filter(events.contains)
  }

  private static func checkAddress(_ target: String) throws(ServiceError) {
    let rest = ["http://", "https://"].first { target.hasPrefix($0) }
      .map { target.dropFirst($0.count) }
    let host = rest?.prefix { $0 != "/" && $0 != "?" && $0 != "#" } ?? ""
    guard target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), target.utf8.count <= 2000,
      !host.isEmpty, !host.hasPrefix(":")
    else {
      throw ServiceError(
        .invalid, "'\(target.prefix(80))' is no address of a webhook",
        hint: "write it as https://HOST/PATH")
    }
    guard !host.contains("@") else {
      throw ServiceError(
        .invalid, "a webhook's address holds no name and password",
        hint: "what it is sent is signed; check the signature")
    }
  }
}

extension Alert {
  /// As the API and `--json` show it; without the secret.
  public var document: JSONValue {
    [
      "id": .int(Int(id)), "name": .string(name), "kind": .string(kind.rawValue),
      "target": .string(target), "on": .array(events.map { .string($0.rawValue) }),
      "paused": .bool(isPaused), "lastDelivery": JSONValue(lastDelivery) { $0.document },
    ]
  }
}

extension Alert.Delivery {
  /// As the API and `--json` show it.
  public var document: JSONValue {
    [
      "id": .int(Int(id)), "alert": .int(Int(alert)), "event": .string(event),
      "message": .string(message), "state": .string(state.rawValue), "attempts": .int(attempts),
      "createdAt": .string(createdAt.text), "nextAt": JSONValue(nextAt) { .string($0.text) },
      "deliveredAt": JSONValue(deliveredAt) { .string($0.text) },
      "problem": JSONValue(problem, JSONValue.string),
    ]
  }
}
