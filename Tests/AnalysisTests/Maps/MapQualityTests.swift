import Analysis
import Domain
import Glibc
import LinearAlgebra
import Testing

struct MapQualityTests {
  private func arc(_ angles: [Double]) -> Vectors {
    Vectors(width: 2, rows: angles.map { [Float(cos($0)), Float(sin($0))] })
  }

  @Test func `a map that keeps every neighbour is perfect`() throws {
    let angles = (0..<100).map { 0.01 * Double($0) + 0.0001 * Double($0 * $0) }
    let points = angles.map { MapPoint(x: Float($0), y: 0) }
    let quality = try #require(try MapQuality.measure(arc(angles), points, threads: 2))
    #expect(quality.trustworthiness > 0.9999 && quality.recall > 0.999)
    #expect(quality.neighbours == 15 && quality.points == 100)
  }

  /// scikit-learn 1.9.1, `trustworthiness(x, points, n_neighbors=k)`; recall by counting.
  @Test(arguments: [
    (2, 0.7076923076923076, 0.2), (3, 0.7666666666666666, 0.5), (4, 0.8071428571428572, 0.65),
  ])
  func `a small map scores what scikit-learn says`(
    neighbours: Int, trustworthiness: Double, recall: Double
  ) throws {
    let unit = arc([0, 0.11, 0.27, 0.463, 0.731, 1.022, 1.39, 1.747, 2.236, 2.715])
    let xs: [Float] = [0, 1.05, 5, 2.2, 9, 3, 6.1, 4, 8, 7]
    let ys: [Float] = [0, 0.1, 0.3, 0.2, 0, 1.3, 2, 4.4, 1.6, 7]
    var options = MapQuality.Options()
    options.neighbours = neighbours
    let points = zip(xs, ys).map { MapPoint(x: $0, y: $1) }
    let quality = try #require(try MapQuality.measure(unit, points, options, threads: 1))
    #expect(abs(quality.trustworthiness - trustworthiness) < 1e-12)
    #expect(abs(quality.recall - recall) < 1e-12)
  }

  @Test func `a shuffled map is no better than chance`() throws {
    let unit = Planted.unit(rows: 400, width: 16, seed: 81)
    let random = CounterRandom(seed: 82)
    let points = (0..<400).map {
      MapPoint(x: random.gaussian(at: UInt64($0)), y: random.gaussian(at: UInt64(1000 + $0)))
    }
    let quality = try #require(try MapQuality.measure(unit, points, threads: 2))
    #expect(abs(quality.trustworthiness - 0.5) < 0.05)
    #expect(abs(quality.recall - 15.0 / 399) < 0.02)
  }

  @Test func `a sample is drawn by the seed, and threads change nothing`() throws {
    let planted = Planted.clusters(4, perCluster: 100, width: 16, spread: 0.5, seed: 83)
    var layout = TSNEOptions()
    layout.iterations = 300
    let map = try TSNE.layout(planted.vectors, layout, threads: 2)
    let unit = planted.vectors.unitRows().vectors
    var options = MapQuality.Options()
    options.sample = 150
    let one = try MapQuality.measure(unit, map.points, options, threads: 1)
    #expect(try MapQuality.measure(unit, map.points, options, threads: 3) == one)
    #expect(one?.points == 150)
    options.seed = 1
    #expect(try MapQuality.measure(unit, map.points, options, threads: 1) != one)
    #expect(one?.trustworthiness ?? 0 > 0.8)
  }

  @Test(arguments: [0, 1, 3, 4, 5])
  func `few points have a finite quality or none`(count: Int) throws {
    let unit = Planted.unit(rows: count, width: 4, seed: 84)
    let points = (0..<count).map { MapPoint(x: Float($0), y: 0) }
    let quality = try MapQuality.measure(unit, points, threads: 1)
    #expect((quality == nil) == (count < 4))
    #expect(quality?.trustworthiness.isFinite ?? true)
  }
}
