import Analysis
import Domain
import LinearAlgebra
import Testing

struct GeneralisedParetoTests {
  private func draws(_ law: GeneralisedPareto, _ count: Int, seed: UInt64) -> [Double] {
    let random = CounterRandom(seed: seed)
    return (0..<UInt64(count)).map { law.excess(exceededBy: 1 - random.uniform(at: $0)) }.sorted()
  }

  @Test(arguments: [-0.4, -0.2, 0, 0.2])
  func `a planted law comes back`(shape: Double) throws {
    // The standard error of the shape is about (1 + ξ) / √n (Smith 1987).
    var sum = 0.0
    for seed in 0..<UInt64(20) {
      let law = GeneralisedPareto(shape: shape, scale: 0.02)
      let fit = try #require(GeneralisedPareto.fit(draws(law, 2000, seed: 500 + seed)))
      #expect(abs(fit.shape - shape) < 4 * (1 + shape) / 2000.0.squareRoot(), "seed \(seed)")
      #expect(abs(fit.scale / 0.02 - 1) < 0.15, "seed \(seed)")
      sum += fit.shape
    }
    #expect(abs(sum / 20 - shape) < 0.02, "mean shape \(sum / 20)")
  }

  @Test(arguments: [-0.3, 0, 1e-12, 0.3])
  func `share and excess are inverse`(shape: Double) {
    let law = GeneralisedPareto(shape: shape, scale: 0.5)
    for share in [1, 0.5, 1e-3, 1e-9] {
      #expect(abs(law.exceedance(law.excess(exceededBy: share)) / share - 1) < 1e-6)
    }
    #expect(GeneralisedPareto(shape: -0.5, scale: 1).exceedance(2.1) == 0)
  }

  @Test func `the check accepts its own law and refuses another`() throws {
    let law = GeneralisedPareto(shape: -0.2, scale: 0.02)
    var refused = 0
    for seed in 0..<UInt64(30) {
      let own = draws(law, 300, seed: 600 + seed)
      let fit = try #require(GeneralisedPareto.fit(own))
      if fit.goodness(of: own, draws: 99, seed: seed) < 0.1 { refused += 1 }
    }
    #expect(refused <= 7, "refused \(refused) of 30 good fits; 3 are expected")
    // Two lumps follow no tail law.
    let random = CounterRandom(seed: 61)
    let lumps = (0..<UInt64(300)).map { 0.01 * random.uniform(at: $0) + ($0 % 3 == 0 ? 0.05 : 0) }
      .sorted()
    let fit = try #require(GeneralisedPareto.fit(lumps))
    #expect(fit.goodness(of: lumps, draws: 99, seed: 1) <= 0.02)
  }

  @Test func `too few or equal excesses have no fit`() {
    #expect(GeneralisedPareto.fit([Double](repeating: 1, count: 29)) == nil)
    #expect(GeneralisedPareto.fit([Double](repeating: 0, count: 100)) == nil)
    let constant = GeneralisedPareto.fit([Double](repeating: 1, count: 100))
    #expect(constant.map { $0.scale.isFinite && $0.shape.isFinite } ?? true)
  }
}

struct TailExtrapolationTests {
  /// `people` with one image each, whose scores follow `law` from 0.2 on, independently.
  private func cohort(_ law: GeneralisedPareto, people: Int, seed: UInt64) -> CohortScores {
    let random = CounterRandom(seed: seed)
    var comparisons: [ImpostorTail.Comparison] = []
    for a in 0..<people {
      for b in a + 1..<people {
        let share = 1 - random.uniform(at: UInt64(a * people + b))
        comparisons.append(
          .init(Float(0.2 + law.excess(exceededBy: share)), between: a, and: b))
      }
    }
    return CohortScores(
      impostor: comparisons, genuine: [], sizes: [Int](repeating: 1, count: people))
  }

  @Test(arguments: [-0.2, 0])
  func `the planted cosine lies in the interval as often as it should`(shape: Double) throws {
    // 19,900 comparisons support 1.5e-4; 1e-6 is far beyond.
    let law = GeneralisedPareto(shape: shape, scale: 0.03)
    let truth = 0.2 + law.excess(exceededBy: 1e-6)
    var covered = 0
    for seed in 0..<UInt64(30) {
      let scores = cohort(law, people: 200, seed: 700 + seed)
      // One good tail in twenty is refused, as the check is made.
      guard let tail = try? TailExtrapolation.fit(scores, seed: seed, threads: 2) else { continue }
      let point = tail.threshold(atFalseMatchRate: 1e-6)
      #expect(point.low <= point.similarity && point.similarity <= point.high)
      #expect(point.measuredRate.isNaN)
      if Double(point.low.value) <= truth && Double(point.high.value) >= truth { covered += 1 }
    }
    #expect(covered >= 25, "covered \(covered) of 30, seeds from 700")
  }

  @Test func `the same seed gives the same tail on any number of threads`() throws {
    let scores = cohort(GeneralisedPareto(shape: -0.1, scale: 0.03), people: 150, seed: 81)
    let one = try TailExtrapolation.fit(scores, seed: 7)
    #expect(try TailExtrapolation.fit(scores, seed: 7, threads: 3) == one)
    #expect(
      try TailExtrapolation.fit(scores, seed: 8).threshold(atFalseMatchRate: 1e-6).high
        != one.threshold(atFalseMatchRate: 1e-6).high)
  }

  @Test func `smaller rates never get lower cosines, and never below the measured ones`() throws {
    let scores = cohort(GeneralisedPareto(shape: -0.3, scale: 0.03), people: 150, seed: 82)
    let tail = try TailExtrapolation.fit(scores, seed: 1)
    var last = CosineSimilarity(scores.rates.impostor.similarity(reachedByAtMost: 0))
    #expect(try scores.threshold(atFalseMatchRate: 3e-4).similarity <= last)
    for rate in [1e-4, 1e-5, 1e-6, 1e-9] {
      let now = tail.threshold(atFalseMatchRate: rate).similarity
      #expect(now >= last && now.value <= 1)
      last = now
    }
  }

  @Test func `a cohort whose tail follows no law, or that has none, is refused`() {
    var comparisons: [ImpostorTail.Comparison] = []
    let random = CounterRandom(seed: 83)
    let law = GeneralisedPareto(shape: 0, scale: 1)
    for a in 0..<150 {
      for b in a + 1..<150 {
        // Exponential, but in steps: lumps at every size of the tail.
        let place = UInt64(a * 150 + b)
        let step = law.excess(exceededBy: 1 - random.uniform(at: place)).rounded(.down)
        let jitter = 1e-4 * random.uniform(at: place + 100_000)
        comparisons.append(.init(Float(0.05 * step + jitter), between: a, and: b))
      }
    }
    let sizes = [Int](repeating: 1, count: 150)
    let lumps = CohortScores(impostor: comparisons, genuine: [], sizes: sizes)
    #expect(code { try TailExtrapolation.fit(lumps, seed: 1) } == .tooFew)
    let short = CohortScores(
      impostor: Array(comparisons.prefix(4000)), genuine: [], sizes: sizes)
    #expect(code { try TailExtrapolation.fit(short, seed: 1) } == .tooFew)
  }
}
