extension ModelManifest {
  /// The constants of a diffusion pipeline.
  public struct Diffusion: Equatable, Codable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable { case latentScale }

    /// Latents are divided by this before they are decoded.
    public var latentScale: Double

    public init() { latentScale = 0.18215 }

    public init(from decoder: any Decoder) throws {
      try decoder.refuseUnknown(CodingKeys.self)
      let values = try decoder.container(keyedBy: CodingKeys.self)
      self.init()
      latentScale = try values.decodeIfPresent(Double.self, forKey: .latentScale) ?? latentScale
    }

    /// What enters the model's digest.
    var canonicalLines: [String] { ["latent scale \(latentScale)"] }

    /// What is wrong, naming the field, or nil.
    var problem: String? {
      latentScale.isFinite && latentScale > 0
        ? nil : "field 'diffusion.latentScale' must be above 0"
    }
  }
}
