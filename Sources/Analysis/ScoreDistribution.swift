/// A set of similarities, exact where it is small and exact in its upper tail where it is large.
///
/// Everything is counted in a histogram over -1...1; up to `ScoreCollector.exactLimit` scores are
/// kept one by one, beyond it only the largest ones. Questions below the kept tail are answered from
/// the histogram, rounded towards more scores at or above, by at most one bin of 5·10⁻⁵.
public struct ScoreDistribution: Equatable, Sendable {
  /// All scores.
  public let count: Int
  /// The largest scores, falling: all of them where `isExact`.
  public let top: [Float]
  /// Scores per bin of -1...1; what lies outside is in the end bins.
  let bins: [Int]

  static let binCount = 40_000

  /// Every score, kept. NaN counts as -1.
  public init(_ scores: [Float]) {
    var collector = ScoreCollector(exactLimit: .max)
    for score in scores { collector.add(score) }
    self = collector.distribution()
  }

  init(count: Int, top: [Float], bins: [Int]) {
    self.count = count
    self.top = top
    self.bins = bins
  }

  /// True when every score is kept and every answer is exact.
  public var isExact: Bool { top.count == count }

  /// How many scores are at or above `similarity`.
  public func count(atLeast similarity: Float) -> Int {
    if isExact || similarity > (top.last ?? .infinity) { return placeInTop(below: similarity) }
    return bins[Self.bin(of: similarity)...].reduce(0, +)
  }

  /// The smallest similarity that at most `allowed` scores reach: one float above the score of rank
  /// `allowed` (from 0), so ties with it are all excluded. -1 where everything is allowed.
  public func similarity(reachedByAtMost allowed: Int) -> Float {
    if allowed >= count { return -1 }
    if allowed < top.count { return top[allowed].nextUp }
    var above = 0
    var bin = bins.count
    while bin > 0, above + bins[bin - 1] <= allowed {
      bin -= 1
      above += bins[bin]
    }
    return Self.edge(bin)
  }

  /// Counts in `bins` bins of equal width from `lower` to `upper`, which fall on whole fine bins of
  /// 5·10⁻⁵; what lies outside is in the end bins.
  /// - Precondition: `bins > 0` and -1 ≤ `lower` < `upper` ≤ 1.
  public func histogram(from lower: Double, to upper: Double, bins wanted: Int) -> [Int] {
    precondition(wanted > 0 && lower >= -1 && lower < upper && upper <= 1)
    var counts = [Int](repeating: 0, count: wanted)
    for (bin, count) in bins.enumerated() where count > 0 {
      let middle = -1 + 2 * (Double(bin) + 0.5) / Double(Self.binCount)
      let place = (middle - lower) / (upper - lower) * Double(wanted)
      counts[min(wanted - 1, max(0, Int(place)))] += count
    }
    return counts
  }

  /// The lowest edge of a fine bin that holds a score; nil without scores.
  public var lowestEdge: Double? {
    bins.firstIndex { $0 > 0 }.map { Double(Self.edge($0)) }
  }

  static func bin(of score: Float) -> Int {
    let share = (Double(score) + 1) / 2
    guard share > 0 else { return 0 }  // also NaN
    return min(binCount - 1, Int(share * Double(binCount)))
  }

  static func edge(_ bin: Int) -> Float { Float(-1 + 2 * Double(bin) / Double(binCount)) }

  /// How many kept scores are at or above `similarity`, by bisection.
  private func placeInTop(below similarity: Float) -> Int {
    var low = 0
    var high = top.count
    while low < high {
      let middle = (low + high) / 2
      if top[middle] >= similarity { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
