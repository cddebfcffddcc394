/// A generator core: pictures of faces from vectors.
public protocol Generator: Sendable {
  /// The generator's name in its manifest.
  var name: String { get }
  /// SHA-256, in hex, over everything that changes its pictures: weights and settings.
  var digest: String { get }
  /// What it is asked with.
  var input: GeneratorInput { get }
  /// How many pictures it makes best at once; callers cut their work by it.
  var preferredBatch: Int { get }
  /// One answer per order, in order. The same order gives the same pixels, whatever it is ordered
  /// together with. Safe from several threads.
  ///
  /// - Throws: where nothing can be had for any of the orders (a network that does not fit, a server
  ///   that is gone). One picture that cannot be used is an answer, not an error.
  func pictures(for orders: PictureOrders) throws -> [GeneratedPicture]
}

/// What a generator is asked with.
public struct GeneratorInput: Equatable, Sendable {
  /// What the vectors are.
  public enum Kind: String, Codable, Sendable {
    /// Values drawn from N(0, 1): the whole picture follows from them.
    case latent
    /// Unit vectors of the identity space the generator was trained with: who is in the picture; the
    /// rest follows from the seed.
    case identity
  }

  public var kind: Kind
  /// Values per vector.
  public var width: Int

  public init(_ kind: Kind, width: Int) {
    self.kind = kind
    self.width = width
  }
}

/// Pictures asked for: one vector and one seed each.
public struct PictureOrders: Equatable, Sendable {
  public var vectors: Vectors
  /// As many as vectors. A generator driven by latents may ignore them.
  public var seeds: [UInt64]

  /// - Precondition: one seed per vector.
  public init(_ vectors: Vectors, seeds: [UInt64]) {
    precondition(vectors.count == seeds.count)
    self.vectors = vectors
    self.seeds = seeds
  }

  /// Orders of latents alone: every seed is 0.
  public init(latents: Vectors) {
    self.init(latents, seeds: Array(repeating: 0, count: latents.count))
  }

  public var count: Int { seeds.count }
}

/// A generator's answer to one order.
public enum GeneratedPicture: Equatable, Sendable {
  case picture(Picture)
  /// What came is no picture; the reason, for people.
  case none(reason: String)

  /// Nil where there is none.
  public var picture: Picture? {
    if case .picture(let picture) = self { picture } else { nil }
  }
}
