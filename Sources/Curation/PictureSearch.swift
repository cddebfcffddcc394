import Cataloging
public import Domain
import Files
import Imaging
import LinearAlgebra

/// Finds the indexed images nearest to a picture that is not indexed.
public struct PictureSearch: Sendable {
  /// One answer.
  public struct Hit: Equatable, Sendable {
    public var image: Int64
    public var population: Population
    public var path: String
    public var identity: String?
    public var similarity: CosineSimilarity
    /// The false-match rate that goes with such a cosine; nil where the space is not calibrated.
    public var level: FalseMatchLevels.Level?
  }

  /// The hits and what they were held against.
  public struct Answer: Equatable, Sendable {
    /// Most similar first.
    public var hits: [Hit]
    /// The cosine that hits had to reach; nil where they had not.
    public var threshold: OperatingPoint?
    /// Whose pairs the levels were measured on; nil where the space is not calibrated.
    public var levels: FalseMatchLevels?
  }

  let path: String
  let space: String
  let count: Int
  let populations: Set<Population>
  /// Hits below the cosine of this choice are left out.
  public var threshold: ThresholdChoice?
  /// The encoder's own table.
  public var documented: [DocumentedThreshold] = []

  public init(path: String, space: String, count: Int, populations: Set<Population>) {
    self.path = path
    self.space = space
    self.count = count
    self.populations = populations
  }

  /// Throws where the picture cannot be read or shows no face.
  public func run(
    chain: EmbeddingChain, builder: any VectorIndexBuilder, in context: StepContext
  ) async throws -> Answer {
    let indexed = try await context.require(space, populations, includesQuarantined: true)
    let query = try chain.unitVector(ofPictureAt: path, in: indexed.space)
    let point = try await point(in: indexed.space, context)
    let levels = try await context.falseMatchLevels(in: indexed.space)
    let images = try await context.catalog.images(
      ImageFilter(populations: populations, includesQuarantined: true))
    let byID = Dictionary(uniqueKeysWithValues: images.map { ($0.id, $0) })
    let nearest = try builder.index(indexed.unit).nearest(count, to: query)
    let hits = nearest.compactMap {
      pair -> Hit? in
      guard let image = byID[indexed.locations[pair.target].image] else { return nil }
      if let point, !(pair.similarity >= point.similarity) { return nil }
      return Hit(
        image: image.id, population: image.population, path: image.path,
        identity: image.identityName, similarity: pair.similarity,
        level: levels?.level(of: pair.similarity))
    }
    return Answer(hits: hits, threshold: point, levels: levels)
  }

  private func point(in space: Space, _ context: StepContext) async throws -> OperatingPoint? {
    guard let threshold else { return nil }
    return try await context.operatingPoint(
      threshold, in: space, cohorts: FalseMatchLevels.cohorts,
      documented: space.name == Space.identity ? documented : [])
  }
}

extension EmbeddingChain {
  /// The vector of the one face in a picture, at length 1.
  /// - Throws: where the picture cannot be read or shows no face, or the chain has no such space.
  public func unitVector(ofPictureAt path: String, in wanted: Space) throws -> Vectors {
    guard let place = spaces.firstIndex(of: wanted) else {
      throw CurationError(
        .missingInput,
        "space \(wanted.name) was filled by another encoder than the one chosen now",
        hint: "choose the same models in workspace.json")
    }
    let decoded = try PictureDecoder.decode(FileReader.read(path))
    switch try finder.find(in: decoded.picture) {
    case .none(let reason):
      throw CurationError(
        .missingInput, "\(Paths.lastComponent(path)): \(reason)",
        hint: "give a picture that shows one face")
    case .face(let face, _): return try embed([face])[place].unitRows().vectors
    }
  }
}
