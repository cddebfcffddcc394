import Glibc

/// The raw entries of one folder.
enum FolderStream {
  /// One name, and what the system says it is where that costs nothing to ask.
  struct Entry {
    /// As the system holds it; perhaps not UTF-8.
    var name: [UInt8]
    /// Surely a regular file, not a link to one; false where it is not known.
    var isFile: Bool
  }

  /// The names in the folder, "." and ".." left out, in no order.
  static func names(in path: String) throws(FilesError) -> [[UInt8]] {
    try entries(of: path).map(\.name)
  }

  /// The same, with what is known of each.
  static func entries(of path: String) throws(FilesError) -> [Entry] {
    // The stream is closed before return, and an entry is copied before the next is asked for.
    guard let stream = unsafe opendir(path) else {
      throw FilesError("list", path, systemError: errno)
    }
    defer { _ = unsafe closedir(stream) }
    var entries: [Entry] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else {
        if errno == EINTR { continue }
        if errno != 0 { throw FilesError("list", path, systemError: errno) }
        return entries
      }
      let name = unsafe bytes(ofNameAt: entry)
      if name == [dot] || name == [dot, dot] { continue }
      entries.append(Entry(name: name, isFile: unsafe Int(entry.pointee.d_type) == Int(DT_REG)))
    }
  }

  private static let dot = UInt8(ascii: ".")

  private static func bytes(ofNameAt entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
    // `d_name` ends with a zero; the address is taken inside the record so that it stays valid.
    guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return [] }
    let start = unsafe UnsafeRawPointer(entry).advanced(by: offset)
      .assumingMemoryBound(to: UInt8.self)
    let length = unsafe strlen(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))
    return unsafe [UInt8](UnsafeBufferPointer(start: start, count: length))
  }
}
