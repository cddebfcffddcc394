import Glibc

/// A file that grows at its end and survives its writer: what was appended before a kill is there
/// after it, except for a last piece that may be cut off. Readers check pieces themselves.
public struct AppendFile: ~Copyable {
  private let file: Descriptor

  /// Opens the file at `path`, made empty where there is none, and cuts it to `length` bytes.
  public init(_ path: String, keeping length: Int) throws(FilesError) {
    let opened = try Descriptor("open", path, flags: O_WRONLY | O_CREAT | O_APPEND)
    let number = opened.number
    try SystemCall.run("shorten", path) { ftruncate(number, length) }
    file = opened
  }

  /// Writes more bytes at the end.
  public func append(_ bytes: [UInt8]) throws(FilesError) {
    // A byte has no padding that its span could show.
    try file.write(unsafe bytes.span.bytes, faults: nil)
  }

  /// Appends lent memory without copying it.
  public func append(_ bytes: RawSpan) throws(FilesError) { try file.write(bytes, faults: nil) }
}
