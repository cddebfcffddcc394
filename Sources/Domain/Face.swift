/// A point in picture coordinates: pixel centres at whole numbers, x right, y down.
public struct Point: Equatable, Sendable {
  public var x: Double
  public var y: Double

  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

/// The five points every face aligner uses, named as seen in the picture (left is left in the picture).
public struct FiveLandmarks: Equatable, Sendable {
  public var leftEye: Point
  public var rightEye: Point
  public var nose: Point
  public var leftMouth: Point
  public var rightMouth: Point

  public init(leftEye: Point, rightEye: Point, nose: Point, leftMouth: Point, rightMouth: Point) {
    self.leftEye = leftEye
    self.rightEye = rightEye
    self.nose = nose
    self.leftMouth = leftMouth
    self.rightMouth = rightMouth
  }

  /// The points in the ArcFace template's order.
  public var points: [Point] { [leftEye, rightEye, nose, leftMouth, rightMouth] }
}

/// How the place of the face in its picture was found.
public enum CropKind: String, Codable, Sendable {
  /// A detector found five landmarks; encoders that want alignment get an aligned crop.
  case detected
  /// The detector's landmarks already sit on the template: the picture is an aligned crop.
  case aligned
  /// No detector was asked, or it found no face in a tight crop: the whole picture is taken as an
  /// aligned crop.
  case assumed
}

/// A picture with the place of its one face: what encoders embed.
public struct Face: Equatable, Sendable {
  public var picture: Picture
  public var crop: CropKind
  /// Present for `detected` and `aligned`, nil for `assumed`.
  public var landmarks: FiveLandmarks?

  public init(picture: Picture, crop: CropKind, landmarks: FiveLandmarks?) {
    self.picture = picture
    self.crop = crop
    self.landmarks = landmarks
  }
}
