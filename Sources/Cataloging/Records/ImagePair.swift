/// Two images, whichever is named first.
public struct ImagePair: Hashable, Sendable {
  /// The smaller id.
  public let low: Int64
  public let high: Int64

  public init(_ first: Int64, _ second: Int64) {
    low = min(first, second)
    high = max(first, second)
  }
}
