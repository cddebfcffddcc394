import Domain

extension Picture {
  /// The picture turned upright from one of the eight EXIF orientations (TIFF 6.0, tag 274).
  func turnedUpright(from orientation: Int) -> Picture {
    guard (2...8).contains(orientation) else { return self }
    let swapsSides = orientation >= 5
    let (outWidth, outHeight) = swapsSides ? (height, width) : (width, height)
    let walk = SourceWalk(orientation: orientation, width: width, height: height)
    var turned = [UInt8](repeating: 0, count: pixels.count)
    let source = pixels.span
    var output = turned.mutableSpan
    var at = 0
    for y in 0..<outHeight {
      var from = 3 * (walk.start + y * walk.perRow)
      for _ in 0..<outWidth {
        output[at] = source[from]
        output[at + 1] = source[from + 1]
        output[at + 2] = source[from + 2]
        at += 3
        from += 3 * walk.perColumn
      }
    }
    return Picture(width: outWidth, height: outHeight, pixels: turned)
  }
}

/// Where the upright picture's pixel (x, y) lies in the stored one, in pixels from its start:
/// `start + x * perColumn + y * perRow`.
private struct SourceWalk {
  let start: Int
  let perColumn: Int
  let perRow: Int

  init(orientation: Int, width: Int, height: Int) {
    let last = width * height - 1
    let lastRow = width * (height - 1)
    switch orientation {
    case 2: (start, perColumn, perRow) = (width - 1, -1, width)
    case 3: (start, perColumn, perRow) = (last, -1, -width)
    case 4: (start, perColumn, perRow) = (lastRow, 1, -width)
    case 5: (start, perColumn, perRow) = (0, width, 1)
    case 6: (start, perColumn, perRow) = (lastRow, -width, 1)
    case 7: (start, perColumn, perRow) = (last, -width, -1)
    case 8: (start, perColumn, perRow) = (width - 1, width, -1)
    default: (start, perColumn, perRow) = (0, 1, width)
    }
  }
}
