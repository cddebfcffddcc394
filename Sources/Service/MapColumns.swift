internal import Analysis
internal import Cataloging
internal import Curation
internal import Domain

/// A saved map as binary columns, little endian: the bytes `D2RMAP1` and a line feed, the number of
/// points and a zero as 32-bit words, then one column after the other: x and y as float32, image and
/// identity as 32-bit words (0 for none), population and flags as bytes.
struct MapColumns: Sendable {
  /// What a population's byte counts in.
  static let populations: [Population] = [.digital, .real, .generated, .reference]

  private struct Point {
    var x: Float
    var y: Float
    var image: UInt32
    var identity: UInt32
    var population: UInt8
    var flags: UInt8
  }

  private let points: [Point]
  /// Names of the identities on the map.
  let names: [Int64: String]

  /// - Parameters:
  ///   - marks: of the current images; a point whose image is gone is left out.
  ///   - names: of every identity.
  ///   - waiting: images in a pair that waits for a person.
  init(
    _ map: SavedMap, marks: [Int64: ImageMark], names: [Int64: String], waiting: Set<Int64>,
    faces: RealFaces
  ) {
    var points: [Point] = []
    var shown: [Int64: String] = [:]
    for (id, place) in map.points.sorted(by: { $0.key < $1.key }) {
      guard let image = marks[id], let number = UInt32(exactly: id) else { continue }
      if let identity = image.identity { shown[identity] = names[identity] }
      let flags: UInt8 =
        (image.isQuarantined ? 1 : 0) | (faces.mayShow(id, of: image.population) ? 2 : 0)
        | (waiting.contains(id) ? 4 : 0)
      points.append(
        Point(
          x: place.x, y: place.y, image: number,
          identity: UInt32(exactly: image.identity ?? 0) ?? 0,
          population: UInt8(Self.populations.firstIndex(of: image.population) ?? 0), flags: flags))
    }
    self.points = points
    self.names = shown
  }

  var bytes: [UInt8] {
    var bytes = Array("D2RMAP1\n".utf8)
    bytes.reserveCapacity(16 + 18 * points.count)
    func append(_ word: UInt32) {
      for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
    }
    append(UInt32(points.count))
    append(0)
    for point in points { append(point.x.bitPattern) }
    for point in points { append(point.y.bitPattern) }
    for point in points { append(point.image) }
    for point in points { append(point.identity) }
    bytes += points.map(\.population)
    bytes += points.map(\.flags)
    return bytes
  }
}
