import Analysis
import Domain
import LinearAlgebra
import Testing

struct ErrorRatesTests {
  @Test func `the threshold is the smallest float that meets the rate`() throws {
    let impostor = (0..<1000).map { Float($0) / 1000 }
    let rates = ErrorRates(genuine: [], impostor: impostor)
    let threshold = try rates.threshold(atFalseMatchRate: 0.01)
    #expect(threshold.measuredRate == 0.01)
    #expect(threshold.similarity.value == Float(0.989).nextUp)
    #expect(rates.falseMatchRate(at: CosineSimilarity(Float(0.989))) > 0.01)
    #expect(threshold.low <= threshold.similarity && threshold.similarity <= threshold.high)
    #expect(threshold.low < threshold.high)
  }

  @Test func `ties at the border are all left out`() throws {
    let impostor = [Float](repeating: 0.5, count: 100) + [Float](repeating: 0.1, count: 900)
    let rates = ErrorRates(genuine: [], impostor: impostor)
    #expect(try rates.threshold(atFalseMatchRate: 0.05).measuredRate == 0)
    #expect(try rates.threshold(atFalseMatchRate: 0.1).measuredRate == 0.1)
    #expect(try rates.threshold(atFalseMatchRate: 1).similarity.value == -1)
  }

  @Test func `too few comparisons are refused with the number that is needed`() {
    let rates = ErrorRates(genuine: [], impostor: [Float](repeating: 0, count: 2999))
    let error = #expect(throws: AnalysisError.self) {
      try rates.threshold(atFalseMatchRate: 1e-3)
    }
    #expect(error?.code == .tooFew)
    #expect(
      error?.message
        == "a false-match rate of 0.001 needs at least 3000 impostor comparisons, there are 2999")
    #expect(code { try rates.threshold(atFalseMatchRate: 0) } == .outOfRange)
    #expect(code { try rates.threshold(atFalseMatchRate: .nan) } == .outOfRange)
  }

  @Test func `FMR falls and FNMR rises with the threshold`() {
    let seed: UInt64 = 31
    let random = CounterRandom(seed: seed)
    let rates = ErrorRates(
      genuine: random.gaussians(count: 500).map { 0.6 + 0.1 * $0 },
      impostor: random.gaussians(count: 2000, from: 1000).map { 0.1 * $0 })
    var last = (match: 2.0, miss: -1.0)
    for step in -100...100 {
      let similarity = CosineSimilarity(Float(step) / 100)
      let now = (rates.falseMatchRate(at: similarity), rates.falseNonMatchRate(at: similarity))
      #expect(now.0 <= last.match && now.1 >= last.miss, "seed \(seed)")
      last = now
    }
  }

  @Test func `a planted equal error rate and area come back`() throws {
    // Two normal laws 4 standard deviations apart: EER = Φ(-2), AUC = Φ(4/√2).
    let random = CounterRandom(seed: 32)
    let rates = ErrorRates(
      genuine: random.gaussians(count: 40_000).map { 0.5 + 0.1 * $0 },
      impostor: random.gaussians(count: 40_000, from: 50_000).map { 0.1 + 0.1 * $0 })
    let equal = try #require(rates.equalErrorRate())
    #expect(abs(equal.rate - 0.02275) < 0.002)
    #expect(abs(equal.similarity.value - 0.3) < 0.01)
    #expect(abs(try #require(rates.areaUnderCurve()) - 0.99766) < 0.001)
  }

  @Test func `separated scores have no error and an empty side has no rate`() {
    let apart = ErrorRates(genuine: [0.8, 0.9], impostor: [0.1, 0.2])
    #expect(apart.equalErrorRate()?.rate == 0)
    #expect(apart.areaUnderCurve() == 1)
    #expect(ErrorRates(genuine: [], impostor: [0.1]).equalErrorRate() == nil)
    #expect(ErrorRates(genuine: [0.1], impostor: []).areaUnderCurve() == nil)
  }

  @Test func `ties count half in the area`() {
    #expect(AreaUnderCurve.of(positives: [1, 2], negatives: [1, 0]) == 0.875)
    #expect(AreaUnderCurve.of(positives: [1, 1], negatives: [1]) == 0.5)
    #expect(AreaUnderCurve.of(positives: [.nan], negatives: [1]) == nil)
  }

  @Test func `the interval of the similarity covers the planted threshold`() throws {
    // Impostor scores uniform on 0...1: the threshold at 1 % is 0.99.
    var covered = 0
    for seed in 0..<UInt64(200) {
      let random = CounterRandom(seed: 4000 + seed)
      let scores = (0..<UInt64(2000)).map { Float(random.uniform(at: $0)) }
      let threshold = try ErrorRates(genuine: [], impostor: scores)
        .threshold(atFalseMatchRate: 0.01)
      if threshold.low.value <= 0.99 && threshold.high.value >= 0.99 { covered += 1 }
    }
    #expect(covered >= 186, "covered \(covered) of 200, seeds from 4000")
  }

  @Test func `a short memory gives the same answers in the tail and close ones below`() throws {
    let random = CounterRandom(seed: 33)
    let scores = random.gaussians(count: 50_000).map { 0.2 * $0 }
    var collector = ScoreCollector(exactLimit: 1000, tailCapacity: 600)
    for score in scores { collector.add(score) }
    let short = collector.distribution()
    let full = ScoreDistribution(scores)
    #expect(!short.isExact && full.isExact && short.count == full.count)
    #expect(short.top == Array(full.top.prefix(600)))
    #expect(short.similarity(reachedByAtMost: 500) == full.similarity(reachedByAtMost: 500))
    for allowed in [600, 5000, 25_000, 49_000] {
      let (a, b) = (
        short.similarity(reachedByAtMost: allowed), full.similarity(reachedByAtMost: allowed)
      )
      #expect(abs(a - b) < 1e-4)
      #expect(full.count(atLeast: a) <= allowed)
    }
    #expect(abs(short.count(atLeast: 0) - full.count(atLeast: 0)) < 100)
  }
}

struct BinomialIntervalTests {
  // The limits are beta quantiles; for k = 0 and k = n they have closed forms.
  @Test func `the closed forms at both ends hold`() {
    let none = BinomialInterval.clopperPearson(successes: 0, trials: 10)
    #expect(none.low == 0)
    #expect(abs(none.high - (1 - 0.6915028921812392)) < 1e-9)  // 1 - 0.025^(1/10)
    let all = BinomialInterval.clopperPearson(successes: 10, trials: 10)
    #expect(all.high == 1)
    #expect(abs(all.low - 0.6915028921812392) < 1e-9)
  }

  @Test func `the incomplete beta function meets its closed forms`() {
    for x in [0.0, 0.1, 0.5, 0.9, 1.0] {
      #expect(abs(IncompleteBeta.value(x, 1, 1) - x) < 1e-13)
      #expect(abs(IncompleteBeta.value(x, 3, 1) - x * x * x) < 1e-13)
      #expect(abs(IncompleteBeta.value(x, 2, 2) - x * x * (3 - 2 * x)) < 1e-13)
      #expect(
        abs(IncompleteBeta.value(x, 5, 9) + IncompleteBeta.value(1 - x, 9, 5) - 1) < 1e-13)
    }
  }

  @Test(arguments: [(1, 20), (5, 20), (37, 1000), (2, 1_000_000)])
  func `each limit leaves a tail of 2.5 %`(successes: Int, trials: Int) {
    let interval = BinomialInterval.clopperPearson(successes: successes, trials: trials)
    let (k, n) = (Double(successes), Double(trials))
    #expect(abs(IncompleteBeta.value(interval.low, k, n - k + 1) - 0.025) < 1e-9)
    #expect(abs(IncompleteBeta.value(interval.high, k + 1, n - k) - 0.975) < 1e-9)
    #expect(interval.low < k / n && k / n < interval.high)
  }

  @Test func `it covers at least 95 % of the time for every share`() {
    for share in [0.02, 0.1, 0.5] {
      // The exact coverage: binomial weights of the counts whose interval holds the share.
      var weight = Double.zero
      var covered = 0.0
      for k in 0...40 {
        weight =
          k == 0
          ? power(1 - share, 40)
          : weight * Double(41 - k) / Double(k) * share / (1 - share)
        let interval = BinomialInterval.clopperPearson(successes: k, trials: 40)
        if interval.low <= share && share <= interval.high { covered += weight }
      }
      #expect(covered >= 0.95, "share \(share)")
    }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }
}
