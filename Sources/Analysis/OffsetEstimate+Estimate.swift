import Domain
import LinearAlgebra

extension OffsetEstimate {
  /// Disjoint half splits averaged into `splitHalfCosine`.
  static let splits = 20

  /// Estimates Δ and its reliability. All resampling is over identities, never over single images,
  /// because images of one identity are alike.
  ///
  /// - Norm interval: bootstrap of identities on both sides. Resampled norms carry the sampling noise
  ///   twice, so the interval is built on squares and moved: u + (q - m) for the quantiles q of ‖Δ*‖²,
  ///   their mean m, and u = ‖Δ‖² - mean‖Δ* - Δ‖².
  /// - p-value: (1 + relabellings with a norm at least as large) / (1 + relabellings); Phipson and
  ///   Smyth, 2010.
  /// - Area under the curve: axis from one half of the identities, scores from the other, and back.
  ///
  /// Random draws depend on `seed` only. Bytes repeat as stated at `Vectors.similarities(to:)`.
  /// - Throws: `AnalysisError.mismatch` for different widths or label counts, `.degenerate` naming rows
  ///   that are not finite, `.tooFew` for a side with fewer than two identities.
  public static func estimate(_ input: OffsetInput) throws -> OffsetEstimate {
    guard input.from.width == input.to.width else {
      throw AnalysisError(
        code: .mismatch,
        message: "Δ between vectors of widths \(input.from.width) and \(input.to.width)",
        hint: "take both sides from one space")
    }
    let from = try OffsetSide(input.from, input.fromGroups, name: "from")
    let to = try OffsetSide(input.to, input.toGroups, name: "to")
    let vector = zip(to.mean, from.mean).map(-)
    let resampling = OffsetResampling(from: from, to: to, vector: vector, seed: input.seed)
    let interval = resampling.bootstrap(rounds: max(1, input.bootstrapRounds))
    return OffsetEstimate(
      vector: vector.map(Float.init), norm: resampling.norm,
      normWithoutNoise: interval.centre, normLow: interval.low, normHigh: interval.high,
      splitHalfCosine: resampling.splitHalfCosine(rounds: splits),
      permutationP: resampling.permutationP(rounds: max(0, input.permutations)),
      areaUnderCurve: resampling.crossFittedAUC(), from: from.summary, to: to.summary)
  }
}

/// One side of Δ: usable rows and the means of their groups.
struct OffsetSide {
  let rows: Vectors
  /// 0 ..< groups, one per row.
  let labels: [Int]
  /// Group means minus the side's mean.
  let deviations: Vectors
  /// Mean of group means.
  let mean: [Double]

  var groups: Int { deviations.count }

  var summary: OffsetEstimate.Side {
    let squares = deviations.norms().reduce(0) { $0 + $1 * $1 }
    return OffsetEstimate.Side(
      images: rows.count, identities: groups, spread: (squares / Double(groups)).squareRoot())
  }

  init(_ vectors: Vectors, _ groups: [Int?], name: String) throws {
    try AnalysisError.requireLabels(groups.count, for: vectors)
    let norms = vectors.norms()
    let bad = norms.indices.filter { !norms[$0].isFinite }
    guard bad.isEmpty else {
      throw AnalysisError.degenerate(bad, of: vectors.count, in: "vectors of Δ's `\(name)` side")
    }
    let usable = norms.indices.filter { norms[$0] > 0 }
    rows = vectors.rows(usable)
    let dense = DenseLabels(usable.map { groups[$0] })
    labels = dense.labels
    guard dense.count >= 2 else {
      throw AnalysisError(
        code: .tooFew,
        message: "Δ needs two identities on each side, its `\(name)` side has \(dense.count)",
        hint: "index more images of that population")
    }
    let means = GroupMeans(of: rows, groups: labels, skipsZeroRows: false)
    let mean = Self.mean(of: means.sums, width: vectors.width)
    self.mean = mean
    deviations = Vectors(
      count: dense.count, width: vectors.width,
      values: means.sums.indices.map { Float(means.sums[$0] - mean[$0 % vectors.width]) })
  }

  private static func mean(of rows: [Double], width: Int) -> [Double] {
    var sum = [Double](repeating: 0, count: width)
    for index in rows.indices { sum[index % width] += rows[index] }
    return sum.map { $0 / Double(rows.count / width) }
  }
}
