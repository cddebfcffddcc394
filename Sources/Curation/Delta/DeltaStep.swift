import Analysis
import Cataloging
import Diagnostics
public import Domain

/// Estimates Δ, the vector from the mean of one population to the mean of another, mean per
/// identity first, with what is known about its reliability.
public struct DeltaStep: Sendable {
  public static let name = "delta"

  /// A Δ whose halves agree less than this is not to be trusted (Digi2Real working rule).
  public static let smallestSplitHalfCosine = 0.99

  /// Relabellings behind the p-value.
  public static let permutations = 999

  /// Which Δ to estimate.
  public struct Options: Equatable, Sendable {
    public var space: String
    public var from: Population
    public var to: Population
    /// Records a Δ whose halves disagree, with a remark, instead of refusing it.
    public var acceptsUnstable = false

    public init(
      space: String = Space.image, from: Population = .digital, to: Population = .real
    ) {
      self.space = space
      self.from = from
      self.to = to
    }
  }

  let options: Options
  /// For space `conditioning` alone.
  let conditioning: ConditioningEncoder?

  public init(_ options: Options = Options(), conditioning: ConditioningEncoder? = nil) {
    self.options = options
    self.conditioning = options.space == ConditioningEncoder.space ? conditioning : nil
  }

  /// The space whose vectors are read: conditioning is computed from identity vectors.
  private var stored: String { conditioning == nil ? options.space : Space.identity }

  /// - Throws: `CurationError.unstable` where the halves disagree and that is not accepted; nothing is
  ///   recorded then.
  public func run(in context: StepContext) async throws -> StepReport {
    let provenance = try await provenance(in: context)
    if let recorded = try await context.catalog.step(key: provenance.key) {
      try refuseUnstable(JSONValue(parsing: recorded.summary))
    }
    if let done = try await context.done(provenance) { return report(done, wasDone: true) }
    let from = try await context.requireStored(stored, options.from)
      .conditioned(by: conditioning)
    let to = try await context.requireStored(stored, options.to).conditioned(by: conditioning)
    let space = from.space
    let estimate = try estimate(from: from, to: to, in: context)
    var summary = DeltaSummary.document(of: estimate, options, width: space.width)
    if let conditioning {
      summary["shape"] = [.int(conditioning.positions), .int(conditioning.width)]
    }
    let leftOut =
      estimate.from.leftOut.map { from.locations[$0].image }
      + estimate.to.leftOut.map { to.locations[$0].image }
    summary["leftOut"] = .array(leftOut.map { .int(Int($0)) })
    try refuseUnstable(summary)
    let record = OffsetRecord(
      space: space, from: options.from, to: options.to, vector: estimate.vector,
      statistics: summary.compact)
    try await context.catalog.commit(record, of: provenance.step(summary: summary))
    return report(summary, wasDone: false)
  }

  func provenance(in context: StepContext) async throws -> Provenance {
    var inputs = [
      try await context.embeddingDigest(stored, [options.from], includesQuarantined: false),
      try await context.embeddingDigest(stored, [options.to], includesQuarantined: false),
    ]
    if let conditioning { inputs.append(conditioning.digest) }
    return Provenance(
      Self.name, in: context,
      parameters: [
        "space": .string(options.space), "from": .string(options.from.rawValue),
        "to": .string(options.to.rawValue), "seed": .string("\(context.seed)"),
      ], inputs: inputs)
  }

  private func estimate(
    from: StoredImages, to: StoredImages, in context: StepContext
  ) throws -> OffsetEstimate {
    var input = OffsetInput(
      from: from.rows, fromGroups: from.groups, to: to.rows, toGroups: to.groups)
    input.seed = context.seed
    input.threads = context.threads
    input.progress = context.progress
    input.permutations = Self.permutations
    return try ConditioningRows.checked([from.rows, to.rows]) {
      try OffsetEstimate.estimate(input)
    }
  }

  private func refuseUnstable(_ summary: JSONValue) throws {
    guard !options.acceptsUnstable, let remark = DeltaSummary.instability(summary) else { return }
    throw CurationError(
      .unstable, "Δ in space \(options.space) is not stable: \(remark.what)",
      hint: "\(remark.need), or take it as it is with: d2r-curate delta --accept-unstable")
  }

  private func report(_ summary: JSONValue, wasDone: Bool) -> StepReport {
    var lines = DeltaSummary.lines(summary)
    if let remark = DeltaSummary.instability(summary) {
      lines.append("not stable: \(remark.what); \(remark.need)")
    }
    lines += EmbeddedImages.leftOutLines(summary, space: options.space)
    return StepReport(Self.name, wasDone: wasDone, lines: lines, document: summary)
  }
}

extension StepContext {
  /// The recorded summary of a step with this provenance, or nil where it has to be computed.
  /// A recorded step is in force again.
  func done(_ provenance: Provenance) async throws -> JSONValue? {
    guard let step = try await catalog.step(key: provenance.key) else { return nil }
    let summary = try JSONValue(parsing: step.summary)
    if try await catalog.latestStep(named: step.name)?.key != step.key {
      try await catalog.record(provenance.step(summary: summary))
    }
    return summary
  }
}
