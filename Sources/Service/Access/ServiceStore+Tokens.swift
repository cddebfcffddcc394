internal import SQLite

extension ServiceStore {
  /// Keeps the digest of a new token.
  /// - Throws: `ServiceError` with code `taken` where a token in force has the name.
  public func add(_ token: Token, name: String, role: Role) throws -> TokenRecord {
    let now = clock.now()
    let digest = token.digest
    return try database.transaction {
      let known = try database.first(
        "SELECT id FROM token WHERE name = ? AND revoked_at IS NULL", name
      ) { $0.integer(0) }
      guard known == nil else {
        throw ServiceError(
          .taken, "there is a token named '\(name)' already",
          hint: "choose another name, or revoke it: d2r-curate token revoke \(name)")
      }
      try database.run(
        "INSERT INTO token (name, role, digest, created_at) VALUES (?, ?, ?, ?)", name,
        role.rawValue, digest, now.milliseconds)
      return TokenRecord(
        id: database.lastInsertedRow, name: name, role: role, digest: digest, createdAt: now.plain)
    }
  }

  /// Every token there was, by id.
  public func tokens() throws -> [TokenRecord] {
    try database.rows(TokenRecord.query + " ORDER BY id", read: TokenRecord.init(row:))
  }

  /// A revoked token stays on record and is worth nothing.
  /// - Throws: `ServiceError` with code `unknown` where no token in force has the number.
  public func revoke(token id: Int64) throws -> TokenRecord {
    let now = clock.now().milliseconds
    return try database.transaction {
      let changed = try database.run(
        "UPDATE token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", now, id)
      let token = try database.first(
        TokenRecord.query + " WHERE id = ?", id, read: TokenRecord.init(row:))
      guard changed == 1, let token else {
        throw ServiceError(
          .unknown, "no token in force has the number \(id)",
          hint: "see them all: d2r-curate token list")
      }
      return token
    }
  }

  /// Notes when tokens were used last.
  func noteUse(ofTokens ids: Set<Int64>) throws {
    guard !ids.isEmpty else { return }
    let now = clock.now().milliseconds
    try database.transaction {
      for id in ids.sorted() {
        try database.run("UPDATE token SET last_used_at = ? WHERE id = ?", now, id)
      }
    }
  }
}

extension TokenRecord {
  fileprivate static let query =
    "SELECT id, name, role, digest, created_at, last_used_at, revoked_at FROM token"

  fileprivate init(row: borrowing Statement) throws {
    func time(_ column: Int) -> String? {
      row.optionalInteger(column).map { Moment(milliseconds: $0).plain }
    }
    self.init(
      id: row.integer(0), name: row.text(1), role: Role(rawValue: row.text(2)) ?? .reader,
      digest: row.blob(3), createdAt: time(4) ?? "", lastUsedAt: time(5), revokedAt: time(6))
  }
}
