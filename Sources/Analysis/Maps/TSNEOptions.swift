/// How a t-SNE map is computed. Every value enters the result.
public struct TSNEOptions: Equatable, Codable, Sendable {
  /// About how many neighbours each point heeds; lowered to (N - 1) / 3 for small sets.
  public var perplexity = 30.0
  public var iterations = 750
  /// Attraction is multiplied by this during the first `exaggeratedIterations`.
  public var exaggeration = 12.0
  public var exaggeratedIterations = 250
  /// Step on the gradient divided by 4, the convention of openTSNE; nil for max(N / exaggeration, 50): N / 12
  /// at first, N later (Belkina et al., Nature Communications 10, 2019).
  public var learningRate: Double?
  public var earlyMomentum = 0.5
  public var lateMomentum = 0.8
  /// Stops where the divergence falls by less than this share of itself within a stretch of 125
  /// iterations without exaggeration; nil makes all `iterations`.
  public var tolerance: Double?
  public var seed: UInt64 = 0
  /// Vectors are reduced to this many principal axes first where all pairs are compared; otherwise only
  /// the start needs them.
  public var principalAxes = 50

  public init() {}
}
