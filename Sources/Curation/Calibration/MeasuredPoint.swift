import Analysis
import Diagnostics
import Domain

extension OperatingPoint {
  /// The cosine at a false-match rate of measured impostor scores.
  ///
  /// Where they are too few for the rate (rule of three), the cosine that none of them reached, whose
  /// rate is at most 3 / n. Nil for fewer than three scores.
  /// - Parameter what: what was compared, in the plural, e.g. "pairs of class means".
  static func measured(
    _ scores: ScoreDistribution, rate: Double, of what: String
  ) throws -> OperatingPoint? {
    guard scores.count >= 3 else { return nil }
    let count = HumanNumbers.count(scores.count)
    guard Double(scores.count) < (3 / rate).rounded(.up) else {
      let point = try ErrorRates(genuine: ScoreDistribution([]), impostor: scores)
        .threshold(atFalseMatchRate: rate)
      return OperatingPoint(
        similarity: point.similarity, falseMatchRate: rate, origin: "measured on \(count) \(what)")
    }
    return OperatingPoint(
      similarity: CosineSimilarity(scores.similarity(reachedByAtMost: 0)),
      falseMatchRate: 3 / Double(scores.count),
      origin: "no smaller rate than this is supported by \(count) \(what)")
  }

  /// This point, or what `scores` say at its rate: a cosine given by hand stays as it is.
  func moved(to scores: ScoreDistribution, of what: String) throws -> OperatingPoint? {
    guard let falseMatchRate else { return self }
    return try .measured(scores, rate: falseMatchRate, of: what)
  }
}
