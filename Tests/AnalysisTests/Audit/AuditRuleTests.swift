import Analysis
import Domain
import Testing

/// A dataset that no rule objects to.
func soundDataset() -> DatasetSummary {
  var dataset = DatasetSummary()
  var digital = PopulationSummary(.digital, images: 40, identities: 2)
  digital.measuredSharpness = 40
  dataset.populations = [digital, PopulationSummary(.real, images: 30)]
  dataset.identities = ["anna", "bert"].map { name in
    var identity = IdentitySummary(name: name, images: 20, wanted: 20, concentration: 0.8)
    identity.nearestOther = .init(name: name == "anna" ? "bert" : "anna", similarity: 0.1)
    return identity
  }
  dataset.spaces = [
    SpaceSummary(name: "identity", encoderDigest: "aaaa", embedded: 70, expected: 70)
  ]
  dataset.calibrations = [
    CalibrationSummary(
      space: "identity", encoderDigest: "aaaa", falseMatchRate: 1e-4, similarity: 0.4,
      comparisons: 40_000)
  ]
  dataset.offset = OffsetSummary(
    space: "image", norm: 0.4, splitHalfCosine: 0.995, permutationP: 0.001)
  dataset.generated = [
    GateRecord(image: "g1", identity: "anna", own: 0.7, nearestOther: 0.2, leak: 0.1)
  ]
  dataset.limits.collisionSimilarity = 0.4
  dataset.limits.leakSimilarity = 0.4
  return dataset
}

/// The findings of one rule of the release suite, as "severity subject: message".
func findings(_ rule: String, in dataset: DatasetSummary) -> [String] {
  AuditSuite.release.findings(in: dataset).filter { $0.rule == rule }
    .map { "\($0.severity.rawValue) \($0.subject): \($0.message)" }
}

/// What `rule` says after one change to the sound dataset, where no other rule may speak.
func findings(_ rule: String, after change: (inout DatasetSummary) -> Void) -> [String] {
  var dataset = soundDataset()
  change(&dataset)
  return findings(rule, in: dataset)
}

struct AuditSuiteTests {
  @Test func `a sound dataset passes every rule of every suite`() {
    for suite in AuditSuite.all {
      #expect(suite.findings(in: soundDataset()) == [], "\(suite.name)")
      #expect(suite.answers(in: soundDataset()).allSatisfy { $0.passed })
    }
  }

  @Test func `an empty dataset fails without a crash`() {
    let findings = AuditSuite.release.findings(in: DatasetSummary())
    #expect(findings.contains { $0.severity == .failure })
  }

  @Test func `suites are found by name and an unknown one names those there are`() throws {
    #expect(try AuditSuite.named("release").name == "release")
    #expect(try AuditSuite.named("index").rules.count == 6)
    let error = #expect(throws: AnalysisError.self) { try AuditSuite.named("relaese") }
    #expect(error?.hint == "the suites are release, index")
  }

  @Test func `rule names are unique, hyphenated sentences with a question`() {
    for suite in AuditSuite.all {
      #expect(Set(suite.rules.map(\.name)).count == suite.rules.count)
      for rule in suite.rules {
        #expect(rule.name.allSatisfy { $0 == "-" || ("a"..."z").contains($0) })
        #expect(rule.question.contains("?"))
      }
    }
  }

  @Test func `an answer is as bad as its worst finding`() {
    var answer = AuditAnswer(rule: "r", question: "?", findings: [])
    #expect(answer.worst == nil && answer.passed)
    answer.findings = [AuditFinding(rule: "r", severity: .note, subject: "", message: "")]
    #expect(answer.passed)
    answer.findings.append(AuditFinding(rule: "r", severity: .failure, subject: "", message: ""))
    #expect(answer.worst == .failure && !answer.passed)
  }
}

struct PopulationsArePresentTests {
  @Test func `a missing or empty population fails`() {
    #expect(
      findings("populations-are-present") { $0.populations[1].images = 0 }
        == ["failure real: there are no real images"])
    #expect(
      findings("populations-are-present") { $0.populations = [] }
        == [
          "failure digital: there are no digital images", "failure real: there are no real images",
        ]
    )
  }
}

struct FewFilesRejectedTests {
  @Test(arguments: [(10, nil), (11, "warning"), (100, "warning"), (101, "failure")])
  func `1 % is allowed, more warns, more than 10 % fails`(rejected: Int, severity: String?) {
    let found = findings("few-files-rejected") {
      $0.populations[0].files = 1000
      $0.populations[0].rejectedFiles = rejected
    }
    #expect(found.first?.split(separator: " ").first.map(String.init) == severity)
  }

  @Test func `the message counts and gives the share`() {
    let found = findings("few-files-rejected") {
      $0.populations[0].files = 200
      $0.populations[0].rejectedFiles = 5
    }
    #expect(found == ["warning digital: 5 of 200 files (2.5 %) were rejected"])
  }
}

struct OneEncoderPerSpaceTests {
  @Test func `two encoders in one space fail, unused ones do not count`() {
    #expect(
      findings("one-encoder-per-space") {
        $0.spaces.append(
          SpaceSummary(name: "identity", encoderDigest: "bbbb", embedded: 1, expected: 1))
      } == ["failure identity: vectors of 2 encoders are mixed: aaaa, bbbb"])
    #expect(
      findings("one-encoder-per-space") {
        $0.spaces.append(
          SpaceSummary(name: "identity", encoderDigest: "bbbb", embedded: 0, expected: 0))
      } == [])
  }
}

struct EveryImageIsEmbeddedTests {
  @Test func `missing vectors are counted`() {
    #expect(
      findings("every-image-is-embedded") { $0.spaces[0].embedded = 67 }
        == ["failure identity: 3 of 70 images have no vector"])
  }
}

struct PicturesAreSharpTests {
  @Test func `blurred pictures warn above 1 % and fail above 10 %`() {
    #expect(
      findings("pictures-are-sharp") { $0.populations[0].blurred = 4 }
        == ["warning digital: 4 of 40 pictures (10.0 %) are blurred"])
    #expect(
      findings("pictures-are-sharp") { $0.populations[0].blurred = 5 }
        == ["failure digital: 5 of 40 pictures (12.5 %) are blurred"])
  }
}

struct CalibrationIsPresentTests {
  @Test func `no calibration, or one of another encoder, warns`() {
    let expected = ["warning identity: the encoder was not calibrated"]
    #expect(findings("calibration-is-present") { $0.calibrations = [] } == expected)
    #expect(
      findings("calibration-is-present") { $0.calibrations[0].encoderDigest = "old" } == expected)
  }

  @Test func `only high rates warn`() {
    #expect(
      findings("calibration-is-present") { $0.calibrations[0].falseMatchRate = 0.01 }
        == ["warning identity: the lowest calibrated false-match rate is 0.01, above 0.001"])
  }
}

struct DeltaIsStableTests {
  @Test func `a missing, unstable or accidental Δ warns`() {
    #expect(
      findings("delta-is-stable") { $0.offset = nil } == ["warning dataset: Δ was not estimated"])
    #expect(
      findings("delta-is-stable") { $0.offset?.splitHalfCosine = 0.9 }
        == ["warning image: the halves of Δ have cosine 0.900, below 0.990"])
    #expect(
      findings("delta-is-stable") { $0.offset?.permutationP = 0.2 }
        == ["warning image: a Δ this long arises by chance with p 0.200, above 0.010"])
    #expect(findings("delta-is-stable") { $0.offset?.splitHalfCosine = .nan }.count == 1)
  }
}

struct IdentitiesAreConsistentTests {
  @Test func `scattered images and strangers warn`() {
    #expect(
      findings("identities-are-consistent") { $0.identities[1].concentration = 0.31 }
        == ["warning bert: its 20 images have concentration 0.310, below 0.500"])
    #expect(
      findings("identities-are-consistent") { $0.identities[0].farImages = 2 }
        == ["warning anna: 2 of 20 images are far from its prototype"])
  }
}

struct IdentitiesAreDistinctTests {
  @Test func `a collision fails once, not once per side`() {
    let found = findings("identities-are-distinct") { dataset in
      for index in 0..<2 { dataset.identities[index].nearestOther?.similarity = 0.4 }
    }
    #expect(found == ["failure anna: its prototype has similarity 0.400 to bert, limit 0.400"])
  }

  @Test func `without a threshold it says so`() {
    #expect(
      findings("identities-are-distinct") { $0.limits.collisionSimilarity = nil }
        == ["warning dataset: no calibrated similarity tells identities apart"])
  }

  @Test func `a search for collisions answers instead, and chance is no failure`() {
    func found(_ pairs: [[String]], _ isChance: Bool?) -> [String] {
      findings("identities-are-distinct") { dataset in
        for index in 0..<2 { dataset.identities[index].nearestOther?.similarity = 0.4 }
        dataset.collisions = CollisionSummary(pairs: pairs, isWithinChance: isChance)
      }
    }
    #expect(found([], true).isEmpty)
    #expect(found([["anna", "bert"]], false) == ["failure anna: it collides with bert"])
    #expect(found([["anna", "bert"]], nil) == ["failure anna: it collides with bert"])
    #expect(
      found([["anna", "bert"]], true)
        == ["note anna: it collides with bert; no more pairs collide than chance gives"])
  }
}

struct NoUnresolvedDuplicatesTests {
  @Test func `every undecided duplicate fails`() {
    #expect(
      findings("no-unresolved-duplicates") {
        $0.unresolvedDuplicates = [
          UnresolvedPair(kept: "a.png", removed: "b.png", similarity: 0.987),
          UnresolvedPair(kept: "a.png", removed: "c.png"),
        ]
      } == [
        "failure b.png: it is a duplicate of a.png (similarity 0.987)",
        "failure c.png: it is a duplicate of a.png",
      ])
  }
}

struct NoUnresolvedLeaksTests {
  @Test func `every undecided leak fails`() {
    #expect(
      findings("no-unresolved-leaks") {
        $0.unresolvedLeaks = [UnresolvedPair(kept: "ref.png", removed: "x.png", similarity: 0.61)]
      } == ["failure x.png: it resembles ref.png (similarity 0.610)"])
  }
}

struct QuotaIsMetTests {
  @Test func `a short identity fails, an exact one does not`() {
    #expect(
      findings("quota-is-met") { $0.identities[0].images = 18 }
        == ["failure anna: it has 18 of 20 images"])
  }

  @Test func `no quota is worth a note`() {
    let found = findings("quota-is-met") { dataset in
      for index in 0..<2 { dataset.identities[index].wanted = nil }
    }
    #expect(found == ["note dataset: no identity has a quota"])
  }
}

struct IdentitiesAreBalancedTests {
  @Test func `more than twice the median warns`() {
    let found = findings("identities-are-balanced") { dataset in
      dataset.identities.append(IdentitySummary(name: "carl", images: 40))
      dataset.identities.append(IdentitySummary(name: "dora", images: 41))
      dataset.identities.append(IdentitySummary(name: "emil", images: 20))
    }
    #expect(found == ["warning dora: it has 41 images, the median identity has 20.000"])
  }
}

struct GeneratedPicturesPassedTheGateTests {
  @Test func `no record, a nearer stranger and a leak each fail`() {
    let rule = "generated-pictures-passed-the-gate"
    #expect(
      findings(rule) { $0.generated[0].own = nil }
        == ["failure g1: no accepted attempt is on record"])
    #expect(
      findings(rule) { $0.generated[0].nearestOther = 0.7 }
        == ["failure g1: similarity 0.700 to its identity anna, 0.700 to another"])
    #expect(
      findings(rule) { $0.generated[0].leak = 0.4 }
        == ["failure g1: similarity 0.400 to a reference image, limit 0.400"])
  }
}
