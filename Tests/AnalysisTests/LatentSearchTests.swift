import Analysis
import Domain
import LinearAlgebra
import Testing

struct LatentSearchTests {
  @Test func `proposals keep the law of the latent and its direction as the radius says`() {
    let seed: UInt64 = 51
    let latent = Array(Planted.gaussian(rows: 1, width: 100, seed: seed)[row: 0])
    let near = LatentProposal.around(latent, radius: 0.1, seed: seed, round: 0, count: 50)
    let far = LatentProposal.around(latent, radius: 1, seed: seed, round: 0, count: 200)
    for row in 0..<50 { #expect(cosine(near[row: row], latent) > 0.98, "seed \(seed)") }
    let mean = (0..<200).map { cosine(far[row: $0], latent) }.reduce(0, +) / 200
    #expect(abs(mean - 0.707) < 0.05, "seed \(seed)")
    let lengths = (0..<200).map { length(far[row: $0]) }.reduce(0, +) / 200
    #expect(abs(lengths - 10) < 0.6, "seed \(seed)")
  }

  @Test func `radius 0 repeats the latent, rounds differ, seeds repeat`() {
    let latent: [Float] = [1, -2, 3]
    let still = LatentProposal.around(latent, radius: 0, seed: 1, round: 0, count: 2)
    #expect(Array(still[row: 1]) == latent)
    let first = LatentProposal.around(latent, radius: 1, seed: 1, round: 0, count: 2)
    #expect(first == LatentProposal.around(latent, radius: 1, seed: 1, round: 0, count: 2))
    #expect(first != LatentProposal.around(latent, radius: 1, seed: 1, round: 1, count: 2))
    #expect(LatentProposal.around(latent, radius: 1, seed: 1, round: 0, count: 0).count == 0)
  }

  @Test func `the search finds a planted latent direction`() throws {
    let width = 40
    let target = Array(Planted.gaussian(rows: 1, width: width, seed: 52)[row: 0])
    var options = LatentSearchOptions()
    options.seed = 53
    var search = LatentSearch(
      start: Array(Planted.gaussian(rows: 1, width: width, seed: 54)[row: 0]), options: options)
    for _ in 0..<300 {
      let asked = search.ask()
      try search.tell((0..<asked.count).map { Float(cosine(asked[row: $0], target)) })
    }
    let best = try #require(search.best)
    #expect(best.similarity.value > 0.98, "seeds 52 to 54")
    #expect(abs(cosine(best.latent, target) - Double(best.similarity.value)) < 1e-5)
    #expect(length(best.latent) <= 1.26 * Double(width).squareRoot())
  }

  @Test func `the same answers give the same questions`() throws {
    func run() throws -> Vectors {
      var search = LatentSearch(start: [1, 0, 0, 1, 0])
      for _ in 0..<5 {
        let asked = search.ask()
        #expect(search.ask() == asked)
        try search.tell((0..<asked.count).map { asked.values[$0 * 5] })
      }
      return search.ask()
    }
    let first = try run()
    #expect(try run() == first)
  }

  @Test func `NaN never wins and a wrong count is refused`() throws {
    var search = LatentSearch(start: [1, 0, 0])
    var answers = [Float](repeating: .nan, count: search.population)
    try search.tell(answers)
    #expect(search.best == nil)
    answers[2] = 0.4
    try search.tell(answers)
    #expect(search.best?.similarity.value == 0.4)
    #expect(search.mean.allSatisfy { $0.isFinite })
    #expect(code { try search.tell([1]) } == .mismatch)
  }
}
