internal import Domain

/// Parts of a picture at a network's size, as normalised float planes.
///
/// Each new pixel is the mean of all old pixels it touches, whole pixels on both ends, which is
/// what PyTorch calls `area` interpolation. Sums are whole numbers, so the means are exact before
/// their one rounding.
struct AreaPlanes {
  let picture: Picture
  /// (p − mean) / std, for all channels alike.
  let mean: Float
  let std: Float

  /// Columns and rows `x`, `y` of the picture.
  struct Part {
    var x: Range<Int>
    var y: Range<Int>
  }

  /// Appends the part's R, G and B planes at `width` × `height`.
  /// - Precondition: the part is not empty and lies inside the picture.
  func append(_ part: Part, width: Int, height: Int, to planes: inout [Float]) {
    let start = planes.count
    planes.append(contentsOf: repeatElement(0, count: 3 * width * height))
    let columns = (0..<width).map { Self.touched($0, of: width, length: part.x.count) }
    var sums = [Int32](repeating: 0, count: 3 * part.x.count)
    for row in 0..<height {
      let rows = Self.touched(row, of: height, length: part.y.count)
      sumRows(rows, of: part, into: &sums)
      for (column, touched) in columns.enumerated() {
        let at = start + row * width + column
        let (red, green, blue) = Self.sum(touched, of: sums)
        let share = 1 / (Double(touched.count * rows.count))
        planes[at] = normalised(red, share)
        planes[at + width * height] = normalised(green, share)
        planes[at + 2 * width * height] = normalised(blue, share)
      }
    }
  }

  private func normalised(_ sum: Int32, _ share: Double) -> Float {
    (Float(Double(sum) * share) - mean) / std
  }

  /// The old pixels that new pixel `index` of `count` touches.
  private static func touched(_ index: Int, of count: Int, length: Int) -> Range<Int> {
    index * length / count..<((index + 1) * length + count - 1) / count
  }

  /// Sums over rows, for every column and channel of the part.
  private func sumRows(_ rows: Range<Int>, of part: Part, into sums: inout [Int32]) {
    let count = 3 * part.x.count
    var sums = sums.mutableSpan
    let pixels = picture.pixels.span
    for row in rows {
      let start = 3 * ((part.y.lowerBound + row) * picture.width + part.x.lowerBound)
      let line = pixels.extracting(start..<start + count)
      if row == rows.lowerBound {
        for index in 0..<count { sums[index] = Int32(line[index]) }
      } else {
        for index in 0..<count { sums[index] &+= Int32(line[index]) }
      }
    }
  }

  private static func sum(_ columns: Range<Int>, of sums: [Int32]) -> (Int32, Int32, Int32) {
    var (red, green, blue): (Int32, Int32, Int32) = (0, 0, 0)
    for column in columns {
      red &+= sums[3 * column]
      green &+= sums[3 * column + 1]
      blue &+= sums[3 * column + 2]
    }
    return (red, green, blue)
  }
}
