internal import Inference

/// How much memory a pipeline needs while it runs: a lower bound one can compute.
///
/// It covers the weights as they lie in their files, the tensors that go in and out of the networks,
/// and the largest activations of networks built like Stable Diffusion 1.5's: at full latent size the
/// UNet's self-attention holds 8 heads of (H·W)² scores for every row of its batch, and the
/// decoder's last level three maps of 128 channels for one picture. The runtime's own workspace is
/// not in it.
public struct DiffusionMemory: Equatable, Sendable {
  /// All in bytes; a picture has 8 × 8 pixels per latent pixel.
  public var weights: Int
  public var tensors: Int
  public var attention: Int
  public var decoding: Int

  public var total: Int { weights + tensors + attention + decoding }

  fileprivate static let heads = 8
  fileprivate static let decoderValues = 3 * 128
}

extension DiffusionPipeline {
  /// What a run of full batches takes.
  public var memory: DiffusionMemory {
    let ports = networks.unetPorts
    let rows = rows(for: batch)
    func bytes(_ port: Port) -> Int { port.elementType?.byteCount ?? 4 }
    let area = shape.latentHeight * shape.latentWidth
    let latents = rows * shape.latentCount
    let tensors =
      latents * (bytes(ports.latent) + bytes(ports.noise) + 8)
      + rows * shape.conditioningCount * bytes(ports.conditioning)
    let picture = 64 * area * bytes(networks.decoderPorts.output)
    return DiffusionMemory(
      weights: networks.byteCount, tensors: tensors + 3 * picture,
      attention: rows * DiffusionMemory.heads * area * area * bytes(ports.latent),
      decoding: DiffusionMemory.decoderValues * picture)
  }
}
