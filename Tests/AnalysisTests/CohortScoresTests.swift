import Analysis
import Domain
import LinearAlgebra
import Testing

struct CohortScoresTests {
  /// One image per identity; a comparison's score is what both people add and what the two pictures
  /// add: `shared`, `shared` and `own` standard deviations.
  private func people(
    _ count: Int, shared: Float, own: Float, seed: UInt64
  ) -> CohortScores {
    let random = CounterRandom(seed: seed)
    let person = random.gaussians(count: count)
    var comparisons: [ImpostorTail.Comparison] = []
    for a in 0..<count {
      for b in a + 1..<count {
        let noise = random.gaussian(at: UInt64(count + a * count + b))
        let score = shared * (person[a] + person[b]) + own * noise
        comparisons.append(.init(score, between: b, and: a))
      }
    }
    return CohortScores(
      impostor: comparisons, genuine: [], sizes: [Int](repeating: 1, count: count))
  }

  @Test func `the design effect is the double sum over comparisons that share a person`() {
    let sizes = [2, 1, 3, 1]
    var comparisons: [ImpostorTail.Comparison] = []
    var residuals: [(a: Int, b: Int, matches: Double, pairs: Double)] = []
    for (a, b, matches) in [(0, 1, 2), (0, 2, 3), (0, 3, 0), (1, 2, 1), (1, 3, 0), (2, 3, 0)] {
      let pairs = sizes[a] * sizes[b]
      for pair in 0..<pairs {
        comparisons.append(.init(pair < matches ? 0.8 : 0.1, between: a, and: b))
      }
      residuals.append((a, b, Double(matches), Double(pairs)))
    }
    let total = residuals.reduce(0) { $0 + $1.pairs }
    let rate = 6 / total
    var variance = 0.0
    for one in residuals {
      for other in residuals where !Set([one.a, one.b]).isDisjoint(with: [other.a, other.b]) {
        variance += (one.matches - rate * one.pairs) * (other.matches - rate * other.pairs)
      }
    }
    let expected = variance * 4 / 3 / (total * rate * (1 - rate))
    let scores = CohortScores(impostor: comparisons, genuine: [], sizes: sizes)
    #expect(expected > 1)
    #expect(abs(scores.designEffect(at: CosineSimilarity(0.5)) - expected) < 1e-12)
    #expect(scores.designEffect(at: CosineSimilarity(0.9)) == 1)
  }

  @Test func `independent comparisons have a design effect near 1, shared people a large one`() {
    let apart = people(120, shared: 0, own: 0.1, seed: 71)
    #expect(apart.designEffect(at: CosineSimilarity(0.2)) < 1.5)
    let shared = people(120, shared: 0.1, own: 0.1, seed: 72)
    #expect(shared.designEffect(at: CosineSimilarity(0.2)) > 5)
  }

  @Test func `intervals cover the truth where comparisons share people, and plain ones do not`()
    throws
  {
    // The score's law is normal, so the cosine at 5 % is known: 1.6449 standard deviations.
    let truth = Float(1.644854 * 0.1 * 3.0.squareRoot())
    var (covered, plain) = (0, 0)
    for seed in 0..<UInt64(120) {
      let scores = people(60, shared: 0.1, own: 0.1, seed: 9000 + seed)
      let wide = try scores.threshold(atFalseMatchRate: 0.05)
      let narrow = try scores.rates.threshold(atFalseMatchRate: 0.05)
      #expect(wide.similarity == narrow.similarity && wide.designEffect > 1)
      if wide.low.value <= truth && wide.high.value >= truth { covered += 1 }
      if narrow.low.value <= truth && narrow.high.value >= truth { plain += 1 }
    }
    #expect(covered >= 106, "covered \(covered) of 120, seeds from 9000")
    #expect(plain <= 90, "independent intervals covered \(plain) of 120")
  }

  @Test func `a rate that is too small is refused with the identities that are needed`() throws {
    let scores = people(21, shared: 0, own: 0.1, seed: 73)
    let error = #expect(throws: AnalysisError.self) {
      try scores.threshold(atFalseMatchRate: 1e-3)
    }
    #expect(error?.code == .tooFew)
    #expect(
      error?.message == "a false-match rate of 0.001 needs at least 3000 impostor comparisons, "
        + "about 78 identities with as many images each; there are 210 of 21 identities")
    // 78 × 77 / 2 = 3003 and 77 × 76 / 2 = 2926.
    #expect(scores.supports(0.015) && !scores.supports(0.014))
  }

  @Test func `threads and a short tail do not change what is measured`() throws {
    let planted = Planted.clusters(60, perCluster: 50, width: 16, spread: 0.9, seed: 74)
    let labels = planted.labels.map { Optional($0) }
    let one = try ComparisonPairs.cohort(planted.vectors, labels: labels)
    let three = try ComparisonPairs.cohort(planted.vectors, labels: labels, threads: 3)
    #expect(one == three)
    #expect(one.sizes == [Int](repeating: 50, count: 60))
    #expect(one.rates.impostor.count == 3000 * 2999 / 2 - 60 * 50 * 49 / 2)
    for threads in [1, 2] {
      let short = try ComparisonPairs.cohort(
        planted.vectors, labels: labels, threads: threads, tailCapacity: 5000)
      #expect(short.tail.comparisons == Array(one.tail.comparisons.prefix(5000)))
      #expect(short.rates == one.rates)
    }
  }

  @Test func `collectors that share the work hold what one alone would hold`() {
    let scores = CounterRandom(seed: 75).gaussians(count: 9000).map { 0.2 * $0 }
    for limit in [500, 100_000] {
      var alone = ScoreCollector(expecting: 9000, exactLimit: limit, tailCapacity: 400)
      var parts = (0..<3).map { _ in
        ScoreCollector(expecting: 9000, exactLimit: limit, tailCapacity: 400)
      }
      for (place, score) in scores.enumerated() {
        alone.add(score)
        parts[place % 3].add(score)
      }
      var merged = parts[2]
      merged.merge(parts[0])
      merged.merge(parts[1])
      #expect(merged.distribution() == alone.distribution(), "limit \(limit)")
    }
  }
}

struct ClusteredIntervalTests {
  @Test func `with no design effect and many clusters it is Clopper and Pearson's`() {
    let plain = BinomialInterval.clopperPearson(successes: 37, trials: 10_000)
    let clustered = BinomialInterval.clustered(
      successes: 37, trials: 10_000, designEffect: 1, clusters: 10_000_000)
    #expect(abs(plain.low - clustered.low) < 1e-9 && abs(plain.high - clustered.high) < 1e-9)
  }

  @Test func `a design effect is worth as many trials fewer`() {
    // t at 9 degrees of freedom is 2.262157, z is 1.959964 (Abramowitz and Stegun, table 26.10).
    let ratio = 1.959964 / 2.262157
    let clustered = BinomialInterval.clustered(
      successes: 0, trials: 4000, designEffect: 4, clusters: 10)
    let trials = 1000 * ratio * ratio
    // 0 of n: the upper end leaves (1 - p)^n = 2.5 %.
    let product = (1 - clustered.high).squareRoot()
    #expect(clustered.low == 0)
    #expect(abs(trials * 2 * (1 - product) - 3.688_879) < 0.01)
  }
}

struct DETCurveTests {
  @Test func `both rates run over their whole range`() {
    let random = CounterRandom(seed: 76)
    let rates = ErrorRates(
      genuine: random.gaussians(count: 3000).map { 0.6 + 0.1 * $0 },
      impostor: random.gaussians(count: 60_000, from: 5000).map { 0.1 * $0 })
    let points = DETCurve(rates).points
    #expect(points.first?.falseMatchRate == 1 && points.last?.falseMatchRate == 0)
    #expect(points.first?.falseNonMatchRate == 0)
    for (a, b) in zip(points, points.dropFirst()) {
      #expect(a.similarity < b.similarity && a.falseMatchRate >= b.falseMatchRate)
      #expect(a.falseNonMatchRate <= b.falseNonMatchRate)
    }
    for rate in [1e-2, 1e-3, 1e-4] {
      let near = points.filter { $0.falseMatchRate > 0.7 * rate && $0.falseMatchRate <= rate }
      #expect(!near.isEmpty, "\(rate)")
    }
    #expect(DETCurve(ErrorRates(genuine: [0.5], impostor: [])).points.isEmpty)
  }

  @Test func `a histogram keeps every score`() {
    let scores = CounterRandom(seed: 77).gaussians(count: 5000).map { 0.4 * $0 }
    let counts = ScoreDistribution(scores).histogram(from: -0.5, to: 0.5, bins: 20)
    #expect(counts.reduce(0, +) == 5000)
    #expect(counts[10] == scores.count { $0 >= 0 && $0 < 0.05 })
    #expect(counts[19] == scores.count { $0 >= 0.45 })
  }
}

struct GroupComparisonTests {
  private func group(_ people: Int, shift: Float, seed: UInt64) -> CohortScores {
    let random = CounterRandom(seed: seed)
    var comparisons: [ImpostorTail.Comparison] = []
    for a in 0..<people {
      for b in a + 1..<people {
        let score = shift + 0.1 * random.gaussian(at: UInt64(a * people + b))
        comparisons.append(.init(score, between: a, and: b))
      }
    }
    return CohortScores(
      impostor: comparisons, genuine: [0.2, 0.5, 0.6, 0.9],
      sizes: [Int](repeating: 1, count: people))
  }

  @Test func `a group with more false matches is named, equal groups are not`() throws {
    let similarity = CosineSimilarity(0.233)  // 1 % of N(0, 0.1)
    let same = GroupComparison(
      [("a", group(100, shift: 0, seed: 1)), ("b", group(100, shift: 0, seed: 2))],
      at: similarity, rate: 0.01)
    #expect(same.differences.isEmpty)
    let different = GroupComparison(
      [
        ("a", group(100, shift: 0, seed: 3)), ("b", group(100, shift: 0.06, seed: 4)),
        ("c", group(100, shift: 0, seed: 5)),
      ], at: similarity, rate: 0.01)
    #expect(
      different.differences.map { [$0.higher, $0.lower] } == [["b", "a"], ["b", "c"]])
    let row = different.groups[1]
    #expect(row.identities == 100 && row.images == 100 && row.genuine == 4 && row.missed == 1)
    #expect(row.falseNonMatchRate == 0.25)
    let rate = try #require(row.falseMatches)
    #expect(rate.interval.low < rate.rate && rate.rate < rate.interval.high)
    #expect(abs(try #require(row.own).similarity.value - 0.293) < 0.02)
  }

  @Test func `a group of one person has no rate, a small one no cosine of its own`() {
    let comparison = GroupComparison(
      [("one", group(1, shift: 0, seed: 6)), ("few", group(5, shift: 0, seed: 7))],
      at: CosineSimilarity(0.2), rate: 0.01)
    #expect(comparison.groups[0].falseMatches == nil && comparison.groups[0].own == nil)
    #expect(comparison.groups[1].falseMatches?.comparisons == 10)
    #expect(comparison.groups[1].own == nil && comparison.differences.isEmpty)
  }
}
