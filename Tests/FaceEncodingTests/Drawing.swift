import Domain

/// Pictures with planted features.
enum Drawing {
  /// Grey with a bright spot of 3 x 3 pixels on each point.
  static func spots(at points: [Point], width: Int, height: Int) -> Picture {
    var picture = Picture(width: width, height: height, red: 60, green: 60, blue: 60)
    for point in points {
      for y in -1...1 {
        for x in -1...1 {
          let (column, row) = (Int(point.x.rounded()) + x, Int(point.y.rounded()) + y)
          for channel in 0..<3 { picture.pixels[3 * (row * width + column) + channel] = 255 }
        }
      }
    }
    return picture
  }

  /// Brightness above 60, weighted, near a point: where the spot's middle is.
  static func middle(of picture: Picture, near point: Point, reach: Int = 5) -> Point {
    var (x, y, weight) = (0.0, 0.0, 0.0)
    for row in max(0, Int(point.y) - reach)...min(picture.height - 1, Int(point.y) + reach) {
      for column in max(0, Int(point.x) - reach)...min(picture.width - 1, Int(point.x) + reach) {
        let level = Double(picture.pixels[3 * (row * picture.width + column)]) - 62
        guard level > 0 else { continue }
        x += level * Double(column)
        y += level * Double(row)
        weight += level
      }
    }
    return weight > 0 ? Point(x: x / weight, y: y / weight) : Point(x: .nan, y: .nan)
  }

  /// Smooth colours that are the same nowhere else.
  static func gradient(width: Int, height: Int) -> Picture {
    var picture = Picture(width: width, height: height, red: 0, green: 0, blue: 0)
    for y in 0..<height {
      for x in 0..<width {
        let at = 3 * (y * width + x)
        picture.pixels[at] = UInt8(255 * x / width)
        picture.pixels[at + 1] = UInt8(255 * y / height)
        picture.pixels[at + 2] = UInt8(255 * ((x * y) % 97) / 97)
      }
    }
    return picture
  }

  static func landmarks(_ points: [Point]) -> FiveLandmarks {
    FiveLandmarks(
      leftEye: points[0], rightEye: points[1], nose: points[2], leftMouth: points[3],
      rightMouth: points[4])
  }

  static func distance(_ a: Point, _ b: Point) -> Double {
    ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
  }
}
