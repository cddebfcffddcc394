public import Domain

/// A generator's latent vector for an identity.
public struct LatentRecord: Equatable, Sendable {
  /// Where a latent comes from.
  public enum Origin: String, Sendable {
    /// Came with the dataset.
    case given
    /// Found by searching for the latent whose picture is most similar to the identity's prototype.
    case searched
  }

  public var identity: Int64
  /// SHA-256, in hex, over the generator's weights and settings.
  public var generatorDigest: String
  public var vector: [Float]
  public var origin: Origin
  /// Of the latent's picture to the identity's prototype; for a searched latent only.
  public var similarity: CosineSimilarity?

  public init(
    identity: Int64, generatorDigest: String, vector: [Float], origin: Origin,
    similarity: CosineSimilarity? = nil
  ) {
    self.identity = identity
    self.generatorDigest = generatorDigest
    self.vector = vector
    self.origin = origin
    self.similarity = similarity
  }
}
