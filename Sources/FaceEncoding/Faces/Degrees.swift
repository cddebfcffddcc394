internal import Glibc

/// Angles for people.
enum Degrees {
  /// The direction of (x, y) in −180...180.
  static func of(x: Double, y: Double) -> Double { atan2(y, x) * 180 / .pi }
}
