import Analysis
import Domain
import LinearAlgebra
import Testing

struct ComparisonPairsTests {
  @Test func `every pair is compared once, on the right side`() throws {
    let seed: UInt64 = 41
    let vectors = Planted.unit(rows: 30, width: 16, seed: seed)
    let labels: [Int?] = (0..<30).map { $0 < 6 ? nil : $0 % 5 }
    let rates = try ComparisonPairs.within(vectors, labels: labels)
    var genuine: [Float] = []
    var impostor: [Float] = []
    for i in 0..<30 {
      for j in i + 1..<30 {
        let score = vectors.dot(row: i, vectors, row: j)
        if let label = labels[i], label == labels[j] {
          genuine.append(score)
        } else {
          impostor.append(score)
        }
      }
    }
    #expect(rates.genuine.count == genuine.count && rates.impostor.count == impostor.count)
    for (a, b) in zip(rates.impostor.top, impostor.sorted(by: >)) { #expect(abs(a - b) < 1e-5) }
    for (a, b) in zip(rates.genuine.top, genuine.sorted(by: >)) { #expect(abs(a - b) < 1e-5) }
  }

  @Test func `tiles fit together beyond one tile`() throws {
    let vectors = Planted.unit(rows: 2500, width: 4, seed: 42)
    let rates = try ComparisonPairs.within(vectors, labels: (0..<2500).map { $0 / 2 })
    #expect(rates.genuine.count == 1250)
    #expect(rates.impostor.count == 2500 * 2499 / 2 - 1250)
  }

  @Test func `zero rows take no part and NaN is refused by row`() throws {
    let vectors = Vectors(width: 2, rows: [[1, 0], [0, 0], [0, 1]])
    let rates = try ComparisonPairs.within(vectors, labels: [1, 1, 1])
    #expect(rates.genuine.top == [0])
    let bad = Vectors(width: 2, rows: [[1, 0], [.nan, 0]])
    #expect(code { try ComparisonPairs.within(bad, labels: [1, 1]) } == .degenerate)
    #expect(code { try ComparisonPairs.within(vectors, labels: [1]) } == .mismatch)
  }

  @Test func `two sets give all their products`() throws {
    let a = Planted.unit(rows: 3, width: 8, seed: 43)
    let b = Planted.unit(rows: 1100, width: 8, seed: 44)
    let scores = try ComparisonPairs.impostors(between: a, and: b)
    #expect(scores.count == 3300 && scores.isExact)
    #expect(try ComparisonPairs.impostors(between: a.rows(0..<0), and: b).count == 0)
  }

  @Test func `planted identities separate`() throws {
    let planted = Planted.clusters(30, perCluster: 10, width: 64, spread: 0.7, seed: 45)
    let rates = try ComparisonPairs.within(planted.vectors, labels: planted.labels)
    #expect(try #require(rates.areaUnderCurve()) > 0.99)
  }
}
