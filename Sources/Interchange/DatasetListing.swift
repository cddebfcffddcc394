/// What a dataset folder holds.
public struct DatasetListing: Equatable, Sendable {
  public var layout: DatasetLayout
  /// In the order of the layout: by bytes of the path, or by number for DigiFace.
  public var files: [SourceFile] = []
  /// The generator latents found in identity folders, in the order of their paths.
  public var latents: [LatentFile] = []
  /// What was left out, and why.
  public var problems: [ListingProblem] = []

  public init(layout: DatasetLayout) { self.layout = layout }
}

/// One picture of a dataset, not opened yet.
public struct SourceFile: Equatable, Sendable {
  /// Relative to the dataset's root.
  public var path: String
  /// Nil where the layout has none.
  public var identity: String?
  /// MD5, in hex, of the decoded 8-bit RGB pixels as the dataset's own metadata states it.
  public var expectedPixelMD5: String?
  /// MD5, in hex, of the file as the dataset's own metadata states it.
  public var expectedFileMD5: String?
  /// The dataset's own part, such as "training" and "validation" in FFHQ.
  public var category: String?
  /// The picture's own licence by name, where the dataset states one.
  public var licence: String?

  public init(path: String, identity: String? = nil) {
    self.path = path
    self.identity = identity
  }
}

/// The latent vector a generator made an identity from.
public struct LatentFile: Equatable, Sendable {
  public var identity: String
  /// An .npy file, relative to the dataset's root.
  public var path: String

  public init(identity: String, path: String) {
    self.identity = identity
    self.path = path
  }
}

/// Something in a dataset folder that was left out.
public struct ListingProblem: Equatable, Sendable {
  /// Relative to the dataset's root.
  public var path: String
  /// A clause that says why, and what would help. Lower case, no full stop.
  public var reason: String

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }
}
