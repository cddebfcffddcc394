public import Domain
public import OpenInference

/// Pictures from a model that is served by another process.
///
/// Vectors go out as FP32 [N, width], seeds, where the model takes them, as INT64. Pictures come as
/// UINT8 [N, height, width, 3], as floats [N, 3, height, width] in the described range, or as BYTES,
/// one PNG, JPEG or WebP file each. That the same order gives the same pixels whatever it is ordered
/// with is up to the server.
public final class RemoteGenerator: Generator {
  public let description: RemoteDescription
  /// What the server said of itself.
  public let served: ModelDescription
  public let preferredBatch: Int
  private let server: ServedModel
  private let vectorTail: [Int]
  private let seedTail: [Int]

  private static let batch = 8

  /// Waits for the model and compares what the server says of it with the description.
  ///
  /// - Throws: `OpenInferenceError`; `networkUnfit` where the server describes another input or
  ///   output.
  public init(_ description: RemoteDescription, server: ServedModel) throws {
    self.description = description
    self.server = server
    served = try server.describe()
    preferredBatch = min(description.batch ?? Self.batch, served.largestBatch ?? .max)
    let ports = RemotePorts(description: description, server: server.name)
    vectorTail = try ports.vectorTail(served.inputs)
    seedTail = try ports.seedTail(served.inputs)
    try ports.checkOutput(served.outputs)
  }

  public var name: String { description.name }
  public var digest: String { description.digest }
  public var input: GeneratorInput { description.driven }

  /// Orders are sent in batches of `preferredBatch` from the first one on. A picture that repeats
  /// one of another vector (or, for generators of identities with a seed input, of another seed) is
  /// none: the model does not look at what it is asked.
  ///
  /// - Throws: `vectorsUnfit` before anything is sent, `networkUnfit` where the answer has another
  ///   type or shape, `OpenInferenceError`.
  public func pictures(for orders: PictureOrders) throws -> [GeneratedPicture] {
    try orders.check(for: self)
    var pictures: [GeneratedPicture] = []
    pictures.reserveCapacity(orders.count)
    for start in stride(from: 0, to: orders.count, by: preferredBatch) {
      pictures += try run(orders, start..<min(start + preferredBatch, orders.count))
    }
    return withoutRepeats(pictures, orders)
  }

  private func run(_ orders: PictureOrders, _ rows: Range<Int>) throws -> [GeneratedPicture] {
    let width = orders.vectors.width
    let values = Array(orders.vectors.values[rows.lowerBound * width..<rows.upperBound * width])
    var inputs = [
      WireTensor(description.input, shape: [rows.count] + vectorTail, .float32(values))
    ]
    if let seed = description.seed {
      // Without the sign's bit, since many libraries refuse a negative seed.
      let seeds = orders.seeds[rows].map { Int64($0 & 0x7FFF_FFFF_FFFF_FFFF) }
      inputs.append(WireTensor(seed, shape: [rows.count] + seedTail, .int64(seeds)))
    }
    let answer = try server.infer(
      InferRequest(inputs, outputs: [description.output], parameters: description.parameters),
      isBinary: served.takesBinary)
    let reader = RemotePictures(description: description, server: server.name)
    return try reader.read(answer[description.output], count: rows.count)
  }

  private func withoutRepeats(
    _ pictures: [GeneratedPicture], _ orders: PictureOrders
  ) -> [GeneratedPicture] {
    // All pictures are of one size.
    var first: [[UInt8]: Int] = [:]
    return pictures.enumerated().map { place, answer in
      guard let picture = answer.picture else { return answer }
      guard let earlier = first[picture.pixels] else {
        first[picture.pixels] = place
        return answer
      }
      let isAnotherSeed =
        description.driven.kind == .identity && description.seed != nil
        && orders.seeds[earlier] != orders.seeds[place]
      let vectors = orders.vectors
      guard isAnotherSeed || !vectors[row: earlier].elementsEqual(vectors[row: place]) else {
        return answer
      }
      return .none(reason: "\(server.name) gave the picture of another order again")
    }
  }
}
