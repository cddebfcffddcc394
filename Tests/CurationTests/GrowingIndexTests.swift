import Curation
import Domain
import Foundation
import LinearAlgebra
import Testing
import VectorSearch

@Suite struct GrowingIndexTests {
  private func rows(_ count: Int, width: Int, seed: UInt64) -> Vectors {
    // Around 50 centres, so that there are close pairs.
    let random = CounterRandom(seed: seed)
    let centres = CounterRandom(seed: 1000)
    var values: [Float] = []
    for row in 0..<count {
      for column in 0..<width {
        let centre = centres.gaussian(at: UInt64(row % 50 * width + column))
        values.append(centre + 0.5 * random.gaussian(at: UInt64(row * width + column)))
      }
    }
    return Vectors(count: count, width: width, values: values).unitRows().vectors
  }

  @Test func `it answers as one index over all rows would, however many there are`() throws {
    let all = rows(5300, width: 24, seed: 1)
    let queries = rows(60, width: 24, seed: 2)
    var index = GrowingIndex(width: 24, builder: FaissIndexBuilder(threads: 1))
    let floor = CosineSimilarity(0.85)
    let checks: Set = [1, 500, 1023, 1024, 1025, 2048, 3500, 5300]
    for row in 0..<all.count {
      try index.append(Array(all[row: row]))
      guard checks.contains(row + 1) else { continue }
      var expected: [VectorPair] = []
      for query in 0..<queries.count {
        for target in 0...row {
          let similarity = CosineSimilarity(queries.dot(row: query, all, row: target))
          guard similarity >= floor else { continue }
          expected.append(VectorPair(query: query, target: target, similarity: similarity))
        }
      }
      #expect(try index.pairs(from: queries, atLeast: floor) == expected, "\(row + 1) rows")
    }
    #expect(index.count == 5300)
    #expect(index.segmentCount <= 3)
  }

  @Test func `nothing is found in nothing, and a row finds itself`() throws {
    var index = GrowingIndex(width: 8, builder: FaissIndexBuilder(threads: 1))
    let row = rows(1, width: 8, seed: 3)
    #expect(try index.pairs(from: row, atLeast: CosineSimilarity(-1)).isEmpty)
    try index.append(row.values)
    #expect(try index.pairs(from: row, atLeast: CosineSimilarity(0.999)).map(\.target) == [0])
    let none = Vectors(count: 0, width: 8, values: [])
    #expect(try index.pairs(from: none, atLeast: CosineSimilarity(-1)).isEmpty)
  }

  /// Prints what a candidate costs; run with D2R_MEASURE=1.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["D2R_MEASURE"] != nil))
  func `measured: searching and adding 20,000 rows of 512, 64 at a time`() throws {
    let random = CounterRandom(seed: 5)
    let all = Vectors(
      count: 20_032, width: 512, values: random.gaussians(count: 20_032 * 512)
    ).unitRows().vectors
    var index = GrowingIndex(width: 512, builder: FaissIndexBuilder(threads: 1))
    let clock = ContinuousClock()
    var (searching, adding, last) = (Duration.zero, Duration.zero, Duration.zero)
    for start in stride(from: 0, to: 20_032, by: 64) {
      let chunk = all.rows(start..<start + 64)
      last = try clock.measure {
        _ = try index.pairs(from: chunk, atLeast: CosineSimilarity(0.5))
      }
      searching += last
      adding += try clock.measure {
        for row in 0..<64 { try index.append(Array(chunk[row: row])) }
      }
    }
    print("searching \(searching / 20_032) per candidate on average, \(last / 64) at the end;")
    print("adding \(adding / 20_032) per candidate, \(index.segmentCount) segments")
  }
}
