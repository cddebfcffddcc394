import Domain

/// The rows of one identity, grouped around mean directions.
struct SphericalClusters {
  /// One group.
  struct Cluster: Sendable {
    /// Unit vector.
    var direction: [Float]
    var members: [Int]
    /// The member nearest to the direction.
    var nearest: Int
  }

  private let vectors: Vectors
  private let rows: [Int]
  private let rule: PrototypeRule
  private var centres: [[Double]] = []
  /// Place of the centre of each row, and the cosine to it.
  private var nearest: [(centre: Int, cosine: Double)] = []

  init(_ vectors: Vectors, rows: [Int], rule: PrototypeRule) {
    self.vectors = vectors
    self.rows = rows
    self.rule = rule
    guard rows.count > 1 else { return }
    nearest = rows.map { _ in (0, -1) }
    moveCentres(count: 1)
    settle()
    while let farthest = farthestUncovered(), centres.count < min(rule.most, rows.count) {
      centres.append(vectors[row: rows[farthest]].map(Double.init))
      settle()
    }
  }

  /// Groups of two rows or more that have a direction, the larger first, then by their first row.
  func prototypes() -> [Cluster] {
    centres.indices.compactMap { centre -> Cluster? in
      let places = rows.indices.filter { nearest[$0].centre == centre }
      guard places.count > 1, centres[centre].contains(where: { $0 != 0 }) else { return nil }
      let best = places.reduce(places[0]) { nearest[$1].cosine > nearest[$0].cosine ? $1 : $0 }
      return Cluster(
        direction: centres[centre].map(Float.init), members: places.map { rows[$0] },
        nearest: rows[best])
    }
    .sorted {
      ($1.members.count, $0.members[0]) < ($0.members.count, $1.members[0])
    }
  }

  private mutating func settle() {
    for _ in 0..<rule.rounds {
      guard assign() else { return }
      moveCentres(count: centres.count)
    }
    _ = assign()
  }

  /// Gives every row its nearest centre; true where one changed.
  private mutating func assign() -> Bool {
    var changed = false
    for place in rows.indices {
      let row = vectors[row: rows[place]]
      var best = (centre: 0, cosine: -2.0)
      for centre in centres.indices {
        let cosine = dot(row, centres[centre])
        if cosine > best.cosine { best = (centre, cosine) }
      }
      changed = changed || best.centre != nearest[place].centre
      nearest[place] = best
    }
    return changed
  }

  /// Puts every centre at the mean direction of its rows; one without rows stays.
  private mutating func moveCentres(count: Int) {
    var sums = [[Double]](
      repeating: [Double](repeating: 0, count: vectors.width), count: count)
    var sizes = [Int](repeating: 0, count: count)
    for place in rows.indices {
      let centre = nearest[place].centre
      sizes[centre] += 1
      for (column, value) in vectors[row: rows[place]].enumerated() {
        sums[centre][column] += Double(value)
      }
    }
    centres = sums.indices.map { centre in
      guard sizes[centre] > 0 else { return centres[centre] }
      let norm = sums[centre].reduce(0) { $0 + $1 * $1 }.squareRoot()
      // Shorter than this, opposite rows have cancelled out and the mean points nowhere.
      return norm > 1e-9 ? sums[centre].map { $0 / norm } : sums[centre].map { _ in 0 }
    }
  }

  /// The place of the row that is farthest from its centre, if the rule wants it nearer.
  private func farthestUncovered() -> Int? {
    var farthest = 0
    for place in rows.indices where nearest[place].cosine < nearest[farthest].cosine {
      farthest = place
    }
    return Float(nearest[farthest].cosine) < rule.coversAtLeast.value ? farthest : nil
  }

  private func dot(_ row: ArraySlice<Float>, _ centre: [Double]) -> Double {
    let row = row.span
    let centre = centre.span
    var sum = 0.0
    for column in row.indices { sum += Double(row[column]) * centre[column] }
    return sum
  }
}
