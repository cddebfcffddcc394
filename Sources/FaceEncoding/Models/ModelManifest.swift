/// What a model is and how pictures become its input: the content of `manifest.json`.
public struct ModelManifest: Equatable, Sendable {
  /// The newest manifest format this tool reads.
  public static let format = 1

  /// Folder name and handle; letters, digits, `.`, `-` and `_`, not starting with a dot.
  public var name: String
  public var role: Role
  public var kind: Kind
  /// The space an encoder's vectors live in; nil for other roles.
  public var space: String?
  /// By part, e.g. `main`, or `pnet`, `rnet`, `onet`.
  public var files: [String: File]
  public var input: Input
  /// Nil for detectors, whose outputs are given by their kind.
  public var output: Output?
  /// Values per latent vector of a generator that is driven by latents; else nil.
  public var latent: Int?
  /// Values per identity vector of a generator that is driven by identities; else nil.
  public var identity: Int?
  /// Name of the identity encoder such a generator was trained with; vectors of another mean nothing
  /// to it. Nil where that is left to the user.
  public var identityEncoder: String?
  /// Present for kind `diffusion`.
  public var diffusion: Diffusion?
  /// Present for kind `remote`.
  public var remote: Remote?
  /// Present for kind `exec`.
  public var exec: Exec?
  public var licence: String
  public var source: String
  public var note: String
  /// An encoder's own measured table, used until a workspace has calibrated its own.
  public var thresholds: [Threshold]

  /// What the network is for.
  public enum Role: String, Codable, Sendable, CaseIterable {
    case encoder, detector, generator, quality
  }

  /// How the networks are to be driven.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// One network, pictures in, one row of numbers per picture out.
    case onnx
    /// Three networks in a cascade (Zhang et al. 2016): parts `pnet`, `rnet`, `onet`.
    case mtcnn
    /// One network that looks at strides 8, 16 and 32 (OpenCV's FaceDetectorYN).
    case yunet
    /// One network from a latent vector to a picture.
    case dcgan
    /// Text encoder, UNet and VAE decoder of a latent diffusion model (Rombach et al. 2022).
    case diffusion
    /// Served by another process under the Open Inference Protocol; nothing is installed.
    case remote
    /// A user's own program.
    case exec

    /// The parts a model of this kind consists of.
    public var parts: [String] {
      switch self {
      case .onnx, .yunet, .dcgan: ["main"]
      case .mtcnn: ["pnet", "rnet", "onet"]
      case .diffusion: ["text_encoder", "unet", "vae_decoder"]
      case .remote, .exec: []
      }
    }
  }

  /// A file with its SHA-256, in hex.
  public struct File: Equatable, Codable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable { case file, sha256 }

    /// Name in the model's folder, without a path.
    public var file: String
    /// SHA-256 of the content, 64 lower-case hexadecimal digits.
    public var sha256: String

    public init(file: String, sha256: String) {
      self.file = file
      self.sha256 = sha256
    }
  }

  /// The order of the colour channels.
  public enum Channels: String, Codable, Sendable, CaseIterable { case rgb, bgr }

  /// The filter pictures are resized with.
  public enum Resize: String, Codable, Sendable, CaseIterable { case bilinear, bicubic }

  /// Which part of the picture the network sees.
  public enum Alignment: String, Codable, Sendable, CaseIterable {
    /// Five landmarks on the ArcFace template, scaled to the input size.
    case arcface = "arcface-112"
    /// The same template at 0.62 of its size about the centre: the whole head with surroundings.
    case arcfaceWide = "arcface-wide"
    /// The whole picture, stretched to the input size.
    case whole
    /// Short side to the input size, then the centre, as CLIP was trained.
    case clip
  }

  /// What the network takes.
  public struct Input: Equatable, Codable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
      case name, width, height, channels, mean, std, resize, alignment
    }

    public var name: String
    /// Pixels; nil for detectors and generators.
    public var width: Int?
    public var height: Int?
    public var channels: Channels
    /// A pixel p in 0...255 enters the network as (p − mean) / std, by channel in R, G, B order.
    public var mean: [Double]
    public var std: [Double]
    public var resize: Resize
    /// Present for encoders and quality networks.
    public var alignment: Alignment?

    public init(
      name: String, width: Int? = nil, height: Int? = nil, alignment: Alignment? = nil
    ) {
      self.name = name
      self.width = width
      self.height = height
      self.alignment = alignment
      self.channels = .rgb
      self.mean = [0, 0, 0]
      self.std = [1, 1, 1]
      self.resize = .bilinear
    }
  }

  /// What the network gives.
  public struct Output: Equatable, Codable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable { case name, width, height, range }

    public var name: String
    /// Values per vector; pixels per row for a generator.
    public var width: Int
    /// Pixel rows; generators only.
    public var height: Int?
    /// The values black and white stand for; generators only.
    public var range: [Double]?

    public init(name: String, width: Int, height: Int? = nil, range: [Double]? = nil) {
      self.name = name
      self.width = width
      self.height = height
      self.range = range
    }
  }

  /// A similarity at a false-match rate, measured on a named cohort.
  public struct Threshold: Equatable, Codable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable { case fmr, similarity, cohort }

    /// Share of impostor pairs at or above the similarity, in 0...1.
    public var fmr: Double
    /// A cosine in −1...1.
    public var similarity: Double
    /// What it was measured on.
    public var cohort: String

    public init(fmr: Double, similarity: Double, cohort: String) {
      self.fmr = fmr
      self.similarity = similarity
      self.cohort = cohort
    }
  }
}
