/// Lets only so many threads through at once, each in a numbered place of its own.
public final class Turnstile: Sendable {
  private let free: Monitor<[Bool]>

  /// - Precondition: at least one place.
  public init(places: Int) {
    precondition(places > 0)
    free = Monitor(Array(repeating: true, count: places))
  }

  /// Waits for a place, the lowest that is free, runs `body` in it and gives it back.
  /// Blocks the calling thread, so call it off Swift's own pool.
  public func pass<Answer>(_ body: (Int) throws -> Answer) rethrows -> Answer {
    let place = free.wait { free -> Int? in
      guard let place = free.firstIndex(of: true) else { return nil }
      free[place] = false
      return place
    }
    defer { free.update { $0[place] = true } }
    return try body(place)
  }
}
