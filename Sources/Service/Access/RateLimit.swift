internal import Synchronization

/// Buckets of permits that fill up again with time, one for each name.
final class RateLimit: Sendable {
  private struct Bucket {
    var permits: Double
    var at: Double
  }

  /// Names remembered at most; full buckets are forgotten first.
  private static let names = 4096

  let perSecond: Double
  let burst: Double
  private let clock: @Sendable () -> Double
  private let buckets = Mutex<[String: Bucket]>([:])

  /// - Parameter clock: seconds, from any start.
  init(perSecond: Double, burst: Double, clock: @escaping @Sendable () -> Double) {
    self.perSecond = perSecond
    self.burst = burst
    self.clock = clock
  }

  /// Takes a permit; false where there is none left.
  func take(_ name: String) -> Bool {
    let now = clock()
    return buckets.withLock { buckets in
      var bucket = filled(buckets[name], now)
      defer { buckets[name] = bucket }
      if buckets.count > Self.names {
        buckets = buckets.filter { filled($0.value, now).permits < burst }
      }
      guard bucket.permits >= 1 else { return false }
      bucket.permits -= 1
      return true
    }
  }

  private func filled(_ bucket: Bucket?, _ now: Double) -> Bucket {
    guard let bucket else { return Bucket(permits: burst, at: now) }
    let permits = min(burst, bucket.permits + (now - bucket.at) * perSecond)
    return Bucket(permits: permits, at: now)
  }
}
