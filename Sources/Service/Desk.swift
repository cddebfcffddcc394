internal import Cataloging
public import Curation
internal import Domain
internal import Synchronization

/// The workspace as the API's routes read and change it.
public struct Desk: Sendable {
  public let context: StepContext
  let worker: DeskWorker
  private let queue = Remembered<ReviewQueue>()
  private let faces = Remembered<RealFaces>()
  private let stages = Remembered<[(name: String, standing: String)]>()

  public init(context: StepContext, worker: DeskWorker) {
    self.context = context
    self.worker = worker
  }

  var catalog: Catalog { context.catalog }

  /// The pairs that wait for a person, as of now.
  func reviewQueue() async throws -> ReviewQueue {
    try await queue.value(at: try await catalog.version()) {
      try await ReviewQueue(ReviewQueue.Options(), in: catalog)
    }
  }

  /// Which images may show a real person.
  func realFaces() async throws -> RealFaces {
    try await faces.value(at: try await catalog.version()) {
      let known = try await reviewQueue().known.values
      return RealFaces(suspects: Set(known.filter { $0.pair.kind == .leak }.map(\.removed.id)))
    }
  }

  /// Name and standing of every stage; empty where no model is installed to compare with.
  func stageStandings() async throws -> [(name: String, standing: String)] {
    let version = try await catalog.version()
    return try await stages.value(at: version) {
      (try? await worker.standings()) ?? []
    }
  }

  /// The rates that go with cosines of the identity space; nil where it is not calibrated.
  func identityLevels() async throws -> FalseMatchLevels? {
    guard let space = try await context.spacesInForce().first(where: { $0.name == Space.identity })
    else { return nil }
    return try await context.falseMatchLevels(in: space)
  }

  /// Of the last fill, by identity.
  func quotas() async throws -> [Int64: QuotaRecord] {
    guard let step = try await catalog.latestStep(named: FillStep.name) else { return [:] }
    let records = try await catalog.quotas(step: step.key)
    return Dictionary(records.map { ($0.identity, $0) }, uniquingKeysWith: { $1 })
  }
}

/// A value that is costly to make, kept until the catalog changes. Who asks while it is being made waits
/// for that one.
final class Remembered<Value: Sendable>: Sendable {
  private let kept = Mutex<(version: String, value: Task<Value, any Error>)?>(nil)

  func value(
    at version: String, _ make: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let task = kept.withLock { kept in
      if let (known, value) = kept, known == version { return value }
      let fresh = Task { try await make() }
      kept = (version, fresh)
      return fresh
    }
    do { return try await task.value } catch {
      kept.withLock { kept in
        if kept?.value == task { kept = nil }
      }
      throw error
    }
  }
}
