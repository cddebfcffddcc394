public import Domain
import LinearAlgebra

/// How far a generated population has gone from one population towards another.
public struct GapClosure: Equatable, Codable, Sendable {
  /// Share of Δ that the generated mean has moved along it: 0 is the start, 1 the end.
  public var along: Double
  /// 95 % bootstrap interval of it, identities resampled in all three populations.
  public var alongLow: Double
  public var alongHigh: Double
  /// Length of its move across Δ over the length of Δ, noise removed: a gap of its own making.
  public var across: Double
  /// Distance that is left to the end over the length of Δ, noise removed.
  public var remaining: Double

  /// True where the whole interval lies beyond the end.
  public var overshoots: Bool { alongLow > 1 }

  /// Rounds of the bootstrap.
  private static let rounds = 1000

  /// Measures against a Δ on record.
  ///
  /// With m the populations' means (per identity first) and δ = Δ / ‖Δ‖: along is
  /// (m_generated - m_from)·δ / (m_to - m_from)·δ, across the rest of m_generated - m_from at right
  /// angles to δ.
  /// - Parameters:
  ///   - input: the two populations Δ goes between, and the seed.
  ///   - generated: rows of the third, with their groups.
  ///   - offset: Δ, for its direction.
  /// - Throws: as `OffsetEstimate.estimate`; `.degenerate` where the populations do not differ along Δ.
  public static func measure(
    _ input: OffsetInput, generated: (rows: any VectorRows, groups: [Int?]), offset: [Float]
  ) throws -> GapClosure {
    let from = try OffsetSide(input.from, input.fromGroups, name: "from", threads: input.threads)
    let to = try OffsetSide(input.to, input.toGroups, name: "to", threads: input.threads)
    let made = try OffsetSide(
      generated.rows, generated.groups, name: "generated", threads: input.threads)
    let direction = try OffsetDirection(offset, width: input.from.width)
    let gap = zip(to.mean, from.mean).map(-)
    let move = zip(made.mean, from.mean).map(-)
    let left = zip(to.mean, made.mean).map(-)
    let length = direction.dot(gap)
    guard length > 0 else {
      throw AnalysisError(
        code: .degenerate, message: "the populations do not differ along Δ",
        hint: "estimate Δ again from these populations")
    }
    let done = direction.dot(move)
    let shares = ratios(from, to, made, direction, (done, length), seed: input.seed)
    let across = squared(move) - done * done - noise(made, direction) - noise(from, direction)
    let remaining = squared(left) - noise(made, nil) - noise(to, nil)
    return GapClosure(
      along: done / length, alongLow: Quantile.of(shares, at: 0.025) ?? 0,
      alongHigh: Quantile.of(shares, at: 0.975) ?? 0,
      across: max(0, across).squareRoot() / length,
      remaining: max(0, remaining).squareRoot() / length)
  }

  /// The share along Δ in resamples; only the blocks' projections are needed.
  private static func ratios(
    _ from: OffsetSide, _ to: OffsetSide, _ made: OffsetSide, _ direction: OffsetDirection,
    _ observed: (done: Double, length: Double), seed: UInt64
  ) -> [Double] {
    func draws(_ side: OffsetSide, _ use: String) -> [Double] {
      let scores = direction.scores(side.deviations)
      let count = scores.count
      let scale = 1 / (Double(count) * Double(count - 1)).squareRoot()
      let parent = Seed.derived(from: "gap \(use)", parent: seed)
      return (0..<rounds).map { round in
        let random = CounterRandom(seed: parent, stream: UInt64(round))
        return (0..<count).reduce(0.0) {
          $0 + scores[random.index(below: count, at: UInt64($1))]
        } * scale
      }
    }
    let fromDraws = draws(from, "from")
    let toDraws = draws(to, "to")
    let madeDraws = draws(made, "generated")
    return (0..<rounds).map { round in
      (observed.done + madeDraws[round] - fromDraws[round])
        / (observed.length + toDraws[round] - fromDraws[round])
    }
  }

  /// Expected square of the noise in a side's mean, without its part along a direction.
  private static func noise(_ side: OffsetSide, _ direction: OffsetDirection?) -> Double {
    let count = Double(side.blocks)
    let along = direction?.scores(side.deviations).reduce(0) { $0 + $1 * $1 } ?? 0
    return (side.deviations.squaredNorms().reduce(0, +) - along) / (count * (count - 1))
  }

  private static func squared(_ vector: [Double]) -> Double {
    vector.reduce(0) { $0 + $1 * $1 }
  }
}

/// A Δ at length 1, and how long it was.
struct OffsetDirection {
  let unit: [Double]
  let length: Double

  init(_ offset: [Float], width: Int) throws {
    guard offset.count == width else {
      throw AnalysisError(
        code: .mismatch, message: "Δ has \(offset.count) values, the vectors have \(width)",
        hint: "take Δ and the vectors from one space")
    }
    let length = offset.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    guard length > 0, length.isFinite else {
      throw AnalysisError(code: .degenerate, message: "Δ has no direction")
    }
    self.length = length
    unit = offset.map { Double($0) / length }
  }

  func dot(_ vector: [Double]) -> Double {
    zip(vector, unit).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// One projection per row.
  func scores(_ rows: Vectors) -> [Double] {
    let line = Vectors(count: 1, width: unit.count, values: unit.map { Float($0) })
    return rows.similarities(to: line).map(Double.init)
  }
}
