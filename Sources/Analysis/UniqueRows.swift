public import Domain

/// Rows that are the same bytes, taken as one.
public struct UniqueRows: Equatable, Sendable {
  /// Per row, which distinct row it is, from 0 in the order of first appearance.
  public var groups: [Int]
  /// Per distinct row, the first row that is it.
  public var firsts: [Int]

  /// Compares rows bit by bit; linear in the number of values.
  public init(of vectors: Vectors) {
    groups = []
    groups.reserveCapacity(vectors.count)
    firsts = []
    var known: [UInt64: [Int]] = [:]
    for row in 0..<vectors.count {
      let mark = Self.mark(vectors, row)
      let same = known[mark, default: []].first { Self.areEqual(vectors, row, firsts[$0]) }
      if let same {
        groups.append(same)
      } else {
        groups.append(firsts.count)
        known[mark, default: []].append(firsts.count)
        firsts.append(row)
      }
    }
  }

  /// How many distinct rows there are.
  public var count: Int { firsts.count }

  /// FNV-1a over the values' bits.
  private static func mark(_ vectors: Vectors, _ row: Int) -> UInt64 {
    var mark: UInt64 = 0xCBF2_9CE4_8422_2325
    let values = vectors.values.span
    for place in row * vectors.width..<(row + 1) * vectors.width {
      mark = (mark ^ UInt64(values[place].bitPattern)) &* 0x100_0000_01B3
    }
    return mark
  }

  private static func areEqual(_ vectors: Vectors, _ a: Int, _ b: Int) -> Bool {
    let values = vectors.values.span
    return (0..<vectors.width).allSatisfy {
      values[a * vectors.width + $0].bitPattern == values[b * vectors.width + $0].bitPattern
    }
  }
}
