import Domain

extension Picture {
  /// The picture turned upright from one of the eight EXIF orientations (TIFF 6.0, tag 274).
  func turnedUpright(from orientation: Int) -> Picture {
    guard (2...8).contains(orientation) else { return self }
    let swapsSides = orientation >= 5
    let (outWidth, outHeight) = swapsSides ? (height, width) : (width, height)
    let walk = SourceWalk(orientation: orientation, width: width, height: height)
    var turned: [UInt8] = []
    turned.reserveCapacity(pixels.count)
    for y in 0..<outHeight {
      for x in 0..<outWidth {
        let source = 3 * (walk.start + x * walk.perColumn + y * walk.perRow)
        turned.append(pixels[source])
        turned.append(pixels[source + 1])
        turned.append(pixels[source + 2])
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
