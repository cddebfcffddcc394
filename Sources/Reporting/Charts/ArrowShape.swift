/// The corners of an arrow in drawing coordinates.
struct ArrowShape: Sendable {
  typealias Place = (x: Double, y: Double)

  let from: Place
  /// Where the shaft meets the head.
  let neck: Place
  /// Tip first.
  let head: [Place]
  /// Beside the middle of the shaft.
  let label: Place

  /// - Parameter size: length of the head; a shorter arrow is all head.
  init(from: Place, to: Place, size: Double) {
    let dx = to.x - from.x
    let dy = to.y - from.y
    let length = (dx * dx + dy * dy).squareRoot()
    let unit: Place = length > 0 ? (dx / length, dy / length) : (1, 0)
    let side: Place = (-unit.y, unit.x)
    let base: Place = (to.x - size * unit.x, to.y - size * unit.y)
    self.from = from
    self.neck = (base.x + 0.25 * size * unit.x, base.y + 0.25 * size * unit.y)
    self.head = [
      to,
      (base.x + 0.52 * size * side.x, base.y + 0.52 * size * side.y),
      neck,
      (base.x - 0.52 * size * side.x, base.y - 0.52 * size * side.y),
    ]
    let reach = 1.35 * size * (side.y > 0 ? -1 : 1)
    self.label = (
      (from.x + to.x) / 2 + reach * side.x, (from.y + to.y) / 2 + reach * side.y
    )
  }
}
