import Glibc

/// A file that one process at a time may hold; the system lets go of it when the process ends,
/// however it ends.
public final class FileLock: Sendable {
  private let number: Int32

  /// Takes the lock, making the file with mode 0600 where there is none.
  /// - Returns: nil where another process, or this one, holds it.
  public convenience init?(_ path: String) throws(FilesError) {
    try self.init(path, LOCK_EX)
  }

  private init?(_ path: String, _ kind: Int32) throws(FilesError) {
    // `open` reads the path during the call only.
    let number = try SystemCall.run("lock", path) {
      unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    }
    do throws(FilesError) {
      try SystemCall.run("lock", path) { flock(number, kind | LOCK_NB) }
    } catch {
      close(number)
      if error.systemError == EWOULDBLOCK { return nil }
      throw error
    }
    self.number = number
  }

  /// True while some process holds the lock. For a moment nobody can take it meanwhile.
  public static func isHeld(_ path: String) throws(FilesError) -> Bool {
    try FileLock(path, LOCK_SH) == nil
  }

  deinit { close(number) }
}
