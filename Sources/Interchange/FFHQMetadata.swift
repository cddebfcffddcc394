import Files

/// What FFHQ's own file says about one picture.
struct FFHQRecord: Equatable {
  struct Digests: Equatable {
    var file: String?
    var pixels: String?
  }

  var category: String?
  var licence: String?
  var digests: [FFHQPart: Digests] = [:]
}

/// `ffhq-dataset-v2.json`: one object, keyed by picture index, 268 MB of which landmarks are most.
/// It is read as a stream, and what is not used is passed over without being kept.
enum FFHQMetadata {
  static let name = "ffhq-dataset-v2.json"

  /// The file in the dataset's root, or beside it where the root is one of the set's folders.
  static func path(for root: String) -> String? {
    let inside = Paths.join(root, name)
    if FileSystem.isFile(inside) { return inside }
    let absolute = Paths.absolute(root)
    guard FFHQPart(rawValue: Paths.lastComponent(absolute)) != nil else { return nil }
    let beside = Paths.join(Paths.parent(absolute), name)
    return FileSystem.isFile(beside) ? beside : nil
  }

  /// Records by picture index.
  static func read(_ path: String) throws(InterchangeError) -> [Int: FFHQRecord] {
    let file = try withFiles { () throws(FilesError) in try MappedFile(path) }
    var stream = JSONStream(file)
    var records: [Int: FFHQRecord] = [:]
    try stream.object { (key, stream) throws(InterchangeError) in
      guard let index = Int(key) else { throw stream.fault("the key \"\(key)\" is no index") }
      records[index] = try record(&stream)
    }
    try stream.end()
    return records
  }

  private static func record(
    _ stream: inout JSONStream
  ) throws(InterchangeError) -> FFHQRecord {
    var record = FFHQRecord()
    try stream.object { (key, stream) throws(InterchangeError) in
      switch key {
      case "category": record.category = try stream.string()
      case "metadata": record.licence = try texts(["license"], &stream)["license"]
      case "image": record.digests[.images] = try digests(&stream)
      case "thumbnail": record.digests[.thumbnails] = try digests(&stream)
      case "in_the_wild": record.digests[.inTheWild] = try digests(&stream)
      default: try stream.skipValue()
      }
    }
    return record
  }

  private static func digests(
    _ stream: inout JSONStream
  ) throws(InterchangeError) -> FFHQRecord.Digests {
    let found = try texts(["file_md5", "pixel_md5"], &stream)
    return FFHQRecord.Digests(file: found["file_md5"], pixels: found["pixel_md5"])
  }

  /// The text members of an object that have one of the names.
  private static func texts(
    _ names: Set<String>, _ stream: inout JSONStream
  ) throws(InterchangeError) -> [String: String] {
    var found: [String: String] = [:]
    try stream.object { (key, stream) throws(InterchangeError) in
      if names.contains(key) { found[key] = try stream.string() } else { try stream.skipValue() }
    }
    return found
  }
}
