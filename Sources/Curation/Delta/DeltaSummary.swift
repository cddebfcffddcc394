import Analysis
import Diagnostics
import Domain
import Glibc

/// What is recorded of a Δ beside its values, and how it reads.
enum DeltaSummary {
  static func document(
    of estimate: OffsetEstimate, _ options: DeltaStep.Options, width: Int
  ) -> JSONValue {
    let needed = estimate.identitiesNeeded(forSplitHalf: DeltaStep.smallestSplitHalfCosine)
    // The largest angle that 95 % confidence leaves to the true direction.
    let degrees = acos(max(-1, min(1, estimate.directionCosine))) * 180 / Double.pi
    return [
      "space": .string(options.space), "width": .int(width),
      "from": side(estimate.from, options.from), "to": side(estimate.to, options.to),
      "weights": "1 / (identities * images of the identity)",
      "norm": .double(estimate.norm), "normWithoutNoise": .double(estimate.normWithoutNoise),
      "normLow": .double(estimate.normLow), "normHigh": .double(estimate.normHigh),
      "directionDegrees": .double(degrees),
      "splitHalfCosine": .double(estimate.splitHalfCosine),
      "identitiesNeeded": JSONValue(needed) { ["from": .int($0.from), "to": .int($0.to)] },
      "permutationP": .double(estimate.permutationP),
      "permutations": .int(DeltaStep.permutations),
      "areaUnderCurve": .double(estimate.areaUnderCurve),
      "areaUnderWhitenedCurve": .double(estimate.areaUnderWhitenedCurve),
      "shrinkage": .double(estimate.shrinkage),
    ]
  }

  private static func side(_ side: OffsetEstimate.Side, _ population: Population) -> JSONValue {
    [
      "population": .string(population.rawValue), "images": .int(side.images),
      "identities": .int(side.identities), "spread": .double(side.spread),
      "fewestImages": .int(side.fewestImages), "mostImages": .int(side.mostImages),
      "effectiveImages": .double(side.effectiveImages),
    ]
  }

  /// What a summary says, a line each.
  static func lines(_ summary: JSONValue) -> [String] {
    func number(_ key: String, _ places: Int) -> String {
      HumanNumbers.decimal(summary[key]?.doubleValue ?? .nan, places)
    }
    let degrees = summary["directionDegrees"]?.doubleValue ?? 180
    let direction =
      degrees < 90
      ? "known to \(HumanNumbers.decimal(degrees, 1))° (95 %)" : "lost in the noise"
    return [
      """
      Δ in space \(summary["space"]?.stringValue ?? "-"): from \(images(summary["from"])) to \
      \(images(summary["to"]))
      """,
      """
      norm \(number("norm", 4)), without noise \(number("normWithoutNoise", 4)) (95 %: \
      \(number("normLow", 4)) to \(number("normHigh", 4))); direction \(direction)
      """,
      """
      split-half cosine \(number("splitHalfCosine", 4)), permutation p \
      \(number("permutationP", 4)), AUC along Δ \(number("areaUnderCurve", 4)), whitened \
      \(number("areaUnderWhitenedCurve", 4))
      """,
    ]
  }

  private static func images(_ side: JSONValue?) -> String {
    """
    \(HumanNumbers.count(side?["images"]?.intValue ?? 0)) \
    \(side?["population"]?.stringValue ?? "-") images of \
    \(HumanNumbers.count(side?["identities"]?.intValue ?? 0)) identities
    """
  }

  /// Why a Δ is not to be trusted, and what would help; nil where it is.
  static func instability(_ summary: JSONValue) -> (what: String, need: String)? {
    let cosine = summary["splitHalfCosine"]?.doubleValue ?? .nan
    // Written so that NaN is found.
    guard !(cosine >= DeltaStep.smallestSplitHalfCosine) else { return nil }
    let what = """
      its halves have cosine \(HumanNumbers.decimal(cosine, 4)), below \
      \(HumanNumbers.decimal(DeltaStep.smallestSplitHalfCosine, 2))
      """
    guard let needed = summary["identitiesNeeded"]?.objectValue else {
      return (what, "they show no common direction, so it cannot be said how many images would do")
    }
    let more = ["from", "to"].compactMap { side -> String? in
      let have = summary[side]?["identities"]?.intValue ?? 0
      let more = (needed[side]?.intValue ?? 0) - have
      guard more > 0 else { return nil }
      return """
        \(HumanNumbers.count(more)) more \(summary[side]?["population"]?.stringValue ?? side) \
        identities
        """
    }
    return (what, "about \(more.joined(separator: " and ")) would suffice")
  }
}
