import Cataloging
public import Diagnostics
public import Domain

/// A cosine to decide at, and where it comes from.
public struct OperatingPoint: Equatable, Sendable {
  public var similarity: CosineSimilarity
  /// The measured or documented false-match rate; nil for a cosine given by hand.
  public var falseMatchRate: Double?
  /// Where the cosine comes from, for people.
  public var origin: String
  /// True where no pair was ever seen at such a cosine: it was extrapolated, because that was
  /// allowed.
  public var isExtrapolated = false

  /// A cosine the user gave.
  public static func given(_ similarity: CosineSimilarity) -> OperatingPoint {
    OperatingPoint(similarity: similarity, falseMatchRate: nil, origin: "given")
  }

  /// For `--json`.
  public var document: JSONValue {
    [
      "similarityAtLeast": JSONValue(similarity.value),
      "falseMatchRate": JSONValue(falseMatchRate) { .double($0) }, "origin": .string(origin),
      "extrapolated": .bool(isExtrapolated),
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
  /// As `falseMatchRate`; a cosine that was extrapolated is as good as a measured one.
  case extrapolable(Double)
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
  /// encoder's own table. A point at another rate than asked says so in its origin. Extrapolated
  /// cosines take no part unless `choice` says so.
  ///
  /// Throws where nothing is known at such a rate, and where calibrations are on record for other
  /// encoders only: a cosine means something else for each.
  func operatingPoint(
    _ choice: ThresholdChoice, in space: Space, cohorts: [Population],
    documented: [DocumentedThreshold]
  ) async throws -> OperatingPoint {
    let rate: Double
    var methods: Set<CalibrationMethod> = [.measured, .ruleOfThree]
    switch choice {
    case .similarity(let similarity): return .given(similarity)
    case .falseMatchRate(let asked): rate = asked
    case .extrapolable(let asked):
      rate = asked
      methods.insert(.extrapolated)
    }
    let recorded = try await calibrations(in: space)
    let measured = recorded.filter { methods.contains($0.method) }
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

  /// The cosines in force in `space`. Throws where there are some of the same name, but all of other
  /// encoders.
  func calibrations(in space: Space) async throws -> [CalibrationRecord] {
    let own = try await catalog.calibrations(in: space)
    let encoders = try await catalog.calibratedEncoders(ofSpaceNamed: space.name)
    guard own.isEmpty, let other = encoders.first(where: { $0 != space.encoderDigest }) else {
      return own
    }
    throw CurationError(
      .otherEncoder,
      "space \(space.name) was calibrated for the encoder \(other.prefix(12)), but its vectors come "
        + "from \(space.encoderDigest.prefix(12))",
      hint: "measure again: d2r-curate calibrate --space \(space.name)")
  }

  private func point(_ record: CalibrationRecord, asked rate: Double) -> OperatingPoint {
    let pairs = HumanNumbers.count(record.comparisons)
    let isExtrapolated = record.method == .extrapolated
    var origin = "measured on \(pairs) \(record.cohort) pairs"
    if isExtrapolated { origin = "EXTRAPOLATED from \(pairs) \(record.cohort) pairs" }
    if record.falseMatchRate != rate {
      origin = "no smaller rate than this is supported by \(pairs) \(record.cohort) pairs"
    }
    var point = OperatingPoint(
      similarity: record.similarity, falseMatchRate: record.falseMatchRate, origin: origin)
    point.isExtrapolated = isExtrapolated
    return point
  }
}
