public import Domain

/// How sure it is that two images show the same moment.
public enum DuplicateTier: String, Codable, Sendable {
  /// The files have the same digest.
  case exact
  /// The same face, and a picture that looks the same.
  case nearDuplicate = "near-duplicate"
}

/// Calls two images near-duplicates only when two independent keys agree.
///
/// Cosines of general picture encoders run high between any two aligned crops, and identity cosines
/// run high between any two pictures of one person; only both together mean the same picture.
public struct TwoKeyRule: Equatable, Sendable {
  /// Least identity similarity.
  public var identityFloor: CosineSimilarity
  /// Least similarity in the image space.
  public var imageFloor: CosineSimilarity
  /// Least correlation of the pictures after registering one onto the other.
  public var registeredFloor: CosineSimilarity

  public init(
    identityFloor: CosineSimilarity, imageFloor: CosineSimilarity,
    registeredFloor: CosineSimilarity
  ) {
    self.identityFloor = identityFloor
    self.imageFloor = imageFloor
    self.registeredFloor = registeredFloor
  }

  /// `.nearDuplicate` where identity ≥ its floor and (image ≥ its floor or registered ≥ its
  /// floor), else nil. A measure that is missing or NaN opens no lock.
  public func tier(
    identity: CosineSimilarity?, image: CosineSimilarity?, registered: CosineSimilarity?
  ) -> DuplicateTier? {
    guard let identity, identity.value >= identityFloor.value else { return nil }
    let looksTheSame = image.map { $0.value >= imageFloor.value } ?? false
    let isTheSame = registered.map { $0.value >= registeredFloor.value } ?? false
    return looksTheSame || isTheSame ? .nearDuplicate : nil
  }
}
