public import Domain

/// What an image shows that resembles one of the gallery too much.
public enum LeakTier: String, Codable, Sendable {
  /// The very photograph, perhaps cropped, resized or mirrored.
  case samePicture = "same-picture"
  /// The same person in another picture.
  case samePerson = "same-person"
  /// The same person as some images of the gallery taken together.
  case prototype
}

/// Which way round an image matched.
public enum LeakOrientation: String, Codable, Sendable {
  case asIs = "as-is"
  case mirrored
  case both

  /// What reached `floor`: the image as it is, its mirror image, or both; nil where neither did.
  public init?(asIs: CosineSimilarity?, mirrored: CosineSimilarity?, floor: CosineSimilarity) {
    switch (asIs.map { $0 >= floor } ?? false, mirrored.map { $0 >= floor } ?? false) {
    case (true, true): self = .both
    case (true, false): self = .asIs
    case (false, true): self = .mirrored
    case (false, false): return nil
    }
  }
}

/// What to do about a pair of an image and an image of the gallery.
public enum LeakVerdict: String, Codable, Sendable {
  /// Nothing.
  case clear
  /// A person should look.
  case review
  /// The image does not belong in the set.
  case leak
}

/// Decides about pairs of an image under suspicion and an image of a reference gallery.
public struct LeakRule: Equatable, Sendable {
  /// Identity similarity from which a pair is a leak.
  public var decideAtLeast: CosineSimilarity
  /// Identity similarity from which a person should look.
  public var reviewAtLeast: CosineSimilarity
  /// Correlation after registration from which both show the same picture.
  public var registeredAtLeast: CosineSimilarity

  public init(
    decideAtLeast: CosineSimilarity, reviewAtLeast: CosineSimilarity,
    registeredAtLeast: CosineSimilarity
  ) {
    self.decideAtLeast = decideAtLeast
    self.reviewAtLeast = reviewAtLeast
    self.registeredAtLeast = registeredAtLeast
  }

  /// The identity similarity below which every pair is clear: what a search has to find.
  public var floor: CosineSimilarity { min(decideAtLeast, reviewAtLeast) }

  /// The same picture where the registered correlation says so, else the same person.
  public func tier(registered: CosineSimilarity?) -> LeakTier {
    registered.map { $0 >= registeredAtLeast } ?? false ? .samePicture : .samePerson
  }

  /// A pair above the floor that shows the same picture is a leak whatever its identity similarity.
  public func verdict(
    identity: CosineSimilarity, registered: CosineSimilarity?
  ) -> LeakVerdict {
    guard identity >= floor else { return .clear }
    if identity >= decideAtLeast { return .leak }
    return tier(registered: registered) == .samePicture ? .leak : .review
  }
}
