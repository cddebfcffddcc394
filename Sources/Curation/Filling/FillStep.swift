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
    /// What may be spent in all; nil leaves only the cap per identity.
    public var budget: FillBudget?
    /// When an identity is given up before its cap.
    public var stop = StopRule.standard
    /// Equal parts of the interpolation range that pictures must come from alike; 1 is no such rule.
    public var arcBins = 1
    /// Bins of the head turn that pictures must show alike; 1 is no such rule. Odd.
    public var poseBins = 1
    /// Bins of the quality score that pictures must be in alike; 1 is no such rule.
    public var qualityBins = 1
    /// True where a part or bin out of reach is not made up for by the others.
    public var isStrictSpread = false
    /// Most refused pictures kept per identity; no result depends on it.
    public var keptRejected = 4
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
      imagesPerIdentity: Int, budget: FillBudget? = nil, rates: CurationRates = .standard
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
    var work = FillWork(plan: plan, options: options, parts: parts, context: context)
    try await work.resume()
    try await work.findLatents()
    try await work.fill()
    let summary = FillSummary(work, options: options)
    let document = summary.document(
      attempts: try await context.catalog.attempts(request: plan.key),
      spread: try await SpreadSummary.document(in: context))
    try await context.catalog.commit(summary.quotas, of: provenance.step(summary: document))
    return report(document, wasDone: false)
  }

  func provenance(in context: StepContext) async throws -> Provenance {
    try await FillPlan.decide(options: options, parts: parts, in: context).0
  }

  private func report(_ summary: JSONValue, wasDone: Bool) -> StepReport {
    StepReport(
      Self.name, wasDone: wasDone, lines: FillSummary.lines(summary), document: summary,
      hasFindings: (summary["shortfall"]?.intValue ?? 0) > 0)
  }
}

extension FillStep {
  /// What `run` would ask for, and a forecast of how it would end, without asking.
  public func plan(in context: StepContext) async throws -> StepReport {
    let plan = try await FillPlan.load(options: options, parts: parts, in: context)
    var lines = plan.lines
    let attempts = try await context.catalog.attempts(request: plan.key)
    try await lines.takeUp(attempts, plan, in: context.catalog)
    let missing = lines.reduce(0) { $0 + $1.missing }
    let cap = lines.reduce(0) { $0 + max(0, $1.cap - $1.attempts) }
    let forecast = try FillForecast(
      lines.map { line in
        var state = line.state
        // Whether a centre can be found is not known before it is looked for.
        state.isClosed = line.repeatsItself || !line.arcs.hasOpenBin
        return state
      }, options: options, spent: attempts.count, in: context)
    return StepReport(
      Self.name, wasDone: false,
      lines: [
        """
        would fill \(lines.count { $0.missing > 0 }) of \(lines.count) identities: \
        \(HumanNumbers.count(missing)) pictures missing, at most \(HumanNumbers.count(cap)) candidates
        """
      ] + forecast.lines,
      document: [
        "missing": .int(missing), "mostCandidates": .int(cap), "forecast": forecast.document,
      ])
  }
}
