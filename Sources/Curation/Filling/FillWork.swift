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
  let planner: QuotaPlanner
  private(set) var lines: [FillLine]
  private(set) var meter: BudgetMeter
  private var judge: CandidateJudge
  private var rejected: RejectedPictures
  private let identityPlace: Int

  init(
    plan: FillPlan, options: FillStep.Options, parts: FillStep.Parts, context: StepContext
  ) {
    self.plan = plan
    self.parts = parts
    self.context = context
    planner = QuotaPlanner(stop: options.stop)
    lines = plan.lines
    meter = BudgetMeter(budget: options.budget)
    rejected = RejectedPictures(root: context.workspace.rejectedFolder, most: options.keptRejected)
    func place(_ name: String) -> Int? { parts.chain.spaces.firstIndex { $0.name == name } }
    identityPlace = place(Space.identity) ?? 0
    judge = CandidateJudge(
      ground: plan.ground, gates: plan.gates, rule: plan.duplicates,
      places: CandidateJudge.Places(
        identity: identityPlace, mirrored: place(Space.mirroredIdentity),
        image: place(Space.image), pixel: place(Space.pixel)),
      maker: CandidateMaker(
        generator: parts.generator, chain: parts.chain, threads: context.threads,
        identity: identityPlace, sharpnessFloor: plan.gates.sharpnessFloor),
      builder: parts.builder)
  }

  /// Takes up what earlier requests, and an earlier, cut-off run of this one, have committed.
  mutating func resume() async throws {
    let attempts = try await context.catalog.attempts(request: plan.key)
    try await lines.takeUp(attempts, plan, in: context.catalog)
    meter.spend(
      calls: attempts.count, seconds: try await context.catalog.seconds(request: plan.key))
    for made in try await accepted(attempts.compactMap(\.image)) { try judge.resume(made) }
  }

  /// The vectors and marks of images accepted before, as the judge wants them.
  private func accepted(_ images: [Int64]) async throws -> [CandidateMaker.Made] {
    guard !images.isEmpty else { return [] }
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
    let records = try await context.catalog.images(
      ImageFilter(populations: [.generated], includesQuarantined: true, includesOutdated: true))
    let facts = Dictionary(uniqueKeysWithValues: records.map { ($0.id, $0.facts) })
    for (place, image) in images.enumerated() {
      made[place].marks = KnownPictures.Marks(
        file: facts[image]?.digest, pixels: facts[image]?.pixelDigest,
        hash: facts[image]?.perceptualHash)
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

  /// Generates, judges and commits chunk after chunk until every line is closed or the budget spent.
  mutating func fill() async throws {
    let schedule = FillSchedule(seed: context.seed, vectors: plan.vectors, planner: planner)
    let source = try await context.catalog.source(
      population: .generated, root: context.workspace.generatedFolder, layout: "identity-folders")
    try await context.catalog.begin(request: plan.key, conditions: plan.conditions)
    let wanted = lines.reduce(0) { $0 + ($1.centre == nil ? 0 : $1.missing) }
    context.progress.begin("generating", total: wanted, unit: "pictures")
    while case let candidates = try schedule.next(lines, budget: meter.allowance),
      !candidates.isEmpty
    {
      let watch = Stopwatch()
      let targets = lines.map(\.spread)
      var made = try saying {
        try judge.maker.make(candidates) { targets[$0.line].refusal(SpreadValues($1)) }
      }
      let identities = candidates.map { lines[$0.line].identity }
      let spread = Dictionary(
        zip(identities, candidates.map { targets[$0.line] }),
        uniquingKeysWith: { first, _ in first })
      let judgements = try saying {
        try judge.judge(&made, identities: identities, spread: spread)
      }
      let shown = try saying { try toBeShown(candidates, &made, judgements) }
      try await commit(
        candidates, zip(made, judgements).map { $0 }, shown, source: source.id, watch)
      let left = lines.reduce(0) { $0 + ($1.centre == nil ? 0 : $1.missing) }
      context.progress.advance(to: wanted - left)
      try stopIfAsked()
    }
    context.progress.end(nil)
  }

  /// Does `work`; where a part fails, its error also says what is kept.
  private func saying<Answer>(_ work: () throws -> Answer) throws -> Answer {
    do {
      return try work()
    } catch let error as any ExplainedError {
      let accepted = lines.reduce(0) { $0 + $1.accepted }
      let advice = error.hint.map { "\($0); then " } ?? ""
      throw CurationError(
        .candidates,
        """
        filling stopped after \(HumanNumbers.count(meter.calls)) candidates, \
        \(HumanNumbers.count(accepted)) of them accepted and kept: \(error.message)
        """, hint: "\(advice)run the same command again: it goes on where it stopped")
    }
  }

  /// Which refused pictures are kept.
  private mutating func toBeShown(
    _ candidates: [FillCandidate], _ made: inout [CandidateMaker.Made],
    _ judgements: [CandidateJudge.Judgement]
  ) throws -> Set<Int> {
    let files = candidates.map { GeneratedFile(line: lines[$0.line], number: $0.number) }
    for file in files { try rejected.prepare(file) }
    let refused = made.indices.filter {
      judgements[$0].rejection != nil && !judgements[$0].isSpread
    }
    return try judge.harmless(rejected.wanted(refused, of: files), &made, judgements)
  }

  /// Pictures first, then vectors, then the rows that name both.
  private mutating func commit(
    _ candidates: [FillCandidate],
    _ judged: [(made: CandidateMaker.Made, judgement: CandidateJudge.Judgement)],
    _ shown: Set<Int>, source: Int64, _ watch: Stopwatch
  ) async throws {
    var batch = IndexBatch(source: source)
    var attempts: [NewAttempt] = []
    var values = parts.chain.spaces.map { _ in [Float]() }
    for (row, candidate) in candidates.enumerated() {
      let (made, judgement) = judged[row]
      let file = GeneratedFile(line: lines[candidate.line], number: candidate.number)
      var verdict = NewAttempt.Verdict.rejected(reason: judgement.rejection ?? "")
      if judgement.rejection == nil, let picture = made.picture {
        batch.items.append(try publish(made, picture, file))
        for (space, row) in made.values.enumerated() { values[space].append(contentsOf: row) }
        verdict = .accepted(item: batch.items.count - 1)
      } else if shown.contains(row) {
        try rejected.keep(made, file)
      }
      lines[candidate.line].count(
        number: candidate.number, rejection: judgement.rejection,
        similarities: judgement.measures, values: SpreadValues(made))
      attempts.append(
        NewAttempt(
          identity: file.line.identity, number: candidate.number, seed: candidate.seed,
          interpolation: candidate.interpolation, similarities: judgement.measures,
          verdict: verdict))
    }
    batch.shards = try ShardPublisher(chain: parts.chain, store: context.vectors)
      .publish(values, count: batch.items.count)
    let seconds = watch.seconds
    _ = try await context.catalog.commit(
      attempts, request: plan.key, with: batch.items.isEmpty ? nil : batch, seconds: seconds)
    meter.spend(calls: attempts.count, seconds: seconds)
  }

  private func publish(
    _ made: CandidateMaker.Made, _ picture: Picture, _ file: GeneratedFile
  ) throws -> IndexedImage {
    let bytes = try made.file ?? PictureEncoder.png(picture)
    let path = Paths.join(context.workspace.generatedFolder, file.path)
    try FileSystem.makeFolder(Paths.parent(path))
    try AtomicFile.write(bytes, to: path)
    var facts = file.facts(made, picture, bytes: bytes)
    if let face = made.face, let score = try made.quality ?? parts.chain.scores([face])?.first {
      facts.quality = score
      facts.qualityEncoder = parts.chain.qualityDigest
    }
    return IndexedImage(path: file.path, identity: .existing(file.line.identity), facts: facts)
  }

  private func stopIfAsked() throws {
    guard Interrupts.requested else { return }
    throw CurationError(
      .interrupted, "filling stopped on request; what was accepted is kept",
      hint: "run the same command again: it goes on where it stopped")
  }
}

extension [FillLine] {
  /// Counts what is on record: attempt numbers over all requests, rates of requests under the same
  /// conditions, and the attempts of this request.
  mutating func takeUp(
    _ attempts: [AttemptRecord], _ plan: FillPlan, in catalog: Catalog
  ) async throws {
    let places = Dictionary(uniqueKeysWithValues: enumerated().map { ($1.identity, $0) })
    for (identity, last) in try await catalog.lastAttempts() {
      if let place = places[identity] { self[place].nextNumber = last + 1 }
    }
    let free = plan.points.spread.isFree ? GateReason.Test.spread.rawValue : nil
    for count in try await catalog.acceptance(
      conditions: plan.conditions, outside: plan.key, but: free)
    {
      guard let place = places[count.identity] else { continue }
      self[place].earlierAttempts = count.attempts
      self[place].earlierAccepted = count.accepted
    }
    let shown = try await plan.points.spread.values(
      of: plan.points.spread.axes.isEmpty ? [] : attempts.compactMap(\.image), in: catalog)
    for attempt in attempts {
      guard let place = places[attempt.identity] else { continue }
      self[place].count(
        number: attempt.number, rejection: attempt.outcome == .accepted ? nil : attempt.reason,
        similarities: attempt.similarities,
        values: attempt.image.flatMap { shown[$0] } ?? SpreadValues())
    }
  }
}
