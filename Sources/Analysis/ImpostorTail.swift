/// The largest impostor similarities, each with the two identities it is between.
public struct ImpostorTail: Equatable, Sendable {
  /// One comparison; `first` < `second` number identities from 0.
  public struct Comparison: Equatable, Comparable, Sendable {
    public var similarity: Float
    public var first: Int32
    public var second: Int32

    /// Identities in any order.
    public init(_ similarity: Float, between a: Int, and b: Int) {
      self.similarity = similarity
      first = Int32(min(a, b))
      second = Int32(max(a, b))
    }

    /// From the largest similarity down, then by identities: an order without ties between different
    /// comparisons, so that what is kept does not depend on who added it.
    public static func < (a: Self, b: Self) -> Bool {
      if a.similarity != b.similarity { return a.similarity > b.similarity }
      return a.first == b.first ? a.second < b.second : a.first < b.first
    }
  }

  /// In their order, the largest similarity first.
  public let comparisons: [Comparison]

  /// Those at or above `similarity`.
  func atLeast(_ similarity: Float) -> ArraySlice<Comparison> {
    var low = 0
    var high = comparisons.count
    while low < high {
      let middle = (low + high) / 2
      if comparisons[middle].similarity >= similarity { low = middle + 1 } else { high = middle }
    }
    return comparisons[..<low]
  }
}

/// Gathers an `ImpostorTail` in bounded memory.
struct ImpostorTailCollector: Sendable {
  private let capacity: Int
  private var kept: [ImpostorTail.Comparison] = []
  private var floor = -Float.infinity

  init(capacity: Int) { self.capacity = max(1, capacity) }

  /// Identities are given in any order.
  mutating func add(_ similarity: Float, between a: Int32, and b: Int32) {
    guard similarity >= floor else { return }
    kept.append(.init(similarity, between: Int(a), and: Int(b)))
    if kept.count >= 2 * capacity { shorten() }
  }

  mutating func merge(_ other: Self) {
    floor = max(floor, other.floor)
    kept.append(contentsOf: other.kept)
    if kept.count >= 2 * capacity { shorten() }
  }

  func tail() -> ImpostorTail {
    ImpostorTail(comparisons: Array(kept.sorted().prefix(capacity)))
  }

  private mutating func shorten() {
    kept.sort()
    kept.removeLast(max(0, kept.count - capacity))
    floor = kept.last?.similarity ?? -.infinity
  }
}
