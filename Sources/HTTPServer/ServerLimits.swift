/// What one server may be made to hold and to wait for.
public struct ServerLimits: Equatable, Sendable {
  /// Threads that wait for connections.
  public var threads = 2
  /// Most connections at once.
  public var connections = 12_000
  /// Seconds without a byte after which a connection is closed.
  public var idleSeconds = 30
  /// Seconds in which a whole request must have arrived, however steadily its bytes trickle in.
  public var requestSeconds = 60
  /// Bytes for the head of a request and the buffers of its connection.
  public var connectionMemory = 16 << 10

  public init() {}
}
