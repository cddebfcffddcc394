import Analysis
import Cataloging
import Diagnostics
import Domain
import Execution
import Files
import Imaging
import LinearAlgebra

/// A fill request under way.
struct FillWork {
  let plan: FillPlan
  let parts: FillStep.Parts
  let context: StepContext
  private(set) var lines: [FillLine]
  private var judge: CandidateJudge
  private let identityPlace: Int

  init(plan: FillPlan, parts: FillStep.Parts, context: StepContext) {
    self.plan = plan
    self.parts = parts
    self.context = context
    lines = plan.lines
    func place(_ name: String) -> Int? { parts.chain.spaces.firstIndex { $0.name == name } }
    identityPlace = place(Space.identity) ?? 0
    judge = CandidateJudge(
      ground: plan.ground, gates: plan.gates, duplicateFloor: plan.duplicateFloor,
      imageFloor: plan.imageFloor,
      places: CandidateJudge.Places(
        identity: identityPlace, mirrored: place(Space.mirroredIdentity),
        image: place(Space.image), pixel: place(Space.pixel)))
  }

  /// Takes up what an earlier, cut-off run of the same request has committed.
  mutating func resume() async throws {
    let attempts = try await context.catalog.attempts(request: plan.key)
    let earlier = try await context.catalog.attemptCounts(outside: plan.key)
    for index in lines.indices { lines[index].earlier = earlier[lines[index].identity] ?? 0 }
    guard !attempts.isEmpty else { return }
    let places = Dictionary(uniqueKeysWithValues: lines.enumerated().map { ($1.identity, $0) })
    for attempt in attempts {
      guard let place = places[attempt.identity] else { continue }
      lines[place].attempts += 1
      if attempt.outcome == .accepted { lines[place].accepted += 1 }
    }
    for made in try await accepted(attempts.compactMap(\.image)) { judge.accept(made) }
  }

  /// The vectors of images accepted before, as the judge wants them.
  private func accepted(_ images: [Int64]) async throws -> [CandidateMaker.Made] {
    var made = images.map { _ in CandidateMaker.Made() }
    for space in parts.chain.spaces {
      let stored = try await context.embedded(
        space.name, [.generated], includesQuarantined: true)
      let rows = stored?.rows() ?? [:]
      for (place, image) in images.enumerated() {
        let row = rows[image].flatMap { stored?.unit[row: $0] }
        made[place].unit.append(row.map(Array.init) ?? [])
      }
    }
    return made
  }

  /// Gives every short identity a latent, its own or one searched for. A generator driven by identities
  /// needs none: its lines have their prototypes from the plan.
  mutating func findLatents() async throws {
    guard parts.generator.input.kind == .latent else { return }
    let known = try await context.catalog.latents(generatorDigest: parts.generator.digest)
    var latents = Dictionary(uniqueKeysWithValues: known.map { ($0.identity, $0) })
    let finder = LatentFinder(
      generator: parts.generator,
      chain: EmbeddingChain(
        finder: parts.chain.finder, encoders: [parts.chain.encoders[identityPlace]]),
      seed: context.seed, threads: context.threads)
    var bank: LatentFinder.Bank?
    let short = lines.indices.filter { lines[$0].missing > 0 }
    context.progress.begin("finding latents", total: short.count, unit: "identities")
    for (done, index) in short.enumerated() {
      let line = lines[index]
      if latents[line.identity] == nil, let prototype = prototype(of: line.identity) {
        let ready = try bank ?? finder.bank()
        bank = ready
        let found = try finder.find(prototype: prototype, name: line.name, in: ready)
        let record = LatentRecord(
          identity: line.identity, generatorDigest: parts.generator.digest,
          vector: found.latent, origin: .searched, similarity: found.similarity)
        try await context.catalog.put(latents: [record])
        latents[line.identity] = record
      }
      setLatent(latents[line.identity], of: index)
      context.progress.advance(to: done + 1)
      try stopIfAsked()
    }
    context.progress.end(nil)
  }

  private mutating func setLatent(_ latent: LatentRecord?, of index: Int) {
    guard let latent else {
      lines[index].obstacle = "no image left to form a prototype from"
      return
    }
    if let similarity = latent.similarity, similarity < plan.gates.ownFloor {
      let reached = HumanNumbers.decimal(Double(similarity.value), 4)
      let needed = HumanNumbers.decimal(Double(plan.gates.ownFloor.value), 4)
      lines[index].obstacle =
        "out of the generator's reach: nearest cosine \(reached), own identity needs \(needed)"
      return
    }
    guard latent.vector.count == parts.generator.input.width else {
      lines[index].obstacle =
        "its latent has \(latent.vector.count) values, the generator takes \(parts.generator.input.width)"
      return
    }
    lines[index].centre = latent.vector
  }

  private func prototype(of identity: Int64) -> [Float]? {
    let prototypes = plan.ground.prototypes
    return prototypes.identities.firstIndex(of: Int(identity)).map {
      Array(prototypes.directions[row: $0])
    }
  }

  /// Generates, judges and commits chunk after chunk until every line is closed.
  mutating func fill() async throws {
    let schedule = FillSchedule(seed: context.seed, vectors: plan.vectors)
    let maker = CandidateMaker(
      generator: parts.generator, chain: parts.chain, threads: context.threads)
    let source = try await context.catalog.source(
      population: .generated, root: context.workspace.generatedFolder, layout: "identity-folders")
    let wanted = lines.reduce(0) { $0 + ($1.centre == nil ? 0 : $1.missing) }
    context.progress.begin("generating", total: wanted, unit: "pictures")
    while case let candidates = try schedule.next(lines), !candidates.isEmpty {
      let made = try maker.make(candidates)
      try await commit(candidates, made, source: source.id)
      let left = lines.reduce(0) { $0 + ($1.centre == nil ? 0 : $1.missing) }
      context.progress.advance(to: wanted - left)
      try stopIfAsked()
    }
    context.progress.end(nil)
  }

  /// Pictures first, then vectors, then the rows that name both.
  private mutating func commit(
    _ candidates: [FillCandidate], _ made: [CandidateMaker.Made], source: Int64
  ) async throws {
    var batch = IndexBatch(source: source)
    var attempts: [NewAttempt] = []
    var values = parts.chain.spaces.map { _ in [Float]() }
    for (candidate, made) in zip(candidates, made) {
      let line = lines[candidate.line]
      let judgement = try judge.judge(made, identity: line.identity)
      lines[candidate.line].attempts += 1
      var verdict = NewAttempt.Verdict.rejected(reason: judgement.rejection ?? "")
      if judgement.rejection == nil, let picture = made.picture {
        batch.items.append(try publish(made, picture, candidate, line))
        for (space, row) in made.values.enumerated() { values[space].append(contentsOf: row) }
        judge.accept(made)
        lines[candidate.line].accepted += 1
        verdict = .accepted(item: batch.items.count - 1)
      }
      attempts.append(
        NewAttempt(
          identity: line.identity, number: candidate.number, seed: candidate.seed,
          interpolation: candidate.interpolation, similarities: judgement.measures,
          verdict: verdict))
    }
    batch.shards = try ShardPublisher(chain: parts.chain, store: context.vectors)
      .publish(values, count: batch.items.count)
    _ = try await context.catalog.commit(
      attempts, request: plan.key, with: batch.items.isEmpty ? nil : batch)
  }

  private func publish(
    _ made: CandidateMaker.Made, _ picture: Picture, _ candidate: FillCandidate,
    _ line: FillLine
  ) throws -> IndexedImage {
    let file = GeneratedFile(line: line, number: candidate.number)
    let bytes = try PictureEncoder.png(picture)
    let path = Paths.join(context.workspace.generatedFolder, file.path)
    try FileSystem.makeFolder(Paths.parent(path))
    try AtomicFile.write(bytes, to: path)
    var facts = file.facts(made, picture, bytes: bytes)
    if let face = made.face, let score = try parts.chain.scores([face])?.first {
      facts.quality = score
      facts.qualityEncoder = parts.chain.qualityDigest
    }
    return IndexedImage(path: file.path, identity: .existing(line.identity), facts: facts)
  }

  private func stopIfAsked() throws {
    guard Interrupts.requested else { return }
    throw CurationError(
      .interrupted, "filling stopped on request; what was accepted is kept",
      hint: "run the same command again: it goes on where it stopped")
  }
}
