import Domain

extension Picture {
  /// Means over `factor` x `factor` boxes laid from the top left pixel, rounded half up; only the
  /// boxes in the given columns and rows of boxes. Boxes cut by an edge average what they have.
  ///
  /// Unsafe use here is confined to pointers that live inside one closure, over ranges cut from
  /// buffers whose own bounds are checked once per line.
  func boxReduced(by factor: Int, columns: Range<Int>, rows: Range<Int>) -> Picture {
    var reduced: [UInt8] = []
    reduced.reserveCapacity(3 * columns.count * rows.count)
    let first = 3 * columns.lowerBound * factor
    let end = 3 * min(columns.upperBound * factor, width)
    var sums = [UInt32](repeating: 0, count: end - first)
    for boxRow in rows {
      let lines = boxRow * factor..<min((boxRow + 1) * factor, height)
      for i in sums.indices { sums[i] = 0 }
      for line in lines {
        let start = 3 * line * width
        addLine(start + first..<start + end, to: &sums)
      }
      appendMeans(of: sums, factor: factor, lines: lines.count, to: &reduced)
    }
    return Picture(width: columns.count, height: rows.count, pixels: reduced)
  }

  private func addLine(_ range: Range<Int>, to sums: inout [UInt32]) {
    let count = min(range.count, sums.count)
    unsafe pixels.withUnsafeBufferPointer { pixels in
      let line = unsafe UnsafeBufferPointer(rebasing: pixels[range])
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        for i in 0..<count { unsafe sums[i] &+= UInt32(line[i]) }
      }
    }
  }

  private func appendMeans(
    of sums: [UInt32], factor: Int, lines: Int, to reduced: inout [UInt8]
  ) {
    for start in stride(from: 0, to: sums.count, by: 3 * factor) {
      let end = min(start + 3 * factor, sums.count)
      var (red, green, blue) = (UInt32(0), UInt32(0), UInt32(0))
      for at in stride(from: start, to: end, by: 3) {
        red &+= sums[at]
        green &+= sums[at + 1]
        blue &+= sums[at + 2]
      }
      let count = UInt32((end - start) / 3 * lines)
      reduced.append(UInt8((red + count / 2) / count))
      reduced.append(UInt8((green + count / 2) / count))
      reduced.append(UInt8((blue + count / 2) / count))
    }
  }
}
