import Analysis
import Cataloging
import Curation
import Diagnostics
import Domain
import Synchronization
import Testing

@Suite struct SpreadTargetsTests {
  private let turns = SpreadAxis(.turn, ValueBins(equal: 3, over: HeadTurn.range))

  @Test func `a bin takes its share, counting what was there, and a value not known is in none`() {
    var targets = SpreadTargets([turns], wanted: 7, cap: 42, isStrict: true)
    #expect(targets.shares == [3] && targets.patience == 14)
    for turn in [0, 0.1, -0.1, nil, nil, nil, 0.9] { targets.add(SpreadValues(turn: turn)) }
    #expect(targets.counts == [[0, 3, 1]])
    #expect(targets.refusal(SpreadValues(turn: 0.05)) == "spread: 3 in bin front, limit 3")
    #expect(targets.refusal(SpreadValues(turn: -0.2)) == nil)
    #expect(targets.refusal(SpreadValues()) == nil)
    #expect(targets.short.isEmpty, "nobody was refused")
    targets.refuse("leak: 0.9, limit 0.5")
    targets.refuse("spread: 3 in bin front, limit 3")
    #expect(targets.refused == 1)
    #expect(targets.short == "0 of 3 in bin left, 1 of 3 in bin right")
  }

  @Test func `bins have names from the front outwards`() {
    let five = SpreadAxis(.turn, ValueBins(equal: 5, over: HeadTurn.range))
    let scores = SpreadAxis(.quality, ValueBins(equal: 2, over: 0...1))
    var targets = SpreadTargets([five, scores], wanted: 5, cap: 30, isStrict: true)
    targets.refuse("spread: x")
    #expect(
      targets.short == "0 of 1 in bin left 2, 0 of 1 in bin left 1, 0 of 1 in bin front, "
        + "0 of 1 in bin right 1, 0 of 1 in bin right 2, 0 of 3 in bin quality 1, "
        + "0 of 3 in bin quality 2")
  }

  @Test func `refusals open full bins in the end, and give nobody up before`() throws {
    for isStrict in [false, true] {
      var line = FillLine(identity: 1, name: "a", had: 10, wanted: 20, cap: 60)
      line.centre = [1, 2]
      line.spread = SpreadTargets([turns], wanted: 20, cap: 60, isStrict: isStrict)
      for _ in 0..<10 { line.spread.add(SpreadValues(turn: 0)) }
      let schedule = FillSchedule(seed: 3, interpolation: 0.1...0.3)
      while case let chunk = try schedule.next([line]), !chunk.isEmpty {
        for candidate in chunk {
          let refusal = line.spread.refusal(SpreadValues(turn: 0))
          line.count(
            number: candidate.number, rejection: refusal, similarities: AttemptSimilarities(),
            values: SpreadValues(turn: 0))
        }
      }
      #expect(line.spread.patience == 20)
      #expect(line.missing == (isStrict ? 10 : 0))
      #expect(isStrict || line.attempts == 30)
      #expect(!isStrict || line.attempts < 30, "no rate would do: given up")
    }
  }

  /// Pictures of one identity by bin of their turn.
  private func counts(_ place: PlantedFill) async throws -> [Int64: [Int]] {
    let images = try await place.context().catalog.images(ImageFilter(populations: [.generated]))
    return images.reduce(into: [:]) { counts, image in
      guard let identity = image.identity,
        let amount = image.facts.landmarks.flatMap(HeadTurn.amount),
        let bin = turns.bins.bin(of: Double(amount))
      else { return }
      counts[identity, default: [0, 0, 0]][bin] += 1
    }
  }

  @Test func `pictures come from all turns alike, and what is refused for it is not embedded`()
    async throws
  {
    let place = try PlantedFill(people: 4, finder: TurnedHeads())
    defer { place.remove() }
    let generator = PlantedGenerator()
    // The two pictures that everybody has look left.
    try await place.enter(generator) { _ in
      ImageFacts(landmarks: [5, 5, 11, 5, 4, 8, 6, 11, 10, 11])
    }
    let step = place.step(generator, wanted: 24) {
      $0.poseBins = 3
      $0.isStrictSpread = true
    }
    let report = try await step.run(in: place.context())
    let own = try await counts(place)
    #expect(own.count == 4)
    for counts in own.values { #expect(counts == [6, 8, 8], "\(counts)") }
    let attempts = try await place.attempts()
    let refused = attempts.filter { $0.reason.hasPrefix("spread: ") }
    #expect(refused.count > 20)
    #expect(refused.contains { $0.reason == "spread: 8 in bin right, limit 8" })
    // Some were welcome when their chunk began.
    let early = refused.count { $0.similarities == AttemptSimilarities() }
    #expect(place.identity.count.withLock { $0 } == attempts.count - early)
    #expect(early > refused.count / 2)
    let bins = report.document["spreadBins"]?.arrayValue?.first?["bins"]?.arrayValue
    #expect(bins?.compactMap { $0["pictures"]?.intValue } == [32, 32, 32])
    #expect(try await step.run(in: place.context()).wasDone)
  }

  @Test func `a bin out of reach is made up for by the others, or not, as was asked`() async throws
  {
    for isStrict in [false, true] {
      let place = try PlantedFill(people: 2, finder: TurnedHeads())
      defer { place.remove() }
      let generator = PlantedGenerator { _, vector, seed in
        var picture = PlantedGenerator.picture(vector, noise: seed)
        picture.pixels[TurnedHeads.place] |= 128
        return .picture(picture)
      }
      try await place.enter(generator)
      let step = place.step(generator, wanted: 24) {
        $0.poseBins = 3
        $0.isStrictSpread = isStrict
      }
      _ = try await step.run(in: place.context())
      for quota in try await place.quotas() {
        #expect(quota.shortfall == (isStrict ? 6 : 0), "\(quota)")
        #expect(quota.reason.hasPrefix("0 of 8 in bin left; ") == isStrict, "\(quota.reason)")
      }
      let refused = try await place.attempts().count { $0.reason.hasPrefix("spread") }
      #expect(isStrict || (refused >= 2 * 44 && refused < 2 * 44 + 64), "\(refused)")
    }
  }

  /// Scores of the digital images are spread evenly.
  private func scored(_ chain: EmbeddingChain) -> (Int) -> ImageFacts {
    { row in
      var facts = ImageFacts()
      facts.quality = Double(row % 16) / 16
      facts.qualityEncoder = chain.qualityDigest
      return facts
    }
  }

  @Test func `a request that is cut off again and again ends like one left alone`() async throws {
    func place() throws -> PlantedFill {
      try PlantedFill(people: 12, finder: TurnedHeads(), quality: Scorer())
    }
    func step(_ place: PlantedFill, _ generator: PlantedGenerator) -> FillStep {
      place.step(generator, wanted: 14) {
        $0.poseBins = 3
        $0.qualityBins = 4
      }
    }
    let (calm, hit) = (try place(), try place())
    defer {
      calm.remove()
      hit.remove()
    }
    let reliable = PlantedGenerator()
    try await calm.enter(reliable, each: scored(calm.chain))
    _ = try await step(calm, reliable).run(in: calm.context())
    let calls = Mutex(0)
    let failing = PlantedGenerator { _, _, _ in
      let number = calls.withLock { count -> Int in
        count += 1
        return count
      }
      if number % 90 == 89 { throw CurationError(.badVectors, "the machine is gone") }
      return nil
    }
    try await hit.enter(failing, each: scored(hit.chain))
    var failures = 0
    while failures < 20 {
      do {
        _ = try await step(hit, failing).run(in: hit.context(threads: 1))
        break
      } catch is CurationError { failures += 1 }
    }
    #expect(failures >= 2)
    let wanted = try await calm.attempts()
    let reasons = Set(wanted.map(\.reason))
    #expect(reasons.contains { $0.hasPrefix("spread: ") && $0.contains("in bin quality ") })
    #expect(reasons.contains { $0.hasPrefix("spread: ") && $0.contains("in bin left") })
    #expect(try await hit.attempts().map(\.reason) == wanted.map(\.reason))
    #expect(hit.files("generated") == calm.files("generated"))
    #expect(hit.files("rejected") == calm.files("rejected"))
    #expect(try await hit.quotas() == calm.quotas())
  }

  @Test func `without scores there is nothing to spread by, which is said`() async throws {
    let generator = PlantedGenerator()
    for quality in [nil, Scorer()] {
      let place = try PlantedFill(people: 2, quality: quality)
      defer { place.remove() }
      try await place.enter(generator)
      let step = place.step(generator, wanted: 4) { $0.qualityBins = 2 }
      let error = await #expect(throws: CurationError.self) {
        try await step.run(in: place.context())
      }
      let said = quality == nil ? "names no quality network" : "0 digital images have a score"
      #expect(error?.message.contains(said) == true, "\(error?.message ?? "")")
    }
  }
}
