import Domain

extension Picture {
  /// Means over `factor` x `factor` boxes laid from the top left pixel, rounded half up; only the
  /// boxes in the given columns and rows of boxes. Boxes cut by an edge average what they have.
  func boxReduced(by factor: Int, columns: Range<Int>, rows: Range<Int>) -> Picture {
    var reduced: [UInt8] = []
    reduced.reserveCapacity(3 * columns.count * rows.count)
    var sums = [UInt32](repeating: 0, count: 3 * columns.count)
    for boxRow in rows {
      let lines = boxRow * factor..<min((boxRow + 1) * factor, height)
      for i in sums.indices { sums[i] = 0 }
      for line in lines { addBoxSums(&sums, line: line, factor: factor, columns: columns) }
      for (index, column) in columns.enumerated() {
        let width = min((column + 1) * factor, self.width) - column * factor
        let count = UInt32(width * lines.count)
        for channel in 0..<3 {
          reduced.append(UInt8((sums[3 * index + channel] + count / 2) / count))
        }
      }
    }
    return Picture(width: columns.count, height: rows.count, pixels: reduced)
  }

  private func addBoxSums(
    _ sums: inout [UInt32], line: Int, factor: Int, columns: Range<Int>
  ) {
    for (index, column) in columns.enumerated() {
      let start = 3 * (line * width + column * factor)
      let end = 3 * (line * width + min((column + 1) * factor, width))
      var (red, green, blue) = (UInt32(0), UInt32(0), UInt32(0))
      for at in stride(from: start, to: end, by: 3) {
        red &+= UInt32(pixels[at])
        green &+= UInt32(pixels[at + 1])
        blue &+= UInt32(pixels[at + 2])
      }
      sums[3 * index] &+= red
      sums[3 * index + 1] &+= green
      sums[3 * index + 2] &+= blue
    }
  }
}
