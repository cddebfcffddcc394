public import Domain

/// Two items found close together; the order of `a` and `b` does not matter.
public struct SimilarPair: Equatable, Sendable {
  public var a: Int
  public var b: Int
  public var similarity: CosineSimilarity

  public init(a: Int, b: Int, similarity: CosineSimilarity) {
    self.a = a
    self.b = b
    self.similarity = similarity
  }
}
