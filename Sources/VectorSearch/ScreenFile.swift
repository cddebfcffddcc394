import Domain
import Execution
import Files
import LinearAlgebra

/// Where the rounded rows of a search are kept, so that the next start maps them instead of making them.
public struct KeptScreen: Equatable, Sendable {
  /// The file; replaced whole when it is of other rows.
  public var path: String
  /// What tells these rows from any others, such as a digest of which vectors they are: 32 bytes.
  public var name: [UInt8]

  /// - Precondition: `name` has 32 bytes.
  public init(path: String, name: [UInt8]) {
    precondition(name.count == 32)
    self.path = path
    self.name = name
  }
}

/// A screen in a file. Little endian: a head of 64-bit words (`D2RSCRN1`, the frame, the rows' name, a
/// checksum of itself), then axes, prefixes, rests, whole rows, sums and errors, each from a multiple of
/// 4096 bytes on, and a CRC-32C of every 16 MiB of these.
enum ScreenFile {
  private static let magic: UInt64 = 0x314E_5243_5352_3244
  private static let page = 4096
  private static let stretch = 16 << 20

  private struct Layout {
    /// Bytes of each part, and where it begins.
    var parts: [(start: Int, count: Int)] = []
    var end = ScreenFile.page

    init(width: Int, depth: Int, padded: Int, rows: Int, hasAxes: Bool) {
      let blocks = (rows + blockRows - 1) / blockRows * blockRows
      for count in [
        hasAxes ? 4 * width * depth : 0, blocks * depth, 4 * blocks, rows * padded, 4 * rows,
        4 * rows,
      ] {
        parts.append((end, count))
        end = (end + count + ScreenFile.page - 1) / ScreenFile.page * ScreenFile.page
      }
    }

    var stretches: Int { (end - ScreenFile.page + ScreenFile.stretch - 1) / ScreenFile.stretch }
  }

  private static func head(_ screened: ScreenedRows, _ name: [UInt8]) -> [UInt64] {
    let frame = screened.frame
    var words: [UInt64] = [
      magic, UInt64(frame.width), UInt64(screened.rows.count), UInt64(frame.depth),
      UInt64(screened.padded), frame.axes == nil ? 0 : 1, UInt64(frame.prefixScale.bitPattern),
      UInt64(frame.fullScale.bitPattern), UInt64(frame.errorCap.bitPattern),
      frame.defect.bitPattern,
    ]
    for start in stride(from: 0, to: 32, by: 8) {
      words.append(name[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }
    return words
  }

  private static func bytes(_ words: [UInt64]) -> [UInt8] {
    words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) } }
  }

  // MARK: writing

  /// - Throws: `FilesError`; what was at the path stays then.
  static func write(_ screened: ScreenedRows, to kept: KeptScreen) throws(FilesError) {
    let frame = screened.frame
    let layout = Layout(
      width: frame.width, depth: frame.depth, padded: screened.padded, rows: screened.rows.count,
      hasAxes: frame.axes != nil)
    var head = bytes(head(screened, kept.name))
    head += bytes([UInt64(CRC32C.checksum(of: head))])
    head += [UInt8](repeating: 0, count: page - head.count)
    let axes = frame.axes?.values ?? []
    try AtomicFile.write(to: kept.path) { (sink) throws(FilesError) in
      try sink.append(head)
      var sums = Sums()
      // Floats have no padding that their span could show.
      try unsafe sums.append(axes.span.bytes, to: sink)
      try sums.pad(to: layout.parts[1].start, sink)
      try screened.packed.append(to: sink, &sums)
      try sums.pad(to: layout.parts[2].start, sink)
      try screened.rests.append(to: sink, &sums)
      try sums.pad(to: layout.parts[3].start, sink)
      try screened.full.append(to: sink, &sums)
      try sums.pad(to: layout.parts[4].start, sink)
      try screened.sums.append(to: sink, &sums)
      try sums.pad(to: layout.parts[5].start, sink)
      try screened.errors.append(to: sink, &sums)
      try sums.pad(to: layout.end, sink)
      try sink.append(sums.finished)
    }
  }

  /// Checksums of stretches of what is written.
  fileprivate struct Sums {
    private var done: [UInt8] = []
    private var current: UInt32 = 0
    private var count = 0
    private var place = ScreenFile.page

    mutating func append(_ bytes: RawSpan, to sink: borrowing FileSink) throws(FilesError) {
      var start = 0
      while start < bytes.byteCount {
        let size = min(bytes.byteCount - start, ScreenFile.stretch - count)
        let piece = bytes.extracting(start..<start + size)
        current = CRC32C.checksum(of: piece, continuing: current)
        try sink.append(piece)
        start += size
        count += size
        place += size
        if count == ScreenFile.stretch { close() }
      }
    }

    /// Zeros up to byte `end` of the file.
    mutating func pad(to end: Int, _ sink: borrowing FileSink) throws(FilesError) {
      let zeros = [UInt8](repeating: 0, count: end - place)
      // A byte has no padding that its span could show.
      try unsafe append(zeros.span.bytes, to: sink)
    }

    private mutating func close() {
      done += (0..<4).map { UInt8(truncatingIfNeeded: current >> UInt32(8 * $0)) }
      (current, count) = (0, 0)
    }

    var finished: [UInt8] {
      var whole = self
      if whole.count > 0 { whole.close() }
      return whole.done
    }
  }

  // MARK: reading

  /// The screen of these very rows; nil where the file is another's, damaged, or not there.
  static func read(_ kept: KeptScreen, of rows: any VectorRows, settings: ExactSettings)
    -> ScreenedRows?
  {
    guard let file = try? MappedFile(kept.path), file.byteCount > page else { return nil }
    let head = file.bytes(0..<15 * 8)
    let words = stride(from: 0, to: head.count, by: 8).map { start in
      head[start..<start + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    let counts = words[1...4].map { Int(clamping: $0) }
    let (width, count, depth, padded) = (counts[0], counts[1], counts[2], counts[3])
    guard words[0] == magic, words[14] == UInt64(CRC32C.checksum(of: Array(head.prefix(14 * 8)))),
      Array(head[10 * 8..<14 * 8]) == kept.name, width == rows.width, count == rows.count
    else { return nil }
    let layout = Layout(
      width: width, depth: depth, padded: padded, rows: count, hasAxes: words[5] == 1)
    guard file.byteCount == layout.end + 4 * layout.stretches,
      isWhole(file, layout, threads: settings.threads)
    else { return nil }
    var axes: [Float] = []
    file.appendFloats(from: layout.parts[0].start, count: layout.parts[0].count / 4, to: &axes)
    let frame = ScreenFrame(
      width: width, axes: words[5] == 1 ? Vectors(count: depth, width: width, values: axes) : nil,
      depth: depth, prefixScale: Float(bitPattern: UInt32(truncatingIfNeeded: words[6])),
      fullScale: Float(bitPattern: UInt32(truncatingIfNeeded: words[7])),
      errorCap: Float(bitPattern: UInt32(truncatingIfNeeded: words[8])),
      defect: Double(bitPattern: words[9]))
    func part<Element: BitwiseCopyable>(_ number: Int, _: Element.Type) -> SharedBuffer<Element> {
      let (start, bytes) = layout.parts[number]
      return SharedBuffer(
        mapped: file, from: start, count: bytes / MemoryLayout<Element>.stride)
    }
    return ScreenedRows(
      frame: frame, rows: 0..<count, packed: part(1, UInt8.self), rests: part(2, Float.self),
      full: part(3, Int8.self), sums: part(4, Int32.self), errors: part(5, Float.self),
      padded: padded)
  }

  private static func isWhole(_ file: MappedFile, _ layout: Layout, threads: Int) -> Bool {
    let wanted = file.bytes(layout.end..<file.byteCount)
    let good = try? Parallel.mapBlocks(
      count: layout.end - page, blockSize: stretch, threads: threads
    ) { block in
      let sum = file.withBytes { bytes in
        CRC32C.checksum(of: bytes.extracting(page + block.lowerBound..<page + block.upperBound))
      }
      let place = 4 * (block.lowerBound / stretch)
      return (0..<4).allSatisfy {
        wanted[place + $0] == UInt8(truncatingIfNeeded: sum >> UInt32(8 * $0))
      }
    }
    return good?.allSatisfy { $0 } ?? false
  }
}

extension SharedBuffer {
  /// Writes all elements.
  fileprivate func append(
    to sink: borrowing FileSink, _ sums: inout ScreenFile.Sums
  ) throws(FilesError) {
    // The memory is this buffer's, which is borrowed for the call; nobody writes there any more.
    let bytes = unsafe UnsafeRawBufferPointer(
      start: pointer(at: 0), count: count * MemoryLayout<Element>.stride)
    try unsafe sums.append(bytes.bytes, to: sink)
  }
}
