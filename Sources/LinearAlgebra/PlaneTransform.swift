internal import CFFTW
import Synchronization

/// Real Fourier transforms over a square of `side` × `side` values, in place, by FFTW, in pieces that
/// any threads may take: rows one by one, columns in groups of eight. What lies outside the first
/// `used` rows and columns of the input must be zero, and only those of the output are computed, so
/// that a convolution over `used` nodes never wraps around.
///
/// Not scaled: forward and backward multiply by side². Plans are FFTW's estimates, so equal sizes give
/// equal bits on one machine.
@safe public final class PlaneTransform: @unchecked Sendable {
  /// Values per row and rows; even, and a product of 2, 3 and 5.
  public let side: Int
  /// Rows and columns that hold data: half of `side`.
  public let used: Int
  /// Complex numbers per row: `side / 2 + 1`, rounded up to whole groups.
  public let stride: Int
  /// Groups of eight columns.
  public var groups: Int { stride / Self.groupSize }
  public static let groupSize = 8

  private let forwardRow: fftwf_plan
  private let backwardRow: fftwf_plan
  private let forwardGroup: fftwf_plan
  private let backwardGroup: fftwf_plan
  /// FFTW's planner may not run twice at once.
  private static let planner = Mutex<Void>(())

  /// - Parameter nodes: rows and columns that must fit, at least 1.
  public init(nodes: Int) {
    side = Self.side(for: 2 * nodes)
    used = side / 2
    stride = (side / 2 + Self.groupSize) / Self.groupSize * Self.groupSize
    let plane = Plane(rows: side, stride: stride)
    let (side, stride) = (self.side, self.stride)
    // Estimated plans do not touch the memory; later calls pass memory of the same alignment, because
    // rows and groups begin at whole cache lines.
    unsafe (forwardRow, backwardRow, forwardGroup, backwardGroup) = Self.planner.withLock { _ in
      let values = unsafe plane.values
      let complex = unsafe plane.complex
      let group = Int32(Self.groupSize)
      var length = Int32(side)
      func columns(_ sign: Int32) -> fftwf_plan {
        unsafe fftwf_plan_many_dft(
          1, &length, group, complex, nil, Int32(stride), 1, complex, nil, Int32(stride), 1, sign,
          UInt32(FFTW_ESTIMATE))
      }
      return unsafe (
        fftwf_plan_dft_r2c_1d(length, values, complex, UInt32(FFTW_ESTIMATE)),
        fftwf_plan_dft_c2r_1d(length, complex, values, UInt32(FFTW_ESTIMATE)),
        columns(FFTW_FORWARD), columns(FFTW_BACKWARD)
      )
    }
  }

  deinit {
    unsafe fftwf_destroy_plan(forwardRow)
    unsafe fftwf_destroy_plan(backwardRow)
    unsafe fftwf_destroy_plan(forwardGroup)
    unsafe fftwf_destroy_plan(backwardGroup)
  }

  /// Memory for one plane, all zero.
  public func plane() -> Plane { Plane(rows: side, stride: stride) }

  /// Real rows to complex ones.
  public func forward(_ plane: Plane, rows: Range<Int>) {
    for row in rows {
      let complex = unsafe plane.complex + row * stride
      unsafe fftwf_execute_dft_r2c(
        forwardRow, UnsafeMutableRawPointer(complex).assumingMemoryBound(to: Float.self), complex)
    }
  }

  /// Complex rows to real ones.
  public func backward(_ plane: Plane, rows: Range<Int>) {
    for row in rows {
      let complex = unsafe plane.complex + row * stride
      unsafe fftwf_execute_dft_c2r(
        backwardRow, complex, UnsafeMutableRawPointer(complex).assumingMemoryBound(to: Float.self))
    }
  }

  /// All rows of one group of columns.
  public func forward(_ plane: Plane, group: Int) {
    let start = unsafe plane.complex + group * Self.groupSize
    unsafe fftwf_execute_dft(forwardGroup, start, start)
  }

  /// All rows of one group of columns.
  public func backward(_ plane: Plane, group: Int) {
    let start = unsafe plane.complex + group * Self.groupSize
    unsafe fftwf_execute_dft(backwardGroup, start, start)
  }

  /// The smallest number from `least` on that FFTW is fast at.
  static func side(for least: Int) -> Int {
    var side = max(16, (least + 7) / 8 * 8)
    while true {
      var rest = side
      for prime in [2, 3, 5] { while rest % prime == 0 { rest /= prime } }
      if rest == 1 { return side }
      side += 8
    }
  }
}

/// Memory of one plane: rows of `2 * stride` floats, or `stride` complex numbers.
///
/// `@unchecked Sendable`: threads work on rows or columns of their own.
@safe public final class Plane: @unchecked Sendable {
  public let rows: Int
  /// Floats per row.
  public let width: Int
  let complex: UnsafeMutablePointer<fftwf_complex>

  init(rows: Int, stride: Int) {
    self.rows = rows
    width = 2 * stride
    // Owned: freed in `deinit`. FFTW's allocator gives the alignment its plans want, and a few more
    // floats let whole lanes be read at the end.
    let memory = unsafe fftwf_alloc_complex(rows * stride + 8)
    guard let memory = unsafe memory else {
      fatalError("out of memory for a plane of \(rows) rows")
    }
    unsafe complex = memory
    unsafe values.update(repeating: 0, count: rows * width + 16)
  }

  deinit { unsafe fftwf_free(complex) }

  /// The first value of row 0; whoever writes a row is the only one to touch it at that time.
  @unsafe public var values: UnsafeMutablePointer<Float> {
    unsafe UnsafeMutableRawPointer(complex).assumingMemoryBound(to: Float.self)
  }
}
