import Glibc

/// Questions to the file system, and the small changes to it that need no content.
public enum FileSystem {
  /// True where something is at `path`, links followed. False where that cannot be found out.
  public static func exists(_ path: String) -> Bool {
    (try? status(path)) != nil
  }

  /// True where `path` is a folder or a link to one.
  public static func isFolder(_ path: String) -> Bool {
    (try? status(path))?.isFolder ?? false
  }

  /// True where `path` is a regular file or a link to one.
  public static func isFile(_ path: String) -> Bool {
    (try? status(path))?.isFile ?? false
  }

  /// The file's size in bytes.
  public static func size(of path: String) throws(FilesError) -> Int {
    Int(try status(path).st_size)
  }

  /// Number, size and time of the last change of the file: other where its content was replaced or
  /// written to in the usual ways.
  public static func identity(of path: String) throws(FilesError) -> String {
    let status = try status(path)
    return "\(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
  }

  /// True where someone may execute the file.
  public static func isExecutable(_ path: String) -> Bool {
    ((try? status(path))?.st_mode ?? 0) & 0o111 != 0
  }

  /// Lets everybody execute the file.
  public static func makeExecutable(_ path: String) throws(FilesError) {
    let mode = try status(path).st_mode & 0o777 | 0o111
    try SystemCall.run("change the mode of", path) { unsafe chmod(path, mode) }
  }

  /// Makes the folder and every missing folder above it. One that is there already is fine.
  public static func makeFolder(_ path: String) throws(FilesError) {
    if isFolder(path) { return }
    let above = Paths.parent(path)
    if above != path && above != "." { try makeFolder(above) }
    do throws(FilesError) {
      try SystemCall.run("make the folder", path) { unsafe mkdir(path, 0o777) }
    } catch {
      // Someone else may have made it in between.
      if !isFolder(path) { throw error }
    }
  }

  /// Makes the folder for its owner alone (mode 0700), and missing ones above it in the usual way.
  /// One that is there already keeps its content and gets the mode.
  public static func makePrivateFolder(_ path: String) throws(FilesError) {
    let above = Paths.parent(path)
    if above != path && above != "." { try makeFolder(above) }
    if !isFolder(path) {
      try SystemCall.run("make the folder", path) { unsafe mkdir(path, 0o700) }
    }
    try SystemCall.run("change the mode of", path) { unsafe chmod(path, 0o700) }
  }

  /// Removes a file or a link. A missing one is an error.
  public static func remove(_ path: String) throws(FilesError) {
    try SystemCall.run("remove", path) { unsafe unlink(path) }
  }

  /// Removes a folder with everything inside; links inside are removed, not followed.
  public static func removeFolder(_ path: String) throws(FilesError) {
    for name in try FolderStream.names(in: path) {
      try removeEntry(name, of: path)
    }
    try SystemCall.run("remove", path) { unsafe rmdir(path) }
  }

  /// Gives the file at `source` the name `target` on the same disk, replacing nothing: where
  /// `target` exists, that is an error and both stay. The folders are flushed.
  public static func move(_ source: String, to target: String) throws(FilesError) {
    try SystemCall.run("move \(source) to", target) { unsafe link(source, target) }
    try remove(source)
    try Descriptor.synchroniseFolder(Paths.parent(target), faults: nil)
    try Descriptor.synchroniseFolder(Paths.parent(source), faults: nil)
  }

  /// Bytes that an ordinary user can still write to the disk that holds `path`.
  public static func freeSpace(at path: String) throws(FilesError) -> Int {
    var answer = statvfs()
    // `statvfs` fills the struct it is lent.
    try SystemCall.run("examine the disk of", path) { unsafe statvfs(path, &answer) }
    return Int(answer.f_bavail) * Int(answer.f_frsize)
  }

  static func status(_ path: String) throws(FilesError) -> stat {
    var status = stat()
    // `stat` fills the struct it is lent.
    try SystemCall.run("examine", path) { unsafe stat(path, &status) }
    return status
  }

  /// `name` may not be UTF-8, so it goes to the system as bytes.
  private static func removeEntry(_ name: [UInt8], of folder: String) throws(FilesError) {
    let shown = Paths.join(folder, String(decoding: name, as: UTF8.self))
    if let text = String(validating: name, as: UTF8.self) {
      let path = Paths.join(folder, text)
      if isFolder(path), !isLink(path) { return try removeFolder(path) }
    }
    let bytes = Array(folder.utf8) + [UInt8(ascii: "/")] + name + [0]
    // The array ends with a zero and outlives the call.
    try SystemCall.run("remove", shown) {
      unsafe bytes.withUnsafeBytes {
        unsafe Glibc.remove($0.assumingMemoryBound(to: CChar.self).baseAddress)
      }
    }
  }

  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    // `lstat` fills the struct it is lent.
    let answer = unsafe lstat(path, &status)
    return answer == 0 && status.st_mode & S_IFMT == S_IFLNK
  }
}
