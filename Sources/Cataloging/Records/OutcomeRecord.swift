/// What became of one file the last time its folder was indexed.
public struct OutcomeRecord: Equatable, Sendable {
  /// How a file ended.
  public enum Outcome: String, Sendable {
    /// It is an image of the catalog.
    case indexed
    /// It was read and refused; `reason` says why.
    case rejected
    /// It was there once and is no longer.
    case missing
  }

  /// Relative to the source's root.
  public var path: String
  public var outcome: Outcome
  /// A short stable word or phrase to count by; empty for an indexed file.
  public var reason: String
  /// SHA-256 of the file, in hex, where it could be read.
  public var digest: String?
  /// The image, for an indexed file, and for a missing one that was an image.
  public var image: Int64?
}
