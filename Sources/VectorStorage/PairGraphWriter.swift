import Cryptography
public import Domain
import Files

/// A pair graph that is on the disk under its final name.
public struct PublishedPairGraph: Equatable, Sendable {
  /// Relative to the store's root.
  public var file: String
  public var pairCount: Int
  /// SHA-256 of the whole file, 32 bytes.
  public var digest: [UInt8]
}

/// Takes pairs in any order and in any portions and publishes them sorted, in bounded memory.
///
/// Pairs are kept with the lower row first; a pair of a row with itself, one below the floor or
/// without a number is passed over; of a pair given twice the larger similarity stays. Sorted runs
/// that do not fit in memory wait in a temporary folder and are merged by `finish`, which renames
/// the file into place. A writer that is let go without `finish` leaves nothing.
public struct PairGraphWriter: ~Copyable {
  /// Pairs held in memory: 64 MiB.
  static let runLength = 4 << 20

  public let header: PairGraphHeader
  /// Pairs taken so far, those given twice counted twice.
  public private(set) var taken = 0
  private let store: PairGraphStore
  private let file: String
  private let runLength: Int
  private var buffer: [PairRun.Record] = []
  private var runs: [String] = []
  private var folder: TemporaryFolder?

  init(store: PairGraphStore, file: String, header: PairGraphHeader, runLength: Int) {
    self.store = store
    self.file = file
    self.header = header
    self.runLength = runLength
  }

  /// Takes more pairs.
  public mutating func append(_ pairs: [VectorPair]) throws(VectorStorageError) {
    for pair in pairs where pair.query != pair.target && pair.similarity >= header.floor {
      buffer.append(PairRun.Record(pair))
      taken += 1
      if buffer.count >= runLength { try spill() }
    }
  }

  /// Sorts, merges and publishes what was taken.
  public mutating func finish() throws(VectorStorageError) -> PublishedPairGraph {
    PairRun.sort(&buffer)
    var merger = PairRun.Merger(try readers())
    let head = try header.bytes()
    var hash = SHA256.Stream()
    var checksum: UInt32 = 0
    var count = 0
    try withFiles { () throws(FilesError) in
      try FileSystem.makeFolder(store.root)
      try AtomicFile.write(to: store.path(of: file)) { (sink) throws(FilesError) in
        try sink.append(head)
        hash.update(head)
        while case let block = merger.next(65_536), !block.isEmpty {
          let words = PairRun.words(block)
          count += block.count
          // A number has no padding that its span could show.
          checksum = unsafe CRC32C.checksum(of: words.span.bytes, continuing: checksum)
          unsafe hash.update(words.span.bytes)
          try unsafe sink.append(words.span.bytes)
        }
        var trailer: [UInt8] = []
        trailer.append(little: UInt64(count))
        trailer.append(little: checksum)
        trailer.append(little: CRC32C.checksum(of: trailer))
        hash.update(trailer)
        try sink.append(trailer)
      }
    }
    return PublishedPairGraph(file: file, pairCount: count, digest: hash.finalize())
  }

  private mutating func spill() throws(VectorStorageError) {
    PairRun.sort(&buffer)
    let (records, number) = (buffer, runs.count)
    buffer.removeAll(keepingCapacity: true)
    let kept = folder
    let (opened, run) = try withFiles { () throws(FilesError) -> (TemporaryFolder, String) in
      let folder: TemporaryFolder
      if let kept { folder = kept } else { folder = try TemporaryFolder() }
      let run = folder("\(number).run")
      try AtomicFile.write(to: run) { (sink) throws(FilesError) in
        for start in stride(from: 0, to: records.count, by: 65_536) {
          let words = PairRun.words(records[start..<min(start + 65_536, records.count)])
          // A number has no padding that its span could show.
          try unsafe sink.append(words.span.bytes)
        }
      }
      return (folder, run)
    }
    folder = opened
    runs.append(run)
  }

  private func readers() throws(VectorStorageError) -> [PairRun.Reader] {
    var readers = [PairRun.Reader(records: buffer)]
    for run in runs {
      readers.append(
        PairRun.Reader(map: try withFiles { () throws(FilesError) in try MappedFile(run) }))
    }
    return readers
  }
}
