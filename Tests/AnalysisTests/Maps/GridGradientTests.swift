import Analysis
import Domain
import Glibc
import LinearAlgebra
import Testing
import VectorSearch

/// The fast way of laying out a map against the exact one.
struct GridGradientTests {
  static let planted = Planted.clusters(60, perCluster: 25, width: 32, spread: 0.7, seed: 71)

  private func nearest(_ vectors: Vectors, _ count: Int) throws -> [VectorPair] {
    try ExactIndexBuilder(ExactSettings(threads: 2)).index(vectors)
      .nearest(count + 1, to: vectors)
  }

  @Test func `affinities between neighbours are symmetric, sum to 1 and match the definition`()
    throws
  {
    let unit = Self.planted.vectors.unitRows().vectors.rows(0..<200)
    let affinities = try NeighbourAffinities(
      count: 200, perplexity: 10, threads: 2
    ) { _ in try nearest(unit, 30) }
    let expected = try slowAffinities(unit, neighbours: 30, perplexity: 10)
    var total = 0.0
    for i in 0..<200 {
      #expect(affinities.value(i, i) == 0)
      for j in 0..<200 {
        let value = affinities.value(i, j)
        #expect(value == affinities.value(j, i))
        #expect(abs(Double(value) - expected[i][j]) < 1e-7 + 1e-3 * expected[i][j])
        total += Double(value)
      }
    }
    #expect(abs(total - 1) < 1e-4)
  }

  /// The definition in double, by plain bisection on β over the nearest.
  private func slowAffinities(
    _ unit: Vectors, neighbours: Int, perplexity: Double
  ) throws -> [[Double]] {
    let conditional = (0..<unit.count).map { i -> [Double] in
      let distances = (0..<unit.count).map { j in
        zip(unit[row: i], unit[row: j])
          .reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
      }
      let kept = Set(
        distances.indices.filter { $0 != i }.sorted { distances[$0] < distances[$1] }
          .prefix(neighbours))
      var (low, high) = (0.0, 10_000.0)
      var row: [Double] = []
      for _ in 0..<80 {
        let beta = (low + high) / 2
        let weights = distances.indices.map { kept.contains($0) ? exp(-beta * distances[$0]) : 0 }
        let sum = weights.reduce(0, +)
        row = weights.map { $0 / sum }
        let entropy = row.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
        if exp(entropy) > perplexity { low = beta } else { high = beta }
      }
      return row
    }
    return conditional.indices.map { i in
      conditional.indices.map { j in
        (conditional[i][j] + conditional[j][i]) / Double(2 * unit.count)
      }
    }
  }

  @Test func `the grid's map diverges no more than the exact gradient's`() throws {
    let unit = Self.planted.vectors.unitRows().vectors
    var options = TSNEOptions()
    options.perplexity = 15
    let search = NeighbourFinder(ExactSettings(threads: 2))
    let fast = try TSNE.layout(unit, options, search: search, threads: 2)
    let exact = try TSNE.layout(unit, options, threads: 2)
    #expect(fast.klDivergence < exact.klDivergence + 0.05, "\(fast.klDivergence)")
    let affinities = try NeighbourAffinities(
      count: unit.count, perplexity: 15, threads: 2
    ) { _ in try nearest(unit, 45) }
    func divergence(_ map: TSNEMap) throws -> Double {
      try affinities.klDivergence(x: map.points.map(\.x), y: map.points.map(\.y), threads: 2)
    }
    #expect(try divergence(fast) == fast.klDivergence)
    // One formula for both.
    #expect(try divergence(fast) < divergence(exact) + 0.02)
  }

  @Test func `the same seed gives the same bytes on any number of threads`() throws {
    let unit = Self.planted.vectors.unitRows().vectors
    var options = TSNEOptions()
    options.iterations = 300
    func map(_ threads: Int) throws -> TSNEMap {
      try TSNE.layout(
        unit, options, search: NeighbourFinder(ExactSettings(threads: threads)),
        threads: threads)
    }
    let one = try map(1)
    #expect(try map(2) == one)
    #expect(try map(3) == one)
  }

  @Test func `a map wider than the grid's reach has its whole sum over pairs`() throws {
    let unit = Planted.clusters(120, perCluster: 25, width: 32, spread: 0.4, seed: 73)
      .vectors.unitRows().vectors
    var options = TSNEOptions()
    options.iterations = 500
    options.perplexity = 15
    let map = try TSNE.layout(
      unit, options, search: NeighbourFinder(ExactSettings(threads: 2)), threads: 2)
    let xs = map.points.map(\.x)
    let span = try #require(xs.max()) - #require(xs.min())
    #expect(span > 80, "the map is \(span) wide, and distances below 16 need no help")
    let last = try #require(map.history.last)
    #expect(abs(last.klDivergence - map.klDivergence) < 1e-3, "\(last) \(map.klDivergence)")
  }

  @Test func `equal vectors and few vectors are laid out`() throws {
    let search = NeighbourFinder(ExactSettings(threads: 1))
    let same = Vectors(width: 2, rows: [[Float]](repeating: [1, 0], count: 1500))
    for vectors in [same, Planted.unit(rows: 5, width: 4, seed: 72)] {
      let map = try TSNE.layout(vectors, search: search, threads: 1)
      #expect(map.points.allSatisfy { $0.x.isFinite && $0.y.isFinite })
      #expect(map.klDivergence.isFinite)
    }
  }
}
