internal import Diagnostics

/// What a model is asked.
public struct InferRequest: Equatable, Sendable {
  public var inputs: [WireTensor]
  /// The outputs wanted, by name.
  public var outputs: [String]
  /// Settings for the whole request, e.g. a number of steps.
  public var parameters: [String: WireParameter]

  public init(
    _ inputs: [WireTensor], outputs: [String], parameters: [String: WireParameter] = [:]
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.parameters = parameters
  }

  /// The request as a body; with binary tensors, also the length of its JSON part.
  ///
  /// - Throws: `badRequest` for a tensor whose shape and values do not fit, or a number that JSON has
  ///   no word for.
  func body(isBinary: Bool) throws(OpenInferenceError) -> (bytes: [UInt8], header: Int?) {
    for tensor in inputs { try Self.check(tensor, isBinary: isBinary) }
    var document: JSONValue = [
      "outputs": .array(outputs.map { ["name": .string($0)] })
    ]
    var parameters = self.parameters.mapValues(\.json)
    if isBinary { parameters["binary_data_output"] = true }
    if !parameters.isEmpty { document["parameters"] = .object(parameters) }
    guard isBinary else {
      document["inputs"] = .array(
        inputs.map { Self.header($0, ["data": WireText.encode($0.values)]) })
      return (Array(document.compact.utf8), nil)
    }
    let blocks = inputs.map { WireBytes.encode($0.values) }
    document["inputs"] = .array(
      zip(inputs, blocks).map { tensor, block in
        Self.header(tensor, ["parameters": ["binary_data_size": .int(block.count)]])
      })
    let header = Array(document.compact.utf8)
    return (header + blocks.joined(), header.count)
  }

  private static func header(_ tensor: WireTensor, _ rest: JSONValue) -> JSONValue {
    var header = rest
    header["name"] = .string(tensor.name)
    header["shape"] = .array(tensor.shape.map { .int($0) })
    header["datatype"] = .string(tensor.values.type.rawValue)
    return header
  }

  private static func check(
    _ tensor: WireTensor, isBinary: Bool
  ) throws(OpenInferenceError) {
    guard WireShape.count(tensor.shape) == tensor.values.count else {
      throw OpenInferenceError(
        .badRequest, "input '\(tensor.name)' has \(tensor.values.count) values for \(tensor.text)")
    }
    guard !isBinary else { return }
    switch tensor.values {
    case .float32(let values) where values.allSatisfy(\.isFinite): return
    case .uint8, .int64: return
    default:
      throw OpenInferenceError(
        .badRequest, "input '\(tensor.name)' of \(tensor.text) can only be sent as binary data",
        hint: "use a server with the binary tensor extension")
    }
  }
}

/// A setting of a request.
public enum WireParameter: Equatable, Sendable {
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(String)

  var json: JSONValue {
    switch self {
    case .bool(let value): .bool(value)
    case .int(let value): .int(value)
    case .double(let value): .double(value)
    case .string(let value): .string(value)
    }
  }
}

/// Shapes.
enum WireShape {
  /// The number of elements; nil for a negative extent or a product beyond `Int`.
  static func count(_ shape: [Int]) -> Int? {
    var count = 1
    for extent in shape {
      guard extent >= 0 else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      count = product
    }
    return count
  }
}
