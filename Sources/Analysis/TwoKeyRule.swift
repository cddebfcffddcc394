public import Domain

/// How sure it is that two images show the same moment; the surest first.
public enum DuplicateTier: String, Codable, Sendable, CaseIterable, Comparable {
  /// The files have the same digest.
  case exact
  /// The decoded pixels are the same, in another file format or with other metadata.
  case samePixels = "same-pixels"
  /// The perceptual hashes are close: re-encoded, resized or mirrored.
  case perceptual
  /// The same face, and a picture that looks the same.
  case nearDuplicate = "near-duplicate"

  /// Surer tiers come first.
  public static func < (a: Self, b: Self) -> Bool { a.place < b.place }

  private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Calls two images near-duplicates only when two independent keys agree.
///
/// Cosines of general picture encoders run high between any two aligned crops, and identity cosines
/// run high between any two pictures of one person; only both together mean the same picture.
/// Pictures of one sitting fool both: where the perceptual hashes of the whole pictures disagree, only
/// a correlation at the higher floor counts, which crops of one picture reach.
public struct TwoKeyRule: Equatable, Sendable {
  /// Least identity similarity.
  public var identityFloor: CosineSimilarity
  /// Least similarity in the image space.
  public var imageFloor: CosineSimilarity
  /// Least correlation of the pictures after registering one onto the other.
  public var registeredFloor: CosineSimilarity
  /// Least correlation where the hashes disagree; nil asks no hashes.
  public var registeredAloneFloor: CosineSimilarity?

  /// Hashes that differ in more bits than this disagree.
  ///
  /// Brightened copies were within 29 bits of their originals, 99 % of them within 23; of pictures
  /// of one studio sitting 7 pairs in 1,440 were within 24.
  public static let agreeingBits = 24

  public init(
    identityFloor: CosineSimilarity, imageFloor: CosineSimilarity,
    registeredFloor: CosineSimilarity, registeredAloneFloor: CosineSimilarity? = nil
  ) {
    self.identityFloor = identityFloor
    self.imageFloor = imageFloor
    self.registeredFloor = registeredFloor
    self.registeredAloneFloor = registeredAloneFloor
  }

  /// `.nearDuplicate` where identity ≥ its floor and (image ≥ its floor or registered ≥ its
  /// floor), else nil. A measure that is missing or NaN opens no lock.
  ///
  /// - Parameter hashDistance: bits by which the perceptual hashes differ; where they disagree,
  ///   registered ≥ the higher floor takes the place of the bracket. Nil where a picture has none.
  public func tier(
    identity: CosineSimilarity?, image: CosineSimilarity?, registered: CosineSimilarity?,
    hashDistance: Int? = nil
  ) -> DuplicateTier? {
    guard let identity, identity.value >= identityFloor.value else { return nil }
    if let floor = registeredAloneFloor, let hashDistance, hashDistance > Self.agreeingBits {
      return registered.map { $0.value >= floor.value } ?? false ? .nearDuplicate : nil
    }
    let looksTheSame = image.map { $0.value >= imageFloor.value } ?? false
    let isTheSame = registered.map { $0.value >= registeredFloor.value } ?? false
    return looksTheSame || isTheSame ? .nearDuplicate : nil
  }
}
