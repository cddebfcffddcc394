import CVectorKernels
import Domain
import Execution
import LinearAlgebra

/// A stretch of the right side of a search, rounded and packed: `depth` + `padded` + 12 bytes a row.
struct ScreenedRows: Sendable {
  let frame: ScreenFrame
  /// Where the rows stand in their source.
  let rows: Range<Int>
  /// Prefixes in blocks of 16 rows.
  let packed: SharedBuffer<UInt8>
  /// One per row of a block, also of the last block's missing rows.
  let rests: SharedBuffer<Float>
  /// Whole rows, `padded` bytes each.
  let full: SharedBuffer<Int8>
  let sums: SharedBuffer<Int32>
  let errors: SharedBuffer<Float>
  let padded: Int

  /// Large enough to get every row past the first look, and to keep a row from it.
  fileprivate static let always: Float = 1e30
  /// Rows prepared at once by a thread; a multiple of 16.
  private static let step = 2048

  var blocks: Int { (rows.count + blockRows - 1) / blockRows }

  /// Whole rows have a multiple of so many bytes.
  static let unit = 64

  private static func padded(_ width: Int) -> Int { (width + unit - 1) / unit * unit }

  /// Bytes a row takes.
  static func bytesPerRow(width: Int, depth: Int) -> Int { depth + padded(width) + 12 }

  init(
    _ source: any VectorRows, _ rows: Range<Int>, frame: ScreenFrame, settings: ExactSettings
  ) throws {
    let padded = Self.padded(source.width)
    let blocks = (rows.count + blockRows - 1) / blockRows
    let packed = SharedBuffer<UInt8>(count: blocks * blockRows * frame.depth, repeating: 128)
    let rests = SharedBuffer<Float>(count: blocks * blockRows, repeating: -Self.always)
    let full = SharedBuffer<Int8>(count: rows.count * padded, repeating: 0)
    let sums = SharedBuffer<Int32>(count: rows.count, repeating: 0)
    let errors = SharedBuffer<Float>(count: rows.count, repeating: 0)
    try Parallel.forEachBlock(
      count: rows.count, blockSize: Self.step, threads: settings.threads
    ) { block in
      let place = rows.lowerBound + block.lowerBound..<rows.lowerBound + block.upperBound
      let tile = LeftTile(source, place, frame: frame, path: settings.path)
      // Each block writes its own rows of every buffer; a step is whole blocks of 16.
      unsafe cvk_pack(
        tile.prefix.rows, block.count, frame.depth,
        packed.pointer(at: block.lowerBound * frame.depth))
      for row in 0..<block.count {
        unsafe rests.pointer(at: block.lowerBound + row).pointee = tile.rightRest(row)
        unsafe sums.pointer(at: block.lowerBound + row).pointee = tile.full.sums[row]
        unsafe errors.pointer(at: block.lowerBound + row).pointee = tile.full.errors[row]
      }
      unsafe tile.full.rows.withUnsafeBufferPointer { bytes in
        guard let start = bytes.baseAddress else { return }
        unsafe full.pointer(at: block.lowerBound * padded).update(from: start, count: bytes.count)
      }
      settings.release(source)
    }
    self.frame = frame
    self.rows = rows
    (self.packed, self.rests, self.full, self.sums, self.errors) =
      (packed, rests, full, sums, errors)
    self.padded = padded
  }

  /// Ones that were made before.
  init(
    frame: ScreenFrame, rows: Range<Int>, packed: SharedBuffer<UInt8>, rests: SharedBuffer<Float>,
    full: SharedBuffer<Int8>, sums: SharedBuffer<Int32>, errors: SharedBuffer<Float>, padded: Int
  ) {
    self.frame = frame
    self.rows = rows
    self.packed = packed
    self.rests = rests
    self.full = full
    self.sums = sums
    self.errors = errors
    self.padded = padded
  }

  /// The blocks `range` as the right side of a screen.
  func right(_ range: Range<Int>) -> cvk_right {
    unsafe cvk_right(
      packed: packed.pointer(at: range.lowerBound * blockRows * frame.depth),
      rests: rests.pointer(at: range.lowerBound * blockRows), blocks: range.count,
      depth: frame.depth)
  }

  /// Whole rows from row `start` of the stretch on.
  func whole(from start: Int) -> cvk_full {
    unsafe cvk_full(
      rows: full.pointer(at: start * padded), sums: sums.pointer(at: start),
      errors: errors.pointer(at: start), width: padded)
  }
}

/// Rows per block of the packed layout.
let blockRows = 16

extension LeftTile {
  /// The row's number on the right side of the first look.
  fileprivate func rightRest(_ row: Int) -> Float {
    if isDegenerate[row] { return -ScreenedRows.always }
    if prefix.errors[row] > frame.errorCap { return ScreenedRows.always }
    return rests[row]
  }
}
