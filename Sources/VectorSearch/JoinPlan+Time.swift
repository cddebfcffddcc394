import CVectorKernels
import Execution

extension JoinPlan {
  /// About how long the comparisons take on this machine, from a short trial of the first look.
  public func estimatedSeconds(threads: Int, path: KernelPath = .best) -> Double {
    let trial = Trial(depth: depth, path: path)
    // A second look costs about as much as 80 cycles of the first; see `FrameChoice`.
    let second = survivors * 80 * 64 * trial.secondsPerProduct
    return Double(pairs) * (Double(depth) * trial.secondsPerProduct + second) / Double(threads)
  }

  /// Times one tile of made-up bytes.
  private struct Trial {
    let secondsPerProduct: Double

    init(depth: Int, path: KernelPath) {
      let (rows, blocks) = (96, 128)
      let left = [Int8](repeating: 1, count: rows * depth)
      let numbers = [Float](repeating: 1, count: max(rows, blocks * blockRows))
      let right = [UInt8](repeating: 1, count: blocks * blockRows * depth)
      var masks = [UInt16](repeating: 0, count: rows * blocks)
      let watch = Stopwatch()
      var rounds = 0
      repeat {
        // Every array is as large as the counts say.
        unsafe left.withUnsafeBufferPointer { left in
          unsafe right.withUnsafeBufferPointer { right in
            unsafe numbers.withUnsafeBufferPointer { numbers in
              let first = unsafe cvk_left(
                rows: left.baseAddress, slopes: numbers.baseAddress, floors: numbers.baseAddress,
                count: rows)
              let second = unsafe cvk_right(
                packed: right.baseAddress, rests: numbers.baseAddress, blocks: blocks, depth: depth)
              unsafe cvk_screen(path.code, first, second, &masks)
            }
          }
        }
        rounds += 1
      } while watch.seconds < 0.01
      secondsPerProduct = watch.seconds / Double(rounds * rows * blocks * blockRows * depth)
    }
  }
}
