import Domain
import LinearAlgebra

/// The definition of the answers, computed the slow way.
struct BruteForce {
  var targets: Vectors

  /// As documented: doubles in eight lanes, added in a fixed order, rounded once.
  static func similarity(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Float {
    var lanes = [Double](repeating: 0, count: 8)
    for (place, (x, y)) in zip(a, b).enumerated() { lanes[place & 7] += Double(x) * Double(y) }
    let four = (0..<4).map { lanes[$0] + lanes[$0 + 4] }
    return Float(min(1, max(-1, (four[0] + four[2]) + (four[1] + four[3]))))
  }

  func all(_ queries: Vectors, _ query: Int) -> [VectorPair] {
    (0..<targets.count).map {
      let value = Self.similarity(queries[row: query], targets[row: $0])
      return VectorPair(query: query, target: $0, similarity: CosineSimilarity(value))
    }
  }

  func pairs(from queries: Vectors, atLeast floor: Float) -> [VectorPair] {
    (0..<queries.count).flatMap { all(queries, $0) }.filter { $0.similarity.value >= floor }
  }

  func nearest(_ k: Int, to queries: Vectors) -> [VectorPair] {
    (0..<queries.count).flatMap { query in
      all(queries, query).sorted {
        $0.similarity != $1.similarity
          ? $0.similarity > $1.similarity : $0.target < $1.target
      }
      .prefix(k)
    }
  }
}

/// Unit vectors with known structure.
enum Planted {
  static func random(_ count: Int, width: Int, seed: UInt64) -> Vectors {
    let values = CounterRandom(seed: seed).gaussians(count: count * width)
    return Vectors(count: count, width: width, values: values).unitRows().vectors
  }

  /// Rows round `count / size` centres, each cluster with an exact copy of its first row at its end.
  static func clusters(_ count: Int, width: Int, size: Int, spread: Float, seed: UInt64) -> Vectors
  {
    let centres = random((count + size - 1) / size, width: width, seed: seed)
    let noise = random(count, width: width, seed: seed + 1)
    let rows = (0..<count).map { row in
      let source = row % size == size - 1 ? row - size + 1 : row
      return zip(centres[row: row / size], noise[row: source]).map { $0 + spread * $1 }
    }
    return Vectors(width: width, rows: rows).unitRows().vectors
  }
}
