import Domain

extension OffsetEstimate {
  /// Disjoint half splits averaged into `splitHalfCosine`.
  static let splits = 20

  /// Estimates Δ and its reliability. All resampling is over identities, never over single images,
  /// because images of one identity are alike; beyond `OffsetSide.mostBlocks` of them it is over
  /// blocks of identities.
  ///
  /// - Norm: lengths are biased upward by noise, so the interval holds every length t for which an
  ///   estimate as long as this one is no surprise, by the bootstrap's noise e:
  ///   ‖tδ + e‖² with δ the direction of Δ (inversion of a test).
  /// - Direction: the sine of the angle between Δ and the truth is the noise across the truth over
  ///   ‖Δ‖; the 95 % quantile of the bootstrap's noise across Δ gives its bound.
  /// - p-value: (1 + relabellings with a norm at least as large) / (1 + relabellings); Phipson and
  ///   Smyth, 2010.
  /// - Areas under the curve: see `OffsetSeparation`.
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
    let (images, progress) = (input.from.count + input.to.count, input.progress)
    progress.begin("reading both sides", total: images, unit: "images")
    let from = try OffsetSide(
      input.from, input.fromGroups, name: "from", threads: input.threads
    ) { progress.advance(to: $0) }
    let to = try OffsetSide(
      input.to, input.toGroups, name: "to", threads: input.threads
    ) { progress.advance(to: input.from.count + $0) }
    progress.end(nil)
    progress.begin("estimating Δ", total: nil, unit: "resamples")
    defer {
      progress.advance(to: splits + input.bootstrapRounds + input.permutations)
      progress.end(nil)
    }
    let resampling = OffsetResampling(
      from: from, to: to, seed: input.seed, threads: input.threads)
    let noise = try resampling.bootstrap(rounds: max(1, input.bootstrapRounds))
    let interval = noise.normInterval
    let separation = OffsetSeparation(from: from, to: to, seed: input.seed)
    return OffsetEstimate(
      vector: resampling.vector.map { Float($0) }, norm: noise.norm,
      normWithoutNoise: noise.normWithoutNoise, normLow: interval.low, normHigh: interval.high,
      directionCosine: noise.directionCosine,
      splitHalfCosine: try resampling.splitHalfCosine(rounds: splits),
      permutationP: try resampling.permutationP(rounds: max(0, input.permutations)),
      areaUnderCurve: separation.along, areaUnderWhitenedCurve: separation.whitened,
      shrinkage: separation.shrinkage, from: from.summary, to: to.summary)
  }
}
