import Analysis
import Cataloging
import Diagnostics
public import Domain

/// Measures which cosine of a space goes with which false-match rate, on the impostor pairs of one
/// population with identity labels.
public struct CalibrateStep: Sendable {
  /// Rates that are measured besides the one asked for.
  static let ladder: [Double] = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6]

  /// What to measure.
  public struct Options: Equatable, Sendable {
    public var space: String
    public var cohort: Population
    /// A rate that must be supported; nil takes what the cohort supports.
    public var falseMatchRate: Double?
    /// Continues the tail, by a law fitted to it, to the rates the cohort does not support.
    public var extrapolates = false
    /// A table of groups to compare; see `CohortGroups.read`.
    public var groups: String?
    /// Takes a calibration of the same pairs that is in force as done, though more was asked of it.
    var keepsInForce = false

    public init(space: String = Space.identity, cohort: Population, falseMatchRate: Double? = nil) {
      self.space = space
      self.cohort = cohort
      self.falseMatchRate = falseMatchRate
    }
  }

  let options: Options

  public init(_ options: Options) { self.options = options }

  /// The step's name: the latest of a space and a cohort is in force.
  public static func name(space: String, cohort: Population) -> String {
    "calibrate-\(space)-\(cohort.rawValue)"
  }

  /// Throws where the cohort has fewer impostor pairs than the asked rate needs (rule of three),
  /// unless it may extrapolate.
  public func run(in context: StepContext) async throws -> StepReport {
    let groups = try options.groups.map(CohortGroups.read)
    let provenance = try await provenance(groups, in: context)
    if let done = try await context.done(provenance) {
      return report(done, provenance.name, wasDone: true)
    }
    let cohort = try await context.require(
      options.space, [options.cohort], includesQuarantined: true)
    let rows = try await groups?.rows(of: cohort, in: context)
    context.progress.begin("calibrating on \(options.cohort.rawValue)", total: nil, unit: "pairs")
    let scores = try cohort.scores(threads: context.threads)
    context.progress.advance(to: scores.rates.impostor.count + scores.rates.genuine.count)
    context.progress.end(nil)
    let measurement = try measure(scores, space: cohort.space, in: context)
    let comparison = try rows.map {
      try compare($0, of: cohort, at: measurement.records, threads: context.threads)
    }
    var document = summary(
      scores, measurement, comparison,
      left: rows.map { cohort.unit.count - $0.reduce(0) { $0 + $1.rows.count } })
    document["leftOut"] = cohort.leftOutDocument
    try await context.catalog.commit(
      measurement.records, of: provenance.step(summary: document))
    return report(document, provenance.name, wasDone: false)
  }

  func provenance(in context: StepContext) async throws -> Provenance {
    try await provenance(try options.groups.map(CohortGroups.read), in: context)
  }

  /// The provenance of the calibration in force, where it is of the same inputs and may stay.
  private func inForce(
    instead plain: Provenance, inputs: [String], in context: StepContext
  ) async throws -> Provenance? {
    guard options.keepsInForce,
      let latest = try await context.catalog.latestStep(named: plain.name)
    else { return nil }
    let recorded = Provenance(
      plain.name, in: context, parameters: try JSONValue(parsing: latest.parameters),
      inputs: inputs)
    return recorded.key == latest.key ? recorded : nil
  }

  private func provenance(
    _ groups: CohortGroups?, in context: StepContext
  ) async throws -> Provenance {
    let inputs = [
      try await context.embeddingDigest(
        options.space, [options.cohort], includesQuarantined: true)
    ]
    let plain = Provenance(
      Self.name(space: options.space, cohort: options.cohort), in: context,
      parameters: [
        "space": .string(options.space),
        "falseMatchRate": JSONValue(options.falseMatchRate) { .double($0) },
        "groups": JSONValue(groups) { .string($0.digest) },
        // Only an extrapolation draws random numbers.
        "extrapolationSeed": options.extrapolates ? .string("\(context.seed)") : nil,
      ], inputs: inputs)
    return try await inForce(instead: plain, inputs: inputs, in: context) ?? plain
  }

  /// Cosines by falling rate, and the law that some of them come from.
  struct Measurement {
    var records: [CalibrationRecord]
    var extrapolation: TailExtrapolation?
  }

  private func measure(
    _ scores: CohortScores, space: Space, in context: StepContext
  ) throws -> Measurement {
    let asked = options.falseMatchRate
    let rates = Set(Self.ladder + (asked.map { [$0] } ?? [])).sorted(by: >)
    var measurement = Measurement(records: [])
    for rate in rates where scores.supports(rate) || rate == asked && !options.extrapolates {
      // An asked rate that is not supported throws here.
      let point = try scores.threshold(atFalseMatchRate: rate)
      measurement.records.append(record(point, scores, space, .measured))
    }
    if let tightest = tightest(scores, space: space), !rates.contains(tightest.falseMatchRate) {
      measurement.records.append(tightest)
    }
    let beyond = rates.filter { !scores.supports($0) }
    guard options.extrapolates, !beyond.isEmpty else { return measurement }
    let extrapolation = try TailExtrapolation.fit(
      scores, seed: context.seed, threads: context.threads)
    measurement.extrapolation = extrapolation
    measurement.records += beyond.map {
      record(extrapolation.threshold(atFalseMatchRate: $0), scores, space, .extrapolated)
    }
    return measurement
  }

  private func record(
    _ point: MatchThreshold, _ scores: CohortScores, _ space: Space, _ method: CalibrationMethod
  ) -> CalibrationRecord {
    var record = CalibrationRecord(
      space: space, falseMatchRate: point.falseMatchRate, similarity: point.similarity,
      interval: point.low...point.high, comparisons: scores.rates.impostor.count,
      cohort: options.cohort.rawValue)
    record.method = method
    record.designEffect = point.designEffect
    record.identities = scores.identities
    return record
  }

  /// The cosine that no impostor pair reached: its rate is at most 3 / n at 95 % (rule of three).
  private func tightest(_ scores: CohortScores, space: Space) -> CalibrationRecord? {
    let impostor = scores.rates.impostor
    guard impostor.count >= 3 else { return nil }
    let similarity = CosineSimilarity(impostor.similarity(reachedByAtMost: 0))
    var record = CalibrationRecord(
      space: space, falseMatchRate: 3 / Double(impostor.count), similarity: similarity,
      interval: similarity...similarity, comparisons: impostor.count,
      cohort: options.cohort.rawValue)
    record.method = .ruleOfThree
    record.identities = scores.identities
    return record
  }

  /// Compares groups at the asked rate where it was measured, else at 1e-3, or at the smallest
  /// measured rate above: groups are smaller than their cohort.
  private func compare(
    _ groups: [(name: String, rows: [Int])], of cohort: EmbeddedImages,
    at records: [CalibrationRecord], threads: Int
  ) throws -> GroupComparison {
    let measured = records.filter { $0.method == .measured }
    let asked = measured.first { $0.falseMatchRate == options.falseMatchRate }
    let usual = measured.filter { $0.falseMatchRate >= 1e-3 }
      .min { $0.falseMatchRate < $1.falseMatchRate }
    guard let point = asked ?? usual else {
      throw CurationError(
        .missingInput, "no rate is measured at which groups could be compared",
        hint: "index more identities of the cohort")
    }
    return GroupComparison(
      try groups.map { ($0.name, try cohort.scores($0.rows, threads: threads)) },
      at: point.similarity, rate: point.falseMatchRate)
  }
}
