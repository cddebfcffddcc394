package import Domain
import LinearAlgebra

/// Unit vectors that are searched while they become more.
///
/// A log of segments: new rows wait in a buffer of at most `bufferSize`, which is compared by one matrix
/// product; a full buffer is sealed into an index, and two segments of one size are merged into one of
/// twice the size. So n rows lie in at most log2(n / bufferSize) + 1 indexes, every row is indexed
/// anew that often at most, and nothing is built over all rows for one more.
///
/// Segments only propose: every similarity is computed again by `Vectors.dot`, so that answers do not
/// depend on where a row happens to lie.
package struct GrowingIndex: Sendable {
  /// Rows compared without an index.
  package static let bufferSize = 1024
  /// Two ways of summing a cosine differ by less than this at any width up to 4096.
  private static let margin: Float = 1e-4

  private struct Segment {
    var index: any VectorIndex
    var rows: Vectors
    /// Number of its first row.
    var first: Int
  }

  package let width: Int
  private let builder: any VectorIndexBuilder
  private var segments: [Segment] = []
  private var buffer: [Float] = []
  package private(set) var count = 0

  package init(width: Int, builder: any VectorIndexBuilder) {
    self.width = width
    self.builder = builder
  }

  /// Indexes at the moment: what a search costs grows with it.
  package var segmentCount: Int { segments.count }

  /// Adds a unit vector; it gets the number `count` had before.
  package mutating func append(_ unit: [Float]) throws {
    precondition(unit.count == width)
    buffer += unit
    count += 1
    guard buffer.count == Self.bufferSize * width else { return }
    try seal()
  }

  /// Every pair of a query and a row with similarity at or above `floor`, by query, then by row.
  package func pairs(
    from queries: Vectors, atLeast floor: CosineSimilarity
  ) throws -> [VectorPair] {
    guard queries.count > 0, count > 0 else { return [] }
    let loose = CosineSimilarity(floor.value - Self.margin)
    var found: [VectorPair] = []
    for segment in segments {
      for pair in try segment.index.pairs(from: queries, atLeast: loose) {
        let exact = CosineSimilarity(
          queries.dot(row: pair.query, segment.rows, row: pair.target))
        guard exact >= floor else { continue }
        found.append(
          VectorPair(query: pair.query, target: segment.first + pair.target, similarity: exact))
      }
    }
    let rows = Vectors(count: buffer.count / width, width: width, values: buffer)
    let first = count - rows.count
    let products = queries.similarities(to: rows)
    for (place, product) in products.enumerated() where product >= loose.value {
      let (query, row) = (place / rows.count, place % rows.count)
      let exact = CosineSimilarity(queries.dot(row: query, rows, row: row))
      guard exact >= floor else { continue }
      found.append(VectorPair(query: query, target: first + row, similarity: exact))
    }
    return found.sorted { ($0.query, $0.target) < ($1.query, $1.target) }
  }

  private mutating func seal() throws {
    var rows = Vectors(count: Self.bufferSize, width: width, values: buffer)
    buffer = []
    while let last = segments.last, last.rows.count == rows.count {
      rows = Vectors(
        count: 2 * rows.count, width: width, values: last.rows.values + rows.values)
      segments.removeLast()
    }
    segments.append(
      Segment(index: try builder.index(rows), rows: rows, first: count - rows.count))
  }
}
