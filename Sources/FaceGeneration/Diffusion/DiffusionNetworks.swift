public import Inference

/// The three networks of a pipeline, with what their ports say. Names of ports do not matter: the
/// UNet's inputs are told apart by their number of dimensions.
public final class DiffusionNetworks: Sendable {
  /// Identities [N, width] to conditioning [N, positions, width].
  let text: Session
  /// Latent [R, C, H, W], timestep and conditioning [R, positions, width] to ε like the latent.
  let unet: Session
  /// Latent [N, C, H, W] to picture [N, 3, height, width].
  let decoder: Session
  let textPorts: Ports
  let unetPorts: UNetPorts
  let decoderPorts: Ports
  /// Bytes of the files the networks were opened from; 0 where that is not known.
  public let byteCount: Int

  struct Ports: Sendable {
    var input: Port
    var output: Port
  }

  struct UNetPorts: Sendable {
    var latent: Port
    var timestep: Port
    var conditioning: Port
    var noise: Port
  }

  /// Takes the sessions over.
  ///
  /// - Throws: `networkUnfit` naming the network and what it has instead.
  public init(
    text: consuming Session, unet: consuming Session, decoder: consuming Session,
    byteCount: Int = 0
  ) throws {
    let textPorts = try Self.ports(
      text.name, text.inputs, text.outputs, ranks: (2, 3), what: "identities to conditioning")
    let decoderPorts = try Self.ports(
      decoder.name, decoder.inputs, decoder.outputs, ranks: (4, 4), what: "a latent to a picture")
    let unetPorts = try Self.unetPorts(unet.name, unet.inputs, unet.outputs)
    self.textPorts = textPorts
    self.decoderPorts = decoderPorts
    self.unetPorts = unetPorts
    self.byteCount = byteCount
    self.text = text
    self.unet = unet
    self.decoder = decoder
  }

  private static func ports(
    _ name: String, _ inputs: [Port], _ outputs: [Port], ranks: (Int, Int), what: String
  ) throws -> Ports {
    let fitting = outputs.filter { $0.dims.count == ranks.1 }
    guard inputs.count == 1, inputs[0].dims.count == ranks.0, fitting.count == 1 else {
      throw unfit(name, "must take \(what)", inputs, outputs)
    }
    try requireFloats(name, [inputs[0], fitting[0]])
    return Ports(input: inputs[0], output: fitting[0])
  }

  private static func unetPorts(
    _ name: String, _ inputs: [Port], _ outputs: [Port]
  ) throws -> UNetPorts {
    let latent = inputs.filter { $0.dims.count == 4 }
    let conditioning = inputs.filter { $0.dims.count == 3 }
    let timestep = inputs.filter { $0.dims.count <= 1 }
    let noise = outputs.filter { $0.dims.count == 4 }
    guard inputs.count == 3, latent.count == 1, conditioning.count == 1, timestep.count == 1,
      noise.count == 1
    else {
      throw unfit(
        name, "must take a latent, a timestep and a conditioning, and give the noise", inputs,
        outputs)
    }
    try requireFloats(name, [latent[0], conditioning[0], noise[0]])
    guard timestep[0].elementType != nil, timestep[0].elementType != .uint8 else {
      throw unfit(name, "takes a timestep of a type that is not supported", inputs, outputs)
    }
    return UNetPorts(
      latent: latent[0], timestep: timestep[0], conditioning: conditioning[0], noise: noise[0])
  }

  private static func requireFloats(_ name: String, _ ports: [Port]) throws {
    let floats: [ElementType?] = [.float32, .float16, .float64]
    for port in ports where !floats.contains(port.elementType) {
      throw GenerationError(
        .networkUnfit,
        """
        '\(port.name)' of network \(name) is of type \
        \(port.elementType.map(\.description) ?? "unknown"), not a floating type
        """)
    }
  }

  private static func unfit(
    _ name: String, _ rule: String, _ inputs: [Port], _ outputs: [Port]
  ) -> GenerationError {
    func list(_ ports: [Port]) -> String {
      ports.map { "\($0.name) \($0.shapeText)" }.joined(separator: ", ")
    }
    return GenerationError(
      .networkUnfit,
      "network \(name) \(rule); it has inputs \(list(inputs)) and outputs \(list(outputs))",
      hint: "docs/generation.md says what the three networks of a pipeline take and give")
  }
}
