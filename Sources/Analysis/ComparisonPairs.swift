public import Domain
import LinearAlgebra

/// Compares all pairs and sorts their similarities into genuine and impostor, in tiles, so that
/// memory stays bounded (see `ScoreCollector`). Rows of zeros take no part.
///
/// Tiles go through sgemm: the bytes repeat as stated at `Vectors.similarities(to:)`.
public enum ComparisonPairs {
  /// Rows per tile side: a tile of similarities is 4 MB.
  private static let tile = 1024

  /// Every pair of two rows once: genuine where both carry the same label, else impostor. A row
  /// labelled nil is an identity of its own.
  /// - Parameter unitVectors: rows of length 1 or 0.
  /// - Throws: `AnalysisError.mismatch` when labels and rows differ in number, `.degenerate` naming
  ///   rows that are not finite.
  public static func within(_ unitVectors: Vectors, labels: [Int?]) throws -> ErrorRates {
    try AnalysisError.requireLabels(labels.count, for: unitVectors)
    let rows = try usableRows(of: unitVectors)
    let vectors = unitVectors.rows(rows)
    let labels = DenseLabels(rows.map { labels[$0] }).labels
    var genuine = ScoreCollector()
    var impostor = ScoreCollector()
    forEachTile(vectors, vectors, upperOnly: true) { row, columns, similarities, start in
      for column in max(row + 1, columns.lowerBound)..<max(row + 1, columns.upperBound) {
        let score = similarities[start + column - columns.lowerBound]
        if labels[row] == labels[column] { genuine.add(score) } else { impostor.add(score) }
      }
    }
    return ErrorRates(genuine: genuine.distribution(), impostor: impostor.distribution())
  }

  /// Every row of `a` with every row of `b`, as impostor comparisons: for two sets known to share no
  /// identity.
  /// - Precondition: equal widths.
  /// - Throws: as `within`.
  public static func impostors(between a: Vectors, and b: Vectors) throws -> ScoreDistribution {
    let first = a.rows(try usableRows(of: a))
    let second = b.rows(try usableRows(of: b))
    var collector = ScoreCollector()
    forEachTile(first, second, upperOnly: false) { _, columns, similarities, start in
      for place in start..<start + columns.count { collector.add(similarities[place]) }
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

  /// `body` gets a row of `a`, the columns (rows of `b`) of one tile, the tile's similarities and the
  /// place where the row starts among them.
  private static func forEachTile(
    _ a: Vectors, _ b: Vectors, upperOnly: Bool,
    body: (Int, Range<Int>, [Float], Int) -> Void
  ) {
    for top in stride(from: 0, to: a.count, by: tile) {
      let rows = top..<min(a.count, top + tile)
      let block = a.rows(rows)
      for left in stride(from: upperOnly ? top : 0, to: b.count, by: tile) {
        let columns = left..<min(b.count, left + tile)
        let similarities = block.similarities(to: b.rows(columns))
        for (index, row) in rows.enumerated() {
          body(row, columns, similarities, index * columns.count)
        }
      }
    }
  }
}
