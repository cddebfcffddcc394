import Domain

/// The shape of a population on a map, so that colour is never the only difference.
enum Marker: Sendable {
  case disc
  case square
  case triangle
  case diamond

  init(_ population: Population) {
    switch population {
    case .digital: self = .disc
    case .real: self = .square
    case .generated: self = .triangle
    case .reference: self = .diamond
    }
  }

  /// The corners around (0, 0) of a marker with about the area of a disc of `radius`; none for a disc.
  func corners(radius r: Double) -> [(x: Double, y: Double)] {
    switch self {
    case .disc: []
    case .square:
      [(-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)].map { ($0 * r, $1 * r) }
    case .triangle: [(0, -1.28), (1.15, 0.82), (-1.15, 0.82)].map { ($0 * r, $1 * r) }
    case .diamond: [(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)].map { ($0 * r, $1 * r) }
    }
  }

  /// The marker as an SVG element around (x, y).
  func svg(x: Double, y: Double, radius: Double, style: String) -> Markup {
    let corners = corners(radius: radius)
    if corners.isEmpty {
      return """
        <circle class="\(style)" cx="\(at: x)" cy="\(at: y)" r="\(at: radius)"/>
        """
    }
    let path = corners.map { "\(Numeral.coordinate(x + $0.x)) \(Numeral.coordinate(y + $0.y))" }
    return """
      <path class="\(style)" d="M\(path.joined(separator: "L"))z"/>
      """
  }
}
