import Analysis
import Domain
import LinearAlgebra
import Testing
import VectorSearch

struct MapPlacementTests {
  static let old = Planted.clusters(5, perCluster: 60, width: 32, spread: 0.5, seed: 71)

  /// The planted clusters on a map, and new rows of the same clusters.
  private let map: TSNEMap
  private let new: Vectors
  private let search = ExactIndexBuilder(ExactSettings(threads: 2))

  init() throws {
    var options = TSNEOptions()
    options.iterations = 500
    map = try TSNE.layout(Self.old.vectors, options, threads: 2)
    // Between two rows of one cluster.
    let pairs = stride(from: 0, to: Self.old.vectors.count - 1, by: 10)
    new = Vectors(
      width: 32,
      rows: pairs.map { row in
        zip(Self.old.vectors[row: row], Self.old.vectors[row: row + 1]).map { ($0 + $1) / 2 }
      })
  }

  private func place(_ new: Vectors, threads: Int = 2) throws -> [MapPoint] {
    try MapPlacement.place(
      new, onto: map.points, of: Self.old.vectors, search: search, threads: threads)
  }

  @Test func `new rows of a cluster land within it`() throws {
    let places = try place(new)
    for (row, point) in places.enumerated() {
      let nearest = map.points.indices.min { distance($0, point) < distance($1, point) }
      let cluster = try #require(nearest.map { Self.old.labels[$0] })
      #expect(cluster == Self.old.labels[row * 10], "row \(row)")
    }
  }

  @Test func `a copy of a row lands beside it`() throws {
    let copies = Self.old.vectors.rows(stride(from: 3, to: 300, by: 30))
    let span = map.points.map(\.x).max().map { $0 - (map.points.map(\.x).min() ?? 0) } ?? 0
    for (place, point) in try place(copies).enumerated() {
      #expect(distance(3 + 30 * place, point).squareRoot() < 0.05 * span)
    }
  }

  @Test func `a row alone lands where it lands among others, on any number of threads`() throws {
    let all = try place(new)
    #expect(try place(new, threads: 3) == all)
    #expect(try place(new.rows([7])) == [all[7]])
    #expect(try place(new.rows([])) == [])
  }

  @Test func `a map of one point takes others in`() throws {
    let one = Self.old.vectors.rows([0])
    let places = try MapPlacement.place(
      new, onto: [MapPoint(x: 3, y: 4)], of: one, search: search, threads: 1)
    #expect(places.allSatisfy { $0.x.isFinite && $0.y.isFinite })
  }

  @Test func `what cannot be placed is refused`() {
    var bad = new
    for column in 0..<32 { bad.values[2 * 32 + column] = 0 }
    let error = #expect(throws: AnalysisError.self) { try place(bad) }
    #expect(error?.message == "1 of 30 vectors to place are zero or not finite: rows 2")
    #expect(code { try place(Planted.unit(rows: 2, width: 8, seed: 1)) } == .mismatch)
    let none = Vectors(count: 0, width: 32, values: [])
    #expect(
      code {
        try MapPlacement.place(new, onto: [], of: none, search: search, threads: 1)
      } == .tooFew)
  }

  private func distance(_ row: Int, _ point: MapPoint) -> Float {
    let (dx, dy) = (map.points[row].x - point.x, map.points[row].y - point.y)
    return dx * dx + dy * dy
  }
}
