import Analysis
import Cataloging
import Diagnostics
import Domain

// What a calibration says, for programs and for people.

extension CalibrateStep {
  /// Bins of the recorded histograms over -1...1.
  private static let bins = 400

  /// How the recorded intervals were made.
  static let intervalText = """
    95 %, Clopper-Pearson on the effective number of pairs: pairs that share a person are not \
    independent (dyadic cluster-robust design effect)
    """

  func summary(
    _ scores: CohortScores, _ measurement: Measurement, _ groups: GroupComparison?, left: Int?
  ) -> JSONValue {
    let rates = scores.rates
    let equal = rates.equalErrorRate()
    return [
      "space": .string(options.space), "cohort": .string(options.cohort.rawValue),
      "encoderDigest": JSONValue(measurement.records.first) { .string($0.space.encoderDigest) },
      "identities": .int(scores.identities), "images": .int(scores.sizes.reduce(0, +)),
      "impostorPairs": .int(rates.impostor.count), "genuinePairs": .int(rates.genuine.count),
      "interval": .string(Self.intervalText),
      "equalErrorRate": JSONValue(equal) { .double($0.rate) },
      "equalErrorSimilarity": JSONValue(equal) { JSONValue($0.similarity.value) },
      "areaUnderCurve": JSONValue(rates.areaUnderCurve()) { .double($0) },
      "points": .array(measurement.records.map { point($0, scores) }),
      "extrapolation": JSONValue(measurement.extrapolation) { Self.document($0) },
      "det": .array(
        DETCurve(rates).points.map { point in
          [
            "similarity": JSONValue(point.similarity.value),
            "falseMatchRate": .double(point.falseMatchRate),
            "falseNonMatchRate": .double(point.falseNonMatchRate),
          ]
        }),
      "histogram": [
        "lower": -1, "upper": 1,
        "genuine": Self.counts(rates.genuine), "impostor": Self.counts(rates.impostor),
      ],
      "groups": JSONValue(groups) { Self.document($0, left: left ?? 0) },
    ]
  }

  private static func counts(_ scores: ScoreDistribution) -> JSONValue {
    .array(scores.histogram(from: -1, to: 1, bins: bins).map { .int($0) })
  }

  private func point(_ record: CalibrationRecord, _ scores: CohortScores) -> JSONValue {
    let genuine = scores.rates.genuine
    let missed = genuine.count - genuine.count(atLeast: record.similarity.value)
    let seen = record.method == .extrapolated ? nil : scores.falseMatchRate(at: record.similarity)
    return [
      "falseMatchRate": .double(record.falseMatchRate),
      "similarity": JSONValue(record.similarity.value),
      "low": JSONValue(record.low.value), "high": JSONValue(record.high.value),
      "method": .string(record.method.rawValue),
      "designEffect": .double(record.designEffect),
      "matches": JSONValue(seen) { .int($0.matches) },
      "measuredRate": JSONValue(seen) { .double($0.rate) },
      "rateLow": JSONValue(seen) { .double($0.interval.low) },
      "rateHigh": JSONValue(seen) { .double($0.interval.high) },
      "missed": .int(missed),
      "falseNonMatchRate": .double(scores.rates.falseNonMatchRate(at: record.similarity)),
    ]
  }

  private static func document(_ tail: TailExtrapolation) -> JSONValue {
    [
      "law": "generalised Pareto", "shape": .double(tail.law.shape),
      "scale": .double(tail.law.scale), "above": JSONValue(tail.base.value),
      "excesses": .int(tail.excesses), "goodness": .double(tail.goodness),
      "interval": "95 %, the wider of a parametric and an identity bootstrap",
    ]
  }

  private static func document(_ comparison: GroupComparison, left: Int) -> JSONValue {
    [
      "similarity": JSONValue(comparison.similarity.value),
      "falseMatchRate": .double(comparison.falseMatchRate), "imagesWithoutGroup": .int(left),
      "groups": .array(comparison.groups.map(document)),
      "differences": .array(
        comparison.differences.map {
          ["higher": .string($0.higher), "lower": .string($0.lower)]
        }),
    ]
  }

  private static func document(_ group: GroupRates) -> JSONValue {
    let seen = group.falseMatches
    return [
      "group": .string(group.name), "identities": .int(group.identities),
      "images": .int(group.images),
      "impostorPairs": .int(seen?.comparisons ?? 0), "genuinePairs": .int(group.genuine),
      "matches": JSONValue(seen) { .int($0.matches) },
      "falseMatchRate": JSONValue(seen) { .double($0.rate) },
      "rateLow": JSONValue(seen) { .double($0.interval.low) },
      "rateHigh": JSONValue(seen) { .double($0.interval.high) },
      "designEffect": JSONValue(seen) { .double($0.designEffect) },
      "missed": .int(group.missed),
      "falseNonMatchRate": JSONValue(group.falseNonMatchRate) { .double($0) },
      "similarity": JSONValue(group.own) { JSONValue($0.similarity.value) },
      "low": JSONValue(group.own) { JSONValue($0.low.value) },
      "high": JSONValue(group.own) { JSONValue($0.high.value) },
    ]
  }

  func report(_ summary: JSONValue, _ name: String, wasDone: Bool) -> StepReport {
    StepReport(
      name, wasDone: wasDone,
      lines: CalibrationLines(summary).all
        + EmbeddedImages.leftOutLines(summary, space: options.space),
      document: summary)
  }
}
