import Analysis
import Diagnostics

/// How many collisions were found, and how many chance alone would give among that many comparisons.
struct CollisionBudget: Sendable {
  let points: CollisionPoints
  let basis: CollisionsStep.Basis

  /// True where neither images nor prototypes show more pairs than chance usually gives.
  func isWithinChance(_ rest: CollisionGraph.Rest) -> Bool {
    var isWithin = true
    if basis != .prototypes, let usual = usual(points.images, rest.imageComparisons) {
      isWithin = rest.imagePairs <= usual.high
    }
    if basis != .images, let point = points.prototypes,
      let usual = usual(point, rest.identityComparisons)
    {
      isWithin = isWithin && rest.prototypePairs <= usual.high
    }
    return isWithin
  }

  func document(_ rest: CollisionGraph.Rest) -> JSONValue {
    [
      "identities": .int(rest.identities), "imageCount": .int(rest.images),
      "images": basis == .prototypes
        ? .null : one(points.images, rest.imagePairs, rest.imageComparisons),
      "prototypes": basis == .images
        ? .null
        : JSONValue(points.prototypes) { one($0, rest.prototypePairs, rest.identityComparisons) },
      "withinChance": .bool(isWithinChance(rest)),
    ]
  }

  private func one(_ point: OperatingPoint, _ found: Int, _ comparisons: Int) -> JSONValue {
    let usual = usual(point, comparisons)
    return [
      "found": .int(found), "comparisons": .int(comparisons),
      "expected": JSONValue(usual) { .double($0.expected) },
      "low": JSONValue(usual) { .int($0.low) }, "high": JSONValue(usual) { .int($0.high) },
      "threshold": point.document, "thresholdText": .string(point.text),
    ]
  }

  private func usual(_ point: OperatingPoint, _ comparisons: Int) -> PoissonInterval? {
    point.falseMatchRate.map { PoissonInterval(expected: $0 * Double(comparisons)) }
  }
}
