public import Domain

/// What a warp shows where the picture has no pixels.
public enum WarpBorder: Sendable {
  case black
  /// Level 127 in all channels.
  case grey

  var level: UInt8 { self == .black ? 0 : 127 }
}

extension Picture {
  /// A crop of `width` x `height` pixels; `transform` takes picture coordinates to crop
  /// coordinates, pixel centres at whole numbers in both.
  ///
  /// Each crop pixel is interpolated bilinearly between the four picture pixels around its
  /// preimage, with positions rounded to 1/2048 pixel; pixels outside count as border. When the
  /// scale is below 1/2 the picture is first averaged over k x k boxes, k = floor(1 / scale), laid
  /// from its top left pixel (boxes cut by the right or lower edge average what they have), so
  /// that shrinking does not alias. Deterministic. A transform without inverse gives border only.
  /// - Precondition: `width` and `height` are positive.
  public func warped(
    by transform: SimilarityTransform, width: Int, height: Int, border: WarpBorder = .black
  ) -> Picture {
    precondition(width > 0 && height > 0)
    let level = border.level
    let blank = Picture(width: width, height: height, red: level, green: level, blue: level)
    guard let inverse = transform.inverse else { return blank }
    let factor = Self.boxFactor(scale: transform.scale, longest: max(self.width, self.height))
    guard factor > 1 else {
      return WarpKernel(picture: self, inverse: inverse, border: level).warp(onto: blank)
    }
    let window = boxWindow(inverse, width: width, height: height, factor: factor)
    guard let window else { return blank }
    let small = boxReduced(by: factor, columns: window.columns, rows: window.rows)
    // A box's centre is (factor - 1) / 2 right of and below its first pixel.
    let k = Double(factor)
    let toBoxes = SimilarityTransform(
      a: 1 / k, b: 0, tx: -(k - 1) / (2 * k) - Double(window.columns.lowerBound),
      ty: -(k - 1) / (2 * k) - Double(window.rows.lowerBound))
    return WarpKernel(picture: small, inverse: inverse.followed(by: toBoxes), border: level)
      .warp(onto: blank)
  }

  private static func boxFactor(scale: Double, longest: Int) -> Int {
    guard scale < 0.5 else { return 1 }
    return Int(min(1 / scale, Double(longest)))
  }

  /// The boxes that a crop of this size can touch, or nil where it misses the picture.
  private func boxWindow(
    _ inverse: SimilarityTransform, width: Int, height: Int, factor: Int
  ) -> (columns: Range<Int>, rows: Range<Int>)? {
    let (right, low) = (Double(width - 1), Double(height - 1))
    let corners = [(0, 0), (right, 0), (0, low), (right, low)].map { x, y in
      inverse.apply(to: Point(x: x, y: y))
    }
    let columns = Self.boxes(corners.map(\.x), length: self.width, factor: factor)
    let rows = Self.boxes(corners.map(\.y), length: self.height, factor: factor)
    return columns.isEmpty || rows.isEmpty ? nil : (columns, rows)
  }

  private static func boxes(_ positions: [Double], length: Int, factor: Int) -> Range<Int> {
    let count = (length + factor - 1) / factor
    let bounds = positions.map { ($0 / Double(factor)).rounded(.down) }
    let first = min(max((bounds.min() ?? 0) - 2, 0), Double(count))
    let last = min(max((bounds.max() ?? 0) + 3, first), Double(count))
    return Int(first)..<Int(last)
  }
}
