import Cataloging
import Diagnostics
public import Domain
import Interchange

/// The whole job over a workspace whose folders were indexed: look for new pictures, calibrate,
/// remove duplicates and leaks, list collisions, estimate Δ, fill quotas, audit. What provenance says is done is
/// skipped.
public struct RunStep: Sendable {
  /// What the stages are made with.
  public struct Parts: Sendable {
    public var fill: FillStep.Parts
    public var generatorDigest: String
    public var documented: [DocumentedThreshold]

    /// Searches whole sets; `fill` has its own, for a few vectors at a time.
    public var builder: any VectorIndexBuilder

    public init(
      fill: FillStep.Parts, builder: any VectorIndexBuilder, generatorDigest: String,
      documented: [DocumentedThreshold]
    ) {
      self.fill = fill
      self.builder = builder
      self.generatorDigest = generatorDigest
      self.documented = documented
    }
  }

  let parts: Parts

  public init(_ parts: Parts) { self.parts = parts }

  /// One stage: its name, and how to do it.
  public struct Stage: Sendable {
    public var name: String
    public var run: @Sendable (StepContext) async throws -> StepReport
    /// Where the stage has a recorded result, the provenance it would have now.
    var provenance: (@Sendable (StepContext) async throws -> Provenance)?
  }

  /// The stages for this workspace, in order.
  public func stages(in context: StepContext) async throws -> [Stage] {
    let sources = try await context.catalog.sources().filter {
      $0.population != .generated && !["vectors", Catalog.sealedLayout].contains($0.layout)
    }
    guard try await !context.catalog.sources().isEmpty else {
      throw CurationError(
        .missingInput, "nothing was indexed yet",
        hint: "begin with: d2r-curate index FOLDER --population digital")
    }
    let populations = Set(try await context.catalog.sources().map(\.population))
    var stages = sources.map(indexStage)
    for cohort in [Population.reference, .real, .digital] where populations.contains(cohort) {
      stages.append(calibrateStage(cohort))
    }
    stages.append(dedupStage(context.workspace.settings.rates))
    if populations.contains(.reference) {
      stages.append(leaksStage(context.workspace.settings.rates))
    }
    if populations.contains(.digital) {
      stages.append(collisionsStage(context.workspace.settings.rates))
    }
    // Of the set as it stays: before duplicates and leaks are out, Δ would be stale at once.
    if populations.isSuperset(of: [.digital, .real]) { stages.append(deltaStage()) }
    stages.append(fillStage(context.workspace.settings))
    stages.append(auditStage(context.workspace.settings.rates))
    return stages
  }

  private func indexStage(_ source: SourceRecord) -> Stage {
    let step = IndexStep(
      IndexStep.Options(
        root: source.root, population: source.population,
        layout: .init(rawValue: source.layout)), chain: parts.fill.chain,
      generatorDigest: parts.generatorDigest)
    return Stage(name: "index \(source.population.rawValue)") { context in
      let summary = try await step.run(in: context)
      return StepReport(
        IndexStep.name, wasDone: summary.added + summary.replaced == 0,
        lines: [summary.sentence], document: summary.document)
    }
  }

  private func calibrateStage(_ cohort: Population) -> Stage {
    var options = CalibrateStep.Options(cohort: cohort)
    options.keepsInForce = true
    let step = CalibrateStep(options)
    return Stage(
      name: "calibrate \(cohort.rawValue)", run: { try await step.run(in: $0) },
      provenance: { try await step.provenance(in: $0) })
  }

  private func deltaStage() -> Stage {
    // A set that is too small for a stable Δ is still curated; the audit warns of it.
    var options = DeltaStep.Options()
    options.acceptsUnstable = true
    let step = DeltaStep(options)
    return Stage(
      name: DeltaStep.name, run: { try await step.run(in: $0) },
      provenance: { try await step.provenance(in: $0) })
  }

  /// Looks at the digital images alone: what fill generates has passed the same gates.
  private func dedupStage(_ rates: CurationRates) -> Stage {
    var options = DedupStep.Options(populations: [.digital], rates: rates)
    options.applies = true
    options.documented = parts.documented
    let step = DedupStep(options, builder: parts.builder)
    return Stage(
      name: DedupStep.name, run: { try await step.run(in: $0) },
      provenance: { try await step.provenance(in: $0) })
  }

  private func leaksStage(_ rates: CurationRates) -> Stage {
    var options = LeaksStep.Options(suspects: [.digital], rates: rates)
    options.applies = true
    options.documented = parts.documented
    let step = LeaksStep(options, builder: parts.builder)
    return Stage(
      name: LeaksStep.name, run: { try await step.run(in: $0) },
      provenance: { try await step.provenance(in: $0) })
  }

  /// Only proposes: a whole identity goes by a person's word.
  private func collisionsStage(_ rates: CurationRates) -> Stage {
    var options = CollisionsStep.Options(populations: [.digital], rates: rates)
    options.documented = parts.documented
    let step = CollisionsStep(options, builder: parts.builder)
    return Stage(
      name: CollisionsStep.name, run: { try await step.run(in: $0) },
      provenance: { try await step.provenance(in: $0) })
  }

  private func fillStage(_ settings: WorkspaceSettings) -> Stage {
    var options = FillStep.Options(
      imagesPerIdentity: settings.imagesPerIdentity, rates: settings.rates)
    options.documented = parts.documented
    let step = FillStep(options, parts: parts.fill)
    return Stage(
      name: FillStep.name, run: { try await step.run(in: $0) },
      provenance: { try await step.provenance(in: $0) })
  }

  private func auditStage(_ rates: CurationRates) -> Stage {
    var options = AuditStep.Options(rates: rates)
    options.documented = parts.documented
    let step = AuditStep(options, builder: parts.fill.builder)
    return Stage(name: AuditStep.name, run: { try await step.run(in: $0) })
  }
}

extension RunStep.Stage {
  /// How the recorded result stands to the dataset as it is now.
  public enum Standing: String, Sendable {
    /// Nothing on record.
    case missing
    /// The result in force is of just these inputs.
    case current
    /// The inputs or the parameters have changed since.
    case stale
  }

  /// Nil for stages whose result is the dataset itself.
  public func standing(in context: StepContext) async throws -> Standing? {
    guard let provenance else { return nil }
    let now = try await provenance(context)
    guard let recorded = try await context.catalog.latestStep(named: now.name) else {
      return .missing
    }
    return recorded.key == now.key ? .current : .stale
  }
}

extension RunStep {
  /// Name and standing of every stage; empty where nothing was indexed yet.
  public func standings(in context: StepContext) async throws -> [(String, String)] {
    guard try await !context.catalog.sources().isEmpty else { return [] }
    var standings: [(String, String)] = []
    for stage in try await stages(in: context) {
      // A stage whose inputs are not there yet has no provenance to compare with.
      guard let standing = try? await stage.standing(in: context) else { continue }
      standings.append((stage.name, standing.rawValue))
    }
    return standings
  }
}
