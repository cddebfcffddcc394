public import Domain

/// How many prototypes an identity gets.
public struct PrototypeRule: Equatable, Sendable {
  /// Prototypes are added until every image has at least this cosine to the nearest one.
  public var coversAtLeast: CosineSimilarity
  /// Most clusters per identity; images that are still far are left to the comparison with samples.
  public var most: Int
  /// Most rounds of moving images to the nearest mean, per number of clusters.
  public var rounds: Int

  /// Eight clusters hold the poses, ages and flips of a usual gallery person; means settle in fewer
  /// than twenty rounds.
  public init(coversAtLeast: CosineSimilarity, most: Int = 8, rounds: Int = 20) {
    self.coversAtLeast = coversAtLeast
    self.most = max(1, most)
    self.rounds = max(1, rounds)
  }
}
