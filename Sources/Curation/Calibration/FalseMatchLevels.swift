import Cataloging
import Diagnostics
public import Domain

/// Which false-match rate goes with a cosine, as far as the calibration in force tells.
public struct FalseMatchLevels: Equatable, Sendable {
  /// A bound of a rate.
  public struct Level: Equatable, Sendable {
    /// The share of impostor pairs at or above such a cosine is at most this.
    public var rate: Double
    /// True where too few pairs got there to measure it: `rate` is then 3 / pairs.
    public var isBound: Bool

    /// E.g. `FMR <= 1.2e-4`, and `FMR < 8.1e-6` for a bound.
    public var text: String { "FMR \(isBound ? "<" : "<=") \(HumanNumbers.smallShare(rate))" }
  }

  /// Whose calibration counts, the first that is there.
  static let cohorts: [Population] = [.reference, .real, .digital, .generated]

  public let cohort: Population
  /// Impostor pairs it was measured on.
  public let comparisons: Int
  /// By rising similarity.
  private let steps: [Step]

  private struct Step: Equatable, Sendable {
    var similarity: Float
    var rate: Double
  }

  /// From a calibration's summary; nil where it holds no curve.
  init?(_ summary: JSONValue, cohort: Population) {
    let points = summary["det"]?.arrayValue ?? []
    guard let pairs = summary["impostorPairs"]?.intValue, pairs >= 3, !points.isEmpty else {
      return nil
    }
    self.cohort = cohort
    comparisons = pairs
    steps = points.compactMap { point in
      guard let similarity = point["similarity"]?.doubleValue,
        let rate = point["falseMatchRate"]?.doubleValue
      else { return nil }
      return Step(similarity: Float(similarity), rate: rate)
    }
  }

  /// The measured rate at the nearest cosine below `similarity` for which it is known: about ten
  /// steps per power of ten.
  public func level(of similarity: CosineSimilarity) -> Level {
    let rate = steps.last { $0.similarity <= similarity.value }?.rate ?? 1
    let smallest = 3 / Double(comparisons)
    let isBound = rate < smallest
    return Level(rate: isBound ? smallest : rate, isBound: isBound)
  }
}

extension StepContext {
  /// The calibration of `space` in force, of the first cohort that has one; nil where none has.
  public func falseMatchLevels(in space: Space) async throws -> FalseMatchLevels? {
    for cohort in FalseMatchLevels.cohorts {
      let name = CalibrateStep.name(space: space.name, cohort: cohort)
      guard let step = try await catalog.latestStep(named: name) else { continue }
      let summary = try JSONValue(parsing: step.summary)
      guard summary["encoderDigest"]?.stringValue == space.encoderDigest else { continue }
      if let levels = FalseMatchLevels(summary, cohort: cohort) { return levels }
    }
    return nil
  }
}
