public import Domain
import Files

#if !_endian(little)
  #error("shards are little endian and are lent without conversion")
#endif

/// One immutable file of vectors, mapped into memory. Safe from several threads.
public final class Shard: Sendable {
  /// The path the shard was opened by, relative to its store.
  public let file: String
  public let space: Space
  public let rowCount: Int
  let header: ShardHeader
  let map: MappedFile

  /// Opens the file at `path` and checks its header and size. The payload's checksum is not
  /// checked here; see `VectorStore.check`.
  init(path: String, file: String) throws(VectorStorageError) {
    map = try withFiles { () throws(FilesError) in try MappedFile(path) }
    self.file = file
    let first = map.withBytes { $0.prefix(ShardHeader.byteCount) }
    header = try ShardHeader(first, file: file)
    guard header.fileSize == map.byteCount else {
      throw .damaged(
        file, "it has \(map.byteCount) bytes where \(header.fileSize ?? 0) belong")
    }
    space = header.space
    rowCount = header.rowCount
  }

  /// Lends consecutive rows: `rows.count * space.width` floats, row-major.
  /// - Precondition: the rows exist.
  public func withRows<Answer, Failure: Error>(
    _ rows: Range<Int>, _ body: (Span<Float>) throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= rowCount, "rows \(rows) of \(file)")
    let stride = 4 * space.width
    let start = ShardHeader.byteCount + rows.lowerBound * stride
    return try map.withBytes { (bytes) throws(Failure) in
      let wanted = bytes.extracting(start..<start + rows.count * stride)
      // The mapping begins at a page and the payload 256 bytes later, so floats are aligned; every
      // bit pattern is a float; nobody writes to a shard.
      return try unsafe wanted.withUnsafeBytes { (buffer) throws(Failure) in
        try unsafe body(buffer.bindMemory(to: Float.self).span)
      }
    }
  }

  /// Lends one row of `space.width` floats.
  /// - Precondition: the row exists.
  public func withRow<Answer, Failure: Error>(
    _ row: Int, _ body: (Span<Float>) throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    try withRows(row..<row + 1, body)
  }

  /// A copy of consecutive rows.
  /// - Precondition: the rows exist.
  public func vectors(_ rows: Range<Int>) -> Vectors {
    var values: [Float] = []
    values.reserveCapacity(rows.count * space.width)
    append(rows, to: &values)
    return Vectors(count: rows.count, width: space.width, values: values)
  }

  /// Gives the memory of the pages read back to the system; they are read again when needed.
  public func release() { map.release() }

  /// Appends a copy of consecutive rows.
  /// - Precondition: the rows exist.
  public func append(_ rows: Range<Int>, to values: inout [Float]) {
    withRows(rows) { span in
      // An array appends a buffer of plain values by one memcpy.
      unsafe span.withUnsafeBufferPointer { unsafe values.append(contentsOf: $0) }
    }
  }
}

extension RawSpan {
  /// A copy of the first bytes, up to `count`.
  fileprivate func prefix(_ count: Int) -> [UInt8] {
    // The buffer is copied inside the closure.
    unsafe extracting(first: count).withUnsafeBytes { unsafe [UInt8]($0) }
  }
}
