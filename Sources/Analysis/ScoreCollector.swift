/// Gathers similarities one at a time in bounded memory.
public struct ScoreCollector: Sendable {
  /// Up to this many scores are all kept: 200 MB of floats.
  public static let exactLimit = 50_000_000
  /// Beyond the limit this many of the largest are kept; a false-match rate r is exact while
  /// r × comparisons stays below it.
  public static let tailCapacity = 2_000_000

  private let exactLimit: Int
  private let tailCapacity: Int
  private var count = 0
  private var kept: [Float] = []
  private var floor = -Float.infinity
  private var bins = [Int](repeating: 0, count: ScoreDistribution.binCount)

  /// Smaller limits trade exactness for memory; both are at least 1.
  public init(
    exactLimit: Int = Self.exactLimit, tailCapacity: Int = Self.tailCapacity
  ) {
    self.exactLimit = max(1, exactLimit)
    self.tailCapacity = max(1, min(tailCapacity, exactLimit))
  }

  /// For a share of `count` scores that several collectors gather together: where all of them are
  /// more than the limit, each keeps a tail only. Merged, they hold the same whoever added what.
  public init(
    expecting count: Int, exactLimit: Int = Self.exactLimit, tailCapacity: Int = Self.tailCapacity
  ) {
    self.init(
      exactLimit: count > exactLimit ? min(tailCapacity, exactLimit) : exactLimit,
      tailCapacity: tailCapacity)
  }

  /// Takes over what another collector of the same limits has gathered.
  public mutating func merge(_ other: ScoreCollector) {
    count += other.count
    floor = max(floor, other.floor)
    kept.append(contentsOf: other.kept)
    for bin in bins.indices { bins[bin] += other.bins[bin] }
    if count > exactLimit && kept.count >= 2 * tailCapacity { shorten() }
  }

  /// NaN counts as -1.
  public mutating func add(_ score: Float) {
    let score = score.isNaN ? -1 : score
    count += 1
    bins[ScoreDistribution.bin(of: score)] += 1
    guard score > floor || count <= exactLimit else { return }
    kept.append(score)
    if count > exactLimit && kept.count >= 2 * tailCapacity { shorten() }
  }

  /// Everything collected so far.
  public func distribution() -> ScoreDistribution {
    var last = self
    if count > exactLimit { last.shorten() } else { FallingSort.sort(&last.kept) }
    return ScoreDistribution(count: count, top: last.kept, bins: bins)
  }

  private mutating func shorten() {
    FallingSort.sort(&kept)
    kept.removeLast(max(0, kept.count - tailCapacity))
    floor = kept.last ?? -.infinity
  }
}
