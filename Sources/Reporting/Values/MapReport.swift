/// A t-SNE layout with everything needed to draw it and to say how it came about.
public struct MapReport: Hashable, Codable, Sendable {
  public var title: String
  public var points: [MapPoint]
  public var thumbnails: [Thumbnail]
  /// The space the layout was computed in, e.g. `identity`.
  public var space: String
  public var perplexity: Double
  public var iterations: Int
  /// Kullback–Leibler divergence at the end, in nats.
  public var klDivergence: Double
  /// How many images the points were drawn from; equal to `points.count` where none was left out.
  public var sampledFrom: Int
  public var seed: UInt64
  /// Δ drawn as an arrow between two population means on the map.
  public var offset: OffsetArrow?

  public init(
    title: String, points: [MapPoint], thumbnails: [Thumbnail] = [], space: String,
    perplexity: Double, iterations: Int, klDivergence: Double, sampledFrom: Int, seed: UInt64,
    offset: OffsetArrow? = nil
  ) {
    self.title = title
    self.points = points
    self.thumbnails = thumbnails
    self.space = space
    self.perplexity = perplexity
    self.iterations = iterations
    self.klDivergence = klDivergence
    self.sampledFrom = sampledFrom
    self.seed = seed
    self.offset = offset
  }
}

/// Δ on a map: from the place of one population's mean to the place of another's, in map coordinates.
/// A layout bends distances, so the arrow shows which way Δ points, not how long it is.
public struct OffsetArrow: Hashable, Codable, Sendable {
  public var fromX: Double
  public var fromY: Double
  public var toX: Double
  public var toY: Double

  public init(fromX: Double, fromY: Double, toX: Double, toY: Double) {
    self.fromX = fromX
    self.fromY = fromY
    self.toX = toX
    self.toY = toY
  }

  var isFinite: Bool { [fromX, fromY, toX, toY].allSatisfy(\.isFinite) }
}
