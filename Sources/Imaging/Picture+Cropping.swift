public import Domain

/// How many pixels to add on each side of a picture.
public struct Margins: Equatable, Sendable {
  public var left: Int
  public var top: Int
  public var right: Int
  public var bottom: Int

  public init(left: Int = 0, top: Int = 0, right: Int = 0, bottom: Int = 0) {
    self.left = left
    self.top = top
    self.right = right
    self.bottom = bottom
  }

  /// The same margin on all four sides.
  public static func all(_ margin: Int) -> Margins {
    Margins(left: margin, top: margin, right: margin, bottom: margin)
  }
}

extension Picture {
  /// The pixels whose column is in `x..<x + width` and whose row is in `y..<y + height`.
  /// - Precondition: the rectangle is not empty and lies inside the picture.
  public func cropped(x: Int, y: Int, width: Int, height: Int) -> Picture {
    precondition(
      x >= 0 && y >= 0 && width > 0 && height > 0 && x <= self.width - width
        && y <= self.height - height)
    var cut: [UInt8] = []
    cut.reserveCapacity(3 * width * height)
    for row in y..<y + height {
      let start = 3 * (row * self.width + x)
      cut.append(contentsOf: pixels[start..<start + 3 * width])
    }
    return Picture(width: width, height: height, pixels: cut)
  }

  /// The picture inside a frame of one grey level: a tight face crop gets room for a detector.
  /// A point (x, y) moves to (x + left, y + top).
  /// - Precondition: no margin is negative.
  public func padded(by margins: Margins, grey: UInt8) -> Picture {
    precondition(
      margins.left >= 0 && margins.top >= 0 && margins.right >= 0 && margins.bottom >= 0)
    let outWidth = margins.left + width + margins.right
    let outHeight = margins.top + height + margins.bottom
    var framed: [UInt8] = []
    framed.reserveCapacity(3 * outWidth * outHeight)
    framed.append(contentsOf: repeatElement(grey, count: 3 * outWidth * margins.top))
    for row in 0..<height {
      framed.append(contentsOf: repeatElement(grey, count: 3 * margins.left))
      framed.append(contentsOf: pixels[3 * row * width..<3 * (row + 1) * width])
      framed.append(contentsOf: repeatElement(grey, count: 3 * margins.right))
    }
    framed.append(contentsOf: repeatElement(grey, count: 3 * outWidth * margins.bottom))
    return Picture(width: outWidth, height: outHeight, pixels: framed)
  }

  /// The picture with left and right exchanged.
  public func mirrored() -> Picture { turnedUpright(from: 2) }

  /// The picture in coarse tiles, so that a real person cannot be recognised: the mean colour of
  /// at most `blocks` x `blocks` tiles, drawn at `width` x `height` pixels. What was averaged away
  /// is not in the result, at whatever size it is drawn.
  /// - Precondition: all three are positive.
  public func pixelated(blocks: Int, width: Int, height: Int) -> Picture {
    precondition(blocks > 0)
    let tiles = Resampling.resized(
      self, to: min(blocks, self.width), min(blocks, self.height), filter: .box)
    return Resampling.resized(tiles, to: width, height, filter: .nearest)
  }
}
