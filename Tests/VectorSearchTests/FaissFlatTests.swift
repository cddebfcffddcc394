import Domain
import LinearAlgebra
import Testing
import VectorSearch

@Suite struct FaissFlatTests {
  private func flat(_ vectors: Vectors, threads: Int = 1) throws -> any VectorIndex {
    try FaissIndexBuilder(factory: "Flat", threads: threads).index(vectors)
  }

  @Test(arguments: [(1, 8), (7, 3), (100, 1), (300, 17), (500, 128)])
  func `answers on random rows are the brute-force answers`(count: Int, width: Int) throws {
    let vectors = Planted.random(count, width: width, seed: 11)
    let queries = Planted.random(45, width: width, seed: 12)
    let index = try flat(vectors)
    let truth = BruteForce(targets: vectors)
    for floor in [-1, -0.2, 0, 0.1, 0.5, 0.99, 1] as [Float] {
      #expect(
        try index.pairs(from: queries, atLeast: CosineSimilarity(floor))
          == truth.pairs(from: queries, atLeast: floor), "floor \(floor), seed 11")
    }
    for k in [1, 3, 10, count, count + 5] {
      #expect(
        try index.nearest(k, to: queries) == truth.nearest(k, to: queries), "k \(k), seed 11")
    }
    #expect(index.isExact && index.count == count)
  }

  @Test(arguments: [1, 5, 19, 20, 21, 600])
  func `answers on clusters with duplicates are complete`(queryCount: Int) throws {
    let vectors = Planted.clusters(600, width: 64, size: 6, spread: 0.4, seed: 21)
    let queries = vectors.rows(0..<queryCount)
    let index = try flat(vectors)
    let truth = BruteForce(targets: vectors)
    for floor in [0.3, 0.7, 0.9, 0.999999] as [Float] {
      #expect(
        try index.pairs(from: queries, atLeast: CosineSimilarity(floor))
          == truth.pairs(from: queries, atLeast: floor), "floor \(floor), seed 21")
    }
    for k in [1, 2, 6, 7] {
      #expect(try index.nearest(k, to: queries) == truth.nearest(k, to: queries), "k \(k)")
    }
  }

  @Test func `more exact ties than were asked for are ordered by target`() throws {
    let one = Planted.random(1, width: 32, seed: 3)
    let vectors = Vectors(width: 32, rows: (0..<200).map { _ in Array(one[row: 0]) })
    let index = try flat(vectors)
    let found = try index.nearest(5, to: one)
    #expect(found.map(\.target) == [0, 1, 2, 3, 4])
    #expect(Set(found.map(\.similarity)).count == 1)
    #expect(try index.pairs(from: one, atLeast: found[0].similarity).count == 200)
  }

  @Test func `the floor itself is included, one step above is not`() throws {
    let vectors = Planted.clusters(300, width: 96, size: 3, spread: 0.5, seed: 5)
    let index = try flat(vectors)
    let truth = BruteForce(targets: vectors)
    for query in stride(from: 0, to: 300, by: 37) {
      let row = vectors.rows([query])
      for pair in truth.nearest(4, to: row) {
        let at = try index.pairs(from: row, atLeast: pair.similarity)
        #expect(at.contains { $0.target == pair.target })
        let above = CosineSimilarity(pair.similarity.value.nextUp)
        #expect(!(try index.pairs(from: row, atLeast: above)).contains { $0.target == pair.target })
      }
    }
  }

  @Test func `identical and antipodal rows have similarity 1 and -1`() throws {
    let vectors = Vectors(width: 4, rows: [[0.5, 0.5, 0.5, 0.5], [-0.5, -0.5, -0.5, -0.5]])
    let found = try flat(vectors).nearest(2, to: vectors.rows([0]))
    #expect(found.map(\.similarity.value) == [1, -1])
  }

  @Test func `the number of threads changes nothing`() throws {
    let vectors = Planted.clusters(2500, width: 48, size: 5, spread: 0.5, seed: 31)
    let one = try flat(vectors, threads: 1)
    let two = try flat(vectors, threads: 2)
    let floor = CosineSimilarity(0.6)
    #expect(
      try one.pairs(from: vectors, atLeast: floor) == two.pairs(from: vectors, atLeast: floor))
    #expect(try one.nearest(7, to: vectors) == two.nearest(7, to: vectors))
  }

  @Test func `an index of nothing answers nothing, whatever the factory`() throws {
    let none = Vectors(count: 0, width: 4, values: [])
    let query = Planted.random(3, width: 4, seed: 1)
    for factory in ["Flat", "IVF16,Flat", "HNSW16"] {
      let index = try FaissIndexBuilder(factory: factory, threads: 1).index(none)
      #expect(index.count == 0)
      #expect(try index.pairs(from: query, atLeast: CosineSimilarity(-1)).isEmpty)
      #expect(try index.nearest(3, to: query).isEmpty)
    }
  }

  @Test func `no queries get no answers`() throws {
    let index = try flat(Planted.random(5, width: 4, seed: 1))
    let none = Vectors(count: 0, width: 4, values: [])
    #expect(try index.pairs(from: none, atLeast: CosineSimilarity(0)).isEmpty)
    #expect(try index.nearest(3, to: none).isEmpty)
  }
}
