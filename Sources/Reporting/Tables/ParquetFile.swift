/// A table as an Apache Parquet file: one row group, one page per column, plain values, nothing
/// compressed.
///
/// Source: github.com/apache/parquet-format, README.md and src/main/thrift/parquet.thrift.
struct ParquetFile: Sendable {
  /// A column; all columns of a file hold the same number of values.
  struct Column: Sendable {
    enum Values: Sendable {
      case integers([Int])
      case numbers([Double])
      case flags([Bool])
      case texts([String])
      case optionalTexts([String?])
    }

    var name: String
    var values: Values

    init(_ name: String, _ values: Values) {
      self.name = name
      self.values = values
    }
  }

  var columns: [Column]
  var createdBy: String

  private static let magic = Array("PAR1".utf8)

  /// The file's bytes; the same for the same values.
  func bytes() -> [UInt8] {
    var file = Self.magic
    var chunks: [Chunk] = []
    for column in columns {
      let page = column.page
      let chunk = Chunk(column: column, offset: file.count, size: page.count)
      file += page
      chunks.append(chunk)
    }
    let metadata = metadata(chunks)
    file += metadata
    file += LittleEndian.bytes(UInt32(metadata.count))
    return file + Self.magic
  }

  /// Where a column lies in the file.
  private struct Chunk {
    var column: Column
    var offset: Int
    var size: Int
  }

  private var rowCount: Int { columns.first?.count ?? 0 }

  private func metadata(_ chunks: [Chunk]) -> [UInt8] {
    var thrift = ThriftCompact()
    thrift.write(1, 1)
    thrift.list(2, of: .structure, count: columns.count + 1)
    thrift.element {
      $0.write(4, "schema")
      $0.write(5, columns.count)
    }
    for column in columns { thrift.element { column.describe(in: &$0) } }
    thrift.write(3, long: rowCount)
    thrift.list(4, of: .structure, count: 1)
    thrift.element { group in
      group.list(1, of: .structure, count: chunks.count)
      for chunk in chunks { group.element { write(chunk, to: &$0) } }
      group.write(2, long: chunks.reduce(0) { $0 + $1.size })
      group.write(3, long: rowCount)
    }
    thrift.write(6, createdBy)
    return thrift.ended
  }

  private func write(_ chunk: Chunk, to thrift: inout ThriftCompact) {
    thrift.write(2, long: chunk.offset)
    thrift.structure(3) { meta in
      meta.write(1, chunk.column.type)
      meta.list(2, of: .integer, count: 2)
      meta.element(Parquet.plain)
      meta.element(Parquet.runs)
      meta.list(3, of: .text, count: 1)
      meta.element(chunk.column.name)
      meta.write(4, Parquet.uncompressed)
      meta.write(5, long: rowCount)
      meta.write(6, long: chunk.size)
      meta.write(7, long: chunk.size)
      meta.write(9, long: chunk.offset)
    }
  }
}

/// Numbers of parquet.thrift.
private enum Parquet {
  static let boolean = 0
  static let int64 = 2
  static let double = 5
  static let byteArray = 6
  static let utf8 = 0
  static let plain = 0
  static let runs = 3
  static let uncompressed = 0
  static let dataPage = 0
  static let required = 0
  static let optional = 1
}

extension ParquetFile.Column {
  fileprivate var count: Int {
    switch values {
    case .integers(let values): values.count
    case .numbers(let values): values.count
    case .flags(let values): values.count
    case .texts(let values): values.count
    case .optionalTexts(let values): values.count
    }
  }

  fileprivate var type: Int {
    switch values {
    case .integers: Parquet.int64
    case .numbers: Parquet.double
    case .flags: Parquet.boolean
    case .texts, .optionalTexts: Parquet.byteArray
    }
  }

  private var isOptional: Bool { if case .optionalTexts = values { true } else { false } }

  fileprivate func describe(in thrift: inout ThriftCompact) {
    thrift.write(1, type)
    thrift.write(3, isOptional ? Parquet.optional : Parquet.required)
    thrift.write(4, name)
    if type == Parquet.byteArray { thrift.write(6, Parquet.utf8) }
  }

  /// The header and the values.
  fileprivate var page: [UInt8] {
    let body = body
    var header = ThriftCompact()
    header.write(1, Parquet.dataPage)
    header.write(2, body.count)
    header.write(3, body.count)
    header.structure(5) { page in
      page.write(1, count)
      page.write(2, Parquet.plain)
      page.write(3, Parquet.runs)
      page.write(4, Parquet.runs)
    }
    return header.ended + body
  }

  private var body: [UInt8] {
    switch values {
    case .integers(let values):
      values.flatMap { LittleEndian.bytes(UInt64(bitPattern: Int64($0))) }
    case .numbers(let values): values.flatMap { LittleEndian.bytes($0.bitPattern) }
    case .flags(let values): Self.packed(values)
    case .texts(let values): values.flatMap(Self.text)
    case .optionalTexts(let values):
      Self.levels(values.map { $0 != nil }) + values.compactMap { $0 }.flatMap(Self.text)
    }
  }

  private static func text(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    return LittleEndian.bytes(UInt32(bytes.count)) + bytes
  }

  /// Eight to the byte, the first in the lowest bit.
  private static func packed(_ flags: [Bool]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: (flags.count + 7) / 8)
    for (place, flag) in flags.enumerated() where flag { bytes[place / 8] |= 1 << (place % 8) }
    return bytes
  }

  /// Definition levels: length, then runs of equal levels.
  private static func levels(_ present: [Bool]) -> [UInt8] {
    var runs: [UInt8] = []
    var start = 0
    while start < present.count {
      var end = start
      while end < present.count, present[end] == present[start] { end += 1 }
      runs += ThriftCompact.varint(UInt64(end - start) << 1) + [present[start] ? 1 : 0]
      start = end
    }
    return LittleEndian.bytes(UInt32(runs.count)) + runs
  }
}

/// Whole numbers as bytes, the lowest first.
private enum LittleEndian {
  static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}
