import CSpawn
import Glibc

/// Wakes one sleeping thread from others; rung while nobody sleeps, it ends the next sleep at once.
public final class Bell: Sendable {
  /// Readable while it rings; -1 where the system gave none, and then sleeps only end by time.
  let descriptor: Int32

  public init() { descriptor = cspawn_bell() }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Ends the sleep under way, or the next one.
  public func ring() { cspawn_ring(descriptor) }

  /// Sleeps until it rings, at most so many seconds. Blocks the calling thread.
  /// - Returns: true where it rang.
  @discardableResult
  public func sleep(seconds: Double) -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // Safe: one struct, lent for the call.
    _ = unsafe poll(&waiting, 1, Int32(max(0, min(seconds, 86_400)) * 1000))
    guard waiting.revents != 0 else { return false }
    cspawn_hush(descriptor)
    return true
  }
}
