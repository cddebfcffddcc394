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

    public init(space: String = Space.identity, cohort: Population, falseMatchRate: Double? = nil) {
      self.space = space
      self.cohort = cohort
      self.falseMatchRate = falseMatchRate
    }
  }

  let options: Options

  public init(_ options: Options) { self.options = options }

  /// Throws where the cohort has fewer impostor pairs than the asked rate needs (rule of three).
  public func run(in context: StepContext) async throws -> StepReport {
    let provenance = try await provenance(in: context)
    if let done = try await context.done(provenance) {
      return StepReport(provenance.name, wasDone: true, lines: lines(done), document: done)
    }
    let cohort = try await context.require(
      options.space, [options.cohort], includesQuarantined: true)
    context.progress.begin("calibrating on \(options.cohort.rawValue)", total: nil, unit: "pairs")
    let scores = try ComparisonPairs.within(
      cohort.unit, labels: cohort.identities.map { $0.map(Int.init) })
    context.progress.advance(to: scores.impostor.count + scores.genuine.count)
    context.progress.end(nil)
    let records = try measure(scores, space: cohort.space)
    let document = summary(scores, records)
    try await context.catalog.commit(records, of: provenance.step(summary: document))
    return StepReport(
      provenance.name, wasDone: false, lines: lines(document), document: document)
  }

  func provenance(in context: StepContext) async throws -> Provenance {
    Provenance(
      "calibrate-\(options.space)-\(options.cohort.rawValue)", in: context,
      parameters: [
        "space": .string(options.space),
        "falseMatchRate": JSONValue(options.falseMatchRate) { .double($0) },
      ],
      inputs: [
        try await context.embeddingDigest(
          options.space, [options.cohort], includesQuarantined: true)
      ])
  }

  private func measure(_ scores: ErrorRates, space: Space) throws -> [CalibrationRecord] {
    let asked = options.falseMatchRate
    let rates = Set(Self.ladder + (asked.map { [$0] } ?? [])).sorted(by: >)
    var records: [CalibrationRecord] = []
    for rate in rates {
      do {
        let point = try scores.threshold(atFalseMatchRate: rate)
        records.append(
          CalibrationRecord(
            space: space, falseMatchRate: rate, similarity: point.similarity,
            interval: point.low...point.high, comparisons: scores.impostor.count,
            cohort: options.cohort.rawValue))
      } catch {
        if rate == asked { throw error }
      }
    }
    if let tightest = tightest(scores, space: space) { records.append(tightest) }
    return records
  }

  /// The cosine that no impostor pair reached: its rate is at most 3 / n at 95 % (rule of three).
  private func tightest(_ scores: ErrorRates, space: Space) -> CalibrationRecord? {
    guard scores.impostor.count >= 3 else { return nil }
    let similarity = CosineSimilarity(scores.impostor.similarity(reachedByAtMost: 0))
    return CalibrationRecord(
      space: space, falseMatchRate: 3 / Double(scores.impostor.count), similarity: similarity,
      interval: similarity...similarity, comparisons: scores.impostor.count,
      cohort: options.cohort.rawValue)
  }

  private func summary(_ scores: ErrorRates, _ records: [CalibrationRecord]) -> JSONValue {
    [
      "space": .string(options.space), "cohort": .string(options.cohort.rawValue),
      "impostorPairs": .int(scores.impostor.count), "genuinePairs": .int(scores.genuine.count),
      "points": .array(
        records.map { record in
          [
            "falseMatchRate": .double(record.falseMatchRate),
            "similarity": JSONValue(record.similarity.value),
            "low": JSONValue(record.low.value), "high": JSONValue(record.high.value),
            "falseNonMatchRate": .double(scores.falseNonMatchRate(at: record.similarity)),
          ]
        }),
    ]
  }

  private func lines(_ summary: JSONValue) -> [String] {
    func count(_ key: String) -> String { HumanNumbers.count(summary[key]?.intValue ?? 0) }
    let head = """
      \(count("impostorPairs")) impostor and \(count("genuinePairs")) genuine pairs of \
      \(options.cohort.rawValue) images
      """
    return [head] + (summary["points"]?.arrayValue ?? []).map(line)
  }

  private func line(_ point: JSONValue) -> String {
    func digits(_ key: String) -> String {
      HumanNumbers.decimal(point[key]?.doubleValue ?? .nan, 4)
    }
    let missed =
      point["falseNonMatchRate"]?.doubleValue.flatMap { $0.isNaN ? nil : $0 }
      .map { ", genuine pairs missed \(HumanNumbers.percent($0))" } ?? ""
    return """
      false-match rate \(HumanNumbers.smallShare(point["falseMatchRate"]?.doubleValue ?? .nan)): cosine \
      \(digits("similarity")) (95 %: \(digits("low")) to \(digits("high")))\(missed)
      """
  }
}
