public import Domain

/// The prototypes of several identities.
public struct Prototypes: Equatable, Sendable {
  /// The labels, rising; entry `i` belongs to row `i` of `directions`.
  public var identities: [Int]
  /// Unit vectors; a row of zeros where an identity's vectors cancel out or are all zero.
  public var directions: Vectors
  /// Resultant lengths R in 0...1.
  public var concentrations: [Double]
  /// How many nonzero vectors each identity has.
  public var counts: [Int]

  public var count: Int { identities.count }

  public subscript(index: Int) -> Prototype {
    Prototype(
      identity: identities[index], direction: Array(directions[row: index]),
      concentration: concentrations[index], count: counts[index])
  }

  /// One prototype per label, by rising label; rows labelled nil are left out.
  ///
  /// Sums are in double, in row order: the same bytes on any number of threads. Zero rows (how
  /// degenerate embeddings arrive) do not count.
  /// - Parameter unitVectors: rows of length 1 or 0.
  /// - Throws: `AnalysisError.mismatch` when labels and rows differ in number.
  public static func byIdentity(_ unitVectors: Vectors, labels: [Int?]) throws -> Prototypes {
    try AnalysisError.requireLabels(labels.count, for: unitVectors)
    let means = GroupMeans(of: unitVectors, groups: labels, skipsZeroRows: true)
    let width = unitVectors.width
    var directions: [Float] = []
    directions.reserveCapacity(means.labels.count * width)
    var concentrations: [Double] = []
    for group in means.labels.indices {
      let mean = means.sums[group * width..<(group + 1) * width]
      let norm = mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
      directions.append(contentsOf: mean.map { norm > 1e-12 ? Float($0 / norm) : 0 })
      concentrations.append(min(1, norm))
    }
    return Prototypes(
      identities: means.labels,
      directions: Vectors(count: means.labels.count, width: width, values: directions),
      concentrations: concentrations, counts: means.counts)
  }
}
