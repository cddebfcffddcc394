import Glibc

/// The quintic B-spline that spreads a point over six nodes in each direction.
enum QuinticSpline {
  /// What two splines have in common that lie 0, 1, 2 … nodes apart: the B-spline of degree 11.
  static let overlap: [Double] = [15_724_248, 9_738_114, 2_203_488, 152_637, 2036, 1]
    .map { $0 / 39_916_800 }

  /// The transform of its values at the nodes: (66 + 52 cos ω + 2 cos 2ω) / 120.
  static func gain(_ place: Int, of side: Int) -> Double {
    let frequency = 2 * Double.pi * Double(place) / Double(side)
    return (66 + 52 * cos(frequency) + 2 * cos(2 * frequency)) / 120
  }
}
