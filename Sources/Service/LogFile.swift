internal import Glibc
internal import Synchronization

/// A file that lines are added to. It may be moved away at any time: `reopen` begins a new one.
///
/// The unsafe calls lend a line's bytes for the time of one system call.
public final class LogFile: Sendable {
  private let path: String?
  private let descriptor: Mutex<Int32>

  /// Standard error.
  public init() {
    path = nil
    descriptor = Mutex(2)
  }

  /// - Throws: `ServiceError` where it cannot be opened.
  public init(path: String) throws {
    self.path = path
    descriptor = Mutex(try Self.open(path))
  }

  deinit { if path != nil { descriptor.withLock { _ = close($0) } } }

  private static func open(_ path: String) throws -> Int32 {
    let opened = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
    guard opened >= 0 else {
      let reason = unsafe String(cString: strerror(errno)).lowercased()
      throw ServiceError(.invalid, "cannot write the log \(path): \(reason)")
    }
    return opened
  }

  /// Writes a line in one piece; a full disk loses the line, never the daemon.
  public func write(_ line: String) {
    var line = line
    descriptor.withLock { descriptor in
      line.withUTF8 { bytes in
        _ = unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
      }
    }
  }

  /// Begins a new file at the same path, where the old one was moved away.
  public func reopen() {
    guard let path, let fresh = try? Self.open(path) else { return }
    descriptor.withLock { descriptor in
      close(descriptor)
      descriptor = fresh
    }
  }
}
