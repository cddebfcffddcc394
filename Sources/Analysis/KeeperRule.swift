/// Which image of a group of duplicates stays.
public enum KeeperRule: String, Codable, Sendable, CaseIterable {
  /// The best face, then the larger picture, then the oldest.
  case quality
  /// The most like the rest of the group, then like its identity's prototype, then by quality.
  case centrality
  /// The one indexed first.
  case oldest
}

/// What the rules look at in one image. A nil comes after every value.
public struct KeeperFacts: Equatable, Sendable {
  /// Always stays.
  public var isProtected = false
  /// The face's quality in grades coarse enough that rounding does not decide; larger is better.
  public var qualityGrade: Double?
  /// Pixels of the picture.
  public var pixels: Int?
  /// Sum of the similarities to the images it is paired with.
  public var centrality: Double?
  /// Cosine to the prototype of its identity.
  public var prototypeSimilarity: Double?

  public init() {}
}

extension KeeperRule {
  /// What can decide between two images.
  public enum Criterion: String, Codable, Sendable {
    case protected, quality, size, centrality, prototype, oldest
  }

  /// The criteria in the order they are asked; the first that tells two images apart decides.
  public var criteria: [Criterion] {
    switch self {
    case .quality: [.protected, .quality, .size, .oldest]
    case .centrality: [.protected, .centrality, .prototype, .quality, .size, .oldest]
    case .oldest: [.protected, .oldest]
    }
  }

  /// One preference per image, larger is kept, all different. Images come oldest first.
  public func ranking(_ facts: [KeeperFacts]) -> [Double] {
    let order = facts.indices.sorted { prefers($0, over: $1, facts) }
    var ranking = [Double](repeating: 0, count: facts.count)
    for (rank, place) in order.enumerated() { ranking[place] = Double(facts.count - rank) }
    return ranking
  }

  /// What tells `kept` from `removed`.
  public func decider(_ kept: KeeperFacts, over removed: KeeperFacts) -> Criterion {
    criteria.first { value(of: kept, by: $0) != value(of: removed, by: $0) } ?? .oldest
  }

  private func prefers(_ a: Int, over b: Int, _ facts: [KeeperFacts]) -> Bool {
    for criterion in criteria {
      let (first, second) = (
        value(of: facts[a], by: criterion), value(of: facts[b], by: criterion)
      )
      if first != second { return first > second }
    }
    return a < b
  }

  /// Age is the place in the list and not a fact of the image, so `oldest` is equal for all.
  private func value(of facts: KeeperFacts, by criterion: Criterion) -> Double {
    let value: Double? =
      switch criterion {
      case .protected: facts.isProtected ? 1 : 0
      case .quality: facts.qualityGrade
      case .size: facts.pixels.map(Double.init)
      case .centrality: facts.centrality
      case .prototype: facts.prototypeSimilarity
      case .oldest: 0
      }
    guard let value, !value.isNaN else { return -.infinity }
    return value
  }
}
