internal import Cryptography
internal import Diagnostics
internal import Execution
internal import HTTP
internal import Synchronization

/// A message on its way.
struct OutgoingMessage: Equatable, Sendable {
  var delivery: Int64
  var alert: Int64
  var kind: Alert.Kind
  var target: String
  var secret: [UInt8]
  /// JSON.
  var body: String
  var createdAt: Moment
  /// So far.
  var attempts: Int
}

/// Sends what lies in the outbox: of every alert one message at a time, on a thread of its own, so
/// that a receiver who does not answer holds up nobody else's messages.
final class AlertCourier: Sendable {
  /// Attempts of one message, over about a day and a half.
  static let mostAttempts = 40
  static let firstPause = 5.0
  static let longestPause = 3600.0
  /// Seconds a receiver may take.
  static let patience = 10.0

  private let store: ServiceStore
  private let events: ServiceEvents
  private let workspace: String
  private let log: @Sendable (String) -> Void
  private let done: @Sendable () -> Void
  private let client = HTTPClient(connectDeadline: 5)
  private let busy = Mutex<Set<Int64>>([])

  /// - Parameter done: called after every attempt: there may be more to send.
  init(
    store: ServiceStore, events: ServiceEvents, workspace: String,
    log: @escaping @Sendable (String) -> Void, done: @escaping @Sendable () -> Void
  ) {
    self.store = store
    self.events = events
    self.workspace = workspace
    self.log = log
    self.done = done
  }

  /// Begins to send what is due and not on its way already.
  func tick() async {
    do {
      for message in try await store.dueDeliveries() {
        guard busy.withLock({ $0.insert(message.alert).inserted }) else { continue }
        let began = LongThread.start { self.deliver(message) }
        if !began { busy.withLock { _ = $0.remove(message.alert) } }
      }
    } catch {
      log("alerts cannot be read: \(explained(error))")
    }
  }

  /// Seconds before the next attempt: twice as many each time, with a fifth of chance either way so
  /// that many messages do not come at once. The chance is the message's own.
  static func pause(after attempts: Int, of message: OutgoingMessage) -> Double {
    var pause = firstPause
    for _ in 1..<max(1, min(attempts, 20)) { pause = min(2 * pause, longestPause) }
    let digest = SHA256.digest(of: Array("\(message.delivery) \(attempts)".utf8))
    return pause * (0.8 + 0.4 * Double(digest[0]) / 255)
  }

  private func deliver(_ message: OutgoingMessage) {
    let problem = attempt(message)
    do {
      let delivery = try Blocking.wait { try await self.store.note(message, problem: problem) }
      if let delivery { events.publish("alert", delivery.document) }
      if delivery?.state == .givenUp { log("alert \(message.alert) gives up: \(problem ?? "")") }
    } catch {
      log("a sent alert cannot be recorded: \(explained(error))")
    }
    busy.withLock { _ = $0.remove(message.alert) }
    done()
  }

  /// Why the message did not arrive; nil where it did.
  private func attempt(_ message: OutgoingMessage) -> String? {
    guard let content = AlertMessage(body: message.body, at: message.createdAt) else {
      return "the message cannot be read"
    }
    do {
      switch message.kind {
      case .mail: try MailSpool(message.target).put(content, workspace: workspace)
      case .webhook:
        let answer = try client.send(request(message, content))
        guard (200..<300).contains(answer.status) else {
          return "the receiver answered with status \(answer.status)"
        }
      }
      return nil
    } catch {
      return String(explained(error).prefix(300))
    }
  }

  private func request(_ message: OutgoingMessage, _ content: AlertMessage) -> HTTPRequest {
    let body = Array(message.body.utf8)
    var request = HTTPRequest(
      .post, message.target, deadline: Self.patience, bodyLimit: 1 << 16)
    request.body = body
    request.headers = [
      ("Content-Type", "application/json"), ("User-Agent", "d2r-curate"), ("D2R-Id", content.name),
      ("D2R-Event", content.event),
      (
        "D2R-Signature",
        AlertSignature.header(
          id: content.name, body: body, seconds: store.clock.now().seconds, secret: message.secret)
      ),
    ]
    return request
  }
}
