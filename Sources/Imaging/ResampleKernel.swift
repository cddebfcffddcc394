import Domain

/// The two inner loops of resizing.
///
/// Sums run in 32-bit lanes over the weights' two 16-bit parts, so that every product is a 16-bit
/// multiplication; all of it is exact modulo 2^32 and in range by the weights' precision, so the
/// order of additions does not matter.
///
/// Unsafe use here is confined to pointers that live inside one closure. Table positions lie
/// inside the input by construction. Writes of 4 or 16 bytes may pass a row's end: inside the
/// output the next row is written later, and after the last row there are `slack` bytes to spare.
/// Columns are read 16 bytes at a time from a copy with as much to spare; pixels of a row are read
/// 4 bytes at a time up to the last but one.
enum ResampleKernel {
  private static let slack = 16
  private static let half = Int32(1) << (ResampleTable.precisionBits - 1)

  // MARK: Rows

  static func resizedRows(_ picture: Picture, table: ResampleTable) -> Picture {
    let outLength = 3 * table.starts.count
    let size = outLength * picture.height
    var pairs = [SIMD4<UInt32>](repeating: SIMD4(), count: picture.width)
    let pixels = unsafe [UInt8](unsafeUninitializedCapacity: size + slack) { output, count in
      unsafe picture.pixels.withUnsafeBytes { input in
        let output = UnsafeMutableRawBufferPointer(output)
        for y in 0..<picture.height {
          let rest = 3 * y * picture.width
          unsafe fillPairs(&pairs, from: .init(rebasing: input[rest...]))
          unsafe sumPairs(pairs, table: table, into: .init(rebasing: output[(y * outLength)...]))
        }
      }
      count = size
    }
    return Picture(width: table.starts.count, height: picture.height, pixels: pixels)
  }

  /// Each pixel in the low halves of four lanes, its right neighbour in the high halves (0 after
  /// the last).
  private static func fillPairs(
    _ pairs: inout [SIMD4<UInt32>], from row: UnsafeRawBufferPointer
  ) {
    let last = pairs.count - 1
    let red = unsafe UInt32(row[3 * last])
    let green = unsafe UInt32(row[3 * last + 1])
    let blue = unsafe UInt32(row[3 * last + 2])
    var right = SIMD4(red, green, blue, 0)
    unsafe pairs.withUnsafeMutableBufferPointer { pairs in
      unsafe pairs[last] = right
      for x in stride(from: last - 1, through: 0, by: -1) {
        let bytes = unsafe row.loadUnaligned(fromByteOffset: 3 * x, as: SIMD4<UInt8>.self)
        let pixel = SIMD4<UInt32>(truncatingIfNeeded: bytes)
        unsafe pairs[x] = pixel | right &<< 16
        right = pixel
      }
    }
  }

  private static func sumPairs(
    _ pairs: [SIMD4<UInt32>], table: ResampleTable, into row: UnsafeMutableRawBufferPointer
  ) {
    unsafe pairs.withUnsafeBytes { pairs in
      unsafe table.low.withUnsafeBufferPointer { low in
        unsafe table.high.withUnsafeBufferPointer { high in
          for x in 0..<table.starts.count {
            var lowSum = SIMD4<Int32>(repeating: half)
            var highSum = SIMD4<Int32>()
            var position = 16 * table.starts[x]
            let first = x * table.pairStride
            for pair in first..<first + table.pairCounts[x] {
              let values = unsafe pairs.load(fromByteOffset: position, as: SIMD8<Int16>.self)
              unsafe lowSum &+= pairProducts(values, low[pair])
              unsafe highSum &+= pairProducts(values, high[pair])
              position += 32
            }
            let level = rounded(lowSum &+ (highSum &<< ResampleTable.lowBits))
            unsafe row.storeBytes(of: level, toByteOffset: 3 * x, as: SIMD4<UInt8>.self)
          }
        }
      }
    }
  }

  /// Products lane by lane, neighbours added: one instruction on most processors.
  @inline(__always)
  private static func pairProducts(_ a: SIMD8<Int16>, _ b: SIMD8<Int16>) -> SIMD4<Int32> {
    let products = SIMD8<Int32>(truncatingIfNeeded: a) &* SIMD8<Int32>(truncatingIfNeeded: b)
    return products.evenHalf &+ products.oddHalf
  }

  @inline(__always)
  private static func rounded(_ sums: SIMD4<Int32>) -> SIMD4<UInt8> {
    let levels = (sums &>> ResampleTable.precisionBits)
      .clamped(lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(repeating: 255))
    return SIMD4(truncatingIfNeeded: levels)
  }

  // MARK: Columns

  static func resizedColumns(_ picture: Picture, table: ResampleTable) -> Picture {
    let length = 3 * picture.width
    let size = length * table.starts.count
    let input = picture.pixels + repeatElement(0, count: slack)
    let pixels = unsafe [UInt8](unsafeUninitializedCapacity: size + slack) { output, count in
      unsafe input.withUnsafeBytes { input in
        let output = UnsafeMutableRawBufferPointer(output)
        for y in 0..<table.starts.count {
          let taps = table.taps(of: y)
          for x in stride(from: 0, to: length, by: 16) {
            let start = table.starts[y] * length + x
            let levels = unsafe columnSums(input, from: start, rowLength: length, taps: taps)
            unsafe output.storeBytes(
              of: levels, toByteOffset: y * length + x, as: SIMD16<UInt8>.self)
          }
        }
      }
      count = size
    }
    return Picture(width: picture.width, height: table.starts.count, pixels: pixels)
  }

  @inline(__always)
  private static func columnSums(
    _ input: UnsafeRawBufferPointer, from start: Int, rowLength: Int, taps: [SIMD2<Int16>]
  ) -> SIMD16<UInt8> {
    var lowSum = SIMD16<Int32>(repeating: half)
    var highSum = SIMD16<Int32>()
    var position = start
    for tap in taps {
      let bytes = unsafe input.loadUnaligned(fromByteOffset: position, as: SIMD16<UInt8>.self)
      let values = SIMD16<Int32>(truncatingIfNeeded: bytes)
      lowSum &+= values &* SIMD16(repeating: Int32(tap.x))
      highSum &+= values &* SIMD16(repeating: Int32(tap.y))
      position += rowLength
    }
    let sums = lowSum &+ (highSum &<< ResampleTable.lowBits)
    let levels = (sums &>> ResampleTable.precisionBits)
      .clamped(lowerBound: SIMD16(repeating: 0), upperBound: SIMD16(repeating: 255))
    return SIMD16(truncatingIfNeeded: levels)
  }
}
