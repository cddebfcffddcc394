public import Domain
import Execution

/// Several prototypes per identity, so that people who look different from picture to picture are
/// not hidden behind one mean.
public struct PrototypeSets: Equatable, Sendable {
  /// One prototype: the mean direction of some images of one identity.
  public struct Entry: Equatable, Sendable {
    /// The label its images carry.
    public var identity: Int
    /// From 1, the larger clusters first.
    public var number: Int
    /// How many prototypes the identity has.
    public var of: Int
    /// Rows of its images, rising; at least two.
    public var members: [Int]
    /// The row nearest to the prototype.
    public var nearest: Int
  }

  /// By rising identity, then by number.
  public var entries: [Entry]
  /// Unit vectors; row `i` belongs to `entries[i]`.
  public var directions: Vectors
  /// Labels that had rows at all.
  public var identities: Int

  public var count: Int { entries.count }

  /// No prototypes, of vectors of this width.
  public static func none(width: Int) -> PrototypeSets {
    PrototypeSets(
      entries: [], directions: Vectors(count: 0, width: width, values: []), identities: 0)
  }

  /// Clusters the rows of every label.
  ///
  /// Spherical k-means, grown farthest-first: one mean direction to begin with; while some row is
  /// farther from its mean than the rule allows, the farthest row becomes a further mean and rows
  /// move to the nearest mean until nothing changes. Nothing is drawn at random, ties go to the lower
  /// row, and sums are in double in row order: the same bytes on any number of threads.
  /// A cluster of one row is no prototype: comparing with that image itself says as much. Rows
  /// labelled nil and rows of zeros take no part.
  /// Sources: Dhillon and Modha, Machine Learning 42, 2001; Gonzalez, Theoretical Computer Science 38,
  /// 1985.
  /// - Parameter unitVectors: rows of length 1 or 0.
  /// - Throws: `AnalysisError.mismatch` when labels and rows differ in number.
  public static func form(
    _ unitVectors: Vectors, labels: [Int?], rule: PrototypeRule, threads: Int = 1
  ) throws -> PrototypeSets {
    try AnalysisError.requireLabels(labels.count, for: unitVectors)
    var rows: [Int: [Int]] = [:]
    for (row, label) in labels.enumerated() {
      guard let label, !unitVectors[row: row].allSatisfy({ $0 == 0 }) else { continue }
      rows[label, default: []].append(row)
    }
    let identities = rows.keys.sorted()
    let members = rows
    let clustered = try Parallel.map(count: identities.count, blockSize: 16, threads: threads) {
      place in
      SphericalClusters(unitVectors, rows: members[identities[place]] ?? [], rule: rule)
        .prototypes()
    }
    var sets = none(width: unitVectors.width)
    sets.identities = identities.count
    var values: [Float] = []
    for (identity, found) in zip(identities, clustered) {
      for (place, cluster) in found.enumerated() {
        sets.entries.append(
          Entry(
            identity: identity, number: place + 1, of: found.count, members: cluster.members,
            nearest: cluster.nearest))
        values.append(contentsOf: cluster.direction)
      }
    }
    sets.directions = Vectors(
      count: sets.entries.count, width: unitVectors.width, values: values)
    return sets
  }
}
