public import Domain
import LinearAlgebra

/// One mean direction per identity: what a search by class means compares. Kept to show what such a
/// search misses: an image that is unlike the rest of its identity hardly moves the mean.
public struct ClassMeans: Equatable, Sendable {
  /// Most means compared with one another to find a threshold.
  public static let mostCompared = 8000

  /// Unit vectors, one per identity that has a direction, by first appearance.
  public var directions: Vectors
  /// Per row its place in `directions`; nil for rows of zeros and where vectors cancel out.
  public var places: [Int?]

  public var count: Int { directions.count }

  /// - Parameters:
  ///   - unitVectors: rows of length 1 or 0.
  ///   - labels: a row labelled nil is an identity of its own.
  /// - Throws: `AnalysisError.mismatch` when labels and rows differ in number.
  public init(_ unitVectors: Vectors, labels: [Int?]) throws {
    try AnalysisError.requireLabels(labels.count, for: unitVectors)
    let dense = DenseLabels(labels).labels
    let means = try Prototypes.byIdentity(unitVectors, labels: dense)
    let usable = means.identities.indices.filter { means.concentrations[$0] > 1e-9 }
    directions = means.directions.rows(usable)
    let placeOf = Dictionary(
      uniqueKeysWithValues: usable.enumerated().map { (means.identities[$1], $0) })
    places = dense.map { placeOf[$0] }
  }

  /// All pairs of two means, as impostor comparisons; of more than `mostCompared` means a seeded draw.
  public func impostors(seed: UInt64) throws -> ScoreDistribution {
    var chosen = Array(0..<count)
    if count > Self.mostCompared {
      let order = CounterRandom(seed: Seed.derived(from: "class means", parent: seed))
        .shuffled(count: count)
      chosen = order.prefix(Self.mostCompared).sorted()
    }
    let means = directions.rows(chosen)
    return try ComparisonPairs.within(means, labels: chosen.map { _ in nil }).impostor
  }
}
