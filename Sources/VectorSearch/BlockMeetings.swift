/// Which blocks of rows are compared with which: rounds of pairs, no block twice in a round.
struct BlockMeetings: Sendable {
  /// Rows per block, a multiple of `blockRows`; the last block may have fewer.
  let size: Int
  let blocks: Int
  private let count: Int
  let rounds: [[SIMD2<UInt32>]]

  private static let largest = 1024

  /// Every block with every other.
  static func all(count: Int, threads: Int) -> BlockMeetings {
    let size = max(64, min(largest, count / (8 * threads))) / blockRows * blockRows
    let blocks = UInt32((count + size - 1) / size)
    return BlockMeetings(
      count: count, size: size,
      pairs: (0..<blocks).lazy.flatMap { a in (a + 1..<max(a + 1, blocks)).lazy.map { SIMD2(a, $0) }
      })
  }

  /// - Parameter pairs: the smaller block first.
  init(count: Int, size: Int, pairs: some Sequence<SIMD2<UInt32>>) {
    self.count = count
    self.size = size
    blocks = (count + size - 1) / size
    let seats = blocks + blocks % 2
    var rounds = [[SIMD2<UInt32>]](repeating: [], count: max(1, seats) - 1)
    for pair in pairs { rounds[Self.round(pair, of: seats)].append(pair) }
    self.rounds = rounds
  }

  /// When two meet in a tournament of an even number: the last stays, the others go round.
  private static func round(_ pair: SIMD2<UInt32>, of seats: Int) -> Int {
    let (a, b, others) = (Int(pair.x), Int(pair.y), seats - 1)
    if b == others { return a }
    // In round r meet a and b with a + b = 2 r, counted around.
    return (a + b) * (seats / 2) % others
  }

  func rows(_ block: Int) -> Range<Int> {
    block * size..<min(count, (block + 1) * size)
  }
}
