internal import Dispatch

/// Lets a fixed number of calls pass at a time; the others wait at the gate, and with them the
/// threads that make the work, so that nothing piles up anywhere.
public final class CallGate: Sendable {
  /// Calls at a time.
  public let width: Int
  private let places: DispatchSemaphore

  /// - Precondition: `width > 0`.
  public init(width: Int) {
    precondition(width > 0)
    self.width = width
    places = DispatchSemaphore(value: width)
  }

  /// `body`'s answer, when there is a place. Blocks the calling thread.
  public func pass<Answer, Failure: Error>(
    _ body: () throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    places.wait()
    defer { places.signal() }
    return try body()
  }
}
