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
    let rate = falseMatchRate.map { "false-match rate \($0), " } ?? ""
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
  /// The cosine for `choice` in `space`.
  ///
  /// Asks, in this order: the calibrations of `cohorts`, the encoder's own table, and the smallest
  /// rate any calibration supports, which is then said in the origin.
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
    for cohort in cohorts {
      let match = measured.last {
        $0.cohort == cohort.rawValue && $0.falseMatchRate == rate
      }
      if let match { return point(match, "measured on \(cohort.rawValue)") }
    }
    if let match = documented.first(where: { $0.falseMatchRate == rate }) {
      return OperatingPoint(
        similarity: match.similarity, falseMatchRate: rate,
        origin: "the encoder's own table, \(match.cohort)")
    }
    for cohort in cohorts {
      let supported = measured.filter { $0.cohort == cohort.rawValue }
        .min { $0.falseMatchRate < $1.falseMatchRate }
      if let supported {
        return point(
          supported, "measured on \(cohort.rawValue), which is too small for \(rate)")
      }
    }
    throw CurationError(
      .missingInput, "space \(space.name) has no threshold at false-match rate \(rate)",
      hint: "measure one with: d2r-curate calibrate --fmr \(rate), or give --similarity-at-least")
  }

  private func point(_ record: CalibrationRecord, _ origin: String) -> OperatingPoint {
    OperatingPoint(
      similarity: record.similarity, falseMatchRate: record.falseMatchRate, origin: origin)
  }
}
