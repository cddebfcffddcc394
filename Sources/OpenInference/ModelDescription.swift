internal import Diagnostics

/// What a server says about itself and about a model.
public struct ModelDescription: Equatable, Sendable {
  /// One input or output. An extent that is left open is -1.
  public struct Port: Equatable, Sendable {
    public var name: String
    /// As the server writes it.
    public var datatype: String
    public var shape: [Int]

    /// E.g. `FP32 [-1, 100]`.
    public var text: String { "\(datatype) \(shape)" }

    /// True where a tensor of this type and shape fits; 1 or -1 in a place leave it open.
    public func fits(_ type: WireType, _ wanted: [Int]) -> Bool {
      datatype == type.rawValue && shape.count == wanted.count
        && zip(shape, wanted).allSatisfy { $0 == -1 || $1 == -1 || $0 == $1 }
    }
  }

  /// E.g. `triton 2.51.0`.
  public var server: String
  /// Whether tensors can travel as bytes.
  public var takesBinary: Bool
  /// Empty where the server does not say.
  public var inputs: [Port]
  public var outputs: [Port]
  /// The most items of one request; nil where the server does not say.
  public var largestBatch: Int?

  /// From the documents of `/v2`, `/v2/models/NAME` and, where there is one,
  /// `/v2/models/NAME/config`.
  ///
  /// - Throws: `badAnswer`.
  public init(
    server: [UInt8], model: [UInt8], configuration: [UInt8]?
  ) throws(OpenInferenceError) {
    let about = try Self.document(server, "its description of itself")
    let words = [about["name"]?.stringValue, about["version"]?.stringValue].compactMap { $0 }
    self.server = words.isEmpty ? "a server without a name" : words.joined(separator: " ")
    takesBinary =
      about["extensions"]?.arrayValue?.contains(.string("binary_tensor_data")) ?? false
    let document = try Self.document(model, "its description of the model")
    inputs = try Self.ports(document["inputs"])
    outputs = try Self.ports(document["outputs"])
    if let configuration {
      let settings = try Self.document(configuration, "its configuration of the model")
      // Triton's 0 means that there is no dimension for batches.
      largestBatch = settings["max_batch_size"]?.intValue.flatMap { $0 < 0 ? nil : max($0, 1) }
    }
  }

  private static func document(
    _ bytes: [UInt8], _ what: String
  ) throws(OpenInferenceError) -> JSONValue {
    do {
      let value = try JSONValue(parsing: bytes, depthLimit: 64)
      guard value.objectValue != nil else {
        throw OpenInferenceError(.badAnswer, "\(what) is no JSON object")
      }
      return value
    } catch let error as OpenInferenceError {
      throw error
    } catch {
      throw OpenInferenceError(.badAnswer, "\(what) is not JSON")
    }
  }

  private static func ports(_ list: JSONValue?) throws(OpenInferenceError) -> [Port] {
    guard let list, !list.isNull else { return [] }
    var ports: [Port] = []
    for entry in list.arrayValue ?? [.null] {
      guard let name = entry["name"]?.stringValue, let type = entry["datatype"]?.stringValue,
        let shape = entry["shape"]?.arrayValue
      else {
        throw OpenInferenceError(
          .badAnswer,
          "its description of the model has an input or output without name, type or shape"
        )
      }
      ports.append(Port(name: name, datatype: type, shape: shape.map { $0.intValue ?? -1 }))
    }
    return ports
  }
}
