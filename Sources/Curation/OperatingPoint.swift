import Cataloging
import Diagnostics
public import Domain

/// A cosine to decide at, and where it comes from.
public struct OperatingPoint: Equatable, Sendable {
  public var similarity: CosineSimilarity
  /// The measured or documented false-match rate; nil for a cosine given by hand.
  public var falseMatchRate: Double?
  /// Where the cosine comes from, for people.
  public var origin: String

  /// A cosine the user gave.
  public static func given(_ similarity: CosineSimilarity) -> OperatingPoint {
    OperatingPoint(similarity: similarity, falseMatchRate: nil, origin: "given")
  }

  var document: JSONValue {
    [
      "similarityAtLeast": JSONValue(similarity.value),
      "falseMatchRate": JSONValue(falseMatchRate) { .double($0) }, "origin": .string(origin),
    ]
  }

  /// For one line of output.
  public var text: String {
    let rate = falseMatchRate.map { "false-match rate \(HumanNumbers.smallShare($0)), " } ?? ""
    return "cosine >= \(HumanNumbers.decimal(Double(similarity.value), 4)) (\(rate)\(origin))"
  }
}

/// What decides a threshold: a cosine by hand, or a false-match rate.
public enum ThresholdChoice: Equatable, Sendable {
  case similarity(CosineSimilarity)
  case falseMatchRate(Double)
}

/// One line of an encoder's own published table, used until the workspace is calibrated.
public struct DocumentedThreshold: Equatable, Sendable {
  public var falseMatchRate: Double
  public var similarity: CosineSimilarity
  public var cohort: String

  public init(falseMatchRate: Double, similarity: CosineSimilarity, cohort: String) {
    self.falseMatchRate = falseMatchRate
    self.similarity = similarity
    self.cohort = cohort
  }
}

extension StepContext {
  /// A calibration on fewer comparisons than this gives way to the encoder's own table.
  private static let fewComparisons = 3000

  /// The cosine for `choice` in `space`.
  ///
  /// Takes the calibration of the first of `cohorts` that was measured at the rate; else the
  /// smallest rate such a calibration supports, if it rests on enough comparisons; else the
  /// encoder's own table. A point at another rate than asked says so in its origin.
  func operatingPoint(
    _ choice: ThresholdChoice, in space: Space, cohorts: [Population],
    documented: [DocumentedThreshold]
  ) async throws -> OperatingPoint {
    let rate: Double
    switch choice {
    case .similarity(let similarity): return .given(similarity)
    case .falseMatchRate(let asked): rate = asked
    }
    let measured = try await catalog.calibrations(in: space)
    let tightest = cohorts.compactMap { cohort in
      measured.filter { $0.cohort == cohort.rawValue && $0.falseMatchRate >= rate }
        .min { $0.falseMatchRate < $1.falseMatchRate }
    }
    if let record = tightest.first(where: { $0.comparisons >= Self.fewComparisons }) {
      return point(record, asked: rate)
    }
    let table = documented.filter { $0.falseMatchRate >= rate }
      .min { $0.falseMatchRate < $1.falseMatchRate }
    if let table {
      return OperatingPoint(
        similarity: table.similarity, falseMatchRate: table.falseMatchRate,
        origin: "the encoder's own table, \(table.cohort)")
    }
    if let record = tightest.first { return point(record, asked: rate) }
    throw CurationError(
      .missingInput,
      "space \(space.name) has no threshold at false-match rate \(HumanNumbers.smallShare(rate))",
      hint:
        "measure one with: d2r-curate calibrate --fmr \(HumanNumbers.smallShare(rate)), or give --similarity-at-least"
    )
  }

  private func point(_ record: CalibrationRecord, asked rate: Double) -> OperatingPoint {
    let pairs = HumanNumbers.count(record.comparisons)
    let origin =
      record.falseMatchRate == rate
      ? "measured on \(pairs) \(record.cohort) pairs"
      : "no smaller rate than this is supported by \(pairs) \(record.cohort) pairs"
    return OperatingPoint(
      similarity: record.similarity, falseMatchRate: record.falseMatchRate, origin: origin)
  }
}
