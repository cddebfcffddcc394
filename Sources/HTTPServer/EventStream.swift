import CMicroHTTPDShim

/// A body that is sent as it comes, such as server-sent events. Safe from several threads.
///
/// The unsafe calls lend bytes for the time of one call; the C object counts its references.
@safe public final class EventStream: Sendable {
  /// What became of a push.
  public enum Push: Equatable, Sendable {
    case taken
    /// The client is gone.
    case gone
    /// The client reads too slowly: nothing was taken.
    case full
  }

  nonisolated(unsafe) let stream: OpaquePointer

  /// - Parameter limit: most bytes that may wait for the client.
  public init(limit: Int = 256 << 10) {
    guard let made = unsafe d2r_stream_make(limit) else { fatalError("out of memory") }
    unsafe stream = made
  }

  deinit { unsafe d2r_stream_release(stream) }

  /// Sends bytes to the client as soon as it reads.
  public func push(_ bytes: [UInt8]) -> Push {
    switch unsafe bytes.withUnsafeBytes({
      unsafe d2r_stream_push(stream, $0.baseAddress, $0.count)
    }) {
    case 0: .taken
    case 1: .gone
    default: .full
    }
  }

  /// Sends what waits and ends the answer.
  public func finish() { unsafe d2r_stream_finish(stream) }
}
