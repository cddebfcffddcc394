public import Cataloging

/// Everything the catalog knows about one image: where it comes from, the pairs it was in, what was
/// decided and by whom, and how it stands now.
public struct ImageHistory: Sendable {
  /// How an image stands.
  public enum State: String, Sendable {
    case inSet = "in the set"
    case kept = "in the set, kept by a person"
    case protected = "in the set, protected"
    case quarantined = "in quarantine"
    case purged = "purged"
    /// The file has changed, was rejected or is gone.
    case outdated
  }

  /// A pair with the step that found it and the other image.
  public struct Pair: Sendable {
    public var recorded: RecordedPair
    public var step: StepRecord
    /// True where no later step of the name has taken its place.
    public var isLatest: Bool
    public var threshold: StepThreshold?
    public var other: ImageRecord
    /// A person's answer about the pair that is in force.
    public var answer: DecisionRecord?
  }

  /// A line of the ledger with what it rests on.
  public struct Line: Sendable {
    public var record: DecisionRecord
    public var step: StepRecord?
    public var threshold: StepThreshold?
    /// The line that took this one back, if any.
    public var takenBackBy: Int64?
    /// The pair's other image, seen from this one.
    public var other: ImageRecord?
  }

  public var image: ImageRecord
  public var source: SourceRecord?
  public var indexedAt: String?
  /// The image of the changed file.
  public var successor: Int64?
  public var vectors: [VectorPlace]
  public var attempt: AttemptRecord?
  public var pairs: [Pair]
  public var lines: [Line]
  public var state: State
  /// The decision by which it stands, where there is one.
  public var inForce: DecisionRecord?

  /// Reads the history of `image`.
  public init(of image: ImageRecord, in catalog: Catalog, _ lookup: ImageLookup) async throws {
    let standing = try await catalog.standing()
    let steps = try await catalog.steps()
    self.image = image
    source = try await catalog.sources().first { $0.id == image.source }
    indexedAt = try await catalog.indexedAt(image: image.id)
    successor = try await catalog.successor(of: image.id)
    vectors = try await catalog.places(of: image.id)
    attempt = try await catalog.attempt(image: image.id)
    inForce = standing.images[image.id]
    state = Self.state(image, inForce)
    pairs = Self.pairs(
      try await catalog.pairs(about: image.id), of: image.id, steps, standing, lookup)
    lines = Self.lines(try await catalog.decisions(image: image.id), of: image.id, steps, lookup)
  }

  private static func state(_ image: ImageRecord, _ line: DecisionRecord?) -> State {
    if line?.decision.action == .purge { return .purged }
    if !image.isCurrent { return .outdated }
    switch line?.decision.action {
    case .quarantine: return .quarantined
    case .protect: return .protected
    case .restore: return line?.decision.isByPerson == true ? .kept : .inSet
    default: return .inSet
    }
  }

  private static func pairs(
    _ recorded: [RecordedPair], of image: Int64, _ steps: [StepRecord],
    _ standing: LedgerStanding, _ lookup: ImageLookup
  ) -> [Pair] {
    let byKey = Dictionary(uniqueKeysWithValues: steps.map { ($0.key, $0) })
    var latest: [String: Int] = [:]
    for step in steps { latest[step.name] = max(latest[step.name] ?? 0, step.ordinal) }
    return recorded.compactMap { entry in
      let other = entry.pair.kept == image ? entry.pair.removed : entry.pair.kept
      guard let step = byKey[entry.step], let record = lookup.image(id: other) else { return nil }
      return Pair(
        recorded: entry, step: step, isLatest: latest[step.name] == step.ordinal,
        threshold: StepThreshold(step), other: record, answer: standing.answer(image, other))
    }
  }

  private static func lines(
    _ records: [DecisionRecord], of image: Int64, _ steps: [StepRecord], _ lookup: ImageLookup
  ) -> [Line] {
    let byKey = Dictionary(uniqueKeysWithValues: steps.map { ($0.key, $0) })
    var takenBack: [Int64: Int64] = [:]
    for record in records { if let undone = record.undoes { takenBack[undone] = record.sequence } }
    // A quarantine that rests on a resemblance to this image is about the other one.
    let own = records.filter { $0.decision.image == image || $0.decision.action.isAboutPair }
    return own.map { record in
      let step = record.decision.step.flatMap { byKey[$0] }
      let other = record.decision.image == image ? record.decision.other : record.decision.image
      return Line(
        record: record, step: step, threshold: step.flatMap(StepThreshold.init),
        takenBackBy: takenBack[record.sequence], other: other.flatMap { lookup.image(id: $0) })
    }
  }
}
