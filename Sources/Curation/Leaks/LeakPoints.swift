import Analysis
import Diagnostics
import Domain

/// The cosine to reject at, and the one from which on a person should look.
struct LeakPoints: Sendable {
  var decide: OperatingPoint
  var review: OperatingPoint

  var floor: CosineSimilarity { min(decide.similarity, review.similarity) }

  func rule(registered: CosineSimilarity) -> LeakRule {
    LeakRule(
      decideAtLeast: decide.similarity, reviewAtLeast: review.similarity,
      registeredAtLeast: registered)
  }

  /// What both verdicts asked for and what was used, with how many images each concerns.
  func document(asked: (ThresholdChoice, ThresholdChoice), images: (Int, Int)) -> JSONValue {
    func one(_ point: OperatingPoint, _ choice: ThresholdChoice, _ count: Int) -> JSONValue {
      var fields = point.document.objectValue ?? [:]
      fields["askedFalseMatchRate"] = JSONValue(choice.rate) { .double($0) }
      fields["images"] = .int(count)
      return .object(fields)
    }
    return [
      "reject": one(decide, asked.0, images.0), "quarantine": one(review, asked.1, images.1),
    ]
  }
}

extension ThresholdChoice {
  /// The false-match rate asked for; nil for a cosine given by hand.
  var rate: Double? {
    if case .falseMatchRate(let rate) = self { return rate }
    return nil
  }
}

extension OperatingPoint {
  /// For one line of output: the point, and what was asked for where that was another rate.
  func text(asked choice: ThresholdChoice) -> String {
    guard let asked = choice.rate, let falseMatchRate, falseMatchRate != asked else { return text }
    return text + ", \(HumanNumbers.smallShare(asked)) was asked for"
  }
}
