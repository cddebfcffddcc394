import Cataloging
import Domain
import Testing

@Suite struct StepTests {
  let scratch: Scratch
  let catalog: Catalog

  init() throws {
    scratch = try Scratch()
    catalog = try scratch.create()
  }

  @Test func `the latest step of a name is in force`() async throws {
    #expect(try await catalog.latestStep(named: "dedup") == nil)
    #expect(try await catalog.record(step("a")).ordinal == 1)
    #expect(try await catalog.record(step("b")).ordinal == 2)
    #expect(try await catalog.record(step("c", named: "leaks")).ordinal == 1)
    #expect(try await catalog.latestStep(named: "dedup")?.key == "b")
    #expect(try await catalog.record(step("b")).ordinal == 2)
    #expect(try await catalog.record(step("a", summary: "{\"n\":1}")).ordinal == 3)
    #expect(try await catalog.latestStep(named: "dedup")?.summary == "{\"n\":1}")
    #expect(try await catalog.steps().map(\.key) == ["b", "a", "c"])
    #expect(try await catalog.step(key: "a")?.finishedAt == "2000-01-01T00:00:00Z")
  }

  @Test func `a key belongs to one step`() async throws {
    try await catalog.record(step("a"))
    let error = try await catalogError { try await catalog.record(step("a", named: "leaks")) }
    #expect(error.code == .invalidBatch)
    #expect(try await catalog.steps().map(\.name) == ["dedup"])
  }

  @Test func `results come back, and running the step again replaces them`() async throws {
    try await plant(catalog)
    #expect(try await catalog.offset(step: "k1")?.vector == [1, 2, 3, 4])
    #expect(try await catalog.latestOffset(in: identitySpace)?.to == .real)
    #expect(try await catalog.latestOffset(in: imageSpace) == nil)
    let calibration = try #require(try await catalog.calibrations(step: "k2").first)
    #expect(calibration.similarity == CosineSimilarity(0.4))
    #expect(calibration.low == CosineSimilarity(0.3) && calibration.comparisons == 1000)
    let pair = try #require(try await catalog.pairs(step: "k3").first)
    #expect(pair.identitySimilarity == nil && pair.imageSimilarity == CosineSimilarity(1))
    #expect(try await catalog.quotas(step: "k4").map(\.wanted) == [3])
    #expect(try await catalog.findings(step: "k5").map(\.severity) == [.warning])
    let digest = try await catalog.contentDigest()
    try await catalog.commit([pair], of: step("k3"))
    #expect(try await catalog.contentDigest() == digest)
    try await catalog.commit([PairRecord](), of: step("k3"))
    #expect(try await catalog.pairs(step: "k3").isEmpty)
  }

  @Test func `leaks and collisions come back, and running the step again replaces them`()
    async throws
  {
    try await plant(catalog)
    #expect(try await catalog.leaks(step: "leaks") == [leak])
    #expect(try await catalog.collisions(step: "collisions") == [collision])
    #expect(try await catalog.collisionRemovals(step: "collisions").map(\.identity) == [2])
    let old = try #require(try await catalog.leaks(step: "k3").first)
    #expect(old.orientation == "as-is" && old.prototype == nil, "a pair without a match")
    let digest = try await catalog.contentDigest()
    try await catalog.commit([leak], of: step("leaks", named: "leaks"))
    #expect(try await catalog.contentDigest() == digest)
    var bare = collision
    bare.nearest = nil
    try await catalog.commit(
      [bare], removals: [], of: step("collisions", named: "collisions"))
    #expect(try await catalog.collisions(step: "collisions") == [bare])
    #expect(try await catalog.collisionRemovals(step: "collisions").isEmpty)
    bare.b = 99
    await #expect(throws: (any Error).self) {
      try await catalog.commit([bare], removals: [], of: step("x", named: "collisions"))
    }
    #expect(try await catalog.step(key: "x") == nil)
  }

  @Test func `the calibrations in force are the latest of each step name, space by space`()
    async throws
  {
    func calibration(
      _ space: Space, _ similarity: Float, of cohort: String = "real"
    ) -> CalibrationRecord {
      let cosine = CosineSimilarity(similarity)
      return CalibrationRecord(
        space: space, falseMatchRate: 1e-3, similarity: cosine, interval: cosine...cosine,
        comparisons: 10, cohort: cohort)
    }
    var digital = calibration(identitySpace, 0.4, of: "digital")
    digital.method = .extrapolated
    digital.designEffect = 3.25
    digital.identities = 12
    try await catalog.commit([calibration(identitySpace, 0.1)], of: step("a", named: "real"))
    try await catalog.commit([calibration(identitySpace, 0.2)], of: step("b", named: "real"))
    try await catalog.commit([digital], of: step("c", named: "digital"))
    try await catalog.commit([calibration(imageSpace, 0.3)], of: step("d", named: "image"))
    let found = try await catalog.calibrations(in: identitySpace)
    #expect(found == [digital, calibration(identitySpace, 0.2)])
    #expect(try await catalog.calibrations(in: imageSpace).map(\.similarity.value) == [0.3])
    #expect(
      try await catalog.calibratedEncoders(ofSpaceNamed: identitySpace.name)
        == [identitySpace.encoderDigest])
    #expect(try await catalog.calibratedEncoders(ofSpaceNamed: "none").isEmpty)
  }

  @Test func `an offset must fit its space`() async throws {
    let short = OffsetRecord(
      space: identitySpace, from: .digital, to: .real, vector: [1], statistics: "{}")
    let error = try await catalogError { try await catalog.commit(short, of: step("a")) }
    #expect(error.message == "an offset of 1 values does not fit the space identity of 4")
  }

  @Test func `not a number is refused in a result`() async throws {
    try await plant(catalog)
    let before = try await catalog.contentDigest()
    let pair = PairRecord(
      kind: .leak, kept: 1, removed: 2, tier: "near",
      identitySimilarity: CosineSimilarity(.nan), verdict: "reject")
    await #expect(throws: (any Error).self) { try await catalog.commit([pair], of: step("z")) }
    #expect(try await catalog.contentDigest() == before)
  }
}

@Suite struct AttemptTests {
  @Test func `attempts and their images are one change, and come back`() async throws {
    let scratch = try Scratch()
    let catalog = try scratch.create()
    try await plant(catalog)
    let refused = NewAttempt(
      identity: 2, number: 1, seed: 5, interpolation: 0.25,
      similarities: AttemptSimilarities(
        own: CosineSimilarity(0.1), other: CosineSimilarity(0.2), leak: CosineSimilarity(0.3),
        duplicate: CosineSimilarity(0.4)), verdict: .rejected(reason: "leak"))
    _ = try await catalog.commit([refused], request: "q")
    let attempts = try await catalog.attempts(request: "q")
    #expect(attempts.map(\.outcome) == [.accepted, .rejected])
    #expect(attempts[0].seed == .max && attempts[0].image == 7)
    #expect(attempts[1].similarities == refused.similarities && attempts[1].reason == "leak")
    let image = try await catalog.image(7)
    #expect(image.population == .generated && image.identityName == "a")
    let digest = try await catalog.contentDigest()
    _ = try await catalog.commit([refused], request: "q")
    #expect(try await catalog.contentDigest() == digest)
    #expect(try await catalog.attempts(request: "other").isEmpty)
  }

  @Test func `an accepted attempt without its item changes nothing`() async throws {
    let scratch = try Scratch()
    let catalog = try scratch.create()
    try await plant(catalog)
    let attempt = NewAttempt(
      identity: 1, number: 9, seed: 5, interpolation: 0, similarities: AttemptSimilarities(),
      verdict: .accepted(item: 0))
    let error = try await catalogError { _ = try await catalog.commit([attempt], request: "q") }
    #expect(error.message == "an accepted attempt names item 0 of 0")
    #expect(try await catalog.attempts(request: "q").count == 1)
  }
}
