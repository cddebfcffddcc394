import Domain
import LinearAlgebra
import Testing
import VectorSearch

@Suite struct NeighbourFinderTests {
  private static let paths = KernelPath.allCases.filter(\.isAvailable)

  private func finder(
    _ path: KernelPath = .best, threads: Int = 2, memory: Int = 1 << 30, share: Double = 1
  ) -> NeighbourFinder {
    NeighbourFinder(ExactSettings(threads: threads, memory: memory, path: path), share: share)
  }

  /// In several blocks, a last one that is not full, and rows that rounding spoils: so few that scales heed
  /// them not.
  @Test(arguments: paths) func `the nearest within a set are those of brute force`(
    path: KernelPath
  ) throws {
    var rows = Planted.clusters(2500, width: 64, size: 40, spread: 0.08, seed: 43)
    for row in [700, 2499] {
      for column in 0..<64 { rows.values[row * 64 + column] = column == row % 64 ? 1 : 0 }
    }
    for row in [100, 900, 1600] {
      rows.values.replaceSubrange(row * 64..<(row + 1) * 64, with: rows.values[50 * 64..<51 * 64])
    }
    for (k, threads) in [(1, 1), (30, 3), (400, 2)] {
      let nearest = try finder(path, threads: threads).neighbours(
        k, within: rows, progress: SilentProgress())
      #expect(nearest.recall == nil)
      let found =
        try nearest.of(0..<900)
        + nearest.of(900..<2500).map { pair in
          VectorPair(query: pair.query + 900, target: pair.target, similarity: pair.similarity)
        }
      #expect(found == BruteForce(targets: rows).nearest(k, to: rows), "\(k), \(threads) threads")
    }
  }

  @Test func `as many neighbours as there are rows, and more, are all of them`() throws {
    let rows = Planted.clusters(700, width: 64, size: 40, spread: 0.08, seed: 45)
    let all = BruteForce(targets: rows).nearest(700, to: rows)
    for k in [700, 900] {
      let nearest = try finder().neighbours(k, within: rows, progress: SilentProgress())
      #expect(try nearest.of(0..<700) == all)
    }
  }

  @Test func `the nearest within a set are the same where memory is short`() throws {
    let rows = Planted.clusters(900, width: 64, size: 40, spread: 0.08, seed: 44)
    // Enough for the rounded rows, too little for what all of them have found.
    let nearest = try finder(memory: 400_000).neighbours(
      30, within: rows, progress: SilentProgress())
    #expect(try nearest.of(0..<900) == BruteForce(targets: rows).nearest(30, to: rows))
  }

  // MARK: most of them

  /// Clusters around centres that lie around a few others: who is not in one's cluster is near anyway.
  private static let crowd: Vectors = {
    let centres = Planted.clusters(160, width: 48, size: 20, spread: 0.7, seed: 51)
    let noise = Planted.random(6000, width: 48, seed: 52)
    let rows = (0..<6000).map { row in
      zip(centres[row: row * 7 % 160], noise[row: row]).map { $0 + 0.5 * $1 }
    }
    return Vectors(width: 48, rows: rows).unitRows().vectors
  }()

  private func found(
    _ k: Int, _ rows: Vectors, threads: Int = 2, share: Double
  ) throws -> (pairs: [VectorPair], recall: MeasuredRecall?) {
    let found = try finder(threads: threads, share: share).neighbours(
      k, within: rows, progress: SilentProgress())
    return (try found.of(0..<rows.count), found.recall)
  }

  @Test(arguments: [0.6, 0.9, 0.99]) func `the share that is asked for is found, and said`(
    share: Double
  ) throws {
    let rows = Self.crowd
    let (pairs, recall) = try found(25, rows, share: share)
    let all = try found(25, rows, share: 1)
    #expect(all.recall == nil)
    let there = Set(pairs.map { SIMD2($0.query, $0.target) })
    let others = all.pairs.filter { $0.query != $0.target }
    let truth =
      Double(others.count { there.contains(SIMD2($0.query, $0.target)) }) / Double(others.count)
    let measured = try #require(recall?.share)
    // A twelfth of the rows is asked.
    #expect(recall?.queries == 500 && recall?.expected == 500 * 24)
    #expect(measured >= share && abs(measured - truth) < 0.02, "\(measured), truly \(truth)")
    if share < 0.9 { #expect(truth < 0.97, "little was spared") }
    // Each is given its own number of them, with their own similarities, the nearest first.
    #expect(pairs.count == 25 * rows.count)
    let similarities = BruteForce(targets: rows).all(rows, 4321)
    let own = pairs.filter { $0.query == 4321 }
    #expect(own.first?.target == 4321 && Set(own.map(\.target)).count == 25)
    #expect(own.allSatisfy { $0.similarity == similarities[$0.target].similarity })
    for (a, b) in zip(own, own.dropFirst()) { #expect(a.similarity >= b.similarity) }
  }

  @Test func `threads and the way of asking change nothing`() throws {
    let rows = Self.crowd
    let once = try found(25, rows, threads: 1, share: 0.9)
    #expect(try found(25, rows, threads: 3, share: 0.9) == once)
    let again = try finder(share: 0.9).neighbours(25, within: rows, progress: SilentProgress())
    let last = try again.of(4000..<6000)
    #expect(last.map(\.target) == once.pairs.filter { $0.query >= 4000 }.map(\.target))
  }

  @Test func `where nothing clusters all are found`() throws {
    let rows = Planted.random(5000, width: 24, seed: 53)
    let (pairs, recall) = try found(5, rows, share: 0.99)
    #expect(recall == nil)
    #expect(pairs.suffix(5) == BruteForce(targets: rows).nearest(5, to: rows).suffix(5))
  }

  @Test func `equal rows, and rows that rounding spoils, have neighbours`() throws {
    var rows = Self.crowd
    for row in [17, 4000] {
      for column in 0..<48 { rows.values[row * 48 + column] = column == row % 48 ? 1 : 0 }
    }
    for row in 1000..<1100 {
      rows.values.replaceSubrange(row * 48..<(row + 1) * 48, with: rows.values[50 * 48..<51 * 48])
    }
    let (pairs, _) = try found(25, rows, share: 0.9)
    #expect(pairs.count == 25 * 6000)
    for row in [17, 4000] {
      let own = pairs.filter { $0.query == row }.map(\.target)
      let exact = BruteForce(targets: rows).nearest(25, to: rows.rows([row])).map(\.target)
      #expect(own == exact)
    }
    // Equal ones find each other.
    #expect(pairs.filter { $0.query == 1050 }.allSatisfy { $0.similarity.value > 0.999 })
  }

  @Test func `one direction for all is a cluster too`() throws {
    let same = Vectors(width: 4, rows: [[Float]](repeating: [1, 0, 0, 0], count: 5000))
    let (pairs, _) = try found(10, same, share: 0.9)
    #expect(pairs.count == 50_000 && pairs.allSatisfy { $0.similarity.value == 1 })
  }

  @Test func `rows that are not of length 1 are named`() {
    let rows = Vectors(width: 2, rows: [[1, 0], [2, 0]])
    #expect(throws: VectorSearchError.self) {
      try finder().neighbours(1, within: rows, progress: SilentProgress())
    }
  }
}
