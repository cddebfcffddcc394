import Glibc
import Synchronization

/// An open file descriptor that text is written to, unbuffered. Safe from several threads; two
/// texts never mix.
///
/// When the reader has gone away (`EPIPE`, as after `| head`) everything further is dropped and
/// counts as written. Any other error is kept in `failure`, and later text is dropped.
public final class StreamSink: TextSink {
  private enum State: Equatable {
    case open, readerLeft
    case failed(String)
  }

  private let descriptor: Int32
  private let state = Mutex(State.open)

  /// Standard output.
  public static let standardOutput = StreamSink(descriptor: STDOUT_FILENO)
  /// Standard error.
  public static let standardError = StreamSink(descriptor: STDERR_FILENO)

  /// From the first sink on, the process no longer dies of SIGPIPE.
  public init(descriptor: Int32) {
    self.descriptor = descriptor
    Glibc.signal(SIGPIPE, SIG_IGN)
  }

  /// True where the descriptor is a terminal.
  public var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Columns of the terminal, or nil where it is none or does not tell.
  public var columns: Int? {
    var size = winsize()
    // The kernel fills exactly one `winsize`.
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }

  public var failure: String? {
    state.withLock { if case .failed(let reason) = $0 { reason } else { nil } }
  }

  public func write(_ text: String) {
    let bytes = Array(text.utf8)
    state.withLock { state in
      var sent = 0
      while state == .open, sent < bytes.count {
        // The buffer outlives the call, and `sent` never passes its end.
        let written = unsafe bytes.withUnsafeBytes { buffer in
          unsafe Glibc.write(
            descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent)
        }
        if written >= 0 { sent += written } else { state = afterFailure(errno) }
      }
    }
  }

  private func afterFailure(_ code: Int32) -> State {
    switch code {
    case EINTR: return .open
    case EPIPE: return .readerLeft
    case EAGAIN:
      var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      unsafe poll(&wait, 1, 1000)
      return .open
    default:
      return .failed(unsafe String(cString: strerror(code)))
    }
  }
}
