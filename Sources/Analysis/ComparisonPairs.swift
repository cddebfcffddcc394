public import Domain
import Execution
import LinearAlgebra
import Synchronization

/// Compares all pairs and sorts their similarities into genuine and impostor, in tiles, so that
/// memory stays bounded (see `ScoreCollector`). Rows of zeros take no part.
///
/// Tiles go through sgemm, always of the same shapes: the bytes repeat as stated at
/// `Vectors.similarities(to:)`, on any number of threads.
public enum ComparisonPairs {
  /// Rows per tile side: a tile of similarities is 4 MB.
  private static let tile = 1024
  /// Most impostor comparisons kept with their identities: 24 MB per thread while collecting.
  public static let tailCapacity = 1_000_000

  /// Every pair of two rows once: genuine where both carry the same label, else impostor. A row
  /// labelled nil is an identity of its own.
  /// - Parameter unitVectors: rows of length 1 or 0.
  /// - Throws: `AnalysisError.mismatch` when labels and rows differ in number, `.degenerate` naming
  ///   rows that are not finite.
  public static func within(
    _ unitVectors: Vectors, labels: [Int?], threads: Int = 1
  ) throws -> ErrorRates {
    try cohort(unitVectors, labels: labels, threads: threads).rates
  }

  /// As `within`, with what intervals need to know about identities.
  /// - Parameter tailCapacity: impostor comparisons that are kept with their identities.
  public static func cohort(
    _ unitVectors: Vectors, labels: [Int?], threads: Int = 1, tailCapacity: Int = Self.tailCapacity
  ) throws -> CohortScores {
    try AnalysisError.requireLabels(labels.count, for: unitVectors)
    let rows = try usableRows(of: unitVectors)
    let vectors = unitVectors.rows(rows)
    let labels = DenseLabels(rows.map { labels[$0] })
    var sizes = [Int](repeating: 0, count: labels.count)
    for label in labels.labels { sizes[label] += 1 }
    let gathered = try gather(
      vectors, labels: labels.labels.map(Int32.init),
      empty: PairCollector(images: vectors.count, sizes: sizes, tailCapacity: tailCapacity),
      threads: threads)
    return CohortScores(
      rates: ErrorRates(
        genuine: gathered.genuine.distribution(), impostor: gathered.impostor.distribution()),
      tail: gathered.tail.tail(), sizes: sizes)
  }

  /// Every row of `a` with every row of `b`, as impostor comparisons: for two sets known to share no
  /// identity.
  /// - Precondition: equal widths.
  /// - Throws: as `within`.
  public static func impostors(between a: Vectors, and b: Vectors) throws -> ScoreDistribution {
    let first = a.rows(try usableRows(of: a))
    let second = b.rows(try usableRows(of: b))
    var collector = ScoreCollector()
    for top in stride(from: 0, to: first.count, by: tile) {
      let block = first.rows(top..<min(first.count, top + tile))
      for left in stride(from: 0, to: second.count, by: tile) {
        let other = second.rows(left..<min(second.count, left + tile))
        for score in block.similarities(to: other) { collector.add(score) }
      }
    }
    return collector.distribution()
  }

  private static func usableRows(of vectors: Vectors) throws -> [Int] {
    let norms = vectors.norms()
    let bad = norms.indices.filter { !norms[$0].isFinite }
    guard bad.isEmpty else {
      throw AnalysisError.degenerate(bad, of: vectors.count, in: "vectors to compare")
    }
    return norms.indices.filter { norms[$0] > 0 }
  }

  /// All tiles on and above the diagonal. Collectors wait in a pool: which one takes which tile does
  /// not show in what they hold together.
  private static func gather(
    _ vectors: Vectors, labels: [Int32], empty: PairCollector, threads: Int
  ) throws -> PairCollector {
    let side = (vectors.count + tile - 1) / tile
    let places = (0..<side).flatMap { top in (top..<side).map { (top * tile, $0 * tile) } }
    let pool = Mutex<[PairCollector]>([])
    try Parallel.forEachBlock(count: places.count, blockSize: 1, threads: threads) { block in
      var collector = pool.withLock { $0.popLast() } ?? empty
      for (top, left) in places[block] {
        let rows = top..<min(vectors.count, top + tile)
        let columns = left..<min(vectors.count, left + tile)
        let similarities = vectors.rows(rows).similarities(to: vectors.rows(columns))
        collector.add(similarities, rows: rows, columns: columns, labels: labels)
      }
      pool.withLock { $0.append(collector) }
    }
    return pool.withLock { $0.reduce(into: empty) { $0.merge($1) } }
  }
}

/// What one thread has gathered so far.
private struct PairCollector: Sendable {
  var genuine: ScoreCollector
  var impostor: ScoreCollector
  var tail: ImpostorTailCollector

  init(images: Int, sizes: [Int], tailCapacity: Int) {
    let pairs = images * (images - 1) / 2
    let genuinePairs = sizes.reduce(0) { $0 + $1 * ($1 - 1) / 2 }
    genuine = ScoreCollector(expecting: genuinePairs)
    impostor = ScoreCollector(expecting: pairs - genuinePairs)
    tail = ImpostorTailCollector(capacity: tailCapacity)
  }

  /// One tile of similarities, row-major: every place above the diagonal of the whole.
  mutating func add(
    _ similarities: [Float], rows: Range<Int>, columns: Range<Int>, labels: [Int32]
  ) {
    let similarities = similarities.span
    let labels = labels.span
    for row in rows {
      let label = labels[row]
      let start = (row - rows.lowerBound) * columns.count - columns.lowerBound
      for column in max(row + 1, columns.lowerBound)..<max(row + 1, columns.upperBound) {
        let score = similarities[start + column]
        if labels[column] == label {
          genuine.add(score)
        } else {
          impostor.add(score)
          tail.add(score, between: label, and: labels[column])
        }
      }
    }
  }

  mutating func merge(_ other: Self) {
    genuine.merge(other.genuine)
    impostor.merge(other.impostor)
    tail.merge(other.tail)
  }
}
