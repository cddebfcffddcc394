/// One input or output as a network declares it.
public struct Port: Equatable, Sendable {
  public let name: String
  /// Nil for a type that is not in `ElementType`.
  public let elementType: ElementType?
  /// Extent of each dimension, outermost first; nil where the network takes any extent.
  public let dims: [Int?]

  public init(name: String, elementType: ElementType?, dims: [Int?]) {
    self.name = name
    self.elementType = elementType
    self.dims = dims
  }

  /// The shape as people write it, e.g. `?x3x112x112`.
  public var shapeText: String {
    dims.isEmpty
      ? "a single number" : dims.map { $0.map(String.init) ?? "?" }.joined(separator: "x")
  }
}

extension Port {
  /// Throws `mismatch` unless `tensor` has this port's element type, rank and fixed extents and
  /// as many numbers as its shape says. A tensor without numbers is refused too.
  func check(_ tensor: Tensor) throws {
    let given = Self.text(of: tensor.shape)
    guard let elementType else {
      throw InferenceError(.mismatch, "input '\(name)' has an element type that is not supported")
    }
    guard tensor.values.elementType == elementType else {
      throw InferenceError(
        .mismatch, "input '\(name)' takes \(elementType), given \(tensor.values.elementType)")
    }
    let fits =
      tensor.shape.count == dims.count
      && zip(tensor.shape, dims).allSatisfy { $1 == nil || $0 == $1 }
    guard fits else {
      throw InferenceError(.mismatch, "input '\(name)' has shape \(shapeText), given \(given)")
    }
    guard tensor.shape.allSatisfy({ $0 > 0 }) else {
      throw InferenceError(.mismatch, "input '\(name)' is empty: shape \(given)")
    }
    let wanted = Self.elementCount(tensor.shape)
    guard wanted == tensor.values.count else {
      throw InferenceError(
        .mismatch,
        "input '\(name)' of shape \(given) needs \(wanted.map(String.init) ?? "too many") numbers,"
          + " given \(tensor.values.count)")
    }
  }

  private static func text(of shape: [Int]) -> String {
    shape.isEmpty ? "a single number" : shape.map(String.init).joined(separator: "x")
  }

  /// The product of the extents, nil when it does not fit an `Int`.
  private static func elementCount(_ shape: [Int]) -> Int? {
    var product = 1
    for extent in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      if overflow { return nil }
      product = next
    }
    return product
  }
}
