internal import Glibc

/// An answer to one request.
public struct ServerResponse: Sendable {
  /// What is sent after the head.
  public enum Body: Sendable {
    case bytes([UInt8])
    /// The whole of a file, sent without being read into memory.
    case file(OpenFile)
    case stream(EventStream)
  }

  public var status: Int
  public var headers: [(name: String, value: String)]
  public var body: Body

  public init(
    status: Int, headers: [(name: String, value: String)] = [], body: Body = .bytes([])
  ) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// An open file that an answer sends; closed with it, or when nobody holds it any more.
public final class OpenFile: Sendable {
  let descriptor: Int32
  public let byteCount: Int
  /// When it was written last, in seconds since 1970.
  public let modifiedAt: Int

  /// Nil where it is no plain file, cannot be opened, or its last component is a symbolic link.
  public init?(path: String) {
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    var facts = stat()
    // Safe: the call fills the struct on the stack.
    guard unsafe fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      return nil
    }
    byteCount = Int(facts.st_size)
    modifiedAt = facts.st_mtim.tv_sec
  }

  deinit { close(descriptor) }

  /// A descriptor of its own for the one who sends it.
  func duplicate() -> Int32 { fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }
}
