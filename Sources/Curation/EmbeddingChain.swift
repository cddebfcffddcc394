import Cryptography
public import Domain

/// Everything between a picture and its vectors: the face finder and the encoders, one per space.
///
/// The chain's spaces carry a digest over encoder *and* face finder: vectors made with another
/// detector are another space, and are never compared with these.
public struct EmbeddingChain: Sendable {
  public let finder: any FaceFinder
  public let encoders: [any ImageEncoder]
  /// One space per encoder, in the same order.
  public let spaces: [Space]

  public init(finder: any FaceFinder, encoders: [any ImageEncoder]) {
    self.finder = finder
    self.encoders = encoders
    spaces = encoders.map { encoder in
      Space(
        name: encoder.space.name, width: encoder.space.width,
        encoderDigest: SHA256.hex(of: "\(encoder.space.encoderDigest) after \(finder.digest)"))
    }
  }

  /// The same chain, which also embeds every face mirrored in the identity space: for images that
  /// must not show somebody of a gallery, either way round. Costs one more pass of that encoder.
  public func withMirroredIdentity() -> EmbeddingChain {
    guard let identity = encoders.first(where: { $0.space.name == Space.identity }) else {
      return self
    }
    return EmbeddingChain(
      finder: finder,
      encoders: encoders + [MirroredEncoder(identity, space: Space.mirroredIdentity)])
  }

  /// The chain for the images of a population: those of real people are compared with, and need no
  /// mirrored vectors.
  func suited(to population: Population) -> EmbeddingChain {
    guard population.showsRealPeople else { return self }
    return EmbeddingChain(
      finder: finder, encoders: encoders.filter { $0.space.name != Space.mirroredIdentity })
  }

  /// Faces taken through all encoders at once: the largest batch an encoder asks for.
  public var preferredBatch: Int { encoders.map(\.preferredBatch).max() ?? 1 }

  /// The vectors of `faces`, one block per space in the order of `spaces`.
  ///
  /// Throws where an encoder answers with the wrong shape or with a value that is not a number.
  public func embed(_ faces: [Face]) throws -> [Vectors] {
    try encoders.map { encoder in
      let vectors = try encoder.embed(faces)
      guard vectors.count == faces.count, vectors.width == encoder.space.width else {
        throw CurationError(
          .badVectors,
          """
          encoder of space \(encoder.space.name) answered \(vectors.count) x \(vectors.width) \
          for \(faces.count) faces, wanted width \(encoder.space.width)
          """, hint: "check its manifest with: d2r-curate models verify")
      }
      guard vectors.values.allSatisfy({ $0.isFinite }) else {
        throw CurationError(
          .badVectors, "encoder of space \(encoder.space.name) answered a value that is no number",
          hint: "check its manifest (mean, std, channels) with: d2r-curate models list")
      }
      return vectors
    }
  }
}
