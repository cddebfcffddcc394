public import Domain

/// A leak: the pair, and how it matched.
public struct LeakRecord: Equatable, Sendable {
  /// For a match with a prototype, `kept` is the image nearest to it.
  public var pair: PairRecord
  /// Cosine of the image as it is; nil where it was not measured.
  public var asIs: CosineSimilarity?
  /// Cosine of its mirror image; nil where it has no mirrored vector.
  public var mirrored: CosineSimilarity?
  /// "as-is", "mirrored" or "both": what reached the threshold.
  public var orientation: String
  /// Nil for a match with an image of the gallery.
  public var prototype: PrototypeReference?

  /// One of the prototypes of a gallery identity.
  public struct PrototypeReference: Equatable, Sendable {
    /// From 1.
    public var number: Int
    /// How many the identity has.
    public var of: Int
    /// Images behind it.
    public var members: Int

    public init(number: Int, of: Int, members: Int) {
      self.number = number
      self.of = of
      self.members = members
    }
  }

  public init(
    pair: PairRecord, asIs: CosineSimilarity?, mirrored: CosineSimilarity?, orientation: String,
    prototype: PrototypeReference? = nil
  ) {
    self.pair = pair
    self.asIs = asIs
    self.mirrored = mirrored
    self.orientation = orientation
    self.prototype = prototype
  }
}
