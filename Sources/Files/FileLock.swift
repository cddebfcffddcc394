import Glibc

/// A file that one process at a time may hold; the system lets go of it when the process ends,
/// however it ends.
public final class FileLock: Sendable {
  private let number: Int32

  /// Takes the lock, making the file with mode 0600 where there is none.
  /// - Returns: nil where another process, or this one, holds it.
  public init?(_ path: String) throws(FilesError) {
    // `open` reads the path during the call only.
    let number = try SystemCall.run("lock", path) {
      unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    }
    do throws(FilesError) {
      try SystemCall.run("lock", path) { flock(number, LOCK_EX | LOCK_NB) }
    } catch {
      close(number)
      if error.systemError == EWOULDBLOCK { return nil }
      throw error
    }
    self.number = number
  }

  deinit { close(number) }
}
