import Glibc

/// An open file, closed at the end of its life.
struct Descriptor: ~Copyable {
  let number: Int32
  let path: String

  init(
    _ action: String, _ path: String, flags: Int32, mode: mode_t = 0o666,
    faults: FileFaults? = nil
  ) throws(FilesError) {
    // `open` reads the path during the call only.
    number = try SystemCall.run(action, path, faults: faults) {
      unsafe open(path, flags | O_CLOEXEC, mode)
    }
    self.path = path
  }

  deinit { _ = close(number) }

  func status() throws(FilesError) -> stat {
    var status = stat()
    // `fstat` fills the struct it is lent.
    try SystemCall.run("examine", path) { unsafe fstat(number, &status) }
    return status
  }

  /// Reads up to `buffer.count` bytes; 0 at the end of the file.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(FilesError) -> Int {
    // The kernel writes no more than the count it is told.
    try SystemCall.run("read", path) {
      unsafe Glibc.read(number, buffer.baseAddress, buffer.count)
    }
  }

  /// Writes all of `bytes`, in as many calls as it takes.
  func write(_ bytes: RawSpan, faults: FileFaults?) throws(FilesError) {
    var done = 0
    while done < bytes.byteCount {
      let rest = bytes.extracting(done..<bytes.byteCount)
      // The buffer is valid for the closure, and the kernel reads no more than its count.
      done += try SystemCall.run("write", path, faults: faults) {
        unsafe rest.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, $0.count) }
      }
    }
  }

  /// Returns once the file's bytes are on the disk.
  func synchronise(faults: FileFaults?) throws(FilesError) {
    try SystemCall.run("flush", path, faults: faults) { fsync(number) }
  }

  /// Makes renames and removals inside the folder `path` durable.
  static func synchroniseFolder(_ path: String, faults: FileFaults?) throws(FilesError) {
    let folder = try Descriptor("open", path, flags: O_RDONLY | O_DIRECTORY)
    try folder.synchronise(faults: faults)
  }
}

extension stat {
  var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
  var isFile: Bool { st_mode & S_IFMT == S_IFREG }
}
