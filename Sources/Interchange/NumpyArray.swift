public import Domain

/// An array as an .npy file holds it, of one to eight dimensions.
public struct NumpyArray: Equatable, Sendable {
  /// The kinds of number that are read; raw values are the file's own, little endian.
  public enum Kind: String, CaseIterable, Sendable {
    case float16 = "<f2"
    case float32 = "<f4"
    case float64 = "<f8"
    case int64 = "<i8"
  }

  /// The numbers, row-major.
  public enum Values: Equatable, Sendable {
    /// Of float16 and float32 arrays.
    case floats([Float])
    case doubles([Double])
    case integers([Int64])
  }

  public let kind: Kind
  /// One to eight sizes, none negative.
  public let shape: [Int]
  public let values: Values

  /// - Precondition: one to eight dimensions, and as many values of the fitting case as their
  ///   product.
  init(kind: Kind, shape: [Int], values: Values) {
    precondition(
      (1...NumpyHeader.mostDimensions).contains(shape.count) && values.count == shape.reduce(1, *))
    self.kind = kind
    self.shape = shape
    self.values = values
  }

  /// A float32 array of `count` × `width`.
  public init(_ vectors: Vectors) {
    self.init(
      kind: .float32, shape: [vectors.count, vectors.width], values: .floats(vectors.values))
  }

  /// A one-dimensional float32 array.
  public init(_ floats: [Float]) {
    self.init(kind: .float32, shape: [floats.count], values: .floats(floats))
  }

  /// A float32 array of any shape, row-major.
  /// - Precondition: one to eight dimensions, and as many values as their product.
  public init(shape: [Int], _ floats: [Float]) {
    self.init(kind: .float32, shape: shape, values: .floats(floats))
  }

  /// A one-dimensional float64 array.
  public init(_ doubles: [Double]) {
    self.init(kind: .float64, shape: [doubles.count], values: .doubles(doubles))
  }

  /// A one-dimensional int64 array.
  public init(_ integers: [Int64]) {
    self.init(kind: .int64, shape: [integers.count], values: .integers(integers))
  }
}

extension NumpyArray.Values {
  var count: Int {
    switch self {
    case .floats(let floats): floats.count
    case .doubles(let doubles): doubles.count
    case .integers(let integers): integers.count
    }
  }

  /// The values as float32, rounded to the nearest; nil for whole numbers.
  public var asFloats: [Float]? {
    switch self {
    case .floats(let floats): floats
    case .doubles(let doubles): doubles.map { Float($0) }
    case .integers: nil
    }
  }
}
