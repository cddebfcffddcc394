public import Analysis
public import Cataloging
import Diagnostics
public import Domain

/// Holds a population against the Δ in force, batch by batch and as a whole. Nothing is recorded.
public struct DeltaDrift: Sendable {
  /// Identities of a batch, unless told otherwise.
  public static let usualBatch = 50

  /// Which population, cut how.
  public struct Options: Equatable, Sendable {
    /// Of the Δ; nil for that of the latest.
    public var space: String?
    /// Nil for the one Δ in force points to.
    public var population: Population?
    public var identities = DeltaDrift.usualBatch

    public init() {}
  }

  let options: Options
  /// For a Δ in space `conditioning` alone.
  let conditioning: @Sendable () throws -> ConditioningEncoder

  /// - Parameter conditioning: what makes conditioning of identity vectors; asked for where Δ is of that.
  public init(
    _ options: Options = Options(),
    conditioning: @escaping @Sendable () throws -> ConditioningEncoder
  ) {
    self.options = options
    self.conditioning = conditioning
  }

  /// One line per batch; findings where one is outside its limits.
  public func run(in context: StepContext) async throws -> StepReport {
    let record = try await context.recordedOffset(space: options.space)
    let population = options.population ?? record.to
    let encoder = record.space.name == ConditioningEncoder.space ? try conditioning() : nil
    let stored = encoder == nil ? record.space.name : Space.identity
    let from = try await context.requireStored(stored, record.from).conditioned(by: encoder)
    let batches = try await context.requireStored(stored, population).conditioned(by: encoder)
    guard from.space == record.space else {
      throw CurationError(
        .stale, "the Δ on record in space \(record.space.name) is of another encoder's vectors",
        hint: "name its pipeline with --model, or estimate Δ again with: d2r-curate delta")
    }
    var input = OffsetInput(
      from: from.rows, fromGroups: from.groups, to: batches.rows, toGroups: batches.groups)
    input.seed = context.seed
    input.threads = context.threads
    let drift = try ConditioningRows.checked([from.rows, batches.rows]) {
      try OffsetDrift.measure(input, offset: record.vector, identities: options.identities)
    }
    let outside = drift.batches.count(where: \.isOutside)
    var lines = drift.batches.enumerated().map { number, batch in line(number, batch) }
    lines.append(
      "\(outside) of \(drift.batches.count) batches of \(population.rawValue) outside the limits")
    return StepReport(
      "delta drift", wasDone: false, lines: lines,
      document: [
        "space": .string(record.space.name), "population": .string(population.rawValue),
        "outside": .int(outside), "batches": .array(drift.batches.map(document)),
      ], hasFindings: outside > 0)
  }

  private func line(_ number: Int, _ batch: OffsetDrift.Batch) -> String {
    func text(_ value: Double) -> String { HumanNumbers.decimal(value, 3) }
    return """
      batch \(number + 1): \(batch.identities) identities, \(batch.images) images; length \
      \(text(batch.length)) (\(text(batch.lengthLow)) to \(text(batch.lengthHigh))), cosine \
      \(text(batch.cosine)) (at least \(text(batch.cosineLow)))\(batch.isOutside ? "  OUTSIDE" : "")
      """
  }

  private func document(_ batch: OffsetDrift.Batch) -> JSONValue {
    [
      "identities": .int(batch.identities), "images": .int(batch.images),
      "length": .double(batch.length), "lengthLow": .double(batch.lengthLow),
      "lengthHigh": .double(batch.lengthHigh), "cosine": .double(batch.cosine),
      "cosineLow": .double(batch.cosineLow), "isOutside": .bool(batch.isOutside),
    ]
  }
}

extension StepContext {
  /// How far the generated population has gone along a Δ; nil where it has fewer than two identities
  /// with vectors in that space, or a side has none.
  public func gapClosure(_ record: OffsetRecord) async throws -> GapClosure? {
    let name = record.space.name
    guard let made = try await stored(name, [.generated]), Set(made.groups).count > 1,
      let from = try await stored(name, [record.from]), let to = try await stored(name, [record.to])
    else { return nil }
    var input = OffsetInput(
      from: from.rows, fromGroups: from.groups, to: to.rows, toGroups: to.groups)
    input.seed = seed
    input.threads = threads
    return try GapClosure.measure(
      input, generated: (made.rows, made.groups), offset: record.vector)
  }
}
