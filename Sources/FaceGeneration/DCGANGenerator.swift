public import Domain
public import Inference

/// Pictures from latent vectors by one convolutional network: latents [N, width, 1, 1] to RGB pictures
/// [N, 3, height, width] (Radford, Metz and Chintala, ICLR 2016).
public final class DCGANGenerator: Generator {
  public let description: DCGANDescription
  private let session: Session

  /// - Parameter network: the ONNX file's content.
  /// - Throws: `InferenceError` when it is not a network, `networkUnfit` when it is not the one
  ///   described.
  public init(
    _ description: DCGANDescription, network: [UInt8],
    options: SessionOptions = SessionOptions(), runtime: InferenceRuntime
  ) throws {
    self.description = description
    session = try Session(
      bytes: network, name: description.name, options: options, runtime: runtime)
    try Self.check(session.inputs, session.outputs, against: description)
  }

  public var name: String { description.name }
  public var digest: String { description.digest }
  public var input: GeneratorInput { GeneratorInput(.latent, width: description.latentWidth) }
  public var preferredBatch: Int { 8 }

  /// Rows are run in batches of `preferredBatch` from the first one on.
  ///
  /// - Throws: `vectorsUnfit` before anything runs, `networkUnfit` where the answer has another shape.
  public func pictures(for orders: PictureOrders) throws -> [GeneratedPicture] {
    let latents = orders.vectors
    try orders.check(for: self)
    var pictures: [GeneratedPicture] = []
    pictures.reserveCapacity(latents.count)
    for start in stride(from: 0, to: latents.count, by: preferredBatch) {
      let rows = start..<min(start + preferredBatch, latents.count)
      pictures += try run(latents, rows)
    }
    return pictures
  }

  private func run(_ latents: Vectors, _ rows: Range<Int>) throws -> [GeneratedPicture] {
    let width = latents.width
    let batch = Array(latents.values[rows.lowerBound * width..<rows.upperBound * width])
    let tensor = Tensor(shape: [rows.count, width, 1, 1], batch)
    let answers = try session.run(
      [NamedTensor(description.input, tensor)], outputs: [description.output])
    let shape = [rows.count, 3, description.height, description.width]
    guard let answer = answers.first, answer.shape == shape, let planes = answer.floats else {
      throw GenerationError(
        .networkUnfit, "generator \(name) did not give pictures of shape \(shape)")
    }
    let pictures = ColourPlanes(
      values: planes, width: description.width, height: description.height,
      range: description.range)
    return rows.indices.map { pictures.picture($0 - rows.lowerBound, from: "generator \(name)") }
  }

  private static func check(
    _ inputs: [Port], _ outputs: [Port], against description: DCGANDescription
  ) throws {
    let input = inputs.first { $0.name == description.input }
    let output = outputs.first { $0.name == description.output }
    let latent = [nil, description.latentWidth, 1, 1]
    let picture = [nil, 3, description.height, description.width]
    guard let input, inputs.count == 1, input.elementType == .float32, fits(input, latent) else {
      throw unfit(description, "input '\(description.input)'", latent, input)
    }
    guard let output, output.elementType == .float32, fits(output, picture) else {
      throw unfit(description, "output '\(description.output)'", picture, output)
    }
  }

  /// Open extents fit anything.
  private static func fits(_ port: Port, _ wanted: [Int?]) -> Bool {
    port.dims.count == wanted.count
      && zip(port.dims, wanted).allSatisfy { $0 == nil || $1 == nil || $0 == $1 }
  }

  private static func unfit(
    _ description: DCGANDescription, _ what: String, _ dims: [Int?], _ found: Port?
  ) -> GenerationError {
    let wanted = Port(name: "", elementType: .float32, dims: dims).shapeText
    let given = found.map { "it has shape \($0.shapeText)" } ?? "there is none"
    return GenerationError(
      .networkUnfit,
      "generator \(description.name) needs the float32 \(what) of shape \(wanted), but \(given)")
  }
}
