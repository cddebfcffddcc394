extension Raster {
  typealias Place = (x: Double, y: Double)

  /// A marker around `centre`, filled or as an outline 1.5 pixels wide per 10 pixels of radius.
  mutating func marker(
    _ marker: Marker, at centre: Place, radius: Double, isHollow: Bool, _ paint: Paint
  ) {
    let line = max(1.2, 0.3 * radius)
    let corners = marker.corners(radius: radius)
    let reach = 1.4 * radius + line
    let box = Box(x: centre.x - reach, y: centre.y - reach, width: 2 * reach, height: 2 * reach)
    self.paint(paint, in: box) { x, y in
      let inside = Raster.distance(
        (x - centre.x, y - centre.y), toConvex: corners, orDisc: radius)
      return isHollow ? abs(inside) - line / 2 : inside
    }
  }

  /// A convex polygon, corners in either direction of turn.
  mutating func polygon(_ corners: [Place], _ paint: Paint) {
    let middle: Place = (
      corners.reduce(0) { $0 + $1.x } / Double(max(1, corners.count)),
      corners.reduce(0) { $0 + $1.y } / Double(max(1, corners.count))
    )
    let shifted = corners.map { (x: $0.x - middle.x, y: $0.y - middle.y) }
    self.paint(paint, in: Raster.bounds([corners], margin: 1)) { x, y in
      Raster.distance((x - middle.x, y - middle.y), toConvex: shifted, orDisc: 0)
    }
  }

  /// Round-ended lines through the places of each list; one place is a dot.
  mutating func strokes(_ lines: [[Place]], width: Double, _ paint: Paint) {
    self.paint(paint, in: Raster.bounds(lines, margin: width)) { x, y in
      var nearest = Double.infinity
      for line in lines {
        for place in line.indices {
          let end = line[min(place + 1, line.count - 1)]
          nearest = min(nearest, Raster.distance((x, y), toSegment: line[place], end))
        }
      }
      return nearest - width / 2
    }
  }

  /// The outline of a box with rounded corners.
  mutating func frame(_ box: Box, corner: Double, width: Double, _ paint: Paint) {
    self.paint(paint, in: box) { x, y in
      let dx = abs(x - box.midX) - box.width / 2 + corner
      let dy = abs(y - box.midY) - box.height / 2 + corner
      let outside = (max(dx, 0) * max(dx, 0) + max(dy, 0) * max(dy, 0)).squareRoot()
      return abs(outside + min(max(dx, dy), 0) - corner) - width / 2
    }
  }

  private static func bounds(_ lines: [[Place]], margin: Double) -> Box {
    let places = lines.joined()
    let left = places.map(\.x).min() ?? 0
    let top = places.map(\.y).min() ?? 0
    let right = places.map(\.x).max() ?? 0
    let bottom = places.map(\.y).max() ?? 0
    return Box(
      x: left - margin, y: top - margin, width: right - left + 2 * margin,
      height: bottom - top + 2 * margin)
  }

  private static func distance(_ p: Place, toSegment a: Place, _ b: Place) -> Double {
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let square = dx * dx + dy * dy
    let along = square > 0 ? max(0, min(1, ((p.x - a.x) * dx + (p.y - a.y) * dy) / square)) : 0
    let (rx, ry) = (p.x - a.x - along * dx, p.y - a.y - along * dy)
    return (rx * rx + ry * ry).squareRoot()
  }

  /// Distance to the edge of a convex shape around the origin, by its farthest side: exact inside and
  /// along sides, a little short beyond corners. Without corners, the distance to a disc.
  private static func distance(_ p: Place, toConvex corners: [Place], orDisc radius: Double)
    -> Double
  {
    guard !corners.isEmpty else { return (p.x * p.x + p.y * p.y).squareRoot() - radius }
    var farthest = -Double.infinity
    for place in corners.indices {
      let a = corners[place]
      let b = corners[(place + 1) % corners.count]
      let (dx, dy) = (b.x - a.x, b.y - a.y)
      let length = (dx * dx + dy * dy).squareRoot()
      guard length > 0 else { continue }
      let turn = a.x * b.y - a.y * b.x >= 0 ? 1.0 : -1.0
      farthest = max(farthest, turn * ((p.x - a.x) * dy - (p.y - a.y) * dx) / length)
    }
    return farthest
  }
}
