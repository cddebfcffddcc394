public import Domain
import Execution
import Glibc
import LinearAlgebra

/// The symmetric affinities p of t-SNE between all pairs, held in full: 4 N² bytes.
///
/// p(j|i) ∝ exp(-βᵢ ‖xᵢ - xⱼ‖²) with βᵢ such that the conditional distribution has the wanted
/// perplexity, and p(i, j) = (p(j|i) + p(i|j)) / 2N. Source: van der Maaten and Hinton, JMLR 9, 2008.
public struct Affinities: Sendable {
  /// Points.
  public let count: Int
  /// exp of the conditional entropies, as asked for.
  public let perplexity: Double
  /// Per block of `blockSize` rows: row after row, padded with zeros to whole `SIMD8`s.
  let blocks: [[SIMD8<Float>]]

  /// More points than this would need over a gigabyte.
  public static let largestCount = 16_000
  /// Rows per block of parallel work; part of the result's definition, because sums go block by block.
  static let blockSize = 32

  /// `SIMD8`s per row.
  var vectorsPerRow: Int { (count + 7) / 8 }

  /// Affinities of the rows of `vectors`. Equal rows are fine.
  ///
  /// The same bytes on any number of threads. βᵢ is found to 10⁻⁵ in entropy where the data allow the
  /// perplexity at all (more equal rows than the perplexity do not).
  /// - Throws: `AnalysisError.tooMany` above `largestCount`, `.tooFew` below 3 rows, `.outOfRange`
  ///   for a perplexity below 1 or above count - 1.
  public static func of(
    _ vectors: Vectors, perplexity: Double, threads: Int
  ) throws -> Affinities {
    let count = vectors.count
    try check(count: count, perplexity: perplexity)
    let columns = EightColumns(vectors)
    let conditional = try Parallel.mapBlocks(
      count: count, blockSize: blockSize, threads: threads
    ) { block in
      var rows: [SIMD8<Float>] = []
      rows.reserveCapacity(block.count * columns.vectorsPerRow)
      for row in block {
        rows.append(
          contentsOf: conditionalRow(columns.distances(from: row), row: row, perplexity: perplexity)
        )
      }
      return rows
    }
    let symmetric = try Parallel.mapBlocks(
      count: count, blockSize: blockSize, threads: threads
    ) { block in
      symmetricRows(block, of: conditional, count: count)
    }
    return Affinities(count: count, perplexity: perplexity, blocks: symmetric)
  }

  /// p(i, j); the sum over all ordered pairs is 1.
  public func value(_ i: Int, _ j: Int) -> Float {
    blocks[i / Self.blockSize][(i % Self.blockSize) * vectorsPerRow + j / 8][j % 8]
  }

  private static func check(count: Int, perplexity: Double) throws {
    guard count >= 3 else {
      throw AnalysisError(code: .tooFew, message: "affinities need 3 vectors, there are \(count)")
    }
    guard count <= largestCount else {
      throw AnalysisError(
        code: .tooMany,
        message:
          "\(count) vectors are too many for all-pairs affinities, the most is \(largestCount)",
        hint: "map a sample of the vectors")
    }
    guard perplexity >= 1 && perplexity <= Double(count - 1) else {
      throw AnalysisError(
        code: .outOfRange, message: "perplexity \(perplexity) for \(count) vectors",
        hint: "take a perplexity between 1 and a third of the number of vectors")
    }
  }

  /// p(j|i) of one row from its squared distances, by safeguarded Newton steps on ln β.
  private static func conditionalRow(
    _ distances: [SIMD8<Float>], row: Int, perplexity: Double
  ) -> [SIMD8<Float>] {
    let target = log(perplexity)
    var low = -40.0
    var high = 40.0
    var logBeta = 0.0
    for _ in 0..<80 {
      let moments = Moments(of: distances, beta: Float(exp(logBeta)))
      let beta = exp(logBeta)
      let excess = log(moments.sum) + beta * moments.mean - target
      if abs(excess) < 1e-5 { break }
      if excess > 0 { low = logBeta } else { high = logBeta }
      // dH / d ln β = -β² Var.
      let newton = logBeta + excess / max(1e-12, beta * beta * moments.variance)
      logBeta = newton > low && newton < high ? newton : (low + high) / 2
      if high - low < 1e-6 { break }
    }
    let beta = Float(exp(logBeta))
    let scale = 1 / Float(Moments(of: distances, beta: beta).sum)
    return distances.map { exponential(ofNegative: $0 * -beta) * scale }
  }

  private static func symmetricRows(
    _ block: Range<Int>, of conditional: [[SIMD8<Float>]], count: Int
  ) -> [SIMD8<Float>] {
    let vectorsPerRow = (count + 7) / 8
    let scale = 0.5 / Float(count)
    var rows = conditional[block.lowerBound / blockSize]
    var target = rows.mutableSpan
    for j in 0..<count {
      // Row j holds the block's columns side by side.
      let source = conditional[j / blockSize]
      let start = (j % blockSize) * vectorsPerRow
      for i in block {
        let place = (i - block.lowerBound) * vectorsPerRow + j / 8
        target[place][j % 8] = (target[place][j % 8] + source[start + i / 8][i % 8]) * scale
      }
    }
    return rows
  }
}

/// Sum, mean and variance of squared distances under exp(-β d).
private struct Moments {
  var sum: Double
  var mean: Double
  var variance: Double

  init(of distances: [SIMD8<Float>], beta: Float) {
    var sums = SIMD8<Float>.zero
    var firsts = SIMD8<Float>.zero
    var seconds = SIMD8<Float>.zero
    let distances = distances.span
    for index in distances.indices {
      let distance = distances[index]
      let weight = exponential(ofNegative: distance * -beta)
      let first = weight * distance
      sums += weight
      firsts += first
      seconds += first * distance
    }
    sum = max(Double(sums.sum()), 1e-300)
    mean = Double(firsts.sum()) / sum
    variance = max(0, Double(seconds.sum()) / sum - mean * mean)
  }
}

/// Points with eight neighbours side by side: vector `w * width + d` holds coordinate `d` of points
/// 8w ..< 8w + 8.
private struct EightColumns {
  let count: Int
  let width: Int
  let values: [SIMD8<Float>]

  var vectorsPerRow: Int { (count + 7) / 8 }

  init(_ vectors: Vectors) {
    count = vectors.count
    width = vectors.width
    var values = [SIMD8<Float>](repeating: .zero, count: (count + 7) / 8 * width)
    for row in 0..<count {
      for (column, value) in vectors[row: row].enumerated() {
        values[row / 8 * width + column][row % 8] = value
      }
    }
    self.values = values
  }

  /// Squared distances from one point to all, less the smallest, in units of their mean; the point
  /// itself and the padding are so far that their weight is 0 at any β.
  func distances(from row: Int) -> [SIMD8<Float>] {
    let own = (0..<width).map { values[row / 8 * width + $0][row % 8] }
    let source = values.span
    var distances = [SIMD8<Float>](repeating: .zero, count: vectorsPerRow)
    for vector in 0..<vectorsPerRow {
      var sum = SIMD8<Float>.zero
      for column in 0..<width {
        let difference = source[vector * width + column] - own[column]
        sum += difference * difference
      }
      distances[vector] = sum
    }
    return normalised(distances, without: row)
  }

  private func normalised(_ distances: [SIMD8<Float>], without row: Int) -> [SIMD8<Float>] {
    var smallest = Float.infinity
    var total = 0.0
    for place in 0..<count where place != row {
      let distance = distances[place / 8][place % 8]
      smallest = min(smallest, distance)
      total += Double(distance)
    }
    let mean = Float(total / Double(count - 1)) - smallest
    let scale = mean > 0 ? 1 / mean : 1
    var result = distances.map { ($0 - smallest) * scale }
    result[row / 8][row % 8] = Self.nowhere
    for place in count..<vectorsPerRow * 8 { result[place / 8][place % 8] = Self.nowhere }
    return result
  }

  /// Times the smallest β, e⁻⁴⁰, still far below exp's cut.
  private static let nowhere: Float = 1e20
}
