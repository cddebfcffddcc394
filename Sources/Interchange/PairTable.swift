import Files

/// Pairs of rows with their similarity, as a file: CSV with the columns left, right and similarity, or a
/// float64 .npy matrix of those three, by the name's ending.
public enum PairTable {
  /// One pair; rows are counted from 0.
  public struct Line: Equatable, Sendable {
    public var left: UInt32
    public var right: UInt32
    public var similarity: Float

    public init(left: UInt32, right: UInt32, similarity: Float) {
      self.left = left
      self.right = right
      self.similarity = similarity
    }
  }

  /// Writes `count` lines that come in `pieces` pieces, in order. The file is there whole or not at
  /// all; one piece is in memory at a time. Similarities are the shortest text that reads back as the
  /// same float.
  /// - Precondition: the pieces hold `count` lines.
  public static func write(
    to path: String, count: Int, pieces: Int, _ lines: (Int) -> [Line]
  ) throws(InterchangeError) {
    let isNumpy = path.lowercased().hasSuffix(".npy")
    try withFiles { () throws(FilesError) in
      try AtomicFile.write(to: path) { (sink) throws(FilesError) in
        try sink.append(
          isNumpy
            ? NumpyHeader(kind: .float64, shape: [count, 3]).bytes
            : Array("left,right,similarity\n".utf8))
        for piece in 0..<pieces {
          var bytes: [UInt8] = []
          for line in lines(piece) {
            if isNumpy { bytes.appendNumbers(line) } else { bytes.appendText(line) }
          }
          try sink.append(bytes)
        }
      }
    }
  }
}

extension [UInt8] {
  fileprivate mutating func appendNumbers(_ line: PairTable.Line) {
    for number in [Double(line.left), Double(line.right), Double(line.similarity)] {
      let bits = number.bitPattern
      for byte in 0..<8 { append(UInt8(truncatingIfNeeded: bits >> UInt64(8 * byte))) }
    }
  }

  fileprivate mutating func appendText(_ line: PairTable.Line) {
    append(contentsOf: "\(line.left),\(line.right),\(line.similarity)\n".utf8)
  }
}
