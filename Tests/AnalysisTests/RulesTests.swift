import Analysis
import Domain
import Testing

struct TwoKeyRuleTests {
  let rule = TwoKeyRule(
    identityFloor: CosineSimilarity(0.8), imageFloor: CosineSimilarity(0.95), pixelFloor: 0.98)

  @Test(arguments: [
    (0.8, 0.95, 0.0, true), (0.8, 0.0, 0.98, true), (0.79, 1.0, 1.0, false),
    (0.9, 0.94, 0.97, false), (Float.nan, 1.0, 1.0, false), (0.9, Float.nan, 0.0, false),
  ])
  func `both keys must turn`(identity: Float, image: Float, pixels: Double, opens: Bool) {
    let tier = rule.tier(
      identity: CosineSimilarity(identity), image: CosineSimilarity(image), pixels: pixels)
    #expect((tier == .nearDuplicate) == opens)
  }

  @Test func `a missing measure opens no lock`() {
    #expect(rule.tier(identity: nil, image: CosineSimilarity(1), pixels: 1) == nil)
    #expect(rule.tier(identity: CosineSimilarity(1), image: nil, pixels: nil) == nil)
    #expect(rule.tier(identity: CosineSimilarity(1), image: nil, pixels: 1) == .nearDuplicate)
  }
}

struct LeakRuleTests {
  @Test func `thresholds belong to the verdict above them`() throws {
    let rule = try LeakRule(
      rejectAtLeast: CosineSimilarity(0.5), quarantineAtLeast: CosineSimilarity(0.3))
    #expect(rule.verdict(CosineSimilarity(0.5)) == .reject)
    #expect(rule.verdict(CosineSimilarity(Float(0.5).nextDown)) == .quarantine)
    #expect(rule.verdict(CosineSimilarity(0.3)) == .quarantine)
    #expect(rule.verdict(CosineSimilarity(Float(0.3).nextDown)) == .clear)
    #expect(rule.verdict(CosineSimilarity(.nan)) == .quarantine)
  }

  @Test func `leaks come by item, nearest reference first`() throws {
    let rule = try LeakRule(
      rejectAtLeast: CosineSimilarity(0.5), quarantineAtLeast: CosineSimilarity(0.3))
    let candidates = [(2, 7, 0.4), (1, 9, 0.6), (2, 3, 0.4), (2, 8, 0.9), (3, 1, 0.1)]
      .map { LeakCandidate(item: $0.0, reference: $0.1, similarity: CosineSimilarity(Float($0.2))) }
    let leaks = rule.leaks(among: candidates)
    #expect(leaks.map(\.0.reference) == [9, 8, 3, 7])
    #expect(leaks.map(\.1) == [.reject, .reject, .quarantine, .quarantine])
  }

  @Test func `thresholds in the wrong order are refused`() {
    #expect(
      code {
        try LeakRule(
          rejectAtLeast: CosineSimilarity(0.2), quarantineAtLeast: CosineSimilarity(0.3))
      } == .outOfRange)
  }
}

struct QuotaTests {
  @Test func `every identity gets a line and what it lacks`() {
    let lines = Quota.plan(counts: [3: 20, 1: 18, 2: 25], wanted: 20)
    #expect(lines.map(\.identity) == [1, 2, 3])
    #expect(lines.map(\.missing) == [2, 0, 0])
    #expect(lines.map(\.planned) == [2, 0, 0])
  }

  @Test func `a small budget completes as many identities as it can`() {
    let lines = Quota.plan(counts: [1: 0, 2: 8, 3: 9, 4: 7], wanted: 10, budget: 5)
    #expect(lines.map(\.planned) == [0, 2, 1, 2])
    #expect(Quota.plan(counts: [1: 0], wanted: 10, budget: 0).map(\.planned) == [0])
    #expect(Quota.plan(counts: [1: 0], wanted: -1).map(\.missing) == [0])
    #expect(Quota.plan(counts: [:], wanted: 10) == [])
  }
}

struct GateRuleTests {
  static func rule() -> GateRule {
    var rule = GateRule(
      ownFloor: CosineSimilarity(0.5), margin: 0.1, leakFloor: CosineSimilarity(0.6),
      duplicateFloor: CosineSimilarity(0.9))
    rule.sharpnessFloor = 10
    return rule
  }

  static func candidate(
    own: Float = 0.7, other: Float? = 0.2, leak: Float? = 0.1, duplicate: Float? = 0.5
  ) -> CandidateMeasures {
    CandidateMeasures(
      own: CosineSimilarity(own), nearestOther: other.map(CosineSimilarity.init),
      leak: leak.map(CosineSimilarity.init), duplicate: duplicate.map(CosineSimilarity.init))
  }

  @Test func `a good candidate passes, with or without the optional measures`() {
    #expect(Self.rule().verdict(Self.candidate()) == .accepted)
    #expect(
      Self.rule().verdict(Self.candidate(other: nil, leak: nil, duplicate: nil)) == .accepted)
  }

  @Test func `each test rejects with its name and both numbers`() {
    let cases: [(CandidateMeasures, String)] = [
      (Self.candidate(own: 0.49), "unlike-its-identity: 0.490, limit 0.500"),
      (Self.candidate(own: .nan), "unlike-its-identity: nan, limit 0.500"),
      (Self.candidate(other: 0.65), "near-another-identity: 0.650, limit 0.600"),
      (Self.candidate(leak: 0.6), "leak: 0.600, limit 0.600"),
      (Self.candidate(duplicate: 0.95), "duplicate: 0.950, limit 0.900"),
      (Self.candidate(duplicate: .nan), "duplicate: nan, limit 0.900"),
    ]
    for (candidate, text) in cases {
      guard case .rejected(let reason) = Self.rule().verdict(candidate) else {
        Issue.record("accepted, expected \(text)")
        continue
      }
      #expect(reason.text == text)
    }
    var blurred = Self.candidate()
    blurred.sharpness = 9.99
    #expect(
      Self.rule().verdict(blurred)
        == .rejected(GateReason(test: .blurred, measured: 9.99, limit: 10)))
  }
}

struct QuantileTests {
  @Test func `quantiles interpolate between order statistics`() {
    #expect(Quantile.of([3, 1, 2, 4], at: 0.5) == 2.5)
    #expect(Quantile.of([3, 1, 2, 4], at: 0) == 1)
    #expect(Quantile.of([3, 1, 2, 4], at: 7) == 4)
    #expect(Quantile.of([5], at: 0.3) == 5)
    #expect(Quantile.of([.nan], at: 0.3) == nil)
    #expect(Quantile.of([], at: 0.3) == nil)
  }
}

struct HistogramTests {
  @Test func `edges belong to the bin above, the last one to the last bin`() {
    let histogram = Histogram(
      of: [0, 0.24, 0.25, 0.5, 1, -0.1, 1.1, .nan], from: 0, to: 1, bins: 4)
    #expect(histogram.counts == [2, 1, 1, 1])
    #expect(histogram.outside == 3)
    #expect(histogram.total == 5)
    #expect(histogram.edge(4) == 1 && histogram.edge(1) == 0.25)
  }
}
