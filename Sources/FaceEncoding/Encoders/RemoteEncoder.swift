public import Domain
public import OpenInference

/// An encoder that is served by another process; faces are cut and scaled here, as for a network of
/// our own, and travel as FP32 [N, 3, height, width].
public final class RemoteEncoder: ImageEncoder {
  public let space: Space
  /// The manifest's batch, else 8; never more than the server takes.
  public let preferredBatch: Int
  public let model: InstalledModel
  /// What the server said of itself.
  public let served: ModelDescription
  private let server: ServedModel
  private let input: ModelManifest.Input
  private let output: ModelManifest.Output
  private let cropper: FaceCropper
  private let planes: PixelPlanes

  private static let batch = 8

  /// Waits for the model and compares what the server says of it with the manifest.
  ///
  /// - Throws: `OpenInferenceError`; `networkUnfit` where the server describes another input or
  ///   output.
  public init(_ model: InstalledModel, server: ServedModel) throws {
    let manifest = model.manifest
    guard manifest.role == .encoder, let output = manifest.output,
      let width = manifest.input.width, let height = manifest.input.height,
      let alignment = manifest.input.alignment
    else {
      throw EncodingError(.networkUnfit, "model \(model.name) is not an encoder")
    }
    self.model = model
    self.server = server
    self.output = output
    input = manifest.input
    cropper = FaceCropper(alignment, width: width, height: height, resize: input.resize)
    planes = PixelPlanes(input)
    space = Space(
      name: manifest.space ?? manifest.role.rawValue, width: output.width,
      encoderDigest: OnnxEncoder.digest(of: model))
    served = try server.describe()
    preferredBatch = min(manifest.remote?.batch ?? Self.batch, served.largestBatch ?? .max)
    try check()
  }

  /// One row per face; no faces give no rows, and ask nothing.
  public func embed(_ faces: [Face]) throws -> Vectors {
    var values: [Float] = []
    values.reserveCapacity(faces.count * output.width)
    for start in stride(from: 0, to: faces.count, by: preferredBatch) {
      try values.append(
        contentsOf: run(faces[start..<min(start + preferredBatch, faces.count)]))
    }
    return Vectors(count: faces.count, width: output.width, values: values)
  }

  private func run(_ faces: ArraySlice<Face>) throws -> [Float] {
    var pixels: [Float] = []
    pixels.reserveCapacity(faces.count * 3 * cropper.width * cropper.height)
    for face in faces { planes.append(cropper.crop(face), to: &pixels) }
    let shape = [faces.count, 3, cropper.height, cropper.width]
    let parameters = model.manifest.remote?.parameters ?? [:]
    let answer = try server.infer(
      InferRequest(
        [WireTensor(input.name, shape: shape, .float32(pixels))], outputs: [output.name],
        parameters: parameters.mapValues(\.parameter)), isBinary: served.takesBinary)
    guard let tensor = answer[output.name], let rows = tensor.values.floats,
      tensor.shape.first == faces.count, rows.count == faces.count * output.width
    else {
      let found = answer[output.name]?.text ?? "nothing"
      throw unfit("answered \(found) instead of FP32 [\(faces.count), \(output.width)]")
    }
    return rows
  }

  /// Servers that describe no inputs or outputs are taken at the manifest's word.
  private func check() throws {
    let takes = [-1, 3, cropper.height, cropper.width]
    if !served.inputs.isEmpty {
      let port = served.inputs.first { $0.name == input.name }
      guard let port, port.fits(.float32, takes) else {
        throw unfit("takes \(Self.list(served.inputs)) instead of '\(input.name)' FP32 \(takes)")
      }
    }
    if !served.outputs.isEmpty {
      let port = served.outputs.first { $0.name == output.name }
      let gives = port?.shape.dropFirst() ?? []
      guard let port, ["FP32", "FP16"].contains(port.datatype),
        gives.contains(where: { $0 < 0 }) || gives.reduce(1, *) == output.width
      else {
        throw unfit(
          "gives \(Self.list(served.outputs)) instead of '\(output.name)' FP32 [-1, \(output.width)]"
        )
      }
    }
  }

  private static func list(_ ports: [ModelDescription.Port]) -> String {
    ports.map { "'\($0.name)' \($0.text)" }.joined(separator: ", ")
  }

  private func unfit(_ what: String) -> EncodingError {
    EncodingError(
      .networkUnfit, "\(server.name) \(what)",
      hint: "correct the manifest of \(model.name), or what the server serves")
  }
}
