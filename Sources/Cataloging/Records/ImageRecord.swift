public import Domain

/// One picture file, or one imported vector that came without its picture.
public struct ImageRecord: Equatable, Sendable {
  public var id: Int64
  public var population: Population
  /// The source it was indexed from.
  public var source: Int64
  /// Relative to the source's root; for an imported vector, its own id.
  public var path: String
  public var identity: Int64?
  public var identityName: String?
  /// What is known of the file.
  public var facts: ImageFacts
  /// True where the latest decision about it is to quarantine it.
  public var isQuarantined: Bool
  /// False where the file has since changed, was rejected, or is gone.
  public var isCurrent: Bool
}

/// What indexing learns of a picture. Everything is absent for a vector without a picture.
public struct ImageFacts: Equatable, Sendable {
  /// SHA-256 of the file, in hex.
  public var digest: String?
  /// Size of the file in bytes.
  public var byteCount: Int?
  /// Size in pixels, after orientation.
  public var width: Int?
  public var height: Int?
  /// The file format's name, such as "png".
  public var format: String?
  public var crop: CropKind?
  /// x and y of the five landmarks, in the order of `FiveLandmarks.points`: 10 values, or nil.
  public var landmarks: [Float]?
  /// How many faces the detector saw.
  public var faceCount: Int?
  /// The measure is the indexer's; larger is sharper.
  public var sharpness: Double?
  /// SHA-256, in hex, over width, height and decoded pixels; nil where an older version indexed it.
  public var pixelDigest: String?
  /// Nil for a flat picture, too.
  public var perceptualHash: PictureHash?
  /// A network's score of the face; larger is better, and only one network's scores compare.
  public var quality: Double?
  /// SHA-256, in hex, of the network that scored it.
  public var qualityEncoder: String?

  public init(
    digest: String? = nil, byteCount: Int? = nil, width: Int? = nil, height: Int? = nil,
    format: String? = nil, crop: CropKind? = nil, landmarks: [Float]? = nil,
    faceCount: Int? = nil, sharpness: Double? = nil
  ) {
    self.digest = digest
    self.byteCount = byteCount
    self.width = width
    self.height = height
    self.format = format
    self.crop = crop
    self.landmarks = landmarks
    self.faceCount = faceCount
    self.sharpness = sharpness
  }
}
