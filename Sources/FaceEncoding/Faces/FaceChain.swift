public import Domain

/// From a picture to the face that is embedded. Holds nothing that changes: safe from several
/// threads, and the same picture gives the same answer.
public struct FaceChain: Sendable {
  /// The longest side of a picture without a found face that `auto` still takes for a tight crop.
  public static let largestAssumedSide = 256
  /// And the most its sides may differ, as a ratio.
  public static let largestAssumedRatio = 1.3

  public let locator: (any FaceLocator)?
  public let policy: CropPolicy

  /// - Parameter locator: needed by `detect`; with nil `auto` finds no face.
  public init(locator: (any FaceLocator)?, policy: CropPolicy) {
    self.locator = locator
    self.policy = policy
  }

  /// The face of a picture, or why it has none. Of several faces the largest is taken.
  ///
  /// - Throws: what the detector throws; a picture without a face is not an error.
  public func face(in picture: Picture) throws -> FaceOutcome {
    guard policy == .auto || policy == .detect else { return FaceOutcome(.face(assumed(picture))) }
    guard let locator else { return withoutFace(picture, facesInPicture: nil) }
    guard let found = try locator.locate(picture) else {
      return withoutFace(picture, facesInPicture: 0)
    }
    let face = Face(picture: picture, crop: kind(of: found, picture), landmarks: found.landmarks)
    return FaceOutcome(
      .face(face), facesInPicture: found.facesInPicture, confidence: found.confidence)
  }

  private func kind(of found: LocatedFace, _ picture: Picture) -> CropKind {
    guard policy == .auto else { return .detected }
    let check = CropCheck(found.landmarks, width: picture.width, height: picture.height)
    return check?.isAligned == true ? .aligned : .detected
  }

  private func withoutFace(_ picture: Picture, facesInPicture: Int?) -> FaceOutcome {
    let short = Double(min(picture.width, picture.height))
    let long = max(picture.width, picture.height)
    let isTight =
      long <= Self.largestAssumedSide && Double(long) <= Self.largestAssumedRatio * short
    if policy == .auto, isTight {
      return FaceOutcome(.face(assumed(picture)), facesInPicture: facesInPicture)
    }
    return FaceOutcome(.rejected("no face found"), facesInPicture: facesInPicture)
  }

  private func assumed(_ picture: Picture) -> Face {
    Face(picture: picture, crop: .assumed, landmarks: nil)
  }
}
