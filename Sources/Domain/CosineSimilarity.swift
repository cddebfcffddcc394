/// A cosine similarity in -1...1; larger is closer.
public struct CosineSimilarity: Hashable, Comparable, Codable, Sendable {
  public let value: Float

  public init(_ value: Float) { self.value = value }

  public static func < (a: Self, b: Self) -> Bool { a.value < b.value }
  // Written out because the standard ones negate `<`, which would let NaN pass every floor.
  public static func <= (a: Self, b: Self) -> Bool { a.value <= b.value }
  public static func > (a: Self, b: Self) -> Bool { a.value > b.value }
  public static func >= (a: Self, b: Self) -> Bool { a.value >= b.value }
}
