import Cataloging
import Diagnostics

/// A calibration's summary as lines for people.
struct CalibrationLines {
  let summary: JSONValue

  init(_ summary: JSONValue) { self.summary = summary }

  var all: [String] {
    [head] + equal + (summary["points"]?.arrayValue ?? []).map(line) + extrapolation + groups
  }

  private var head: String {
    """
    \(count(summary, "impostorPairs")) impostor and \(count(summary, "genuinePairs")) genuine pairs \
    of \(count(summary, "images")) \(text(summary, "cohort")) images, \
    \(count(summary, "identities")) identities
    """
  }

  private var equal: [String] {
    guard let rate = summary["equalErrorRate"]?.doubleValue else { return [] }
    let cosine = digits(summary, "equalErrorSimilarity")
    return ["equal error rate \(HumanNumbers.percent(rate)) at cosine \(cosine)"]
  }

  private func line(_ point: JSONValue) -> String {
    let missed =
      point["falseNonMatchRate"]?.doubleValue.flatMap { $0.isNaN ? nil : $0 }
      .map { ", genuine pairs missed \(HumanNumbers.percent($0))" } ?? ""
    return """
      false-match rate \(share(point, "falseMatchRate")): cosine \
      \(digits(point, "similarity")) (\(origin(point)))\(missed)
      """
  }

  private func origin(_ point: JSONValue) -> String {
    let interval = "95 %: \(digits(point, "low")) to \(digits(point, "high"))"
    switch point["method"]?.stringValue.flatMap(CalibrationMethod.init) {
    case .ruleOfThree: return "no pair got there; 3 / pairs bounds the rate at 95 %"
    case .extrapolated: return "EXTRAPOLATED, no pair was seen there; \(interval)"
    default: return "\(interval); \(count(point, "matches")) pairs at or above"
    }
  }

  private var extrapolation: [String] {
    guard let tail = summary["extrapolation"], !tail.isNull else { return [] }
    return [
      """
      extrapolated by a generalised Pareto law, shape \(digits(tail, "shape", 3)), fitted to \
      \(count(tail, "excesses")) pairs above \(digits(tail, "above")); goodness of fit \
      \(digits(tail, "goodness", 2)). Verbs use it only with --allow-extrapolated
      """
    ]
  }

  private var groups: [String] {
    guard let groups = summary["groups"], !groups.isNull else { return [] }
    let head = """
      groups at cosine \(digits(groups, "similarity")), where the whole cohort has \
      \(share(groups, "falseMatchRate")):
      """
    let warnings = (groups["differences"]?.arrayValue ?? []).map {
      """
      warning: \(text($0, "higher")) has more false matches than \(text($0, "lower")), beyond chance: \
      one cosine does not treat both alike
      """
    }
    let left = groups["imagesWithoutGroup"]?.intValue ?? 0
    let rest = left == 0 ? [] : ["  \(HumanNumbers.count(left)) images are in no group"]
    return [head] + (groups["groups"]?.arrayValue ?? []).map(group) + rest + warnings
  }

  private func group(_ group: JSONValue) -> String {
    let own =
      group["similarity"]?.doubleValue == nil
      ? "too few pairs for a cosine of its own"
      : """
      its own cosine \(digits(group, "similarity")) (95 %: \(digits(group, "low")) to \
      \(digits(group, "high")))
      """
    guard group["falseMatchRate"]?.doubleValue != nil else {
      return "  \(text(group, "group")): one identity, no impostor pairs"
    }
    return """
        \(text(group, "group")): \(count(group, "identities")) identities, \
      \(count(group, "impostorPairs")) impostor pairs, false-match rate \
      \(share(group, "falseMatchRate")) (95 %: \(share(group, "rateLow")) to \
      \(share(group, "rateHigh"))), \(own)
      """
  }

  private func text(_ value: JSONValue, _ key: String) -> String {
    value[key]?.stringValue ?? "-"
  }

  private func count(_ value: JSONValue, _ key: String) -> String {
    HumanNumbers.count(value[key]?.intValue ?? 0)
  }

  private func digits(_ value: JSONValue, _ key: String, _ places: Int = 4) -> String {
    HumanNumbers.decimal(value[key]?.doubleValue ?? .nan, places)
  }

  private func share(_ value: JSONValue, _ key: String) -> String {
    HumanNumbers.smallShare(value[key]?.doubleValue ?? .nan)
  }
}
