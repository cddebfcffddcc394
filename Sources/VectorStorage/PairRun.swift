import Domain
import Files

/// Sorted runs of pairs and their merging.
enum PairRun {
  /// A pair with its rows packed: the lower row in the upper half.
  struct Record: Comparable {
    var rows: UInt64
    var similarity: Float

    init(rows: UInt64, similarity: Float) {
      self.rows = rows
      self.similarity = similarity
    }

    init(_ pair: VectorPair) {
      let (low, high) = (min(pair.query, pair.target), max(pair.query, pair.target))
      rows = UInt64(low) << 32 | UInt64(high)
      similarity = pair.similarity.value
    }

    /// By rows; of equal rows the larger similarity first.
    static func < (a: Record, b: Record) -> Bool {
      a.rows == b.rows ? a.similarity > b.similarity : a.rows < b.rows
    }
  }

  /// The records as a graph's file has them: three words each, little endian as this machine is.
  static func words(_ records: some Collection<Record>) -> [UInt32] {
    var words: [UInt32] = []
    words.reserveCapacity(records.count * 3)
    for record in records {
      words.append(UInt32(record.rows >> 32))
      words.append(UInt32(truncatingIfNeeded: record.rows))
      words.append(record.similarity.bitPattern)
    }
    return words
  }

  /// Sorts, unless the records are in order already, as most searches give them.
  static func sort(_ records: inout [Record]) {
    let isSorted = records.indices.dropFirst().allSatisfy { !(records[$0] < records[$0 - 1]) }
    if !isSorted { records.sort() }
  }

  /// Goes through one run, in memory or in a file.
  struct Reader {
    private let records: [Record]
    private let map: MappedFile?
    private let count: Int
    private var place = 0
    private(set) var current: Record?

    init(records: [Record]) {
      self.records = records
      map = nil
      count = records.count
      current = read()
    }

    init(map: MappedFile) {
      records = []
      self.map = map
      count = map.byteCount / PairGraphHeader.recordSize
      current = read()
    }

    mutating func advance() {
      place += 1
      current = read()
    }

    private func read() -> Record? {
      guard place < count else { return nil }
      guard let map else { return records[place] }
      let start = PairGraphHeader.recordSize * place
      return map.withBytes { bytes in
        Record(
          rows: UInt64(bytes.little32(at: start)) << 32 | UInt64(bytes.little32(at: start + 4)),
          similarity: Float(bitPattern: bytes.little32(at: start + 8)))
      }
    }
  }

  /// Merges runs; of records with equal rows the first stays, which has the largest similarity.
  struct Merger {
    private var readers: [Reader]
    private var last: UInt64?

    init(_ readers: [Reader]) { self.readers = readers }

    /// Up to `count` more records; none at the end.
    mutating func next(_ count: Int) -> [Record] {
      var block: [Record] = []
      block.reserveCapacity(count)
      while block.count < count, let record = pop() {
        if record.rows == last { continue }
        last = record.rows
        block.append(record)
      }
      return block
    }

    private mutating func pop() -> Record? {
      var best: (place: Int, record: Record)?
      for (place, reader) in readers.enumerated() {
        guard let record = reader.current else { continue }
        if best.map({ record < $0.record }) ?? true { best = (place, record) }
      }
      guard let best else { return nil }
      readers[best.place].advance()
      return best.record
    }
  }
}
