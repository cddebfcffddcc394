internal import Files
internal import Synchronization

/// A time zone as the system's database describes it (TZif, RFC 9636): its offsets from UTC for
/// every year, past and to come.
public struct TimeZoneFile: Sendable {
  /// Such as `Europe/Berlin`.
  public let name: String
  /// When the offset changed, in seconds since 1970, ascending; and the offset from then on.
  private let transitions: [(at: Int64, offset: Int)]
  /// Before the first one.
  private let firstOffset: Int
  /// After the last one.
  private let rule: TimeZoneRule?

  /// The zone that is never changed.
  public static let utc = TimeZoneFile(name: "UTC", firstOffset: 0)

  private init(name: String, firstOffset: Int) {
    self.name = name
    self.firstOffset = firstOffset
    transitions = []
    rule = nil
  }

  /// The zone of this name.
  /// - Parameter folder: the database.
  /// - Throws: `ServiceError` with code `invalid` where there is none.
  public init(_ name: String, folder: String = "/usr/share/zoneinfo") throws(ServiceError) {
    if name == "UTC" {
      self = .utc
      return
    }
    let bytes: [UInt8]?
    do {
      bytes =
        Self.isName(name) ? try FileReader.read(Paths.join(folder, name), limit: 1 << 20) : nil
    } catch {
      bytes = nil
    }
    guard let bytes, let zone = TimeZoneFile(name: name, bytes: bytes) else {
      throw ServiceError(
        .invalid, "there is no time zone '\(name.prefix(64))'",
        hint: "write it as in Europe/Berlin, America/New_York or UTC; Debian's package is tzdata")
    }
    self = zone
  }

  private static let known = Mutex<[String: TimeZoneFile]>([:])

  /// The zone of this name, read once in the life of the process.
  static func named(_ name: String) throws(ServiceError) -> TimeZoneFile {
    if let zone = known.withLock({ $0[name] }) { return zone }
    let zone = try TimeZoneFile(name)
    known.withLock { $0[name] = zone }
    return zone
  }

  /// Letters, digits and a few signs, and no way out of the folder.
  private static func isName(_ name: String) -> Bool {
    let isPlain = name.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || [0x2F, 0x5F, 0x2B, 0x2D].contains(byte)
    }
    return isPlain && !name.isEmpty && name.utf8.count <= 64 && !name.hasPrefix("/")
      && !name.hasSuffix("/")
  }

  /// Reads the second, 64-bit part of the file and its last line.
  private init?(name: String, bytes: [UInt8]) {
    let reader = ZoneReader(bytes: bytes)
    guard let first = reader.header(at: 0), first.version >= 0x32,
      let header = reader.header(at: first.end(timeBytes: 4))
    else { return nil }
    let start = first.end(timeBytes: 4) + 44
    let end = first.end(timeBytes: 4) + header.length(timeBytes: 8) + 44
    guard end <= bytes.count, header.types > 0 else { return nil }
    let indices = start + 8 * header.times
    let types = indices + header.times
    func offset(_ type: Int) -> Int? {
      type < header.types ? Int(reader.int32(at: types + 6 * type)) : nil
    }
    var found: [(at: Int64, offset: Int)] = []
    for place in 0..<header.times {
      guard let offset = offset(Int(bytes[indices + place])) else { return nil }
      found.append((reader.int64(at: start + 8 * place), offset))
    }
    self.name = name
    transitions = found
    firstOffset = offset(0) ?? 0
    let footer = bytes[end...].split(separator: 0x0A).first.map {
      String(decoding: $0, as: UTF8.self)
    }
    rule = footer.flatMap(TimeZoneRule.init)
  }

  /// Seconds east of UTC at a moment, in seconds since 1970.
  public func offset(at seconds: Int64) -> Int {
    if let last = transitions.last, seconds < last.at { return tableOffset(at: seconds) }
    guard let rule else { return transitions.last?.offset ?? firstOffset }
    let year = LocalTime(seconds: seconds).year
    var offset = transitions.last?.offset ?? rule.standard
    if rule.summer == nil { offset = rule.standard }
    for near in (year - 1)...(year + 1) {
      for change in rule.transitions(year: near) where change.at <= seconds {
        offset = change.offset
      }
    }
    return offset
  }

  private func tableOffset(at seconds: Int64) -> Int {
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle].at <= seconds { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? firstOffset : transitions[low - 1].offset
  }

  /// What a clock on a wall of the zone shows.
  public func local(_ seconds: Int64) -> LocalTime {
    LocalTime(seconds: seconds + Int64(offset(at: seconds)))
  }

  /// The moments at which a clock on a wall of the zone shows this time, in order: usually one,
  /// two where clocks are set back over it, none where they are set forward over it.
  public func moments(of local: LocalTime) -> [Int64] {
    let wall = local.seconds
    let offsets = Set(changes(around: wall).map(\.offset) + [offset(at: wall - Self.reach)])
    return offsets.map { wall - Int64($0) }.filter { offset(at: $0) == Int(wall - $0) }.sorted()
  }

  /// The first moment after the gap that swallows this time; nil where it is shown after all.
  public func momentAfterGap(of local: LocalTime) -> Int64? {
    let wall = local.seconds
    var before = offset(at: wall - Self.reach - 1)
    for change in changes(around: wall) {
      if change.at + Int64(before) <= wall, wall < change.at + Int64(change.offset) {
        return change.at
      }
      before = change.offset
    }
    return nil
  }

  /// True where the offset does not change between two moments.
  func isSteady(from start: Int64, to end: Int64) -> Bool {
    let middle = start + (end - start) / 2
    return changes(around: middle, reach: (end - start) / 2).isEmpty
  }

  /// No zone is further from UTC than this, and no two changes that matter are nearer.
  private static let reach: Int64 = 26 * 3600

  /// The changes near a time of the wall, in order.
  private func changes(
    around wall: Int64, reach: Int64 = Self.reach
  ) -> [(at: Int64, offset: Int)] {
    let window = (wall - reach)...(wall + reach)
    var found = transitions.filter { window.contains($0.at) }
    if let rule {
      let last = transitions.last?.at ?? .min
      let year = LocalTime(seconds: wall).year
      for near in (year - 1)...(year + 1) {
        found += rule.transitions(year: near).filter { $0.at > last && window.contains($0.at) }
      }
    }
    return found
  }
}

/// Numbers of such a file, most significant byte first.
private struct ZoneReader {
  struct Header {
    var place: Int
    var version: UInt8
    var times: Int
    var types: Int
    var characters: Int
    var leaps: Int
    var standards: Int
    var universals: Int

    /// Bytes after the header's own 44.
    func length(timeBytes: Int) -> Int {
      times * (timeBytes + 1) + types * 6 + characters + leaps * (timeBytes + 4) + standards
        + universals
    }

    func end(timeBytes: Int) -> Int { place + 44 + length(timeBytes: timeBytes) }
  }

  let bytes: [UInt8]

  func header(at place: Int) -> Header? {
    guard place >= 0, place + 44 <= bytes.count,
      bytes[place..<place + 4].elementsEqual("TZif".utf8)
    else { return nil }
    let counts = (0..<6).map { Int(int32(at: place + 20 + 4 * $0)) }
    guard counts.allSatisfy({ (0...100_000).contains($0) }) else { return nil }
    return Header(
      place: place, version: bytes[place + 4], times: counts[3], types: counts[4],
      characters: counts[5], leaps: counts[2], standards: counts[1], universals: counts[0])
  }

  func int32(at place: Int) -> Int32 {
    Int32(bitPattern: bytes[place..<place + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
  }

  func int64(at place: Int) -> Int64 {
    Int64(bitPattern: bytes[place..<place + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }
}
