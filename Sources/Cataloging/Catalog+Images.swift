internal import Domain
internal import SQLite

extension Catalog {
  /// The images of a filter, by id.
  public func images(_ filter: ImageFilter = ImageFilter()) throws -> [ImageRecord] {
    try database.rows(
      ImageRecord.query + " WHERE \(filter.condition) ORDER BY i.id", read: ImageRecord.init(row:))
  }

  /// One image.
  /// - Throws: `CatalogError` with code `unknownRecord`.
  public func image(_ id: Int64) throws -> ImageRecord {
    let image = try database.first(
      ImageRecord.query + " WHERE i.id = ?", id, read: ImageRecord.init(row:))
    guard let image else { throw CatalogError(.unknownRecord, "the catalog has no image \(id)") }
    return image
  }

  /// Those of the images that there are, by id.
  public func images(ids: [Int64]) throws -> [Int64: ImageRecord] {
    let wanted = "[\(ids.map(String.init).joined(separator: ","))]"
    let found = try database.rows(
      ImageRecord.query + " WHERE i.id IN (SELECT value FROM json_each(?))", wanted,
      read: ImageRecord.init(row:))
    return Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
  }

  /// The few facts a map shows of each current image, in quarantine or not, by id.
  public func marks() throws -> [Int64: ImageMark] {
    try database.snapshot {
      let choice = try ImageChoice(ImageFilter(includesQuarantined: true), in: database)
      var marks: [Int64: ImageMark] = [:]
      try database.forEachRow("SELECT id, source, identity FROM image") { row in
        let image = row.integer(0)
        guard let population = choice.population(of: image, source: row.integer(1)) else { return }
        marks[image] = ImageMark(
          population: population, identity: row.optionalInteger(2),
          isQuarantined: choice.isQuarantined(image))
      }
      return marks
    }
  }
}

extension ImageFilter {
  /// Over `i` (image) and `s` (source); made of our own words and of numbers only.
  var condition: String {
    var terms = ["s.population IN (\(quoted(populations)))"]
    if let source { terms.append("i.source = \(source)") }
    if !includesQuarantined { terms.append("NOT \(ImageFilter.isQuarantined)") }
    if !includesOutdated { terms.append(ImageFilter.isCurrent) }
    return terms.joined(separator: " AND ")
  }

  static let isQuarantined = "EXISTS (SELECT 1 FROM quarantined AS q WHERE q.image = i.id)"
  static let isCurrent = """
    EXISTS (SELECT 1 FROM outcome AS o WHERE o.source = i.source AND o.path = i.path
      AND o.image = i.id AND o.outcome = 'indexed')
    """
}

extension ImageRecord {
  static let query = """
    SELECT i.id, s.population, i.source, i.path, i.identity, n.name, i.digest, i.byte_count,
      i.width, i.height, i.format, i.crop, i.landmarks, i.face_count, i.sharpness,
      \(ImageFilter.isQuarantined), \(ImageFilter.isCurrent),
      i.pixel_digest, i.perceptual_hash, i.quality, i.quality_encoder
    FROM image AS i JOIN source AS s ON s.id = i.source LEFT JOIN identity AS n ON n.id = i.identity
    """

  init(row: borrowing Statement) throws {
    self.init(
      id: row.integer(0), population: try row.word(1), source: row.integer(2), path: row.text(3),
      identity: row.optionalInteger(4), identityName: row.optionalText(5),
      facts: ImageFacts(
        digest: row.optionalHex(6), byteCount: row.optionalInt(7), width: row.optionalInt(8),
        height: row.optionalInt(9), format: row.optionalText(10),
        crop: row.isNull(11) ? nil : try row.word(11),
        landmarks: row.optionalBlob(12).map(FloatBlob.values), faceCount: row.optionalInt(13),
        sharpness: row.optionalReal(14)),
      isQuarantined: row.integer(15) != 0, isCurrent: row.integer(16) != 0)
    facts.pixelDigest = row.optionalHex(17)
    facts.perceptualHash = row.optionalBlob(18).flatMap(PictureHash.init(bytes:))
    facts.quality = row.optionalReal(19)
    facts.qualityEncoder = row.optionalText(20)
  }
}
