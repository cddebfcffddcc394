/// For each pixel of an output line, which input pixels it sums and with which integer weights.
///
/// Pillow's arithmetic: weights are computed in double precision, scaled to sum 1, then rounded to
/// 22 fractional bits (32 bits less 8 for the value and 2 against overflow).
struct ResampleTable {
  static let precisionBits: Int32 = 22

  /// First input pixel of each output pixel.
  private(set) var starts: [Int] = []
  /// Input pixels per output pixel, at least 1.
  private(set) var counts: [Int] = []
  /// Weights of output pixel `i` begin at `i * stride`; those beyond its count are 0.
  private(set) var weights: [Int32]
  let stride: Int

  /// - Precondition: both lengths are positive.
  init(from input: Int, to output: Int, filter: ResampleFilter) {
    let scale = Double(input) / Double(output)
    let widening = max(scale, 1)
    let support = filter.support * widening
    stride = Int(support.rounded(.up)) * 2 + 1
    weights = [Int32](repeating: 0, count: stride * output)
    var line = [Double](repeating: 0, count: stride)
    for pixel in 0..<output {
      let centre = (Double(pixel) + 0.5) * scale
      let start = max(0, Int(centre - support + 0.5))
      let count = min(input, Int(centre + support + 0.5)) - start
      var sum = 0.0
      for tap in 0..<count {
        line[tap] = filter.weight((Double(tap + start) - centre + 0.5) * (1 / widening))
        sum += line[tap]
      }
      for tap in 0..<count {
        weights[pixel * stride + tap] = Self.fixedPoint(sum == 0 ? line[tap] : line[tap] / sum)
      }
      starts.append(start)
      counts.append(count)
    }
  }

  private static func fixedPoint(_ weight: Double) -> Int32 {
    let scaled = weight * Double(1 << precisionBits)
    return Int32(weight < 0 ? scaled - 0.5 : scaled + 0.5)
  }
}
