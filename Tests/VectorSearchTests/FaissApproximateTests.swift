import Domain
import Testing
import VectorSearch

@Suite struct FaissApproximateTests {
  static let vectors = Planted.clusters(2000, width: 32, size: 10, spread: 0.25, seed: 41)

  private func index(_ factory: String, settings: String, threads: Int = 1) throws
    -> any VectorIndex
  {
    var builder = FaissIndexBuilder(factory: factory, threads: threads)
    builder.settings = settings
    return try builder.index(Self.vectors)
  }

  static let kinds = [("IVF32,Flat", "nprobe=8"), ("HNSW16", "efSearch=64")]

  @Test(arguments: kinds)
  func `approximate answers are true ones, and few are missing on easy data`(
    factory: String, settings: String
  ) throws {
    let index = try index(factory, settings: settings)
    #expect(!index.isExact)
    let queries = Self.vectors.rows(0..<200)
    let truth = BruteForce(targets: Self.vectors).pairs(from: queries, atLeast: 0.8)
    let found = try index.pairs(from: queries, atLeast: CosineSimilarity(0.8))
    let known = Set(truth.map { "\($0)" })
    #expect(found.allSatisfy { known.contains("\($0)") })
    #expect(Double(found.count) >= 0.95 * Double(truth.count), "\(found.count) of \(truth.count)")
    let order = found.map { ($0.query, $0.target) }
    #expect(zip(order, order.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test(arguments: kinds)
  func `approximate answers repeat on any number of threads`(
    factory: String, settings: String
  ) throws {
    let one = try index(factory, settings: settings, threads: 1)
    let two = try index(factory, settings: settings, threads: 2)
    let floor = CosineSimilarity(0.7)
    #expect(
      try one.pairs(from: Self.vectors, atLeast: floor)
        == two.pairs(from: Self.vectors, atLeast: floor))
    #expect(try one.nearest(5, to: Self.vectors) == two.nearest(5, to: Self.vectors))
  }

  @Test(arguments: kinds)
  func `k beyond the index gives what there is`(factory: String, settings: String) throws {
    let few = Self.vectors.rows(0..<40)
    let index = try FaissIndexBuilder(factory: factory, threads: 1).index(few)
    let found = try index.nearest(100, to: few.rows([0]))
    #expect(found.count <= 40)
    #expect(found.first?.target == 0)
  }
}
