import Analysis
import Cataloging
import Curation
import Diagnostics
import Domain
import LinearAlgebra
import Testing
import VectorSearch

/// Filling with a generator that is driven by identity vectors.
@Suite struct IdentityFillTests {
  private let builder = FaissIndexBuilder(threads: 1)

  private func fill(
    _ world: IdentityWorld, per identity: Int = 7,
    _ change: (inout FillStep.Options) -> Void = { _ in },
    generator: any Generator = PixelGenerator()
  ) async throws -> StepReport {
    var options = FillStep.Options(imagesPerIdentity: identity)
    options.documented = IdentityWorld.documented
    change(&options)
    let parts = FillStep.Parts(generator: generator, chain: world.chain, builder: builder)
    return try await FillStep(options, parts: parts).run(in: world.context)
  }

  private func attempts(_ world: IdentityWorld) async throws -> [AttemptRecord] {
    let step = try #require(try await world.context.catalog.latestStep(named: FillStep.name))
    return try await world.context.catalog.attempts(request: step.key)
  }

  @Test(arguments: Variation.allCases)
  func `every vector keeps the floor, and quotas are met`(variation: Variation) async throws {
    let world = try IdentityWorld()
    try await world.enter(6, each: 5, as: .digital, seed: 1)
    let report = try await fill(world) {
      $0.variation = variation
      $0.floor = .similarity(CosineSimilarity(0.8))
    }
    #expect(report.document["shortfall"]?.intValue == 0, "\(report.lines)")
    let attempts = try await attempts(world)
    #expect(attempts.count >= 12)
    for attempt in attempts {
      let own = try #require(attempt.similarities.own?.value)
      #expect(own >= 0.8 - 1e-3, "\(variation) attempt \(attempt.number): \(own)")
      #expect((0...1).contains(attempt.interpolation))
    }
    #expect(Set(attempts.map(\.interpolation)).count == attempts.count)
    let again = try await fill(world) {
      $0.variation = variation
      $0.floor = .similarity(CosineSimilarity(0.8))
    }
    #expect(again.wasDone)
  }

  @Test func `the floor is the own-identity gate's unless one is given, and variations differ`()
    async throws
  {
    let world = try IdentityWorld()
    try await world.enter(3, each: 5, as: .digital, seed: 2)
    let report = try await fill(world)
    let floor = report.document["gates"]?["floor"]?["similarityAtLeast"]?.doubleValue
    #expect(floor == 0.5)
    #expect(report.lines.contains { $0.contains("asked for within cosine >= 0.5000") })
    let other = try await fill(world, per: 8) { $0.variation = .vmf }
    #expect(!other.wasDone && other.document["accepted"]?.intValue ?? 0 > 0)
  }

  @Test func `a generator of another width is refused, and latents have no variation`() async throws
  {
    let world = try IdentityWorld()
    try await world.enter(3, each: 3, as: .digital, seed: 3)
    var wide = PixelGenerator()
    wide.input = GeneratorInput(.identity, width: 512)
    let width = await #expect(throws: CurationError.self) {
      try await fill(world, generator: wide)
    }
    #expect(width?.code == .badVectors && width?.message.contains("512") == true)
    var latent = PixelGenerator()
    latent.input = GeneratorInput(.latent, width: IdentityWorld.width)
    let kind = await #expect(throws: CurationError.self) {
      try await fill(world, { $0.variation = .noise }, generator: latent)
    }
    #expect(kind?.code == .setting)
  }

  @Test func `an identity of one picture borrows an arc; where nobody has one, this is said`()
    async throws
  {
    let alone = try IdentityWorld()
    try await alone.enter(4, each: 1, as: .digital, seed: 4)
    let slerp = try await fill(alone, per: 3)
    #expect(slerp.document["shortfall"]?.intValue == 8 && slerp.document["attempts"]?.intValue == 0)
    let noise = try await fill(alone, per: 3) { $0.variation = .noise }
    #expect(noise.document["shortfall"]?.intValue == 0, "\(noise.lines)")
    let unit = Planted.rows(5)
    let crowd = try IdentityCrowd(unit, identities: [1, 1, 1, 2, nil])
    let vectors = CandidateVectors.identities(crowd, .slerp, floor: CosineSimilarity(0.7))
    #expect(vectors.obstacle(to: 2) == nil && vectors.obstacle(to: 9) != nil)
    let centre = try #require(crowd.prototype(of: 2))
    for seed in 0..<50 {
      let drawn = try vectors.draw(identity: 2, centre: centre, seed: UInt64(seed))
      #expect(drawn == (try vectors.draw(identity: 2, centre: centre, seed: UInt64(seed))))
      #expect(drawn.interpolation > 0 && drawn.vector != centre)
      let kept = zip(drawn.vector, centre).reduce(Float(0)) { $0 + $1.0 * $1.1 }
      #expect(kept >= 0.7 - 1e-6)
    }
  }

  @Test func `sampled identities begin with no picture and are filled like others`() async throws {
    let world = try IdentityWorld()
    try await world.enter(8, each: 5, as: .digital, seed: 5)
    try await world.enter(30, each: 2, as: .reference, seed: 6)
    var options = NewIdentitiesStep.Options(count: 4)
    options.documented = IdentityWorld.documented
    let admitted = try await NewIdentitiesStep(options, builder: builder).run(in: world.context)
    #expect(admitted.document["admitted"]?.intValue == 4, "\(admitted.lines)")
    let before = try await IdentityTable.read(builder: builder, in: world.context)
    #expect(before.rows.filter(\.isSampled).map(\.name).first == "new-00001")
    #expect(before.rows.filter(\.isSampled).allSatisfy { $0.images == 0 && $0.nearest != nil })
    let report = try await fill(world)
    #expect(report.document["identities"]?.intValue == 12)
    #expect(report.document["had"]?.intValue == 40, "\(report.lines)")
    #expect(report.document["shortfall"]?.intValue == 0, "\(report.lines)")
    let after = try await IdentityTable.read(builder: builder, in: world.context)
    #expect(after.rows.allSatisfy { $0.images == 7 }, "\(after.rows)")
    // What an identity is told by does not change with what is made of it.
    #expect(after.rows.map(\.nearest) == before.rows.map(\.nearest))
    #expect(try await NewIdentitiesStep(options, builder: builder).run(in: world.context).wasDone)
  }
}

private enum Planted {
  static func rows(_ count: Int) -> Vectors {
    Vectors(
      count: count, width: 16, values: CounterRandom(seed: 9).gaussians(count: count * 16)
    ).unitRows().vectors
  }
}
