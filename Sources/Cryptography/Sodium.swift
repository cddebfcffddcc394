import CSodium

/// The one place that starts libsodium.
enum Sodium {
  /// Reading it starts the library, once per process: a `static let` runs exactly once whatever
  /// threads race for it, and `sodium_init` itself may be called repeatedly.
  static let isReady: Bool = sodium_init() >= 0

  /// - Precondition: libsodium could start. It fails only where the system gives no randomness.
  static func start() {
    precondition(isReady, "libsodium could not start")
  }
}
