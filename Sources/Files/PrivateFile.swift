import Glibc

/// Files that hold a secret: nobody but their owner may read them.
public enum PrivateFile {
  /// Makes a file of mode 0600 and flushes it. One that is there already is an error and stays.
  public static func create(_ bytes: [UInt8], at path: String) throws(FilesError) {
    let file = try Descriptor("create", path, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
    do throws(FilesError) {
      // A byte has no padding that its span could show.
      try unsafe file.write(bytes.span.bytes, faults: nil)
      try file.synchronise(faults: nil)
    } catch {
      _ = unsafe unlink(path)
      throw error
    }
    try Descriptor.synchroniseFolder(Paths.parent(path), faults: nil)
  }

  /// The file's bytes.
  /// - Throws: with code `denied` where its group or others may read or write it.
  public static func read(_ path: String, limit: Int = 1 << 16) throws(FilesError) -> [UInt8] {
    let mode = try FileSystem.status(path).st_mode & 0o777
    guard mode & 0o077 == 0 else {
      throw FilesError(
        code: .denied,
        message: "\(path) holds a secret and others may use it (mode \(String(mode, radix: 8)))",
        hint: "keep it to yourself: chmod 600 \(path)")
    }
    return try FileReader.read(path, limit: limit)
  }

  /// Writes zeros over the file's bytes, flushes, and removes it. On disks that write elsewhere
  /// instead (flash, snapshots, copy on write) the old bytes may still be found.
  public static func destroy(_ path: String) throws(FilesError) {
    let size = try FileSystem.size(of: path)
    do {
      let file = try Descriptor("open", path, flags: O_WRONLY)
      let zeros = [UInt8](repeating: 0, count: 1 << 16)
      var left = size
      while left > 0 {
        let count = min(left, zeros.count)
        // A byte has no padding that its span could show.
        try unsafe file.write(zeros.span.bytes.extracting(0..<count), faults: nil)
        left -= count
      }
      try file.synchronise(faults: nil)
    }
    try FileSystem.remove(path)
    try Descriptor.synchroniseFolder(Paths.parent(path), faults: nil)
  }
}
