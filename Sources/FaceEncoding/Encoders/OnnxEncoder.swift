internal import Cryptography
public import Domain
public import Inference

/// An encoder that is one ONNX network, driven as its manifest says.
public final class OnnxEncoder: ImageEncoder {
  public let space: Space
  /// Faces per run of the network. Runs start with the first face, so the bits of an answer
  /// depend on the list of faces alone; cut long lists at multiples of it.
  public let preferredBatch: Int
  public let model: InstalledModel
  private let input: ModelManifest.Input
  private let cropper: FaceCropper
  private let planes: PixelPlanes
  private let output: ModelManifest.Output
  private let session: Session

  private static let batch = 8

  /// Opens the network from bytes whose SHA-256 was checked.
  ///
  /// - Throws: `fileDamaged`, `InferenceError` when it is not a network, `networkUnfit` when its
  ///   input or output is not as the manifest says.
  public init(
    _ model: InstalledModel, options: SessionOptions = SessionOptions(), runtime: InferenceRuntime
  ) throws {
    let manifest = model.manifest
    guard manifest.role == .encoder || manifest.role == .quality, let output = manifest.output,
      let width = manifest.input.width, let height = manifest.input.height,
      let alignment = manifest.input.alignment
    else {
      throw EncodingError(.networkUnfit, "model \(model.name) is not an encoder")
    }
    self.model = model
    self.input = manifest.input
    self.output = output
    cropper = FaceCropper(
      alignment, width: width, height: height, resize: manifest.input.resize)
    planes = PixelPlanes(manifest.input)
    session = try model.session(options: options, runtime: runtime)
    space = Space(
      name: manifest.space ?? manifest.role.rawValue, width: output.width,
      encoderDigest: Self.digest(of: model))
    let unfit = PortCheck(model: model.name)
    let port = try unfit.pictureInput(
      session.inputs, name: input.name, width: width, height: height)
    try unfit.rowOutput(session.outputs, name: output.name, width: output.width)
    preferredBatch = port.dims[0] == 1 ? 1 : Self.batch
  }

  /// SHA-256, in hex, over the model's digest and the version of the cropping that feeds it.
  public static func digest(of model: InstalledModel) -> String {
    SHA256.hex(of: "d2r-encoder \(FaceCropper.version)\n\(model.digest)\n")
  }

  /// One row per face; no faces give no rows.
  public func embed(_ faces: [Face]) throws -> Vectors {
    var values: [Float] = []
    values.reserveCapacity(faces.count * output.width)
    for start in stride(from: 0, to: faces.count, by: preferredBatch) {
      let batch = faces[start..<min(start + preferredBatch, faces.count)]
      try values.append(contentsOf: run(batch))
    }
    return Vectors(count: faces.count, width: output.width, values: values)
  }

  /// What the network sees of one face: planes [3, height, width].
  public func pixelValues(of face: Face) -> [Float] {
    var values: [Float] = []
    planes.append(cropper.crop(face), to: &values)
    return values
  }

  private func run(_ faces: ArraySlice<Face>) throws -> [Float] {
    var pixels: [Float] = []
    pixels.reserveCapacity(faces.count * 3 * cropper.width * cropper.height)
    for face in faces { planes.append(cropper.crop(face), to: &pixels) }
    let tensor = Tensor(shape: [faces.count, 3, cropper.height, cropper.width], pixels)
    let answers = try session.run(
      [NamedTensor(input.name, tensor)], outputs: [output.name])
    guard let rows = answers.first?.floats, rows.count == faces.count * output.width else {
      throw EncodingError(
        .networkUnfit,
        "model \(model.name) did not give \(output.width) values for each of \(faces.count) faces")
    }
    return rows
  }
}
