public import Domain
import Files

/// An immutable file of close pairs, mapped into memory. Safe from several threads.
///
/// Pairs come once, `query` below `target`, by rising (query, target). See `PairGraphHeader` for
/// the file.
public final class PairGraph: Sendable {
  /// The path the graph was opened by, relative to its store.
  public let file: String
  public let header: PairGraphHeader
  /// Pairs in the graph.
  public let count: Int
  private let map: MappedFile

  /// Opens the file at `path` and checks its header, its size and the checksum of its records.
  init(path: String, file: String) throws(VectorStorageError) {
    map = try withFiles { () throws(FilesError) in try MappedFile(path) }
    self.file = file
    let least = PairGraphHeader.byteCount + PairGraphHeader.trailerSize
    guard map.byteCount >= least else {
      throw .damagedGraph(file, "it has \(map.byteCount) bytes, fewer than the \(least) of none")
    }
    header = try PairGraphHeader(map.bytes(0..<PairGraphHeader.byteCount), file: file)
    let end = map.byteCount - PairGraphHeader.trailerSize
    let trailer = map.bytes(end..<map.byteCount)
    guard trailer.little32(at: 12) == CRC32C.checksum(of: Array(trailer[0..<12])),
      let count = Int(exactly: trailer.little64(at: 0)),
      end - PairGraphHeader.byteCount == PairGraphHeader.recordSize &* count
    else { throw .damagedGraph(file, "its end does not fit its size") }
    self.count = count
    let found = map.withBytes { bytes in
      CRC32C.checksum(of: bytes.extracting(PairGraphHeader.byteCount..<end))
    }
    guard found == trailer.little32(at: 8) else {
      throw .damagedGraph(file, "the checksum of its pairs does not match")
    }
  }

  /// Calls `body` with every pair at or above `floor`, in order.
  public func forEach<Failure: Error>(
    atLeast floor: CosineSimilarity, _ body: (VectorPair) throws(Failure) -> Void
  ) throws(Failure) {
    try map.withBytes { (bytes) throws(Failure) in
      for number in 0..<count {
        let place = PairGraphHeader.byteCount + PairGraphHeader.recordSize * number
        let bits = bytes.little32(at: place + 8)
        let similarity = CosineSimilarity(Float(bitPattern: bits))
        guard similarity >= floor else { continue }
        try body(
          VectorPair(
            query: Int(bytes.little32(at: place)), target: Int(bytes.little32(at: place + 4)),
            similarity: similarity))
      }
    }
  }

  /// Every pair at or above `floor`, in order.
  public func pairs(atLeast floor: CosineSimilarity) -> [VectorPair] {
    var pairs: [VectorPair] = []
    forEach(atLeast: floor) { pairs.append($0) }
    return pairs
  }
}

extension RawSpan {
  /// Four bytes as a number.
  func little32(at place: Int) -> UInt32 {
    // The load is bounds-checked; every bit pattern is an integer.
    unsafe unsafeLoadUnaligned(fromByteOffset: place, as: UInt32.self).littleEndian
  }
}
