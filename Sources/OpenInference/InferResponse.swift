internal import Diagnostics

/// What a model answered. Everything in it was checked: names, types, shapes and sizes add up.
public struct InferResponse: Equatable, Sendable {
  public var outputs: [WireTensor]

  /// Reads an answer's body, from any server, however ill-meaning.
  ///
  /// - Parameters:
  ///   - header: bytes of the JSON part; nil where the body is all JSON.
  ///   - wanted: the outputs that must be there, each once.
  /// - Throws: `badAnswer`.
  public init(
    body: [UInt8], header: Int?, wanted: [String]
  ) throws(OpenInferenceError) {
    if let header, !(0...body.count).contains(header) {
      throw Self.bad("says its JSON part has \(header) bytes, of \(body.count) in all")
    }
    let document = try Self.document(Array(body[..<(header ?? body.count)]))
    guard let listed = document["outputs"]?.arrayValue else {
      throw Self.bad("has no list 'outputs'")
    }
    var rest = header.map { body[$0...] } ?? []
    outputs = []
    for entry in listed {
      let tensor = try Self.tensor(entry, from: &rest)
      guard !outputs.contains(where: { $0.name == tensor.name }) else {
        throw Self.bad("holds output '\(tensor.name)' twice")
      }
      outputs.append(tensor)
    }
    guard rest.isEmpty else { throw Self.bad("has \(rest.count) bytes that belong to no output") }
    for name in wanted where !outputs.contains(where: { $0.name == name }) {
      let names = outputs.map { "'\($0.name)'" }.joined(separator: ", ")
      throw Self.bad("holds no output '\(name)'; it has \(names.isEmpty ? "none" : names)")
    }
  }

  /// The output of that name.
  public subscript(name: String) -> WireTensor? { outputs.first { $0.name == name } }

  private static func document(_ bytes: [UInt8]) throws(OpenInferenceError) -> JSONValue {
    do {
      return try JSONValue(parsing: WireText.withoutBareWords(bytes), depthLimit: 16)
    } catch {
      throw bad("is not the JSON it should be: \(error.message)")
    }
  }

  private static func tensor(
    _ entry: JSONValue, from rest: inout ArraySlice<UInt8>
  ) throws(OpenInferenceError) -> WireTensor {
    guard let name = entry["name"]?.stringValue else { throw bad("holds an output with no name") }
    guard let type = entry["datatype"]?.stringValue.flatMap(WireType.init) else {
      throw bad("gives output '\(name)' no datatype of the protocol")
    }
    let shape = entry["shape"]?.arrayValue?.compactMap(\.intValue) ?? [-1]
    guard shape.count == entry["shape"]?.arrayValue?.count, shape.count <= 16,
      let count = WireShape.count(shape)
    else { throw bad("gives output '\(name)' no shape of whole numbers from 0 on") }
    let what = "\(type.rawValue) \(shape)"
    if let stated = entry["parameters"]?["binary_data_size"] {
      guard let size = stated.intValue, (0...rest.count).contains(size) else {
        throw bad(
          "says \(stated.compact) bytes belong to output '\(name)', and \(rest.count) are there")
      }
      guard let values = WireBytes.decode(type, rest.prefix(size), count: count) else {
        throw bad("has \(size) bytes for output '\(name)', which is no \(what) read here")
      }
      rest = rest.dropFirst(size)
      return WireTensor(name, shape: shape, values)
    }
    guard let data = entry["data"], let values = WireText.decode(type, data, count: count) else {
      throw bad("has no data for output '\(name)' that is \(what)")
    }
    return WireTensor(name, shape: shape, values)
  }

  private static func bad(_ what: String) -> OpenInferenceError {
    OpenInferenceError(.badAnswer, "the answer \(what)")
  }
}
