import Analysis
import Domain
import LinearAlgebra
import Testing

struct LatentSearchTests {
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
