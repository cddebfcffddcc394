/// A generator core that is driven by latent vectors.
public protocol Generator: Sendable {
  /// The generator's name in its manifest.
  var name: String { get }
  /// SHA-256, in hex, over its weights and settings.
  var digest: String { get }
  /// Values per latent vector, drawn from N(0, 1).
  var latentWidth: Int { get }
  var preferredBatch: Int { get }
  /// One picture per row of `latents`. The same latents give the same pixels. Safe from several threads.
  func pictures(from latents: Vectors) throws -> [Picture]
}
