import Domain
import LinearAlgebra
import Testing
import VectorSearch

/// The exact engine against brute force, on every instruction path this machine has.
@Suite struct ExactEngineTests {
  static let paths = KernelPath.allCases.filter(\.isAvailable)

  private func builder(
    _ path: KernelPath, threads: Int = 2, memory: Int = 1 << 30
  ) -> ExactIndexBuilder {
    ExactIndexBuilder(ExactSettings(threads: threads, memory: memory, path: path))
  }

  @Test(arguments: paths, [-0.1, 0.0, 0.35, 0.7, 0.95, 1.0])
  func `pairs are the ones brute force finds, in its order`(
    path: KernelPath, floor: Double
  ) throws {
    let rows = Planted.clusters(700, width: 48, size: 7, spread: 0.09, seed: 11)
    let queries = Planted.clusters(123, width: 48, size: 7, spread: 0.09, seed: 11)
    let found = try builder(path).index(rows).pairs(
      from: queries, atLeast: CosineSimilarity(Float(floor)))
    #expect(found == BruteForce(targets: rows).pairs(from: queries, atLeast: Float(floor)))
  }

  @Test(arguments: paths) func `odd widths and counts lose nothing`(path: KernelPath) throws {
    for (count, width) in [(1, 1), (2, 3), (17, 5), (96, 65), (97, 130), (200, 129)] {
      let rows = Planted.random(count, width: width, seed: UInt64(count))
      let index = try builder(path).index(rows)
      let brute = BruteForce(targets: rows)
      #expect(
        try index.pairs(from: rows, atLeast: CosineSimilarity(0.05))
          == brute.pairs(from: rows, atLeast: 0.05))
      #expect(
        try index.pairsWithin(atLeast: CosineSimilarity(0.05))
          == brute.pairs(from: rows, atLeast: 0.05).filter { $0.query < $0.target })
      #expect(try index.nearest(3, to: rows) == brute.nearest(3, to: rows))
    }
  }

  /// Large enough for axes to be found: more than 50 pairs per square of the width.
  @Test(arguments: paths) func `turned and cut rows give the same pairs`(path: KernelPath) throws {
    let rows = Planted.clusters(3000, width: 64, size: 10, spread: 0.08, seed: 5)
    let floor = CosineSimilarity(0.6)
    let join = try ExactJoin(rows, nil, atLeast: floor, settings: builder(path).settings)
    #expect(join.plan.depth < 64)
    let brute = BruteForce(targets: rows).pairs(from: rows, atLeast: 0.6)
    #expect(
      try builder(path).index(rows).pairsWithin(atLeast: floor)
        == brute.filter { $0.query < $0.target })
  }

  @Test(arguments: paths) func `a pair at the floor counts, one step below does not`(
    path: KernelPath
  ) throws {
    let rows = Planted.clusters(300, width: 40, size: 6, spread: 0.1, seed: 3)
    let all = BruteForce(targets: rows).pairs(from: rows, atLeast: 0.4)
      .filter { $0.query < $0.target }
    let index = try builder(path).index(rows)
    for pair in all.prefix(50) {
      #expect(try index.pairsWithin(atLeast: pair.similarity).contains(pair))
      let above = CosineSimilarity(pair.similarity.value.nextUp)
      #expect(try !index.pairsWithin(atLeast: above).contains(pair))
    }
  }

  @Test(arguments: paths) func `the nearest are exact with ties by row`(path: KernelPath) throws {
    // Every row four times, so that ties abound.
    let some = Planted.clusters(250, width: 33, size: 5, spread: 0.1, seed: 8)
    let rows = Vectors(
      count: 1000, width: 33, values: (0..<4).flatMap { _ in some.values })
    let queries = Planted.clusters(200, width: 33, size: 5, spread: 0.1, seed: 8)
    let few = queries.rows(0..<40)
    let index = try builder(path).index(rows)
    for k in [1, 10, 999, 2000] {
      let answer = BruteForce(targets: rows).nearest(k, to: queries)
      #expect(try index.nearest(k, to: queries) == answer, "many queries, \(k) nearest")
      let first = answer.filter { $0.query < few.count }
      #expect(try index.nearest(k, to: few) == first, "few queries, \(k) nearest")
    }
  }

  @Test func `the nearest of many queries need no good rounding`() throws {
    // So few rows that scales heed them not carry all in one value; most lie so close that rounding
    // mixes them up.
    var rows = Planted.clusters(3000, width: 32, size: 600, spread: 0.01, seed: 41)
    for row in [5, 2999] {
      for column in 0..<32 { rows.values[row * 32 + column] = column == row % 32 ? 1 : 0 }
    }
    let queries = rows.rows(stride(from: 5, to: 3000, by: 7))
    let answer = BruteForce(targets: rows).nearest(30, to: queries)
    for threads in 1...3 {
      let index = try builder(.best, threads: threads).index(rows)
      #expect(try index.nearest(30, to: queries) == answer)
    }
    let lent = builder(.best).index(rows: LentRows(rows: rows))
    #expect(try lent.nearest(30, to: queries) == answer)
  }

  /// Rows that are given out and not there, as those of the store.
  private struct LentRows: VectorRows {
    let rows: Vectors
    var count: Int { rows.count }
    var width: Int { rows.width }
    func append(_ stretch: Range<Int>, to values: inout [Float]) {
      rows.append(stretch, to: &values)
    }
    func release() {}
  }

  @Test func `threads and memory change nothing`() throws {
    let rows = Planted.clusters(5000, width: 32, size: 9, spread: 0.12, seed: 21)
    let floor = CosineSimilarity(0.8)
    let answer = try builder(.best, threads: 1).index(rows).pairsWithin(atLeast: floor)
    #expect(answer.count > 1000)
    for (threads, memory) in [(2, 1 << 30), (3, 2_720_000), (2, 2_080_000)] {
      let settings = builder(.best, threads: threads, memory: memory).settings
      let join = try ExactJoin(rows, nil, atLeast: floor, settings: settings)
      if memory < 1 << 30 { #expect(join.plan.stretches > 1) }
      #expect(
        try ExactIndexBuilder(settings).index(rows).pairsWithin(atLeast: floor) == answer)
    }
  }

  @Test func `rows with far larger values than the sample are not lost`() throws {
    // One value carries nearly all of the last rows: they lose most by rounding.
    var rows = Planted.random(4000, width: 32, seed: 31)
    for row in [3997, 3998, 3999] {
      for column in 0..<32 { rows.values[row * 32 + column] = column == 7 ? 1 : 1e-4 }
    }
    rows = rows.unitRows().vectors
    let found = try builder(.best).index(rows).pairsWithin(atLeast: CosineSimilarity(0.999))
    #expect(found.map { [$0.query, $0.target] } == [[3997, 3998], [3997, 3999], [3998, 3999]])
    let queries = rows.rows([0, 3998])
    #expect(
      try builder(.best).index(rows).nearest(3, to: queries)
        == BruteForce(targets: rows).nearest(3, to: queries))
  }

  @Test func `rows without a direction match nothing`() throws {
    var rows = Planted.clusters(400, width: 24, size: 4, spread: 0.05, seed: 2)
    for row in [0, 9, 399] {
      for column in 0..<24 { rows.values[row * 24 + column] = 0 }
    }
    let index = builder(.best).index(rows: rows)
    let found = try index.pairsWithin(atLeast: CosineSimilarity(-1))
    #expect(found.count == 397 * 396 / 2)
    #expect(throws: VectorSearchError.self) { try self.builder(.best).index(rows) }
  }

  @Test func `fifty thousand equal rows end with a message, not with the machine's memory`() throws
  {
    let one = Planted.random(1, width: 16, seed: 1)
    let rows = Vectors(
      count: 50_000, width: 16, values: (0..<50_000).flatMap { _ in one.values })
    var error: VectorSearchError?
    do {
      _ = try builder(.best, memory: 64 << 20).index(rows).pairsWithin(
        atLeast: CosineSimilarity(0.9))
    } catch let caught as VectorSearchError { error = caught }
    #expect(error?.code == .tooManyPairs)
  }

  @Test func `nothing in, nothing out`() throws {
    let none = Vectors(count: 0, width: 8, values: [])
    let index = try builder(.best).index(none)
    #expect(try index.pairsWithin(atLeast: CosineSimilarity(0)).isEmpty)
    let one = Planted.random(1, width: 8, seed: 4)
    #expect(try index.pairs(from: one, atLeast: CosineSimilarity(0)).isEmpty)
    #expect(try index.nearest(5, to: one).isEmpty)
    #expect(try builder(.best).index(one).pairsWithin(atLeast: CosineSimilarity(-1)).isEmpty)
    #expect(try builder(.best).index(one).nearest(5, to: one).map(\.target) == [0])
  }

  @Test func `a budget too small is refused with what is needed`() throws {
    let rows = Planted.random(6000, width: 64, seed: 6)
    #expect(throws: VectorSearchError.self) {
      try ExactJoin(
        rows, nil, atLeast: CosineSimilarity(0.5),
        settings: self.builder(.best, memory: 100_000).settings)
    }
  }
}
