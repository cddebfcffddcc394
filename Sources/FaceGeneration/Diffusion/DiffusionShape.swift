internal import Inference

/// The sizes of everything that goes through a pipeline.
public struct DiffusionShape: Equatable, Sendable {
  /// Values per identity vector.
  public var identity: Int
  /// Positions of the prompt, and values per position.
  public var positions: Int
  public var width: Int
  /// A latent's channels and sides.
  public var channels: Int
  public var latentHeight: Int
  public var latentWidth: Int

  public var latentCount: Int { channels * latentHeight * latentWidth }
  public var conditioningCount: Int { positions * width }

  /// Sizes the ports leave open come from the description: the latent's sides, and the
  /// conditioning from the unconditional branch.
  ///
  /// - Parameter identity: from the manifest; used where the network leaves it open.
  /// - Throws: `networkUnfit` where sizes contradict each other or cannot be known.
  init(_ networks: DiffusionNetworks, _ description: DiffusionDescription, identity: Int?) throws {
    func agreed(_ what: String, _ sizes: Int?...) throws -> Int {
      let known = sizes.compactMap { $0 }
      guard let first = known.first else {
        throw GenerationError(
          .networkUnfit, "pipeline \(description.name) leaves its \(what) open",
          hint: "export it with fixed sizes; only the batch may be open")
      }
      guard known.allSatisfy({ $0 == first }) else {
        throw GenerationError(
          .networkUnfit,
          "the parts of pipeline \(description.name) disagree on the \(what): \(known)")
      }
      return first
    }
    let unet = networks.unetPorts
    let text = networks.textPorts.output.dims
    self.identity = try agreed("identity width", networks.textPorts.input.dims[1], identity)
    let width = try agreed("conditioning width", unet.conditioning.dims[2], text[2])
    self.width = width
    positions = try agreed(
      "number of positions", unet.conditioning.dims[1], text[1],
      description.unconditional.map { $0.count / max(1, width) })
    let (latent, decoder) = (unet.latent.dims, networks.decoderPorts.input.dims)
    channels = try agreed("latent channels", latent[1], decoder[1], unet.noise.dims[1])
    latentHeight = try agreed(
      "latent height", latent[2] ?? decoder[2] ?? description.latentHeight, decoder[2])
    latentWidth = try agreed(
      "latent width", latent[3] ?? decoder[3] ?? description.latentWidth, decoder[3])
    if let given = description.unconditional, given.count != positions * width {
      throw GenerationError(
        .networkUnfit,
        """
        the unconditional branch of pipeline \(description.name) has \(given.count) values, its \
        conditioning \(positions) × \(width)
        """)
    }
  }
}
