/// The area under the receiver operating characteristic.
public enum AreaUnderCurve {
  /// The chance that a positive score exceeds a negative one, ties counting half (Mann–Whitney U
  /// divided by the number of pairs): 1 separates, 0.5 is blind. Nil when a side is empty or holds NaN.
  public static func of(positives: [Float], negatives: [Float]) -> Double? {
    guard !positives.isEmpty && !negatives.isEmpty else { return nil }
    guard !positives.contains(where: \.isNaN), !negatives.contains(where: \.isNaN) else {
      return nil
    }
    return ofSorted(positives: positives.sorted(), negatives: negatives.sorted())
  }

  /// As `of`, for rising, non-empty sides.
  static func ofSorted(positives: [Float], negatives: [Float]) -> Double {
    var below = 0
    var notAbove = 0
    var wins = 0.0
    for score in positives {
      while below < negatives.count, negatives[below] < score { below += 1 }
      notAbove = max(notAbove, below)
      while notAbove < negatives.count, negatives[notAbove] <= score { notAbove += 1 }
      wins += Double(below) + 0.5 * Double(notAbove - below)
    }
    return wins / (Double(positives.count) * Double(negatives.count))
  }
}
