public import Domain

/// A place on a map. Units, orientation and distances between clusters mean nothing.
public struct MapPoint: Equatable, Codable, Sendable {
  public var x: Float
  public var y: Float

  public init(x: Float, y: Float) {
    self.x = x
    self.y = y
  }
}

/// A two-dimensional t-SNE layout.
public struct TSNEMap: Equatable, Codable, Sendable {
  /// One per vector, centred on the origin.
  public var points: [MapPoint]
  /// The Kullback–Leibler divergence reached, in nats; 0 for fewer than three points.
  public var klDivergence: Double
  /// (iteration, divergence) at the end of each stretch of iterations, to the accuracy of the forces.
  public var history: [Milestone]
  public var iterations: Int
  public var perplexityUsed: Double
  /// What was found of the nearest neighbours, on a sample; nil where all were.
  public var recall: MeasuredRecall?
  /// What a reader should know, e.g. that the perplexity was lowered.
  public var remarks: [String]

  /// The divergence at one iteration.
  public struct Milestone: Equatable, Codable, Sendable {
    public var iteration: Int
    public var klDivergence: Double
  }
}
