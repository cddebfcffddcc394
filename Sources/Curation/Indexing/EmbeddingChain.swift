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
  /// A network that scores faces, where there is one: an encoder of one value, larger is better.
  public let quality: (any ImageEncoder)?

  public init(
    finder: any FaceFinder, encoders: [any ImageEncoder], quality: (any ImageEncoder)? = nil
  ) {
    self.finder = finder
    self.encoders = encoders
    self.quality = quality
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
      encoders: encoders + [MirroredEncoder(identity, space: Space.mirroredIdentity)],
      quality: quality)
  }

  /// The chain for the images of a population: those of real people are compared with, and need no
  /// mirrored vectors.
  func suited(to population: Population) -> EmbeddingChain {
    guard population.showsRealPeople else { return self }
    return EmbeddingChain(
      finder: finder, encoders: encoders.filter { $0.space.name != Space.mirroredIdentity },
      quality: quality)
  }

  /// Faces taken through all encoders at once: the largest batch an encoder asks for.
  public var preferredBatch: Int { encoders.map(\.preferredBatch).max() ?? 1 }

  /// What marks the scores of `quality`: SHA-256, in hex, over the network and the face finder.
  public var qualityDigest: String? {
    quality.map { SHA256.hex(of: "\($0.space.encoderDigest) after \(finder.digest)") }
  }

  /// Scores of `faces`, in order; nil without a network.
  ///
  /// Throws where the network answers with more or less than one number per face.
  public func scores(_ faces: [Face]) throws -> [Double]? {
    guard let quality, !faces.isEmpty else { return quality == nil ? nil : [] }
    let scores = try quality.embed(faces)
    guard scores.count == faces.count, scores.width == 1, scores.values.allSatisfy(\.isFinite)
    else {
      throw CurationError(
        .badVectors, "the quality network answered no single number per face",
        hint: "check its manifest (output width 1, mean, std) with: d2r-curate models list")
    }
    return scores.values.map(Double.init)
  }

  /// The vectors of `faces`, one block per space in the order of `spaces`.
  ///
  /// Throws where an encoder answers with the wrong shape or with a value that is not a number.
  public func embed(_ faces: [Face]) throws -> [Vectors] {
    try embed(faces, at: Array(encoders.indices))
  }

  /// The same for the spaces at some places of `spaces` alone, in the order of `places`.
  func embed(_ faces: [Face], at places: [Int]) throws -> [Vectors] {
    try places.map { place in
      let encoder = encoders[place]
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
