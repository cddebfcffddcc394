import Analysis
import Domain
import Glibc
import LinearAlgebra
import Testing

struct TSNETests {
  static let planted = Planted.clusters(6, perCluster: 40, width: 64, spread: 0.6, seed: 61)

  @Test func `planted clusters separate and the divergence falls`() throws {
    let map = try TSNE.layout(Self.planted.vectors, threads: 2)
    #expect(purity(map.points, Self.planted.labels) >= 0.95, "seed 61")
    #expect(map.perplexityUsed == 30 && map.remarks.isEmpty)
    #expect(map.history.map(\.iteration) == [125, 250, 375, 500, 625, 750])
    let late = map.history.map(\.klDivergence).suffix(5)
    #expect(zip(late, late.dropFirst()).allSatisfy { $0 >= $1 - 1e-4 }, "\(map.history)")
    #expect(map.klDivergence < 1)
    #expect(map.history.last?.klDivergence == map.klDivergence)
  }

  @Test func `the same seed gives the same bytes on any number of threads`() throws {
    var options = TSNEOptions()
    options.iterations = 300
    let one = try TSNE.layout(Self.planted.vectors, options, threads: 1)
    #expect(try TSNE.layout(Self.planted.vectors, options, threads: 3) == one)
    options.seed = 1
    #expect(try TSNE.layout(Self.planted.vectors, options, threads: 2).points != one.points)
  }

  @Test func `the gradient agrees with finite differences of the divergence`() throws {
    let count = 13
    let affinities = try Affinities.of(
      Planted.gaussian(rows: count, width: 5, seed: 62), perplexity: 4, threads: 1)
    var x = CounterRandom(seed: 63, stream: 0).gaussians(count: count)
    let y = CounterRandom(seed: 63, stream: 1).gaussians(count: count)
    let gradient = try affinities.gradient(x: x, y: y, threads: 1)
    let step: Float = 1e-2
    for point in 0..<count {
      let place = x[point]
      x[point] = place + step
      let above = try affinities.klDivergence(x: x, y: y, threads: 1)
      x[point] = place - step
      let below = try affinities.klDivergence(x: x, y: y, threads: 1)
      x[point] = place
      let slope = (above - below) / (2 * Double(step))
      #expect(abs(slope - Double(gradient.x[point])) < 1e-4, "point \(point)")
    }
    // No net force.
    #expect(abs(gradient.x.reduce(0, +)) < 1e-5 && abs(gradient.y.reduce(0, +)) < 1e-5)
  }

  @Test func `affinities are symmetric, sum to 1 and have the perplexity asked for`() throws {
    let vectors = Planted.gaussian(rows: 70, width: 5, seed: 64)
    let affinities = try Affinities.of(vectors, perplexity: 10, threads: 2)
    var total = 0.0
    for i in 0..<70 {
      #expect(affinities.value(i, i) == 0)
      for j in 0..<70 {
        #expect(affinities.value(i, j) == affinities.value(j, i))
        total += Double(affinities.value(i, j))
      }
    }
    #expect(abs(total - 1) < 1e-5)
    let expected = Self.slowAffinities(vectors, perplexity: 10)
    for i in 0..<70 {
      for j in 0..<70 {
        #expect(abs(Double(affinities.value(i, j)) - expected[i][j]) < 1e-6 + 1e-3 * expected[i][j])
      }
    }
  }

  /// The definition in double, by plain bisection on β.
  private static func slowAffinities(_ vectors: Vectors, perplexity: Double) -> [[Double]] {
    let conditional = (0..<vectors.count).map { i in
      let distances = (0..<vectors.count).map { j in
        zip(vectors[row: i], vectors[row: j])
          .reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
      }
      var (low, high) = (0.0, 1000.0)
      var row: [Double] = []
      for _ in 0..<80 {
        let beta = (low + high) / 2
        let weights = distances.indices.map { $0 == i ? 0 : exp(-beta * distances[$0]) }
        let sum = weights.reduce(0, +)
        row = weights.map { $0 / sum }
        let entropy = row.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
        if exp(entropy) > perplexity { low = beta } else { high = beta }
      }
      return row
    }
    return conditional.indices.map { i in
      conditional.indices.map { j in
        (conditional[i][j] + conditional[j][i]) / Double(2 * vectors.count)
      }
    }
  }

  @Test func `equal distances give equal affinities`() throws {
    // The corners of a simplex: every pair is √2 apart.
    let rows = (0..<5).map { corner in (0..<5).map { Float($0 == corner ? 1 : 0) } }
    let affinities = try Affinities.of(Vectors(width: 5, rows: rows), perplexity: 2, threads: 1)
    #expect(abs(affinities.value(0, 1) - 1.0 / 20) < 1e-6)
    #expect(abs(affinities.value(3, 4) - 1.0 / 20) < 1e-6)
  }

  @Test func `a small set lowers the perplexity and says so`() throws {
    let map = try TSNE.layout(Planted.unit(rows: 31, width: 8, seed: 65), threads: 1)
    #expect(map.perplexityUsed == 10)
    #expect(map.remarks == ["perplexity lowered from 30.000 to 10.000 for 31 vectors"])
    #expect(map.points.allSatisfy { $0.x.isFinite && $0.y.isFinite })
  }

  @Test(arguments: [0, 1, 2, 3, 4])
  func `few vectors give a finite map`(count: Int) throws {
    let map = try TSNE.layout(Planted.unit(rows: count, width: 8, seed: 66), threads: 2)
    #expect(map.points.count == count)
    #expect(map.points.allSatisfy { $0.x.isFinite && $0.y.isFinite })
    #expect(!map.remarks.isEmpty)
  }

  @Test func `equal vectors are laid out`() throws {
    let same = Vectors(width: 2, rows: [[Float]](repeating: [1, 0], count: 50))
    let map = try TSNE.layout(same, threads: 1)
    #expect(map.points.allSatisfy { $0.x.isFinite && $0.y.isFinite })
    var half = Planted.unit(rows: 80, width: 6, seed: 67)
    for place in 0..<40 * 6 { half.values[place] = half.values[place % 6] }
    let mixed = try TSNE.layout(half, threads: 1)
    #expect(mixed.points.allSatisfy { $0.x.isFinite && $0.y.isFinite })
    #expect(mixed.klDivergence.isFinite)
  }

  @Test func `zero and NaN rows are refused by number`() {
    let vectors = Vectors(width: 2, rows: [[1, 0], [0, 0], [0, 1], [.nan, 1]])
    let error = #expect(throws: AnalysisError.self) { try TSNE.layout(vectors, threads: 1) }
    #expect(error?.message == "2 of 4 vectors to map are zero or not finite: rows 1, 3")
  }

  @Test func `options without meaning are refused`() {
    var options = TSNEOptions()
    options.perplexity = 0.5
    #expect(code { try TSNE.layout(Self.planted.vectors, options, threads: 1) } == .outOfRange)
    options = TSNEOptions()
    options.learningRate = .nan
    #expect(code { try TSNE.layout(Self.planted.vectors, options, threads: 1) } == .outOfRange)
  }

  /// Share of each point's five nearest neighbours with its label.
  private func purity(_ points: [MapPoint], _ labels: [Int]) -> Double {
    var same = 0
    for (index, point) in points.enumerated() {
      let order = points.indices.filter { $0 != index }.sorted { a, b in
        squared(points[a], point) < squared(points[b], point)
      }
      same += order.prefix(5).filter { labels[$0] == labels[index] }.count
    }
    return Double(same) / Double(5 * points.count)
  }

  private func squared(_ a: MapPoint, _ b: MapPoint) -> Float {
    (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)
  }
}
