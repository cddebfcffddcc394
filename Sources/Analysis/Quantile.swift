/// Quantiles of a sample, by linear interpolation between order statistics (type 7 of Hyndman and
/// Fan, *Sample quantiles in statistical packages*, 1996).
public enum Quantile {
  /// The value a share `share` (0...1, clamped) of the way through the sorted sample; nil when it is
  /// empty. Values that are not finite are left out.
  public static func of(_ sample: [Double], at share: Double) -> Double? {
    ofSorted(sample.filter(\.isFinite).sorted(), at: share)
  }

  /// As `of`, for a sample that is finite and rising already.
  public static func ofSorted(_ rising: [Double], at share: Double) -> Double? {
    guard let last = rising.last else { return nil }
    let place = min(1, max(0, share)) * Double(rising.count - 1)
    let below = Int(place)
    guard below + 1 < rising.count else { return last }
    return rising[below] + (place - Double(below)) * (rising[below + 1] - rising[below])
  }
}
