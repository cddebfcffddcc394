internal import Cataloging
internal import Diagnostics
internal import Domain
internal import Files

/// Finds out what follows from a job's end.
struct ConsequenceFinder: Sendable {
  /// A Δ that points elsewhere than the one before by more than this cosine says has drifted.
  static let leastCosine = 0.95
  /// So has one that is longer or shorter by more than this.
  static let mostStretch = 0.1

  let options: ServiceWork.Options
  let store: ServiceStore

  func find(_ job: Job, _ outcome: JobOutcome) async -> Consequences {
    var consequences = Consequences()
    consequences.workspace = options.name
    let isDone = outcome.exitCode == 0 || outcome.exitCode == 1
    guard isDone else { return consequences }
    do {
      if job.verb == "delta" { consequences.drift = try await offsetDrift(since: job) }
      if job.verb == "delta drift" { consequences.drift = batchDrift(outcome.result) }
      if let watch = job.watch, job.verb == "index" {
        consequences.gates = try await gates(of: watch)
      }
    } catch {
      options.log("what follows from job \(job.id) cannot be found out: \(explained(error))")
    }
    return consequences
  }

  private func catalog() throws -> Catalog {
    let clock = options.clock
    return try Catalog(path: Paths.join(options.workspace, "catalog.sqlite")) {
      clock.now().plain
    }
  }

  // MARK: drift

  /// The Δ that the job found, held against the one before it in the same space.
  private func offsetDrift(since job: Job) async throws -> DriftFact? {
    let catalog = try catalog()
    let steps = try await catalog.steps().filter { $0.name == "delta" }
    // What was on record already is told once.
    guard let last = steps.last, let started = job.startedAt,
      last.finishedAt >= started.plain, let now = try await catalog.offset(step: last.key)
    else { return nil }
    for step in steps.dropLast().reversed() {
      guard let before = try await catalog.offset(step: step.key), before.space == now.space,
        before.from == now.from, before.to == now.to
      else { continue }
      return Self.drift(from: before.vector, to: now.vector, space: now.space.name)
    }
    return nil
  }

  static func drift(from before: [Float], to now: [Float], space: String) -> DriftFact? {
    func dot(_ a: [Float], _ b: [Float]) -> Double {
      zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let lengths = (before: dot(before, before).squareRoot(), now: dot(now, now).squareRoot())
    guard before.count == now.count, lengths.before > 0, lengths.now > 0 else { return nil }
    let cosine = dot(before, now) / (lengths.before * lengths.now)
    let ratio = lengths.now / lengths.before
    guard cosine < leastCosine || abs(ratio - 1) > mostStretch else { return nil }
    return DriftFact(
      detail: """
        the offset in space \(space) has cosine \(HumanNumbers.decimal(cosine, 3)) to the one before \
        and \(HumanNumbers.decimal(ratio, 3)) of its length
        """,
      numbers: [
        "space": .string(space), "cosine": .double(cosine), "lengthRatio": .double(ratio),
        "leastCosine": .double(leastCosine), "mostStretch": .double(mostStretch),
      ])
  }

  private func batchDrift(_ result: JSONValue) -> DriftFact? {
    guard let outside = result["outside"]?.intValue, outside > 0 else { return nil }
    let batches = result["batches"]?.arrayValue?.count ?? 0
    return DriftFact(
      detail: "\(outside) of \(batches) batches are outside their limits",
      numbers: ["outside": .int(outside), "batches": .int(batches)])
  }

  // MARK: gates

  /// What is asked of new pictures: duplicates always, leaks where there is something to leak from.
  private func gates(of watch: Int64) async throws -> [NewJob] {
    let applies = try await store.watch(watch).applies
    let sources = try await catalog().sources()
    var verbs = ["dedup"]
    if sources.contains(where: { $0.population == .reference }) { verbs.append("leaks") }
    return verbs.filter { verb in options.verbs.verbs.contains { $0.name == verb } }.map { verb in
      NewJob(
        checked: verb, applies ? ["--apply"] : [], writes: true, attempts: Watch.attempts,
        by: Watch.author(watch))
    }
  }
}
