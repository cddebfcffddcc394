import Files

/// Memory that several threads fill, each its own part, and that is only read afterwards; or part of a
/// mapped file, which is only read.
@safe final class SharedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
  let count: Int
  // Owned: allocated here and freed in `deinit`, or memory of `file`, which lives as long as this.
  private let start: UnsafeMutablePointer<Element>
  private let file: MappedFile?

  /// All elements are `value` at first.
  init(count: Int, repeating value: Element) {
    self.count = count
    file = nil
    unsafe start = .allocate(capacity: max(1, count))
    unsafe start.initialize(repeating: value, count: count)
  }

  /// `count` elements of a file from byte `first` on. Nobody may write to them.
  /// - Precondition: they lie inside the file, and `first` is a multiple of their alignment.
  init(mapped file: MappedFile, from first: Int, count: Int) {
    precondition(first >= 0 && first + count * MemoryLayout<Element>.stride <= file.byteCount)
    self.count = count
    self.file = file
    // The pages stay where they are until `file` goes, which this holds on to; every bit pattern is an
    // element.
    unsafe start = file.withBytes { bytes in
      unsafe bytes.withUnsafeBytes { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("an empty file") }
        return unsafe UnsafeMutableRawPointer(mutating: base + first)
          .assumingMemoryBound(to: Element.self)
      }
    }
  }

  deinit { if file == nil { unsafe start.deallocate() } }

  /// The place of element `index`. Whoever writes there is the only one to touch it at that time.
  /// - Precondition: `index` is in `0...count`.
  @unsafe func pointer(at index: Int) -> UnsafeMutablePointer<Element> {
    precondition(index >= 0 && index <= count)
    return unsafe start + index
  }

  subscript(index: Int) -> Element {
    precondition(index >= 0 && index < count)
    return unsafe start[index]
  }
}
