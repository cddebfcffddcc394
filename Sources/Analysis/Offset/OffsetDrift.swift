import Domain
import LinearAlgebra

/// Δ batch by batch, in the order a population came, against the one on record.
public struct OffsetDrift: Equatable, Codable, Sendable {
  /// One batch of identities and the limits for its size.
  public struct Batch: Equatable, Codable, Sendable {
    public var identities: Int
    public var images: Int
    /// Its Δ projected on the recorded one, over the recorded length: 1 is no change.
    public var length: Double
    public var lengthLow: Double
    public var lengthHigh: Double
    /// Cosine of its Δ with the recorded one, and the least that chance gives.
    public var cosine: Double
    public var cosineLow: Double

    /// True where chance would almost never give such a batch.
    public var isOutside: Bool {
      length < lengthLow || length > lengthHigh || cosine < cosineLow
    }
  }

  public var batches: [Batch]

  /// Resamples behind the limits.
  private static let rounds = 2000
  /// Share of batches outside one limit by chance: three standard deviations of a normal law
  /// (Shewhart, 1931).
  private static let tail = 0.00135

  /// - Parameters:
  ///   - input: the populations Δ goes between; batches are cut from `to`, identities in order of
  ///     their first row.
  ///   - offset: the recorded Δ.
  ///   - identities: of one batch; what is left over joins the last batch where it is less than half.
  /// - Throws: as `OffsetEstimate.estimate`; `.outOfRange` for batches of fewer than two identities.
  public static func measure(
    _ input: OffsetInput, offset: [Float], identities size: Int
  ) throws -> OffsetDrift {
    guard size >= 2 else {
      throw AnalysisError(code: .outOfRange, message: "a batch of \(size) identities has no mean")
    }
    let from = try OffsetSide(input.from, input.fromGroups, name: "from", threads: input.threads)
    let all = try OffsetSide(input.to, input.toGroups, name: "to", threads: input.threads)
    let direction = try OffsetDirection(offset, width: input.from.width)
    let cut = cut(input.toGroups, size: size)
    var limits: [Int: Limits] = [:]
    let batches = try cut.map { rows in
      var values: [Float] = []
      for row in rows { input.to.append(row..<row + 1, to: &values) }
      let batch = try OffsetSide(
        Vectors(count: rows.count, width: input.to.width, values: values),
        rows.map { input.toGroups[$0] }, name: "batch", threads: input.threads)
      let own = zip(batch.mean, from.mean).map(-)
      let along = direction.dot(own)
      let length = own.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let count = batch.summary.identities
      let limit = limits[count] ?? Limits(count, of: all, direction, seed: input.seed)
      limits[count] = limit
      return Batch(
        identities: count, images: batch.summary.images, length: along / direction.length,
        lengthLow: limit.lengthLow, lengthHigh: limit.lengthHigh,
        cosine: length > 0 ? along / length : 0, cosineLow: limit.cosineLow)
    }
    return OffsetDrift(batches: batches)
  }

  /// The rows of each batch, rising.
  private static func cut(_ groups: [Int?], size: Int) -> [[Int]] {
    let dense = DenseLabels(groups)
    let whole = max(1, (dense.count + size / 2) / size)
    var batches = [[Int]](repeating: [], count: whole)
    for (row, label) in dense.labels.enumerated() {
      batches[min(whole - 1, label / size)].append(row)
    }
    return batches
  }

  /// What batches of one size give by chance where Δ is the recorded one.
  private struct Limits {
    let lengthLow: Double
    let lengthHigh: Double
    let cosineLow: Double

    init(_ count: Int, of side: OffsetSide, _ direction: OffsetDirection, seed: UInt64) {
      let along = direction.scores(side.deviations)
      let parent = Seed.derived(from: "drift \(count)", parent: seed)
      let groups = Double(side.summary.identities)
      // Blocks scatter less than identities do; the recorded mean has noise of its own.
      let perBlock = groups / Double(side.blocks)
      let scale = (perBlock * (1 + Double(count) / groups)).squareRoot()
      var lengths: [Double] = []
      var cosines: [Double] = []
      let across = OffsetDrift.acrossSquares(
        side, direction, count: count, seed: parent)
      for round in 0..<rounds {
        let random = CounterRandom(seed: parent, stream: UInt64(round))
        let mean =
          (0..<count).reduce(0.0) {
            $0 + along[random.index(below: along.count, at: UInt64($1))]
          } / Double(count)
        let length = direction.length + scale * mean
        lengths.append(length / direction.length)
        cosines.append(length / (length * length + scale * scale * across[round]).squareRoot())
      }
      lengthLow = Quantile.of(lengths, at: tail) ?? 0
      lengthHigh = Quantile.of(lengths, at: 1 - tail) ?? 0
      cosineLow = Quantile.of(cosines, at: tail) ?? 0
    }
  }

  /// Squared length across Δ of the mean of `count` drawn deviations, by round; the same draws as
  /// those along it.
  private static func acrossSquares(
    _ side: OffsetSide, _ direction: OffsetDirection, count: Int, seed: UInt64
  ) -> [Double] {
    stride(from: 0, to: rounds, by: 64).flatMap { start -> [Double] in
      let batch = start..<min(rounds, start + 64)
      var weights = [Float](repeating: 0, count: batch.count * side.blocks)
      for round in batch {
        let random = CounterRandom(seed: seed, stream: UInt64(round))
        for draw in 0..<count {
          let block = random.index(below: side.blocks, at: UInt64(draw))
          weights[(round - start) * side.blocks + block] += 1 / Float(count)
        }
      }
      let means = Vectors(count: batch.count, width: side.blocks, values: weights)
        .multiplied(by: side.deviations)
      return zip(means.squaredNorms(), direction.scores(means)).map { max(0, $0 - $1 * $1) }
    }
  }
}
