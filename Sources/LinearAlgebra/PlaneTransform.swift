internal import CFFTW
import Synchronization

/// Fourier transforms over a square of `side` × `side` real values by FFTW, in pieces that any threads may
/// take: rows one by one, columns in groups that stay in the processor's nearest cache. Planes may have fewer
/// rows, and rows fewer values; those missing are zeros on the way in and not computed on the way out, so that
/// a convolution over `used` nodes with a kernel that reaches no further than the spare ones never wraps
/// around.
///
/// Not scaled: forward and backward multiply by side². Plans are FFTW's estimates, so equal sizes give
/// equal bits on one machine.
@safe public final class PlaneTransform: @unchecked Sendable {
  /// Values per row and rows; even, and of a kind that FFTW is fast at.
  public let side: Int
  /// Rows and columns that hold data: all but the spare ones.
  public let used: Int
  /// Complex numbers per row of a transform: `side / 2 + 1`, rounded up to whole cache lines.
  public let stride: Int
  /// Groups of columns; two beside each other share cache lines.
  public var groups: Int { (side / 2 + Self.groupSize) / Self.groupSize }
  /// How often each of the `stride` columns counts in a sum over the whole plane, of which they are half.
  public var columnCounts: [Float] {
    (0..<stride).map { $0 == 0 || $0 == side / 2 ? 1 : $0 < side / 2 ? 2 : 0 }
  }
  /// Columns of a group.
  public static let groupSize = 4

  private let forwardRow: fftwf_plan
  private let backwardRow: fftwf_plan
  private let forwardGroup: fftwf_plan
  private let backwardGroup: fftwf_plan
  private let idle = Mutex<[Scratch]>([])
  /// FFTW's planner may not run twice at once.
  private static let planner = Mutex<Void>(())

  /// - Parameters:
  ///   - nodes: rows and columns that must fit, at least 1.
  ///   - spare: rows and columns left empty, as many as the kernel reaches. Without it half of all.
  public init(nodes: Int, spare: Int? = nil) {
    side = Self.side(for: nodes + (spare ?? nodes))
    used = spare.map { [side] in side - $0 } ?? side / 2
    stride = (side / 2 + 8) / 8 * 8
    let scratch = Scratch(side: side)
    let line = Plane(rows: 1, width: 2 * stride)
    let side = side
    // Estimated plans do not touch the memory; later calls pass memory of the same alignment, because
    // rows and groups begin at whole cache lines.
    unsafe (forwardRow, backwardRow, forwardGroup, backwardGroup) = Self.planner.withLock { _ in
      let group = Int32(Self.groupSize)
      var length = Int32(side)
      func columns(_ sign: Int32) -> fftwf_plan {
        unsafe fftwf_plan_many_dft(
          1, &length, group, scratch.first.complex, nil, group, 1, scratch.second.complex, nil,
          group, 1, sign, UInt32(FFTW_ESTIMATE))
      }
      return unsafe (
        fftwf_plan_dft_r2c_1d(length, scratch.row.values, line.complex, UInt32(FFTW_ESTIMATE)),
        fftwf_plan_dft_c2r_1d(length, line.complex, scratch.row.values, UInt32(FFTW_ESTIMATE)),
        columns(FFTW_FORWARD), columns(FFTW_BACKWARD)
      )
    }
    idle.withLock { $0.append(scratch) }
  }

  deinit {
    unsafe fftwf_destroy_plan(forwardRow)
    unsafe fftwf_destroy_plan(backwardRow)
    unsafe fftwf_destroy_plan(forwardGroup)
    unsafe fftwf_destroy_plan(backwardGroup)
  }

  /// Memory for `rows` rows of a transform, all zero.
  public func spectrum(rows: Int) -> Plane { Plane(rows: rows, width: 2 * stride) }

  /// Memory that one thread works in.
  public final class Scratch: Sendable {
    fileprivate let row: Plane
    /// A group of complex columns each, row by row.
    fileprivate let first: Plane
    fileprivate let second: Plane
    fileprivate let third: Plane

    fileprivate init(side: Int) {
      row = Plane(rows: 1, width: side)
      let group = 2 * PlaneTransform.groupSize * side
      first = Plane(rows: 1, width: group)
      second = Plane(rows: 1, width: group)
      third = Plane(rows: 1, width: group)
    }
  }

  /// Lends memory to one thread.
  public func withScratch<Answer>(_ body: (Scratch) throws -> Answer) rethrows -> Answer {
    let scratch = idle.withLock { $0.popLast() } ?? Scratch(side: side)
    defer { idle.withLock { $0.append(scratch) } }
    return try body(scratch)
  }

  /// The transform of one row of real values.
  public func forward(_ row: Int, of real: Plane, into spectrum: Plane, _ scratch: Scratch) {
    let count = min(side, real.width)
    // Both rows lie inside their planes, and the scratch holds `side` values.
    let values = unsafe scratch.row.values
    unsafe values.update(from: real.values + row * real.width, count: count)
    unsafe (values + count).update(repeating: 0, count: side - count)
    unsafe fftwf_execute_dft_r2c(forwardRow, values, spectrum.complex + row * stride)
  }

  /// One row back to as many real values as there is room for. The row of the spectrum is lost.
  public func backward(_ row: Int, of spectrum: Plane, into real: Plane, _ scratch: Scratch) {
    let values = unsafe scratch.row.values
    unsafe fftwf_execute_dft_c2r(backwardRow, spectrum.complex + row * stride, values)
    unsafe (real.values + row * real.width).update(from: values, count: min(side, real.width))
  }

  /// The transform of a group of columns: `side` rows of four complex numbers, good until the scratch is
  /// used again.
  @unsafe public func forward(
    group: Int, of spectrum: Plane, _ scratch: Scratch
  ) -> UnsafeMutablePointer<Float> {
    let width = 2 * Self.groupSize
    let values = unsafe scratch.first.values
    // The group lies inside the plane.
    for row in 0..<spectrum.rows {
      unsafe (values + row * width).update(
        from: spectrum.values + row * spectrum.width + group * width, count: width)
    }
    unsafe (values + spectrum.rows * width).update(
      repeating: 0, count: (side - spectrum.rows) * width)
    unsafe fftwf_execute_dft(forwardGroup, scratch.first.complex, scratch.second.complex)
    return unsafe scratch.second.values
  }

  /// Convolves with two kernels at once: a group of columns of `first` is transformed, handed to `multiply`
  /// with memory for another, and both are transformed back into `first` and `second`.
  /// - Parameter multiply: replaces the first by its product with one kernel and fills the second with that
  ///   with the other; `side` rows of four complex numbers each. Its answer is passed on.
  @unsafe public func convolve(
    group: Int, of first: Plane, and second: Plane, _ scratch: Scratch,
    multiply: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Double
  ) -> Double {
    let value = unsafe forward(group: group, of: first, scratch)
    let answer = unsafe multiply(value, scratch.third.values)
    backward(scratch.second, group: group, into: first, scratch)
    backward(scratch.third, group: group, into: second, scratch)
    return answer
  }

  private func backward(_ columns: Plane, group: Int, into spectrum: Plane, _ scratch: Scratch) {
    let width = 2 * Self.groupSize
    unsafe fftwf_execute_dft(backwardGroup, columns.complex, scratch.first.complex)
    for row in 0..<spectrum.rows {
      // The group lies inside the plane.
      unsafe (spectrum.values + row * spectrum.width + group * width).update(
        from: scratch.first.values + row * width, count: width)
    }
  }

  /// The smallest number from `least` on that FFTW is fast at: 16 times a power of two, times 1, 3, 5, 9,
  /// 15 or 45. Of others its estimated plans take up to twice as long.
  static func side(for least: Int) -> Int {
    var side = max(16, (least + 15) / 16 * 16)
    while ![1, 3, 5, 9, 15, 45].contains(side >> side.trailingZeroBitCount) { side += 16 }
    return side
  }
}

/// Rows of floats, or of half as many complex numbers, each row from a whole cache line on.
///
/// `@unchecked Sendable`: threads work on rows or columns of their own.
@safe public final class Plane: @unchecked Sendable {
  public let rows: Int
  /// Floats per row.
  public let width: Int
  let complex: UnsafeMutablePointer<fftwf_complex>

  /// All zero.
  /// - Parameter width: floats per row that are needed; rounded up to whole cache lines.
  public init(rows: Int, width: Int) {
    self.rows = rows
    self.width = (width + 15) / 16 * 16
    // Owned: freed in `deinit`. FFTW's allocator gives the alignment its plans want, and a few more
    // floats let whole lanes be read at the end.
    let memory = unsafe fftwf_alloc_complex(rows * self.width / 2 + 8)
    guard let memory = unsafe memory else {
      fatalError("out of memory for a plane of \(rows) rows")
    }
    unsafe complex = memory
    unsafe values.update(repeating: 0, count: rows * self.width + 16)
  }

  deinit { unsafe fftwf_free(complex) }

  /// The first value of row 0; whoever writes a row is the only one to touch it at that time.
  @unsafe public var values: UnsafeMutablePointer<Float> {
    unsafe UnsafeMutableRawPointer(complex).assumingMemoryBound(to: Float.self)
  }

  /// Bytes held.
  public var byteCount: Int { 4 * rows * width }
}
