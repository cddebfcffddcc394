import Glibc

/// Whole files into memory.
public enum FileReader {
  /// The bytes of the file at `path`; no bytes for an empty file. Pipes and devices are read to
  /// their end.
  /// - Parameter limit: the most bytes to accept; a longer file is refused before it is read.
  ///   Nil accepts any length.
  public static func read(_ path: String, limit: Int? = nil) throws(FilesError) -> [UInt8] {
    let file = try Descriptor("open", path, flags: O_RDONLY)
    let status = try file.status()
    if status.isFolder { throw FilesError("read", path, systemError: EISDIR) }
    if let limit, status.isFile, status.st_size > limit {
      throw tooLarge(path, Int(status.st_size), limit)
    }
    var bytes: [UInt8] = []
    // One spare byte: the read that finds the end needs room to ask for something.
    var step = max(Int(status.st_size), 4095) + 1
    while true {
      let piece = try read(step, from: file)
      if piece.isEmpty { return bytes }
      if bytes.isEmpty { bytes = piece } else { bytes.append(contentsOf: piece) }
      if let limit, bytes.count > limit { throw tooLarge(path, bytes.count, limit) }
      step = min(max(4096, bytes.count / 2), 1 << 24)
    }
  }

  /// The bytes of a regular file that a stranger wrote: a link, a folder, a pipe or a device in its
  /// place is refused, neither followed nor waited for.
  public static func readOwn(_ path: String, limit: Int) throws(FilesError) -> [UInt8] {
    let file = try Descriptor("open", path, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    let status = try file.status()
    guard status.isFile else {
      throw FilesError(code: .denied, message: "\(path) is no regular file", hint: nil)
    }
    guard status.st_size <= limit else { throw tooLarge(path, Int(status.st_size), limit) }
    var bytes: [UInt8] = []
    while true {
      let piece = try read(max(4096, Int(status.st_size) - bytes.count + 1), from: file)
      if piece.isEmpty { return bytes }
      bytes += piece
      if bytes.count > limit { throw tooLarge(path, bytes.count, limit) }
    }
  }

  /// The file's UTF-8 text, without a byte-order mark.
  public static func readText(_ path: String, limit: Int? = nil) throws(FilesError) -> String {
    var bytes = try read(path, limit: limit)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FilesError(
        code: .notText, message: "\(path) is not UTF-8 text",
        hint: "convert it with iconv -t UTF-8")
    }
    return text
  }

  private static func read(_ count: Int, from file: borrowing Descriptor) throws(FilesError)
    -> [UInt8]
  {
    var failure: FilesError?
    // The array's own storage is lent to one read, which reports how much of it is set.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do throws(FilesError) {
        filled = try unsafe file.read(into: UnsafeMutableRawBufferPointer(buffer))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  private static func tooLarge(_ path: String, _ size: Int, _ limit: Int) -> FilesError {
    FilesError(
      code: .tooLarge, message: "\(path) has \(size) bytes, more than the \(limit) accepted here",
      hint: "check that it is the file you mean")
  }
}
