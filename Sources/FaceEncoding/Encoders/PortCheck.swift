internal import Inference

/// Compares what a manifest claims with what its network declares.
struct PortCheck {
  let model: String

  /// The float32 input [N, 3, height, width]; extents that the network leaves open fit, and so
  /// does N = 1.
  @discardableResult
  func pictureInput(_ ports: [Port], name: String, width: Int?, height: Int?) throws -> Port {
    let port = try find(ports, name, "input")
    guard ports.count == 1 else {
      throw unfit("takes \(ports.count) inputs instead of 1")
    }
    let wanted = [nil, 3, height, width]
    guard port.dims.count == 4, port.dims[0] == nil || port.dims[0] == 1,
      fits(port.dims, wanted)
    else {
      let shape = Port(name: "", elementType: nil, dims: wanted).shapeText
      throw unfit("has input '\(name)' of shape \(port.shapeText) instead of \(shape)")
    }
    return port
  }

  /// The float32 output with `width` values per picture, e.g. [N, width] or [N, width, 1, 1].
  func rowOutput(_ ports: [Port], name: String, width: Int) throws {
    let port = try find(ports, name, "output")
    let perPicture = port.dims.dropFirst()
    guard !perPicture.contains(nil) else { return }
    let found = perPicture.reduce(1) { $0 * ($1 ?? 1) }
    guard found == width else {
      throw unfit("gives \(found) values per picture in '\(name)', its manifest says \(width)")
    }
  }

  /// The float32 port of that name.
  @discardableResult
  func find(_ ports: [Port], _ name: String, _ kind: String) throws -> Port {
    guard let port = ports.first(where: { $0.name == name }) else {
      let names = ports.map { "'\($0.name)'" }.joined(separator: ", ")
      throw unfit("has no \(kind) '\(name)'; it has \(names)")
    }
    guard port.elementType == .float32 else {
      throw unfit("has \(kind) '\(name)' that is not float32")
    }
    return port
  }

  private func fits(_ found: [Int?], _ wanted: [Int?]) -> Bool {
    zip(found, wanted).allSatisfy { $0 == nil || $1 == nil || $0 == $1 }
  }

  private func unfit(_ what: String) -> EncodingError {
    EncodingError(
      .networkUnfit, "model \(model) \(what)", hint: "correct its manifest.json or its file")
  }
}
