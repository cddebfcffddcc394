internal import Cryptography
internal import Diagnostics
internal import SQLite

// Who is told of what, and the outbox.

extension ServiceStore {
  /// Makes an alert.
  /// - Returns: with it the secret of a webhook, in hex: it is shown this once, and signs what the
  ///   webhook is sent.
  /// - Throws: `ServiceError` with code `taken` where the name is in use.
  public func add(_ new: NewAlert) throws -> (alert: Alert, secret: String?) {
    try database.transaction {
      try isAlertFree(new.name, except: nil)
      let secret = new.kind == .webhook ? RandomBytes.next(AlertSignature.secretCount) : nil
      try database.run(
        """
        INSERT INTO alert (name, kind, target, events, secret, created_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """, new.name, new.kind.rawValue, new.target,
        JSONColumn.text(new.events.map(\.rawValue)), secret, now)
      return (try alert(database.lastInsertedRow), secret.map(AlertSignature.shown))
    }
  }

  /// Gives an alert other words; its kind and secret stay.
  /// - Throws: `wrongState` for another kind.
  public func change(_ id: Int64, to new: NewAlert) throws -> Alert {
    try database.transaction {
      guard try alert(id).kind == new.kind else {
        throw ServiceError(.wrongState, "an alert stays of its kind", hint: "make a new one")
      }
      try isAlertFree(new.name, except: id)
      try database.run(
        "UPDATE alert SET name = ?, target = ?, events = ? WHERE id = ?", new.name, new.target,
        JSONColumn.text(new.events.map(\.rawValue)), id)
      return try alert(id)
    }
  }

  /// Stops an alert, or lets it go on; what happens meanwhile is not told later.
  public func pause(alert id: Int64, _ isPaused: Bool) throws -> Alert {
    try database.transaction {
      _ = try alert(id)
      try database.run("UPDATE alert SET paused = ? WHERE id = ?", isPaused, id)
      return try alert(id)
    }
  }

  /// Removes an alert with what it still had to send.
  public func remove(alert id: Int64) throws {
    try database.transaction {
      _ = try alert(id)
      try database.run("DELETE FROM alert WHERE id = ?", id)
    }
  }

  /// Every alert, by name.
  public func alerts() throws -> [Alert] {
    try database.rows(Alert.query + " ORDER BY a.name", read: Alert.init(row:))
      .map(withLastDelivery)
  }

  /// - Throws: `unknown`.
  public func alert(_ id: Int64) throws -> Alert {
    let found = try database.first(Alert.query + " WHERE a.id = ?", id, read: Alert.init(row:))
    guard let found else { throw unknownAlert("\(id)") }
    return try withLastDelivery(found)
  }

  /// The alert of this name, or of this number.
  public func alert(named word: String) throws -> Alert {
    if let number = Int64(word) { return try alert(number) }
    let found = try database.first(Alert.query + " WHERE a.name = ?", word, read: Alert.init(row:))
    guard let found else { throw unknownAlert(word) }
    return try withLastDelivery(found)
  }

  /// Puts a message without cause into the outbox.
  public func test(alert id: Int64, workspace: String) throws -> Alert.Delivery {
    try database.transaction {
      _ = try alert(id)
      let message = AlertMessage(
        "test", title: "a test of this alert", at: clock.now(), workspace: workspace)
      let delivery = try put(message, for: id)
      return try self.delivery(delivery)
    }
  }

  /// What was sent or is to be, newest first.
  public func deliveries(
    ofAlert alert: Int64? = nil, before: Int64? = nil, limit: Int = 100
  ) throws -> [Alert.Delivery] {
    try database.rows(
      Alert.Delivery.query + """
         WHERE (?1 IS NULL OR d.alert = ?1) AND d.id < ?2 ORDER BY d.id DESC LIMIT ?3
        """, alert, before ?? Int64.max, limit, read: Alert.Delivery.init(row:))
  }

  // MARK: the outbox

  /// Puts messages about a job's end into the outbox of everyone who wants to know; part of the
  /// transaction of that end.
  func raise(_ job: Job, _ consequences: Consequences) throws {
    let wanted = try database.rows(
      "SELECT id, events FROM alert WHERE paused = 0 ORDER BY id"
    ) { (id: $0.integer(0), events: JSONColumn.words($0.text(1))) }
    guard !wanted.isEmpty else { return }
    let before = try previous(job)
    let messages = AlertRules.messages(job, before: before, consequences, at: clock.now())
    for message in messages {
      for alert in wanted where alert.events.contains(message.event) {
        var own = message
        own.name = Hex.string(RandomBytes.next(16))
        own.body["id"] = .string(own.name)
        _ = try put(own, for: alert.id)
      }
    }
  }

  /// The last finished job of the same words.
  private func previous(_ job: Job) throws -> Job? {
    try database.first(
      Job.query + """
         WHERE j.verb = ? AND j.arguments = ? AND j.id <> ? AND j.finished_at <= ?
          AND j.state IN ('succeeded', 'findings', 'failed') ORDER BY j.finished_at DESC, j.id DESC
        LIMIT 1
        """, job.verb, JSONColumn.text(job.arguments), job.id, now, read: Job.init(row:))
  }

  private func put(_ message: AlertMessage, for alert: Int64) throws -> Int64 {
    try database.run(
      """
      INSERT INTO alert_delivery (alert, event, message, body, state, next_at, created_at)
      VALUES (?, ?, ?, ?, 'waiting', ?, ?)
      """, alert, message.event, message.name, message.body.compact, now, now)
    return database.lastInsertedRow
  }

  /// What is to be sent now: of every alert the oldest that may go.
  func dueDeliveries() throws -> [OutgoingMessage] {
    try database.rows(
      """
      SELECT d.id, a.id, a.kind, a.target, a.secret, d.body, d.created_at, d.attempts
      FROM alert_delivery AS d JOIN alert AS a ON a.id = d.alert
      WHERE d.id IN (SELECT min(id) FROM alert_delivery WHERE state = 'waiting' AND next_at <= ?
        GROUP BY alert) ORDER BY d.id
      """, now
    ) { row in
      OutgoingMessage(
        delivery: row.integer(0), alert: row.integer(1),
        kind: Alert.Kind(rawValue: row.text(2)) ?? .webhook, target: row.text(3),
        secret: row.blob(4), body: row.text(5),
        createdAt: Moment(milliseconds: row.integer(6)), attempts: Int(row.integer(7)))
    }
  }

  /// Notes how an attempt went: delivered where there is no problem; else to be tried again, or
  /// given up.
  func note(_ message: OutgoingMessage, problem: String?) throws -> Alert.Delivery? {
    try database.transaction {
      let attempts = message.attempts + 1
      let state: Alert.Delivery.State =
        problem == nil ? .delivered : attempts >= AlertCourier.mostAttempts ? .givenUp : .waiting
      let pause = AlertCourier.pause(after: attempts, of: message)
      try database.run(
        """
        UPDATE alert_delivery SET state = ?, attempts = ?, problem = ?, delivered_at = ?, next_at = ?
        WHERE id = ?
        """, state.rawValue, attempts, problem, problem == nil ? now : nil,
        (clock.now() + pause).milliseconds, message.delivery)
      // It may have been removed with its alert meanwhile.
      return try? delivery(message.delivery)
    }
  }

  private func delivery(_ id: Int64) throws -> Alert.Delivery {
    let found = try database.first(
      Alert.Delivery.query + " WHERE d.id = ?", id, read: Alert.Delivery.init(row:))
    guard let found else { throw ServiceError(.unknown, "there is no message \(id)") }
    return found
  }

  private func withLastDelivery(_ alert: Alert) throws -> Alert {
    var alert = alert
    alert.lastDelivery = try deliveries(ofAlert: alert.id, limit: 1).first
    return alert
  }

  private func isAlertFree(_ name: String, except id: Int64?) throws {
    let owner = try database.first("SELECT id FROM alert WHERE name = ?", name) { $0.integer(0) }
    if let owner, owner != id {
      throw ServiceError(
        .taken, "there is an alert '\(name)' already", hint: "choose another name")
    }
  }

  private func unknownAlert(_ word: String) -> ServiceError {
    ServiceError(
      .unknown, "there is no alert '\(word.prefix(80))'",
      hint: "see which are: d2r-curate alerts list")
  }
}

extension Alert {
  static let query = "SELECT a.id, a.name, a.kind, a.target, a.events, a.paused FROM alert AS a"

  init(row: borrowing Statement) throws {
    id = row.integer(0)
    name = row.text(1)
    kind = Kind(rawValue: row.text(2)) ?? .webhook
    target = row.text(3)
    events = JSONColumn.words(row.text(4)).compactMap(Event.init)
    isPaused = row.integer(5) != 0
    lastDelivery = nil
  }
}

extension Alert.Delivery {
  static let query = """
    SELECT d.id, d.alert, d.event, d.message, d.state, d.attempts, d.created_at, d.next_at,
      d.delivered_at, d.problem
    FROM alert_delivery AS d
    """

  init(row: borrowing Statement) throws {
    id = row.integer(0)
    alert = row.integer(1)
    event = row.text(2)
    message = row.text(3)
    state = State(rawValue: row.text(4)) ?? .waiting
    attempts = Int(row.integer(5))
    createdAt = Moment(milliseconds: row.integer(6))
    nextAt = state == .waiting ? Moment(milliseconds: row.integer(7)) : nil
    deliveredAt = row.optionalInteger(8).map(Moment.init(milliseconds:))
    problem = row.optionalText(9)
  }
}
