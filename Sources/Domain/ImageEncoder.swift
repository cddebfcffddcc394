/// Turns faces into vectors of one space.
public protocol ImageEncoder: Sendable {
  var space: Space { get }
  /// How many faces the network takes best at once; callers cut their work by it.
  var preferredBatch: Int { get }
  /// One row per face, in order, exactly as the network gives it (not scaled to unit length).
  /// The same faces give the same bits whatever thread calls. Safe to call from several threads.
  func embed(_ faces: [Face]) throws -> Vectors
}
