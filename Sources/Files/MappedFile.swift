import Glibc

#if !_endian(little)
  #error("numbers in files are little endian and are read without conversion")
#endif

/// A file's bytes in memory without reading them: the system fetches pages as they are touched.
///
/// Lends its bytes to closures only, so no pointer outlives the mapping. The file must not be
/// shortened while it is mapped: touching a page that is gone kills the process. Files that are
/// only ever replaced by rename are safe.
@safe public final class MappedFile: Sendable {
  public let path: String
  /// Bytes in the file when it was opened.
  public let byteCount: Int
  /// Nil for an empty file, which cannot be mapped. Read-only memory that nobody writes, valid
  /// until `deinit`: sharing it between threads is safe.
  private nonisolated(unsafe) let start: UnsafeRawPointer?

  /// Maps the regular file at `path`.
  public init(_ path: String) throws(FilesError) {
    let file = try Descriptor("open", path, flags: O_RDONLY)
    let status = try file.status()
    if status.isFolder { throw FilesError("map", path, systemError: EISDIR) }
    guard status.isFile else {
      throw FilesError(
        code: .notAFile, message: "cannot map \(path): it is not a regular file",
        hint: "copy it to a disk first")
    }
    self.path = path
    byteCount = Int(status.st_size)
    unsafe start = try Self.map(file, count: byteCount)
  }

  deinit {
    if let start = unsafe start {
      _ = unsafe munmap(UnsafeMutableRawPointer(mutating: start), byteCount)
    }
  }

  /// Lends the file's bytes; none for an empty file.
  public func withBytes<Answer, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    // `self` keeps the mapping alive until the closure has returned.
    try withExtendedLifetime(self) { () throws(Failure) -> Answer in
      let buffer = unsafe UnsafeRawBufferPointer(start: start, count: byteCount)
      return try unsafe body(buffer.bytes)
    }
  }

  /// A copy of some of the file's bytes.
  /// - Precondition: `range` lies inside the file.
  public func bytes(_ range: Range<Int>) -> [UInt8] {
    withBytes { span in
      // The buffer is copied inside the closure.
      unsafe span.extracting(range).withUnsafeBytes { unsafe [UInt8]($0) }
    }
  }

  /// Appends `count` little-endian float32 numbers from byte `start` on, which need not be aligned.
  /// - Precondition: they lie inside the file.
  public func appendFloats(from start: Int, count: Int, to values: inout [Float]) {
    let first = values.count
    values.append(contentsOf: repeatElement(0, count: count))
    withBytes { span in
      let wanted = span.extracting(start..<start + 4 * count)
      // Every bit pattern is a float; the places were just made.
      unsafe wanted.withUnsafeBytes { source in
        unsafe values.withUnsafeMutableBytes { target in
          unsafe UnsafeMutableRawBufferPointer(rebasing: target[(4 * first)...])
            .copyMemory(from: source)
        }
      }
    }
  }

  /// Gives the memory of the touched pages back to the system; they are read again when needed.
  /// Safe while others read.
  public func release() {
    guard let start = unsafe start else { return }
    // A shared mapping of a file: dropping its pages loses nothing.
    _ = unsafe madvise(UnsafeMutableRawPointer(mutating: start), byteCount, MADV_DONTNEED)
  }

  private static func map(
    _ file: borrowing Descriptor, count: Int
  ) throws(FilesError) -> UnsafeRawPointer? {
    if count == 0 { return nil }
    let start = unsafe mmap(nil, count, PROT_READ, MAP_SHARED, file.number, 0)
    guard let start = unsafe start, unsafe start != MAP_FAILED else {
      throw FilesError("map", file.path, systemError: errno)
    }
    return UnsafeRawPointer(start)
  }
}
