import Analysis
import Domain
import Testing

struct TwoKeyRuleTests {
  let rule = TwoKeyRule(
    identityFloor: CosineSimilarity(0.8), imageFloor: CosineSimilarity(0.95),
    registeredFloor: CosineSimilarity(0.98))

  @Test(arguments: [
    (Float(0.8), Float(0.95), Float(0), true), (0.8, 0.0, 0.98, true), (0.79, 1.0, 1.0, false),
    (0.9, 0.94, 0.97, false), (Float.nan, 1.0, 1.0, false), (0.9, Float.nan, 0.0, false),
  ])
  func `both keys must turn`(identity: Float, image: Float, registered: Float, opens: Bool) {
    let tier = rule.tier(
      identity: CosineSimilarity(identity), image: CosineSimilarity(image),
      registered: CosineSimilarity(registered))
    #expect((tier == .nearDuplicate) == opens)
  }

  @Test func `where the hashes disagree only the higher correlation counts`() {
    var rule = rule
    rule.registeredAloneFloor = CosineSimilarity(0.995)
    func opens(_ image: Float, _ registered: Float, _ bits: Int?) -> Bool {
      rule.tier(
        identity: CosineSimilarity(0.9), image: CosineSimilarity(image),
        registered: CosineSimilarity(registered), hashDistance: bits) != nil
    }
    #expect(opens(0.99, 0.985, TwoKeyRule.agreeingBits))
    #expect(!opens(0.99, 0.985, TwoKeyRule.agreeingBits + 1))
    #expect(opens(0, 0.995, 100))
    #expect(opens(0, 0.985, nil), "nothing is known of a hash")
  }

  @Test func `a missing measure opens no lock`() {
    #expect(
      rule.tier(identity: nil, image: CosineSimilarity(1), registered: CosineSimilarity(1)) == nil)
    #expect(rule.tier(identity: CosineSimilarity(1), image: nil, registered: nil) == nil)
    #expect(
      rule.tier(identity: CosineSimilarity(1), image: nil, registered: CosineSimilarity(1))
        == .nearDuplicate)
  }
}

struct LeakRuleTests {
  private let rule = LeakRule(
    decideAtLeast: CosineSimilarity(0.5), reviewAtLeast: CosineSimilarity(0.3),
    registeredAtLeast: CosineSimilarity(0.98))

  private func verdict(_ identity: Float, _ registered: Float? = nil) -> LeakVerdict {
    rule.verdict(
      identity: CosineSimilarity(identity), registered: registered.map { CosineSimilarity($0) })
  }

  @Test func `thresholds belong to the verdict above them`() {
    #expect(verdict(0.5) == .leak)
    #expect(verdict(Float(0.5).nextDown) == .review)
    #expect(verdict(0.3) == .review)
    #expect(verdict(Float(0.3).nextDown) == .clear)
    #expect(verdict(.nan) == .clear)
  }

  @Test func `the same picture is a leak from the review threshold on, and never below it`() {
    #expect(verdict(0.3, 0.98) == .leak)
    #expect(verdict(0.3, Float(0.98).nextDown) == .review)
    #expect(verdict(0.2, 1) == .clear)
    #expect(rule.tier(registered: CosineSimilarity(0.99)) == .samePicture)
    #expect(rule.tier(registered: nil) == .samePerson)
  }

  @Test func `the search floor is the lower of both thresholds`() {
    #expect(rule.floor == CosineSimilarity(0.3))
    var turned = rule
    turned.reviewAtLeast = CosineSimilarity(0.9)
    #expect(turned.floor == CosineSimilarity(0.5))
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
