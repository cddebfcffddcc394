internal import SQLite

/// One look at the picture of a real person.
public struct PictureAccess: Equatable, Sendable {
  public var sequence: Int64 = 0
  /// ISO 8601.
  public var at = ""
  public var who: String
  public var image: Int64
  /// Relative to the image's source.
  public var path: String
  public var action: String

  public init(who: String, image: Int64, path: String, action: String) {
    self.who = who
    self.image = image
    self.path = path
    self.action = action
  }
}

extension ServiceStore {
  /// Writes a line of the access log.
  public func record(_ access: PictureAccess) throws {
    try database.run(
      "INSERT INTO picture_access (at, who, image, path, action) VALUES (?, ?, ?, ?, ?)",
      clock.now().milliseconds, access.who, access.image, access.path, access.action)
  }

  /// The newest lines first.
  /// - Parameter before: only lines before this one.
  public func pictureAccesses(
    before: Int64?, limit: Int, image: Int64? = nil, who: String? = nil
  ) throws -> [PictureAccess] {
    try database.rows(
      """
      SELECT sequence, at, who, image, path, action FROM picture_access
      WHERE sequence < ?1 AND (?2 = 0 OR image = ?2) AND (?3 = '' OR who = ?3)
      ORDER BY sequence DESC LIMIT ?4
      """, before ?? .max, image ?? 0, who ?? "", limit
    ) { row in
      var access = PictureAccess(
        who: row.text(2), image: row.integer(3), path: row.text(4), action: row.text(5))
      access.sequence = row.integer(0)
      access.at = Moment(milliseconds: row.integer(1)).plain
      return access
    }
  }

  /// Removes lines of the access log that are older than so many days.
  /// - Returns: how many.
  public func purgePictureAccesses(olderThanDays days: Int) throws -> Int {
    let before = clock.now() + -86_400 * Double(days)
    return try database.run("DELETE FROM picture_access WHERE at < ?", before.milliseconds)
  }
}
