import Domain

/// A rectangle of a drawing.
struct Box: Equatable, Sendable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var midX: Double { x + width / 2 }
  var midY: Double { y + height / 2 }
}

/// Places map coordinates in a box: same scale on both axes, centred, y up.
struct MapFrame: Sendable {
  private let scale: Double
  private let centre: (x: Double, y: Double)
  private let box: Box

  /// A frame that holds every point that can be drawn and the arrow, with `margin` to spare.
  init(_ report: MapReport, in box: Box, margin: Double) {
    let drawn = report.drawablePoints
    var xs = drawn.map(\.x)
    var ys = drawn.map(\.y)
    if let arrow = report.drawableArrow {
      xs += [arrow.fromX, arrow.toX]
      ys += [arrow.fromY, arrow.toY]
    }
    let x = MapFrame.range(xs)
    let y = MapFrame.range(ys)
    let width = max(1, box.width - 2 * margin)
    let height = max(1, box.height - 2 * margin)
    scale = min(width / x.span, height / y.span)
    centre = (x.middle, y.middle)
    self.box = box
  }

  func place(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    (box.midX + (x - centre.x) * scale, box.midY - (y - centre.y) * scale)
  }

  private static func range(_ values: [Double]) -> (middle: Double, span: Double) {
    guard let low = values.min(), let high = values.max() else { return (0, 1) }
    return ((low + high) / 2, high > low ? high - low : 1)
  }
}

extension MapReport {
  /// The points with usable coordinates.
  var drawablePoints: [MapPoint] { points.filter(isDrawable) }

  /// Those in the order they are drawn: mixed, so that no population hides another by being drawn last, and
  /// new ones over old ones. The order depends on the places in `points` alone.
  var pointsInDrawingOrder: [MapPoint] {
    let keys = points.indices.filter { isDrawable(points[$0]) }.map { place in
      (isNew: points[place].isNew ? 1 : 0, mixed: MapReport.mixed(place), place: place)
    }
    return keys.sorted { $0 < $1 }.map { points[$0.place] }
  }

  /// True where images were placed on a map that was there before.
  var hasNew: Bool { points.contains(where: \.isNew) }

  var drawableArrow: OffsetArrow? {
    offset.flatMap { arrow in
      [arrow.fromX, arrow.fromY, arrow.toX, arrow.toY].allSatisfy(isDrawable) ? arrow : nil
    }
  }

  private func isDrawable(_ point: MapPoint) -> Bool { isDrawable(point.x) && isDrawable(point.y) }

  private func isDrawable(_ value: Double) -> Bool { value.isFinite && abs(value) < 1e9 }

  /// Steele, Lea and Flood's SplitMix64 finaliser: spreads neighbouring places far apart.
  private static func mixed(_ place: Int) -> UInt64 {
    var z = UInt64(truncatingIfNeeded: place) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    return z ^ (z >> 27)
  }

  /// How the map came about, for its caption.
  var method: String {
    let drawn = drawablePoints.count
    var parts = ["t-SNE of \(Numeral.counted(drawn, "image", "images")) in the \(space) space"]
    if sampledFrom > points.count {
      parts[0] += ", sampled from \(Numeral.grouped(sampledFrom))"
    }
    if hasNew {
      let new = points.count(where: \.isNew)
      parts[0] =
        "\(Numeral.counted(new, "new image", "new images")) placed among "
        + "\(Numeral.grouped(points.count - new)) of a t-SNE in the \(space) space"
    }
    parts.append("perplexity \(Numeral.trimmed(Numeral.fixed(perplexity, 2)))")
    parts.append(Numeral.counted(iterations, "iteration", "iterations"))
    parts.append("KL divergence \(Numeral.fixed(klDivergence, 3))")
    parts.append("seed \(seed)")
    if drawn < points.count {
      parts.append("\(Numeral.grouped(points.count - drawn)) without a place left out")
    }
    return parts.joined(separator: " · ")
  }

  /// One sentence for a reader who cannot see the map.
  var spokenSummary: String {
    guard !points.isEmpty else { return "\(title): no images on the map" }
    let parts = legend.map { "\(Numeral.grouped($0.count)) \($0.population.rawValue)" }
    return "\(title): map of \(parts.joined(separator: ", ")) images"
  }

  /// The populations on the map in their usual order, with their number of drawn points.
  var legend: [(population: Population, count: Int)] {
    let drawn = drawablePoints
    return Population.allCases.compactMap { population in
      let count = drawn.count { $0.population == population }
      return count > 0 ? (population, count) : nil
    }
  }

  var quarantinedCount: Int { drawablePoints.count(where: \.quarantined) }
}
