public import Analysis
import Cataloging
import Diagnostics
public import Domain
import Execution
import Files
import Imaging

/// Fills identity quotas: asks the generator for variations of each short identity, embeds every
/// candidate with the same encoders, and accepts only what passes the gates.
public struct FillStep: Sendable {
  public static let name = "fill"

  /// How much is wanted, and how candidates are made and judged.
  public struct Options: Equatable, Sendable {
    public var imagesPerIdentity: Int
    /// Most candidates in total; nil leaves only the cap per identity.
    public var budget: Int?
    /// Slerp parameters are drawn evenly from here; 0 repeats the identity's own latent.
    public var interpolation: ClosedRange<Double>
    /// How identity vectors are varied: `slerp` unless given. Only for generators driven by identities.
    public var variation: Variation?
    /// The cosine that varied identity vectors keep to their prototype; nil takes that of the gate for
    /// an identity's own pictures. Only for generators driven by identities.
    public var floor: ThresholdChoice?
    public var rates: CurationRates
    /// The identity encoder's own table.
    public var documented: [DocumentedThreshold]
    /// Lets rates take cosines that were extrapolated.
    public var allowsExtrapolated = false

    public init(
      imagesPerIdentity: Int, budget: Int? = nil, rates: CurationRates = .standard
    ) {
      self.imagesPerIdentity = imagesPerIdentity
      self.budget = budget
      interpolation = 0.1...0.3
      self.rates = rates
      documented = []
    }
  }

  /// What is installed to fill with.
  public struct Parts: Sendable {
    public var generator: any Generator
    public var chain: EmbeddingChain
    public var builder: any VectorIndexBuilder

    public init(
      generator: any Generator, chain: EmbeddingChain, builder: any VectorIndexBuilder
    ) {
      self.generator = generator
      self.chain = chain
      self.builder = builder
    }
  }

  let options: Options
  let parts: Parts

  public init(_ options: Options, parts: Parts) {
    self.options = options
    self.parts = parts
  }

  public func run(in context: StepContext) async throws -> StepReport {
    let provenance = try await provenance(in: context)
    if let done = try await context.done(provenance) { return report(done, wasDone: true) }
    let plan = try await FillPlan.load(options: options, parts: parts, in: context)
    var work = FillWork(plan: plan, parts: parts, context: context)
    try await work.resume()
    try await work.findLatents()
    try await work.fill()
    let quotas = work.lines.map(\.record)
    var summary = summary(quotas, attempts: try await context.catalog.attempts(request: plan.key))
    summary["gates"] = plan.points.document
    summary["gateTexts"] = .array(plan.points.texts.map { .string($0) })
    try await context.catalog.commit(quotas, of: provenance.step(summary: summary))
    return report(summary, wasDone: false)
  }

  func provenance(in context: StepContext) async throws -> Provenance {
    try await FillPlan.decide(options: options, parts: parts, in: context).0
  }

  private func summary(_ quotas: [QuotaRecord], attempts: [AttemptRecord]) -> JSONValue {
    let reasons = Dictionary(
      grouping: attempts.filter { $0.outcome == .rejected },
      by: { String($0.reason.prefix { $0 != ":" }) }
    ).mapValues { JSONValue.int($0.count) }
    return [
      "identities": .int(quotas.count), "wantedPerIdentity": .int(options.imagesPerIdentity),
      "had": .int(quotas.reduce(0) { $0 + $1.had }),
      "attempts": .int(attempts.count),
      "accepted": .int(attempts.count { $0.outcome == .accepted }),
      "rejectedByReason": .object(reasons),
      "shortfall": .int(quotas.reduce(0) { $0 + $1.shortfall }),
      "shortIdentities": .int(quotas.count { $0.shortfall > 0 }),
      "generator": .string(parts.generator.name),
    ]
  }

  private func report(_ summary: JSONValue, wasDone: Bool) -> StepReport {
    func count(_ key: String) -> String { HumanNumbers.count(summary[key]?.intValue ?? 0) }
    let reasons = (summary["rejectedByReason"]?.objectValue ?? [:]).sorted { $0.key < $1.key }
      .map { "\($0.key) \($0.value.intValue ?? 0)" }.joined(separator: ", ")
    return StepReport(
      Self.name, wasDone: wasDone,
      lines: [
        """
        \(count("identities")) identities wanted \(count("wantedPerIdentity")) pictures each and \
        had \(count("had")) in all
        """,
        """
        \(count("attempts")) candidates of \(summary["generator"]?.stringValue ?? "the generator"), \
        \(count("accepted")) accepted\(reasons.isEmpty ? "" : "; rejected: \(reasons)")
        """,
        "still missing: \(count("shortfall")) pictures of \(count("shortIdentities")) identities",
      ] + (summary["gateTexts"]?.arrayValue ?? []).compactMap(\.stringValue), document: summary,
      hasFindings: (summary["shortfall"]?.intValue ?? 0) > 0)
  }
}

extension FillStep {
  /// What `run` would ask for, without asking.
  public func plan(in context: StepContext) async throws -> StepReport {
    let plan = try await FillPlan.load(options: options, parts: parts, in: context)
    let missing = plan.lines.reduce(0) { $0 + $1.missing }
    let cap = plan.lines.reduce(0) { $0 + $1.cap }
    return StepReport(
      Self.name, wasDone: false,
      lines: [
        """
        would fill \(plan.lines.count { $0.missing > 0 }) of \(plan.lines.count) identities: \
        \(HumanNumbers.count(missing)) pictures missing, at most \(HumanNumbers.count(cap)) candidates
        """
      ], document: ["missing": .int(missing), "mostCandidates": .int(cap)])
  }
}
