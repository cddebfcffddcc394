import Analysis
import Domain
import Glibc
import LinearAlgebra
import Testing

struct SpherePackingTests {
  private func free(_ rows: Vectors) -> [String?] { (0..<rows.count).map { _ in nil } }

  private func request(
    _ count: Int, most: Int = 4000, threads: Int = 1
  ) -> SpherePacking.Request {
    SpherePacking.Request(count: count, mostProposals: most, seed: 17, threads: threads)
  }

  @Test func `every pair is at least the angle apart, and each number is used once`() throws {
    let there = Planted.unit(rows: 300, width: 24, seed: 2)
    let below = CosineSimilarity(0.45)
    let outcome = try SpherePacking(below: below).pack(
      around: there, from: .sphere(width: 24), request(400), judge: free)
    #expect(outcome.placed.count == 400)
    #expect(Set(outcome.placed.map(\.number)).count == 400)
    let placed = Vectors(width: 24, rows: outcome.placed.map(\.vector))
    #expect(placed.similarities(to: there).allSatisfy { $0 < below.value })
    let own = placed.similarities(to: placed)
    for a in 0..<400 { for b in 0..<a { #expect(own[a * 400 + b] < below.value) } }
    #expect((0..<400).allSatisfy { abs(length(placed[row: $0]) - 1) < 1e-6 })
  }

  @Test func `threads change nothing`() throws {
    let there = Planted.unit(rows: 9000, width: 16, seed: 3)
    let packing = SpherePacking(below: CosineSimilarity(0.85))
    let one = try packing.pack(
      around: there, from: .sphere(width: 16), request(50, threads: 1), judge: free)
    let many = try packing.pack(
      around: there, from: .sphere(width: 16), request(50, threads: 5), judge: free)
    #expect(one == many && one.placed.count == 50)
  }

  @Test func `moving away finds room that drawing alone does not`() throws {
    let there = Planted.unit(rows: 60, width: 4, seed: 4)
    var packing = SpherePacking(below: CosineSimilarity(0.8))
    let moved = try packing.pack(
      around: there, from: .sphere(width: 4), request(1000, most: 512), judge: free)
    packing.rounds = 0
    let drawn = try packing.pack(
      around: there, from: .sphere(width: 4), request(1000, most: 512), judge: free)
    #expect(moved.placed.count > drawn.placed.count, "\(moved.placed.count), \(drawn.placed.count)")
    #expect(drawn.proposals == 512 && drawn.refused[SpherePacking.tooNear] ?? 0 > 0)
  }

  @Test func `what the judge refuses is counted by reason and keeps nobody away`() throws {
    let none = Vectors(count: 0, width: 8, values: [])
    let outcome = try SpherePacking(below: CosineSimilarity(0.9)).pack(
      around: none, from: .sphere(width: 8), request(20)
    ) { rows in (0..<rows.count).map { $0 % 2 == 0 ? "odd" : nil } }
    #expect(outcome.placed.count == 20)
    #expect(outcome.refused["odd"] ?? 0 >= 20)
  }

  @Test func `going on gives what asking for all at once gives`() throws {
    let there = Planted.unit(rows: 50, width: 12, seed: 6)
    let packing = SpherePacking(below: CosineSimilarity(0.5))
    let all = try packing.pack(
      around: there, from: .sphere(width: 12), request(60), judge: free)
    let first = try packing.pack(
      around: there, from: .sphere(width: 12), request(25), judge: free)
    #expect(Array(all.placed.prefix(25)) == first.placed)
    var rest = request(35)
    rest.skipped = Set(first.placed.map(\.number))
    let grown = Vectors(
      width: 12, rows: (0..<50).map { Array(there[row: $0]) } + first.placed.map(\.vector))
    let second = try packing.pack(
      around: grown, from: .sphere(width: 12), rest, judge: free)
    #expect(second.placed.count == 35)
  }

  @Test func `a full sphere ends with fewer, not in a loop`() throws {
    let outcome = try SpherePacking(below: CosineSimilarity(-0.6)).pack(
      around: Vectors(count: 0, width: 2, values: []), from: .sphere(width: 2),
      request(10, most: 600), judge: free)
    #expect(outcome.placed.count < 4 && outcome.placed.count > 0)
    #expect(outcome.proposals == 600)
  }
}

struct DirectionModelTests {
  @Test func `likenesses have the mean and the axes of what they are like`() throws {
    // Longer along the first axis, around a mean on the last.
    var rows = Planted.gaussian(rows: 2000, width: 64, seed: 1)
    for row in 0..<2000 {
      for column in 0..<64 {
        rows.values[row * 64 + column] *= column == 0 ? 0.25 : 0.1
        if column == 63 { rows.values[row * 64 + column] += 1 }
      }
    }
    let given = rows.unitRows().vectors
    let drawn = try DirectionModel.likeness(of: given).draws(0..<2000, seed: 8)
    #expect(zip(given.mean(), drawn.mean()).allSatisfy { abs($0 - $1) < 0.03 })
    let (a, b) = (
      try PrincipalAxes.fit(given, count: 1), try PrincipalAxes.fit(drawn, count: 1)
    )
    #expect(abs(cosine(a.axes[row: 0], b.axes[row: 0])) > 0.99)
    #expect(abs(a.variances[0] / b.variances[0] - 1) < 0.15, "\(a.variances[0]), \(b.variances[0])")
  }

  @Test func `a number is the same direction in any block, and few directions are refused`() throws
  {
    let sphere = DirectionModel.sphere(width: 16)
    let rows = sphere.draws(0..<100, seed: 4)
    #expect(sphere.draws(40..<60, seed: 4) == rows.rows(40..<60))
    #expect(sphere.draws(0..<100, seed: 5) != rows)
    #expect(abs(length(rows[row: 3]) - 1) < 1e-6)
    let two = Planted.unit(rows: 2, width: 4, seed: 1)
    #expect(code { try DirectionModel.likeness(of: two) } == .tooFew)
    let flat = Vectors(width: 2, rows: [[1, 0], [1, 0], [1, 0]])
    #expect(try DirectionModel.likeness(of: flat).draws(0..<2, seed: 1).values == [1, 0, 1, 0])
  }
}
