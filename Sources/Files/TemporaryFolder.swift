import Glibc

/// A folder of one's own that goes away with its owner.
public final class TemporaryFolder: Sendable {
  public let path: String

  /// Makes an empty folder in `$TMPDIR`, or in `/tmp`.
  public init() throws(FilesError) {
    // The environment is only read; the text is copied at once.
    let base = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    path = Paths.join(base, "d2r" + TemporaryName.next().dropFirst(4))
    let made = path
    try SystemCall.run("make the folder", path) { unsafe mkdir(made, 0o700) }
  }

  deinit { try? FileSystem.removeFolder(path) }

  /// The path of `name` inside.
  public func callAsFunction(_ name: String) -> String { Paths.join(path, name) }
}
