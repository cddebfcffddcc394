internal import SQLite

// Watched folders.

extension ServiceStore {
  /// Files that still change hold back those that do not by so many times the settling time.
  static let mostPatience = 10.0

  /// Makes a watch.
  /// - Throws: `ServiceError` with code `taken` where the folder is watched already.
  public func add(_ new: NewWatch) throws -> Watch {
    try database.transaction {
      let owner = try database.first("SELECT id FROM watch WHERE path = ?", new.path) {
        $0.integer(0)
      }
      if let owner {
        throw ServiceError(.taken, "\(new.path) is watched already, as watch \(owner)")
      }
      guard (0...86_400).contains(new.settleSeconds) else {
        throw ServiceError(.invalid, "a file settles in 0 to 86400 seconds")
      }
      try database.run(
        """
        INSERT INTO watch (path, population, layout, applies, settle_seconds, created_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """, new.path, new.population, new.layout, new.applies, new.settleSeconds, now)
      return try watch(database.lastInsertedRow)
    }
  }

  /// Every watch, by path.
  public func watches() throws -> [Watch] {
    try database.rows(Watch.query + " ORDER BY w.path", read: Watch.init(row:))
  }

  /// - Throws: `unknown`.
  public func watch(_ id: Int64) throws -> Watch {
    let found = try database.first(Watch.query + " WHERE w.id = ?", id, read: Watch.init(row:))
    guard let found else {
      throw ServiceError(
        .unknown, "there is no watch \(id)", hint: "see which are: d2r-curate watch list")
    }
    return found
  }

  /// The watch of this folder, or of this number.
  public func watch(named word: String) throws -> Watch {
    let id = try database.first("SELECT id FROM watch WHERE path = ?", word) { $0.integer(0) }
    guard let id = id ?? Int64(word) else {
      throw ServiceError(
        .unknown, "'\(word.prefix(80))' is not watched",
        hint: "see what is: d2r-curate watch list")
    }
    return try watch(id)
  }

  /// Stops a watch, or lets it go on.
  public func pause(watch id: Int64, _ isPaused: Bool) throws -> Watch {
    try database.transaction {
      _ = try watch(id)
      try database.run("UPDATE watch SET paused = ? WHERE id = ?", isPaused, id)
      return try watch(id)
    }
  }

  /// Says whether the gates put what they find into quarantine, and how long files settle.
  public func change(
    watch id: Int64, applies: Bool? = nil, settleSeconds: Int? = nil
  ) throws -> Watch {
    try database.transaction {
      let old = try watch(id)
      let settle = settleSeconds ?? old.settleSeconds
      guard (0...86_400).contains(settle) else {
        throw ServiceError(.invalid, "a file settles in 0 to 86400 seconds")
      }
      try database.run(
        "UPDATE watch SET applies = ?, settle_seconds = ? WHERE id = ?", applies ?? old.applies,
        settle, id)
      return try watch(id)
    }
  }

  /// Removes a watch; its jobs and the pictures stay.
  public func remove(watch id: Int64) throws {
    try database.transaction {
      _ = try watch(id)
      try database.run("DELETE FROM watch WHERE id = ?", id)
    }
  }

  /// Notes what was seen, and queues a job that indexes the folder where files have settled and no
  /// job of the watch is under way: many files make one job.
  func note(_ scan: WatchScan, of id: Int64) throws -> Job? {
    try database.transaction {
      guard let watch = try? watch(id), !watch.isPaused else { return nil }
      try database.run(
        "UPDATE watch SET last_scan_at = ?, problem = ? WHERE id = ?", now, scan.problem, id)
      guard scan.problem == nil else { return nil }
      try note(scan.files, of: id)
      guard watch.jobs == 0, try hasSettled(watch) else { return nil }
      try database.run(
        "UPDATE watch_file SET taken = 1 WHERE watch = ? AND taken = 0 AND since <= ?", id,
        now - Int64(watch.settleSeconds) * 1000)
      let job = NewJob(
        checked: "index", watch.arguments, writes: true, attempts: Watch.attempts,
        by: Watch.author(id))
      return try found(insert(job, watch: id))
    }
  }

  /// True where a file has settled, and all have, or those that have waited long enough.
  private func hasSettled(_ watch: Watch) throws -> Bool {
    let settle = Double(watch.settleSeconds)
    let times = try database.first(
      "SELECT min(since), max(since) FROM watch_file WHERE watch = ? AND taken = 0", watch.id
    ) { ($0.optionalInteger(0), $0.integer(1)) }
    guard let (oldest, newest) = times, let oldest else { return false }
    let moment = clock.now()
    if moment - Moment(milliseconds: newest) >= settle { return true }
    return moment - Moment(milliseconds: oldest) >= settle * Self.mostPatience
  }

  private func note(_ files: [String: String], of id: Int64) throws {
    var known: [String: String] = [:]
    try database.forEachRow("SELECT path, identity FROM watch_file WHERE watch = ?", id) { row in
      known[row.text(0)] = row.text(1)
    }
    for (path, identity) in files.sorted(by: { $0.key < $1.key }) where known[path] != identity {
      try database.run(
        """
        INSERT INTO watch_file (watch, path, identity, since) VALUES (?, ?, ?, ?)
        ON CONFLICT (watch, path) DO UPDATE
          SET identity = excluded.identity, since = excluded.since, taken = 0
        """, id, path, identity, now)
    }
    for path in known.keys.sorted() where files[path] == nil {
      try database.run("DELETE FROM watch_file WHERE watch = ? AND path = ?", id, path)
    }
  }
}

extension Watch {
  static let query = """
    SELECT w.id, w.path, w.population, w.layout, w.applies, w.settle_seconds, w.paused,
      w.last_scan_at, w.problem,
      (SELECT count(*) FROM watch_file WHERE watch = w.id AND taken = 0),
      (SELECT count(*) FROM job WHERE watch = w.id AND state IN ('queued', 'running'))
    FROM watch AS w
    """

  init(row: borrowing Statement) throws {
    id = row.integer(0)
    path = row.text(1)
    population = row.text(2)
    layout = row.text(3)
    applies = row.integer(4) != 0
    settleSeconds = Int(row.integer(5))
    isPaused = row.integer(6) != 0
    lastScanAt = row.optionalInteger(7).map(Moment.init(milliseconds:))
    problem = row.optionalText(8)
    pending = Int(row.integer(9))
    jobs = Int(row.integer(10))
  }
}
