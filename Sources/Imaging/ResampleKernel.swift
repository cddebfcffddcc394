import Domain

/// The two inner loops of resizing. Sums are exact modulo 2^32 and in range by the weights'
/// precision, so the order of additions does not matter.
enum ResampleKernel {
  private static let half = Int32(1) << (ResampleTable.precisionBits - 1)

  static func resizedRows(_ picture: Picture, table: ResampleTable) -> Picture {
    let outWidth = table.starts.count
    var pixels: [UInt8] = []
    pixels.reserveCapacity(3 * outWidth * picture.height)
    for y in 0..<picture.height {
      for x in 0..<outWidth {
        var sum = SIMD3<Int32>(repeating: half)
        let source = 3 * (y * picture.width + table.starts[x])
        for tap in 0..<table.counts[x] {
          let weight = table.weights[x * table.stride + tap]
          let at = source + 3 * tap
          sum.x &+= Int32(picture.pixels[at]) &* weight
          sum.y &+= Int32(picture.pixels[at + 1]) &* weight
          sum.z &+= Int32(picture.pixels[at + 2]) &* weight
        }
        pixels.append(rounded(sum.x))
        pixels.append(rounded(sum.y))
        pixels.append(rounded(sum.z))
      }
    }
    return Picture(width: outWidth, height: picture.height, pixels: pixels)
  }

  static func resizedColumns(_ picture: Picture, table: ResampleTable) -> Picture {
    let rowLength = 3 * picture.width
    let outHeight = table.starts.count
    var pixels: [UInt8] = []
    pixels.reserveCapacity(rowLength * outHeight)
    var sums = [Int32](repeating: 0, count: rowLength)
    for y in 0..<outHeight {
      for i in 0..<rowLength { sums[i] = half }
      for tap in 0..<table.counts[y] {
        let weight = table.weights[y * table.stride + tap]
        let source = (table.starts[y] + tap) * rowLength
        for i in 0..<rowLength { sums[i] &+= Int32(picture.pixels[source + i]) &* weight }
      }
      for sum in sums { pixels.append(rounded(sum)) }
    }
    return Picture(width: picture.width, height: outHeight, pixels: pixels)
  }

  private static func rounded(_ sum: Int32) -> UInt8 {
    UInt8(clamping: sum >> ResampleTable.precisionBits)
  }
}
