internal import Domain
internal import OpenInference

/// Compares what a server says of its inputs and outputs with a generator's description. A server
/// that says nothing is taken at the description's word.
struct RemotePorts {
  let description: RemoteDescription
  let server: String

  /// The extents after the first of the vectors' tensor: [width], or what the server writes for as
  /// many values, e.g. [100, 1, 1].
  func vectorTail(_ ports: [ModelDescription.Port]) throws -> [Int] {
    let width = description.driven.width
    guard !ports.isEmpty else { return [width] }
    let port = ports.first { $0.name == description.input }
    let tail = port.map { Array($0.shape.dropFirst()) } ?? []
    let closed = tail.map { $0 == -1 && tail.count == 1 ? width : $0 }
    guard let port, port.datatype == "FP32", !closed.isEmpty, Self.holds(closed, width) else {
      throw unfit("takes", ports, "'\(description.input)' FP32 [-1, \(width)]")
    }
    if let other = ports.first(where: { ![description.input, description.seed].contains($0.name) })
    {
      throw GenerationError(
        .networkUnfit, "\(server) wants an input '\(other.name)' that the manifest does not name")
    }
    return closed
  }

  /// True where the extents are positive and their product is `width`.
  private static func holds(_ tail: [Int], _ width: Int) -> Bool {
    var product = 1
    for extent in tail {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard extent > 0, !overflow else { return false }
      product = next
    }
    return product == width
  }

  /// [] or [1], as the server has it.
  func seedTail(_ ports: [ModelDescription.Port]) throws -> [Int] {
    guard let seed = description.seed, !ports.isEmpty else { return [1] }
    let port = ports.first { $0.name == seed }
    guard let port, port.fits(.int64, [-1]) || port.fits(.int64, [-1, 1]) else {
      throw unfit("takes", ports, "'\(seed)' INT64 [-1, 1]")
    }
    return port.shape.count == 1 ? [] : [1]
  }

  func checkOutput(_ ports: [ModelDescription.Port]) throws {
    guard !ports.isEmpty else { return }
    let (height, width) = (description.height, description.width)
    let planes = [-1, 3, height, width]
    let port = ports.first { $0.name == description.output }
    let isFit = port.map { port in
      port.fits(.uint8, [-1, height, width, 3]) || port.fits(.float32, planes)
        || port.fits(.float16, planes) || port.fits(.bytes, [-1]) || port.fits(.bytes, [-1, 1])
    }
    guard isFit == true else {
      throw unfit(
        "gives", ports,
        """
        '\(description.output)' UINT8 [-1, \(height), \(width), 3], FP32 \(planes) or BYTES [-1]
        """)
    }
  }

  private func unfit(
    _ verb: String, _ ports: [ModelDescription.Port], _ wanted: String
  ) -> GenerationError {
    let found = ports.map { "'\($0.name)' \($0.text)" }.joined(separator: ", ")
    return GenerationError(
      .networkUnfit, "\(server) \(verb) \(found) instead of \(wanted)",
      hint: "correct the manifest of \(description.name), or what the server serves")
  }
}
