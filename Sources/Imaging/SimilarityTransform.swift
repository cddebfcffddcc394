public import Domain

/// Rotation, uniform scale and shift in the plane, without reflection:
/// (x, y) becomes (a x - b y + tx, b x + a y + ty).
public struct SimilarityTransform: Equatable, Sendable {
  public var a: Double
  public var b: Double
  public var tx: Double
  public var ty: Double

  public init(a: Double, b: Double, tx: Double, ty: Double) {
    self.a = a
    self.b = b
    self.tx = tx
    self.ty = ty
  }

  /// Leaves every point where it is.
  public static let identity = SimilarityTransform(a: 1, b: 0, tx: 0, ty: 0)

  /// How much longer distances become.
  public var scale: Double { (a * a + b * b).squareRoot() }

  /// The transform with the least sum of squared distances between the images of `source` and
  /// `target`, point by point.
  ///
  /// Written as complex numbers, a + ib = sum(conj(p) q) / sum(|p|^2) over points p, q less their
  /// means; this equals Umeyama's solution in the plane (IEEE PAMI 13(4), 1991). Nil where the
  /// points cannot tell: fewer than two, all of one side in one place, or not finite.
  /// - Precondition: equally many points on both sides.
  public init?(from source: [Point], to target: [Point]) {
    precondition(source.count == target.count)
    guard source.count >= 2 else { return nil }
    let p = Self.mean(source)
    let q = Self.mean(target)
    var (dot, cross, spread) = (0.0, 0.0, 0.0)
    for (s, t) in zip(source, target) {
      let (sx, sy, dx, dy) = (s.x - p.x, s.y - p.y, t.x - q.x, t.y - q.y)
      dot += sx * dx + sy * dy
      cross += sx * dy - sy * dx
      spread += sx * sx + sy * sy
    }
    guard spread > 0, spread.isFinite else { return nil }
    a = dot / spread
    b = cross / spread
    tx = q.x - (a * p.x - b * p.y)
    ty = q.y - (b * p.x + a * p.y)
    guard scale > 0, scale.isFinite, tx.isFinite, ty.isFinite else { return nil }
  }

  /// Where the transform takes a point.
  public func apply(to point: Point) -> Point {
    Point(x: a * point.x - b * point.y + tx, y: b * point.x + a * point.y + ty)
  }

  /// The transform that undoes this one; nil where the scale is 0 or something is not finite.
  public var inverse: SimilarityTransform? {
    let square = a * a + b * b
    guard square > 0, square.isFinite else { return nil }
    let (c, d) = (a / square, -b / square)
    let undone = SimilarityTransform(
      a: c, b: d, tx: -(c * tx - d * ty), ty: -(d * tx + c * ty))
    let sum = undone.a + undone.b + undone.tx + undone.ty
    return sum.isFinite ? undone : nil
  }

  /// This transform first, then `next`.
  public func followed(by next: SimilarityTransform) -> SimilarityTransform {
    let shift = next.apply(to: Point(x: tx, y: ty))
    return SimilarityTransform(
      a: next.a * a - next.b * b, b: next.b * a + next.a * b, tx: shift.x, ty: shift.y)
  }

  /// Root mean square distance, in target pixels, between the images of `source` and `target`;
  /// 0 for no points.
  /// - Precondition: equally many points on both sides.
  public func residual(from source: [Point], to target: [Point]) -> Double {
    precondition(source.count == target.count)
    guard !source.isEmpty else { return 0 }
    let squares = zip(source, target).map { s, t in
      let image = apply(to: s)
      return (image.x - t.x) * (image.x - t.x) + (image.y - t.y) * (image.y - t.y)
    }
    return (squares.reduce(0, +) / Double(squares.count)).squareRoot()
  }

  private static func mean(_ points: [Point]) -> Point {
    let count = Double(points.count)
    return Point(
      x: points.reduce(0) { $0 + $1.x } / count, y: points.reduce(0) { $0 + $1.y } / count)
  }
}
