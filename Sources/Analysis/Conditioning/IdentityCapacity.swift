public import Domain
import Execution
import Glibc
import LinearAlgebra

/// How many identities fit into the part of the sphere that a population spreads over, so that any two
/// stay distinct at a threshold: an estimate, meant as an upper bound.
///
/// C = Ω(θ + δ) / Ω(φ + δ), with Ω the solid angle of a cap (`SphericalCap`), θ half the angle the
/// identities spread over, φ half the angle a single identity spreads over, and δ half the threshold's
/// angle. Source: Boddeti, Sreekumar and Ross, *On the Biometric Capacity of Generative Face Models*,
/// IJCB 2023, and its code, from which the quantile and the halves are taken.
///
/// Two things differ. θ is measured on prototypes, so that it holds no spread within identities. And a
/// cap beyond a right angle counts as what it is, the sphere less the opposite cap; the code adds ½.
///
/// It takes the population to fill its cap evenly, one φ for all, and caps that tile the sphere without
/// gaps: dense regions collide long before. Where the pictures of one identity spread as wide as all
/// identities do, it falls to 1 and says nothing.
public struct IdentityCapacity: Equatable, Sendable {
  /// θ, in radians.
  public var populationHalfAngle: Double
  /// φ, in radians.
  public var identityHalfAngle: Double
  /// δ, in radians.
  public var thresholdHalfAngle: Double
  /// Values per vector.
  public var width: Int

  public init(
    populationHalfAngle: Double, identityHalfAngle: Double, threshold: CosineSimilarity, width: Int
  ) {
    self.populationHalfAngle = populationHalfAngle
    self.identityHalfAngle = identityHalfAngle
    thresholdHalfAngle = acos(min(1, max(-1, Double(threshold.value)))) / 2
    self.width = width
  }

  /// ln C, at least 0.
  public var logIdentities: Double {
    let all = SphericalCap.logShare(
      angle: populationHalfAngle + thresholdHalfAngle, width: width)
    let one = SphericalCap.logShare(angle: identityHalfAngle + thresholdHalfAngle, width: width)
    return one == -.infinity ? .infinity : max(0, all - one)
  }

  /// C, at least 1; infinite where a double cannot hold it.
  public var identities: Double { exp(logIdentities) }
}

/// The angles a capacity is computed from.
public enum IdentitySpread {
  /// The share of identities that may lie farther out than θ says; Boddeti et al.'s default.
  public static let quantile = 0.05
  /// Most prototypes compared with one another; of more, a seeded draw.
  public static let mostCompared = 8000
  private static let block = 256

  /// θ: half the angle to the farthest other prototype, for all but a share `quantile` of prototypes.
  /// Nil for fewer than two that have a direction.
  ///
  /// One sgemm per block of rows: bytes repeat at any number of threads.
  public static func population(
    _ prototypes: Prototypes, seed: UInt64, threads: Int
  ) throws -> Double? {
    var usable = prototypes.concentrations.indices.filter { prototypes.concentrations[$0] > 1e-9 }
    if usable.count > mostCompared {
      let order = CounterRandom(seed: Seed.derived(from: "identity spread", parent: seed))
        .shuffled(count: usable.count)
      usable = order.prefix(mostCompared).sorted().map { usable[$0] }
    }
    guard usable.count >= 2 else { return nil }
    let directions = prototypes.directions.rows(usable)
    let farthest = try Parallel.mapBlocks(
      count: directions.count, blockSize: block, threads: threads
    ) { rows in
      let cosines = directions.rows(rows).similarities(to: directions)
      return rows.map { row -> Double in
        let start = (row - rows.lowerBound) * directions.count
        return Double(cosines[start..<start + directions.count].min() ?? 1)
      }
    }.flatMap { $0 }
    return Quantile.of(farthest, at: quantile).map { acos(min(1, max(-1, $0))) / 2 }
  }

  /// φ: half the widest angle between two vectors of one identity, the median over identities of at
  /// least two vectors; nil where there is none. Rows labelled nil and rows of zeros take no part.
  /// - Throws: `AnalysisError.mismatch` when labels and rows differ in number.
  public static func identity(
    _ unitVectors: Vectors, labels: [Int?], threads: Int
  ) throws -> Double? {
    try AnalysisError.requireLabels(labels.count, for: unitVectors)
    var members: [Int: [Int]] = [:]
    for (row, label) in labels.enumerated() {
      guard let label, !unitVectors[row: row].allSatisfy({ $0 == 0 }) else { continue }
      members[label, default: []].append(row)
    }
    let groups = members.keys.sorted().compactMap { members[$0] }.filter { $0.count >= 2 }
    let widest = try Parallel.map(count: groups.count, blockSize: 16, threads: threads) { group in
      let rows = unitVectors.rows(groups[group])
      return acos(min(1, max(-1, Double(rows.similarities(to: rows).min() ?? 1))))
    }
    return Quantile.of(widest, at: 0.5).map { $0 / 2 }
  }
}

/// What chance alone gives among identities that were drawn like those the rate was measured on.
public enum ChanceCollisions {
  /// Pairs of N identities that match by chance: N(N - 1) / 2 · rate.
  public static func expected(identities: Int, rate: Double) -> Double {
    Double(identities) * Double(max(0, identities - 1)) / 2 * rate
  }

  /// The most identities among which no more than `budget` collisions are expected:
  /// ⌊(1 + √(1 + 8 budget / rate)) / 2⌋, at least 1. Nil for a rate of 0 or less, which bounds nothing.
  public static func mostIdentities(budget: Double, rate: Double) -> Int? {
    guard rate > 0, budget >= 0 else { return nil }
    let most = (1 + (1 + 8 * budget / rate).squareRoot()) / 2
    return most < 1e15 ? max(1, Int(most + 1e-9)) : nil
  }
}
