public import Domain

/// How false matches are traded for false non-matches: both rates over the similarity.
///
/// Source: Martin, Doddington, Kamm, Ordowski and Przybocki, *The DET curve in assessment of
/// detection task performance*, Eurospeech 1997; ISO/IEC 19795-1.
public struct DETCurve: Equatable, Sendable {
  /// Both rates at one similarity.
  public struct Point: Equatable, Sendable {
    public var similarity: CosineSimilarity
    public var falseMatchRate: Double
    public var falseNonMatchRate: Double
  }

  /// By rising similarity: the false-match rate falls, the false non-match rate rises.
  public let points: [Point]

  /// The curve from a false-match rate of 1 down to one match, ten points per power of ten, and as
  /// many where false non-matches get few. Without comparisons of a kind its rate is NaN; without
  /// impostor comparisons there are no points.
  public init(_ rates: ErrorRates) {
    guard rates.impostor.count > 0 else {
      points = []
      return
    }
    var similarities = Set(
      Self.ladder(rates.impostor.count).map { rates.impostor.similarity(reachedByAtMost: $0) })
    if rates.genuine.count > 0 {
      // Leaving few genuine comparisons below: the low end of the false non-match rate.
      for missed in Self.ladder(rates.genuine.count) {
        similarities.insert(
          rates.genuine.similarity(reachedByAtMost: rates.genuine.count - missed))
      }
    }
    points = similarities.sorted().map { similarity in
      let cosine = CosineSimilarity(similarity)
      return Point(
        similarity: cosine, falseMatchRate: rates.falseMatchRate(at: cosine),
        falseNonMatchRate: rates.falseNonMatchRate(at: cosine))
    }
  }

  /// `count`, and falling powers of ten of it, to 1 and to 0.
  private static func ladder(_ count: Int) -> [Int] {
    var steps: Set<Int> = [0, count]
    var exponent = 0
    while true {
      let share = Self.tenth(exponent)
      let step = Int(Double(count) * share)
      guard step > 0 else { return steps.sorted() }
      steps.insert(step)
      exponent += 1
    }
  }

  /// 10^(-exponent / 10).
  private static func tenth(_ exponent: Int) -> Double {
    var value = 1.0
    // The tenth root of 1/10.
    for _ in 0..<exponent { value *= 0.794_328_234_724_281_5 }
    return value
  }
}
