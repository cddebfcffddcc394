import Glibc
import Synchronization

/// Makes one file operation fail on purpose, to prove that what was there before survives it.
///
/// Writers take an optional `FileFaults` and count every operation through it; the counted call
/// with the chosen number fails without being carried out. A test fails call 1, then 2, and so on
/// until the work succeeds.
public final class FileFaults: Sendable {
  private let failingCall: Int
  private let systemError: Int32
  private let calls = Atomic<Int>(0)

  /// - Parameters:
  ///   - failingCall: counted from 1; 0 never fails and only counts.
  ///   - systemError: the `errno` to fail with; nil is EIO, a disk error.
  public init(failingCall: Int, systemError: Int32? = nil) {
    self.failingCall = failingCall
    self.systemError = systemError ?? EIO
  }

  /// How many operations have been asked for.
  public var callCount: Int { calls.load(ordering: .sequentiallyConsistent) }

  /// Counts one operation, and throws where it is the one to fail.
  func check(_ action: String, _ path: String) throws(FilesError) {
    let call = calls.add(1, ordering: .sequentiallyConsistent).newValue
    if call == failingCall { throw FilesError(action, path, systemError: systemError) }
  }
}
