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

  /// Which Δ to estimate.
  public struct Options: Equatable, Sendable {
    public var space: String
    public var from: Population
    public var to: Population

    public init(
      space: String = Space.image, from: Population = .digital, to: Population = .real
    ) {
      self.space = space
      self.from = from
      self.to = to
    }
  }

  let options: Options

  public init(_ options: Options = Options()) { self.options = options }

  public func run(in context: StepContext) async throws -> StepReport {
    let provenance = try await provenance(in: context)
    if let done = try await context.done(provenance) { return report(done, wasDone: true) }
    let from = try await context.require(options.space, [options.from])
    let to = try await context.require(options.space, [options.to])
    context.progress.begin("estimating Δ", total: nil, unit: "images")
    let estimate = try estimate(from: from, to: to, seed: context.seed)
    context.progress.advance(to: estimate.from.images + estimate.to.images)
    context.progress.end(nil)
    var summary = summary(of: estimate, width: from.space.width)
    summary["leftOut"] = .array((from.leftOut + to.leftOut).map { .int(Int($0)) })
    let record = OffsetRecord(
      space: from.space, from: options.from, to: options.to, vector: estimate.vector,
      statistics: summary.compact)
    try await context.catalog.commit(record, of: provenance.step(summary: summary))
    return report(summary, wasDone: false)
  }

  func provenance(in context: StepContext) async throws -> Provenance {
    Provenance(
      Self.name, in: context,
      parameters: [
        "space": .string(options.space), "from": .string(options.from.rawValue),
        "to": .string(options.to.rawValue), "seed": .string("\(context.seed)"),
      ],
      inputs: [
        try await context.embeddingDigest(
          options.space, [options.from], includesQuarantined: false),
        try await context.embeddingDigest(options.space, [options.to], includesQuarantined: false),
      ])
  }

  private func estimate(
    from: EmbeddedImages, to: EmbeddedImages, seed: UInt64
  ) throws -> OffsetEstimate {
    var input = OffsetInput(
      from: from.unit, fromGroups: from.identities.map { $0.map(Int.init) },
      to: to.unit, toGroups: to.identities.map { $0.map(Int.init) })
    input.seed = seed
    return try OffsetEstimate.estimate(input)
  }

  private func summary(of estimate: OffsetEstimate, width: Int) -> JSONValue {
    [
      "space": .string(options.space), "width": .int(width),
      "from": side(estimate.from, options.from), "to": side(estimate.to, options.to),
      "norm": .double(estimate.norm), "normLow": .double(estimate.normLow),
      "normHigh": .double(estimate.normHigh),
      "splitHalfCosine": .double(estimate.splitHalfCosine),
      "permutationP": .double(estimate.permutationP),
      "areaUnderCurve": .double(estimate.areaUnderCurve),
    ]
  }

  private func side(_ side: OffsetEstimate.Side, _ population: Population) -> JSONValue {
    [
      "population": .string(population.rawValue), "images": .int(side.images),
      "identities": .int(side.identities), "spread": .double(side.spread),
    ]
  }

  private func report(_ summary: JSONValue, wasDone: Bool) -> StepReport {
    func number(_ key: String, _ places: Int) -> String {
      HumanNumbers.decimal(summary[key]?.doubleValue ?? .nan, places)
    }
    func images(_ key: String) -> String {
      let side = summary[key]
      return """
        \(HumanNumbers.count(side?["images"]?.intValue ?? 0)) \
        \(side?["population"]?.stringValue ?? key) images of \
        \(HumanNumbers.count(side?["identities"]?.intValue ?? 0)) identities
        """
    }
    let cosine = summary["splitHalfCosine"]?.doubleValue ?? 0
    var lines = [
      "Δ in space \(options.space): from \(images("from")) to \(images("to"))",
      "norm \(number("norm", 4)) (95 %: \(number("normLow", 4)) to \(number("normHigh", 4)))",
      """
      split-half cosine \(number("splitHalfCosine", 4)), permutation p \
      \(number("permutationP", 4)), AUC along Δ \(number("areaUnderCurve", 4))
      """,
    ]
    if cosine < Self.smallestSplitHalfCosine {
      lines.append(
        """
        the halves agree less than \(Self.smallestSplitHalfCosine): more identities are needed \
        before this Δ is used
        """)
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
