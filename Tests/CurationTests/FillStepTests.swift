import Analysis
import Cataloging
import Cryptography
import Curation
import Diagnostics
import Domain
import Foundation
import Imaging
import LinearAlgebra
import Synchronization
import Testing

@Suite struct FillStepTests {
  private func cosine(_ a: [Float], _ b: [Float]) -> Float {
    let both = Vectors(width: a.count, rows: [a, b]).unitRows().vectors
    return both.dot(row: 0, both, row: 1)
  }

  /// 1 where `dedup` would call the two copies, by hash or by both keys; else the second key alone.
  private func repeats(_ a: Picture, _ b: Picture, _ place: PlantedFill) -> Float {
    if let first = a.perceptualHash(), let second = b.perceptualHash() {
      let bits = min(first.distance(to: second), first.mirrored.distance(to: second))
      if bits <= PictureHash.sameWithin { return 1 }
      // Hashes that disagree leave nothing to the image space.
      if bits > TwoKeyRule.agreeingBits { return 0 }
    }
    guard cosine(place.identity.read(a), place.identity.read(b)) >= 0.99 else { return 0 }
    return cosine(place.image.read(a), place.image.read(b))
  }

  private func nearest(_ vector: [Float], _ people: [[Float]]) -> Int {
    people.indices.max { cosine(vector, people[$0]) < cosine(vector, people[$1]) } ?? 0
  }

  @Test func `the gates accept what measuring everything of everybody would, and measure less`()
    async throws
  {
    let place = try PlantedFill(people: 6)
    defer { place.remove() }
    // Every seventh answer repeats one picture; every ninth has no face; the rest are variations.
    let people = place.people
    let generator = PlantedGenerator { _, vector, seed in
      if seed % 7 == 0 {
        let noise = UInt64(self.nearest(vector, people))
        return .picture(PlantedGenerator.picture(vector, noise: noise))
      }
      if seed % 9 == 0 {
        var picture = PlantedGenerator.picture(vector, noise: seed)
        picture.pixels[1] = 255
        return .picture(picture)
      }
      return nil
    }
    try await place.enter(generator)
    // Two people of the gallery look like variations of the first person.
    let context = try place.context()
    let gallery = (0..<40).map { number in
      let random = CounterRandom(seed: 31, stream: UInt64(number))
      let other = random.gaussians(count: 16)
      let mixed = number < 20 ? zip(place.people[0], other).map { $0 + 0.14 * $1 } : other
      return Array(Vectors(width: 16, rows: [mixed]).unitRows().vectors[row: 0])
    }
    try await place.enter(gallery, as: .reference, names: 40, in: context)
    let report = try await place.step(generator, wanted: 32).run(in: context)
    let attempts = try await place.attempts()
    #expect(report.document["attempts"]?.intValue == attempts.count)
    #expect(Set(attempts.map { $0.reason.prefix { $0 != ":" } }).count >= 4)

    var gate = GateRule(
      ownFloor: CosineSimilarity(0.93), margin: 0, leakFloor: CosineSimilarity(0.9),
      duplicateFloor: CosineSimilarity(0.98))
    gate.sharpnessFloor = nil
    let answers = generator.answers.withLock { $0 }
    for person in place.people.indices {
      var accepted: [Picture] = []
      for attempt in attempts where attempt.identity == Int64(person + 1) {
        let picture = try #require(answers[attempt.seed]?.picture)
        let unit = place.identity.read(picture)
        var verdict = GateVerdict.rejected(GateReason(test: .blurred, measured: 0, limit: 0))
        if picture.pixels[1] != 255 {
          let others = place.people.indices.filter { $0 != person }
            .map { cosine(unit, place.people[$0]) }
          let leak = gallery.map { cosine(unit, $0) }.max() ?? -1
          let nearest = accepted.map { repeats($0, picture, place) }.max()
          verdict = gate.verdict(
            CandidateMeasures(
              own: CosineSimilarity(cosine(unit, place.people[person])),
              nearestOther: others.max().map(CosineSimilarity.init),
              leak: CosineSimilarity(leak), duplicate: nearest.map(CosineSimilarity.init)))
        }
        #expect((verdict == .accepted) == (attempt.outcome == .accepted), "\(attempt)")
        if attempt.outcome == .accepted { accepted.append(picture) }
        let word = attempt.reason.prefix { $0 != ":" }
        let reached = attempt.similarities
        if word == "no face found" { #expect(reached == AttemptSimilarities()) }
        if word == "unlike-its-identity" { #expect(reached.other == nil && reached.leak == nil) }
        if word == "leak" { #expect(reached.duplicate == nil) }
      }
    }
    let withFace = answers.values.count { $0.picture?.pixels[1] != 255 }
    #expect(place.identity.count.withLock { $0 } == withFace)
    let toTheEnd = attempts.count { $0.outcome == .accepted || $0.reason.hasPrefix("duplicate") }
    #expect(place.image.count.withLock { $0 } <= toTheEnd)
    #expect(place.image.count.withLock { $0 } >= attempts.count { $0.outcome == .accepted })
    // Refused pictures are kept, but no leaks.
    let leaks = Set(attempts.filter { $0.reason.hasPrefix("leak") }.map(\.number))
    #expect(!leaks.isEmpty)
    let first = place.files("rejected").keys.filter { $0.hasPrefix("00001-") }
    #expect(first.count <= 4)
    for name in first {
      let number = try #require(Int(name.dropFirst(name.count - 9).prefix(5)))
      let attempt = try #require(attempts.first { $0.identity == 1 && $0.number == number })
      #expect(attempt.outcome == .rejected && !attempt.reason.hasPrefix("leak"))
    }
  }

  @Test func `a generator that fails now and then costs a rerun and nothing else`() async throws {
    let calm = try PlantedFill(people: 12)
    defer { calm.remove() }
    let reliable = PlantedGenerator()
    try await calm.enter(reliable, impossible: [3, 7])
    _ = try await calm.step(reliable, wanted: 12).run(in: calm.context())
    let wanted = try await calm.attempts()

    let hit = try PlantedFill(people: 12)
    defer { hit.remove() }
    let calls = Mutex(0)
    let failing = PlantedGenerator { _, _, _ in
      let number = calls.withLock { count -> Int in
        count += 1
        return count
      }
      if number % 90 == 89 { throw CurationError(.badVectors, "the machine is gone") }
      return nil
    }
    try await hit.enter(failing, impossible: [3, 7])
    var failures = 0
    while true {
      do {
        _ = try await hit.step(failing, wanted: 12).run(in: hit.context(threads: 1))
        break
      } catch let error as CurationError {
        failures += 1
        #expect(
          error.message.contains("accepted and kept: the machine is gone"), "\(error.message)")
        #expect(error.hint?.contains("run the same command again") == true)
        try #require(failures < 20)
      }
    }
    #expect(failures >= 2)
    #expect(try await hit.attempts().map(\.seed) == wanted.map(\.seed))
    #expect(try await hit.attempts().map(\.similarities) == wanted.map(\.similarities))
    #expect(try await hit.attempts().map(\.outcome) == wanted.map(\.outcome))
    #expect(hit.files("generated") == calm.files("generated"))
    #expect(hit.files("rejected") == calm.files("rejected"))
    #expect(try await hit.quotas() == calm.quotas())
  }

  @Test func `an identity that cannot pass is given up and says why with numbers`() async throws {
    let place = try PlantedFill(people: 4)
    defer { place.remove() }
    let generator = PlantedGenerator()
    try await place.enter(generator, impossible: [1])
    let report = try await place.step(generator, wanted: 22).run(in: place.context())
    let quota = try await place.quotas()[1]
    #expect(quota.accepted == 0 && quota.attempts < 40 && quota.shortfall == 20)
    #expect(quota.reason.contains("0 of \(quota.attempts) accepted; rate at most 0."))
    #expect(quota.reason.contains("cannot pass at its cap of 120"), "\(quota.reason)")
    #expect(quota.reason.contains("all fail 'unlike-its-identity' (\(quota.attempts) of"))
    #expect(quota.reason.contains("needs 0.930"))
    #expect(report.document["stoppedIdentities"]?.intValue == 1)
    #expect(place.files("rejected").keys.count { $0.hasPrefix("00002-") } == 4)
    // What it has learned, it keeps: another request under the same conditions gives up at once.
    _ = try await place.step(generator, wanted: 23).run(in: place.context())
    let second = try await place.quotas()[1]
    #expect(second.attempts == 0)
    #expect(second.reason.contains("(and 0 of \(quota.attempts) before)"), "\(second.reason)")
  }

  @Test func `a generator that gives one picture is found out soon`() async throws {
    let place = try PlantedFill(people: 2)
    defer { place.remove() }
    let people = place.people
    let generator = PlantedGenerator { _, vector, _ in
      let person = self.nearest(vector, people)
      return .picture(
        PlantedGenerator.picture(people[person].map { $0 * 4 }, noise: UInt64(person)))
    }
    try await place.enter(generator)
    _ = try await place.step(generator, wanted: 12).run(in: place.context())
    for quota in try await place.quotas() {
      #expect(quota.accepted == 1 && quota.attempts <= 12)
      #expect(quota.reason.contains("same picture whatever the seed"), "\(quota.reason)")
    }
  }

  @Test func `answers without a picture are attempts with their reason`() async throws {
    let place = try PlantedFill(people: 2)
    defer { place.remove() }
    let generator = PlantedGenerator { _, _, seed in
      seed % 2 == 0 ? GeneratedPicture.none(reason: "refused by its safety check") : nil
    }
    try await place.enter(generator)
    let report = try await place.step(generator, wanted: 10).run(in: place.context())
    let refused = report.document["rejectedByReason"]?["refused by its safety check"]?.intValue ?? 0
    #expect(refused > 0)
    let attempts = try await place.attempts()
    #expect(attempts.count { $0.reason == "refused by its safety check" } == refused)
  }

  @Test(arguments: [0, 1, 30, 100])
  func `a budget of calls is never exceeded, over reruns either`(budget: Int) async throws {
    let place = try PlantedFill(people: 8)
    defer { place.remove() }
    let count = Mutex(0)
    let generator = PlantedGenerator { _, _, _ in
      let number = count.withLock { count -> Int in
        count += 1
        return count
      }
      if number == 70 { throw CurationError(.badVectors, "gone") }
      return nil
    }
    try await place.enter(generator)
    let step = place.step(generator, wanted: 40) { $0.budget = .calls(budget) }
    if (try? await step.run(in: place.context(threads: 1))) == nil {
      _ = try await step.run(in: place.context())
    }
    let attempts = try await place.attempts()
    #expect(attempts.count == budget)
    let reasons = try await place.quotas().map(\.reason)
    #expect(
      reasons.contains { $0.contains("the budget of \(budget) calls is spent") }, "\(reasons)")
    #expect(reasons.contains { $0.contains("more calls would") })
  }

  @Test func `a budget of time stops in time and is on record`() async throws {
    let place = try PlantedFill(people: 8)
    defer { place.remove() }
    let generator = PlantedGenerator { _, _, _ in
      usleep(4000)
      return nil
    }
    try await place.enter(generator)
    let step = place.step(generator, wanted: 400) { $0.budget = .seconds(0.6) }
    _ = try await step.run(in: place.context(threads: 1))
    let context = try place.context()
    let key = try #require(try await context.catalog.latestStep(named: FillStep.name)?.key)
    let seconds = try await context.catalog.seconds(request: key)
    // The machine may be busy: what is predicted from a calm chunk may take longer.
    #expect(seconds > 0.2 && seconds < 1.2, "\(seconds) s")
    #expect(try await place.attempts().count < 200)
    #expect(try await place.quotas().contains { $0.reason.contains("is spent") })
  }

  @Test func `the very picture of a real person is a leak, and is not kept`() async throws {
    let place = try PlantedFill(people: 2)
    defer { place.remove() }
    let stolen = PlantedGenerator.picture(place.people[0].map { $0 * 4 }, noise: 99)
    let people = place.people
    let generator = PlantedGenerator { _, vector, _ in
      self.nearest(vector, people) == 0 ? .picture(stolen) : nil
    }
    try await place.enter(generator)
    var facts = ImageFacts()
    facts.pixelDigest = SHA256.hex(of: Array("16 16\n".utf8) + stolen.pixels)
    // The person's vector does not give it away: somebody else's stands there.
    let elsewhere = (0..<4).map { CounterRandom(seed: 3, stream: $0).gaussians(count: 16) }
    try await place.enter(
      (0..<4).map { elsewhere[$0] }, as: .real, facts: facts, in: try place.context())
    _ = try await place.step(generator, wanted: 8).run(in: place.context())
    let first = try await place.attempts().filter { $0.identity == 1 }
    #expect(!first.isEmpty && first.allSatisfy { $0.reason == "leak: 1.000, limit 1.000" })
    #expect(!place.files("rejected").keys.contains { $0.hasPrefix("00001-") })
  }
}
