import Glibc

/// Files that are there whole or not at all.
///
/// The bytes go to a hidden file in the same folder, reach the disk, and take the name by one
/// rename; then the folder is flushed. Whoever opens the path sees the old content or the new,
/// never a part. On failure the hidden file is removed, and what was at the path is untouched;
/// only a failure of the last step, flushing the folder, leaves the new content in place.
/// A symbolic link at the path is replaced, not followed.
public enum AtomicFile {
  public static func write(
    _ bytes: [UInt8], to path: String, faults: FileFaults? = nil
  ) throws(FilesError) {
    try write(to: path, faults: faults) { (sink) throws(FilesError) in try sink.append(bytes) }
  }

  /// The same with the UTF-8 of `text`.
  public static func write(
    text: String, to path: String, faults: FileFaults? = nil
  ) throws(FilesError) {
    try write(Array(text.utf8), to: path, faults: faults)
  }

  /// The same for content made piece by piece.
  public static func write(
    to path: String, faults: FileFaults? = nil,
    _ content: (borrowing FileSink) throws(FilesError) -> Void
  ) throws(FilesError) {
    let folder = Paths.parent(path)
    let temporary = Paths.join(folder, TemporaryName.next())
    do throws(FilesError) {
      let file = try Descriptor(
        "create", temporary, flags: O_WRONLY | O_CREAT | O_EXCL, faults: faults)
      let sink = FileSink(file: file, faults: faults)
      try content(sink)
      try sink.file.synchronise(faults: faults)
      try SystemCall.run("write", path, faults: faults) { unsafe rename(temporary, path) }
    } catch {
      _ = unsafe unlink(temporary)
      throw error.naming(path, insteadOf: temporary)
    }
    try Descriptor.synchroniseFolder(folder, faults: faults)
  }
}

/// Where the content of an atomic file goes.
public struct FileSink: ~Copyable {
  let file: Descriptor
  let faults: FileFaults?

  init(file: consuming Descriptor, faults: FileFaults?) {
    self.file = file
    self.faults = faults
  }

  /// Writes more bytes.
  public func append(_ bytes: [UInt8]) throws(FilesError) {
    // A byte has no padding that its span could show.
    try unsafe append(bytes.span.bytes)
  }

  /// Appends lent memory without copying it.
  public func append(_ bytes: RawSpan) throws(FilesError) {
    try file.write(bytes, faults: faults)
  }
}

extension FilesError {
  /// The same error in terms of the file the caller asked for.
  func naming(_ path: String, insteadOf temporary: String) -> FilesError {
    var error = self
    error.message = message.replacing(temporary, with: path)
    return error
  }
}
