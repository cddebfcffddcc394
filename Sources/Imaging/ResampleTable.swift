/// For each pixel of an output line, which input pixels it sums and with which integer weights.
///
/// Pillow's arithmetic: weights are computed in double precision, scaled to sum 1, then rounded to
/// 22 fractional bits (32 bits less 8 for the value and 2 against overflow). For the kernel they
/// are kept by pairs of neighbouring input pixels and in two parts that fit 16 bits each,
/// weight = high * 2^15 + low, every pair repeated for four channels.
struct ResampleTable {
  static let precisionBits: Int32 = 22
  static let lowBits: Int32 = 15

  /// First input pixel of each output pixel.
  private(set) var starts: [Int] = []
  /// Input pixels per output pixel.
  private(set) var counts: [Int] = []
  /// Pairs of input pixels per output pixel; the last may reach one pixel too far, with weight 0.
  private(set) var pairCounts: [Int] = []
  /// Pairs of output pixel `i` begin at `i * pairStride`.
  let pairStride: Int
  private(set) var low: [SIMD8<Int16>]
  private(set) var high: [SIMD8<Int16>]

  /// - Precondition: both lengths are positive.
  init(from input: Int, to output: Int, filter: ResampleFilter) {
    let scale = Double(input) / Double(output)
    let widening = max(scale, 1)
    let support = filter.support * widening
    pairStride = Int(support.rounded(.up)) + 1
    low = Array(repeating: SIMD8(), count: pairStride * output)
    high = low
    var line = [Double](repeating: 0, count: 2 * pairStride)
    for pixel in 0..<output {
      let centre = (Double(pixel) + 0.5) * scale
      let start = max(0, Int(centre - support + 0.5))
      let count = min(input, Int(centre + support + 0.5)) - start
      var sum = 0.0
      for tap in 0..<count {
        line[tap] = filter.weight((Double(tap + start) - centre + 0.5) * (1 / widening))
        sum += line[tap]
      }
      starts.append(start)
      counts.append(count)
      pairCounts.append((count + 1) / 2)
      for tap in 0..<count {
        store(Self.fixedPoint(sum == 0 ? line[tap] : line[tap] / sum), pixel: pixel, tap: tap)
      }
    }
  }

  /// The low and high parts of output pixel `pixel`'s weights, one per input pixel.
  func taps(of pixel: Int) -> [SIMD2<Int16>] {
    (0..<counts[pixel]).map { tap in
      let pair = pixel * pairStride + tap / 2
      return SIMD2(low[pair][tap % 2], high[pair][tap % 2])
    }
  }

  private mutating func store(_ weight: Int32, pixel: Int, tap: Int) {
    let pair = pixel * pairStride + tap / 2
    for lane in stride(from: tap % 2, to: 8, by: 2) {
      low[pair][lane] = Int16(weight & (1 << Self.lowBits - 1))
      high[pair][lane] = Int16(weight >> Self.lowBits)
    }
  }

  private static func fixedPoint(_ weight: Double) -> Int32 {
    let scaled = weight * Double(1 << precisionBits)
    return Int32(weight < 0 ? scaled - 0.5 : scaled + 0.5)
  }
}
