import Domain
import LinearAlgebra

/// One side of Δ, read in one pass: sums of its identities' means, and a sample of its rows.
///
/// An image goes into its identity's mean with weight 1 / images of that identity, so what has to be
/// kept is one sum per identity, or per block of identities where there are many.
struct OffsetSide {
  /// Most identities that keep a sum of their own; more share blocks, in turn.
  static let mostBlocks = 4096
  /// Bounds memory: most numbers in the blocks' sums, and in the sample.
  static let mostValues = 1 << 24
  /// Most rows kept to be scored.
  static let mostSampled = 20_000

  /// Rows kept for scoring: all, or every k-th.
  let sample: Vectors
  /// The block of each of them.
  let sampleBlocks: [Int]
  /// One row per block: its identities' mean minus the side's, scaled so that the rows' mean is zero
  /// and their scatter over the number of blocks is the noise in the side's mean.
  let deviations: Vectors
  /// Mean of group means.
  let mean: [Double]
  let summary: OffsetEstimate.Side

  var blocks: Int { deviations.count }

  /// The same bytes on any number of threads.
  /// - Parameter advance: is told now and then how many rows are read.
  init(
    _ rows: any VectorRows, _ groups: [Int?], name: String, threads: Int,
    advance: @Sendable (Int) -> Void = { _ in }
  ) throws {
    guard groups.count == rows.count else {
      throw AnalysisError(
        code: .mismatch, message: "\(groups.count) labels were given for \(rows.count) vectors")
    }
    var reading = OffsetReading(rows, groups, leavingOut: [])
    try reading.run(name: name, threads: threads, advance: advance)
    if !reading.zeros.isEmpty {
      // The weights counted images that have no vector: read again without them.
      reading = OffsetReading(rows, groups, leavingOut: reading.zeros)
      try reading.run(name: name, threads: threads, advance: advance)
    }
    guard reading.groups >= 2 else {
      throw AnalysisError(
        code: .tooFew,
        message: "Δ needs two identities on each side, its `\(name)` side has \(reading.groups)",
        hint: "index more images of that population")
    }
    mean = reading.mean
    deviations = reading.deviations(from: reading.mean)
    sample = Vectors(
      count: reading.sampleBlocks.count, width: rows.width, values: reading.sample)
    sampleBlocks = reading.sampleBlocks
    summary = reading.summary(deviations)
  }
}
