public import Domain
import Execution

/// Two pictures with close perceptual hashes.
public struct HashPair: Equatable, Sendable {
  /// Places in the list that was searched, `a` below `b`.
  public var a: Int
  public var b: Int
  /// Bits that differ, the lesser of both orientations.
  public var distance: Int
  /// True where the mirrored picture is nearer.
  public var isMirrored: Bool

  public init(a: Int, b: Int, distance: Int, isMirrored: Bool) {
    self.a = a
    self.b = b
    self.distance = distance
    self.isMirrored = isMirrored
  }
}

/// Every pair of close hashes, by multi-index hashing (Norouzi, Punjani & Fleet, "Fast Search in
/// Hamming Space with Multi-Index Hashing", CVPR 2012).
///
/// Sixteen bands of 16 bits: hashes that differ in at most 15 bits agree in one band, those that
/// differ in at most 31 differ by at most one bit in one band. So each hash is compared only with
/// those that share a band with it, and no pair is missed.
public enum HashSearch {
  /// The largest distance that can be searched for.
  public static let largestDistance = 31

  /// All pairs within `distance` bits in either orientation, by rising `a`, then `b`.
  ///
  /// The same answer on any number of threads. Hashes that occur many times make many pairs: pass
  /// each once.
  /// - Throws: `AnalysisError.outOfRange` for a distance outside 0...31.
  public static func pairs(
    _ hashes: [PictureHash], within distance: Int, threads: Int
  ) throws -> [HashPair] {
    guard (0...largestDistance).contains(distance) else {
      throw AnalysisError(
        code: .outOfRange,
        message: "a hash distance of \(distance) bits was asked for; it must be 0 to 31")
    }
    let index = BandIndex(hashes, radius: distance < BandIndex.bands ? 0 : 1)
    return try Parallel.mapBlocks(count: hashes.count, blockSize: 256, threads: threads) { block in
      block.flatMap { index.partners(of: $0, within: distance) }
    }.flatMap { $0 }
  }
}

/// The hashes sorted by each band.
private struct BandIndex: Sendable {
  static let bands = 16

  let hashes: [PictureHash]
  /// Bits by which a band may differ.
  let radius: Int
  /// Per band: where the places of each of 65,536 values begin, and the places.
  private let heads: [[Int32]]
  private let places: [[Int32]]

  init(_ hashes: [PictureHash], radius: Int) {
    self.hashes = hashes
    self.radius = radius
    var heads: [[Int32]] = []
    var places: [[Int32]] = []
    for band in 0..<Self.bands {
      let values = hashes.map { Int($0.band(band)) }
      var head = [Int32](repeating: 0, count: 65_537)
      for value in values { head[value + 1] += 1 }
      for value in 0..<65_536 { head[value + 1] += head[value] }
      var next = head
      var sorted = [Int32](repeating: 0, count: hashes.count)
      for (place, value) in values.enumerated() {
        sorted[Int(next[value])] = Int32(place)
        next[value] += 1
      }
      heads.append(head)
      places.append(sorted)
    }
    self.heads = heads
    self.places = places
  }

  /// Partners of one place that come after it.
  func partners(of place: Int, within distance: Int) -> [HashPair] {
    var pairs: [HashPair] = []
    for isMirrored in [false, true] {
      let query = isMirrored ? hashes[place].mirrored : hashes[place]
      for band in 0..<Self.bands {
        for value in probes(query.band(band)) {
          let range = Int(heads[band][value])..<Int(heads[band][value + 1])
          for other in places[band][range].lazy.map(Int.init) where other > place {
            let bits = query.distance(to: hashes[other])
            guard bits <= distance, isFirst(band, query, hashes[other]) else { continue }
            let turned = query.mirrored.distance(to: hashes[other])
            guard isMirrored ? bits < turned : bits <= turned else { continue }
            pairs.append(HashPair(a: place, b: other, distance: bits, isMirrored: isMirrored))
          }
        }
      }
    }
    return pairs.sorted { $0.b < $1.b }
  }

  private func probes(_ value: UInt16) -> [Int] {
    radius == 0 ? [Int(value)] : [Int(value)] + (0..<16).map { Int(value ^ 1 << UInt16($0)) }
  }

  /// True where no band before this one lets the pair be found.
  private func isFirst(_ band: Int, _ a: PictureHash, _ b: PictureHash) -> Bool {
    (0..<band).allSatisfy { (a.band($0) ^ b.band($0)).nonzeroBitCount > radius }
  }
}
