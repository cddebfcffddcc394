public import Domain
import Glibc

/// A cosine that variations of an identity keep to its prototype.
public enum SimilarityFloor {
  /// Left between the largest angle and the floor, in radians: rounding a unit vector to float32 turns
  /// it by less than 10⁻⁷.
  public static let margin = 1e-6

  /// The largest angle whose cosine, rounding included, is at least `floor`: arccos(floor) - margin, in
  /// 0...π. A floor of 1 or more, or NaN, leaves no angle; one of -1 or less every angle.
  public static func largestAngle(keeping floor: CosineSimilarity) -> Double {
    guard floor.value > -1 else { return floor.value.isNaN ? 0 : Double.pi }
    guard floor.value < 1 else { return 0 }
    return max(0, acos(Double(floor.value)) - margin)
  }
}
