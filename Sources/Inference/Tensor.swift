/// The element types that tensors can have here. The raw value is ONNX's own number.
public enum ElementType: Int, Sendable, CustomStringConvertible {
  case float32 = 1
  case uint8 = 2
  case int32 = 6
  case int64 = 7
  case float16 = 10
  case float64 = 11

  public var description: String {
    switch self {
    case .float32: "float32"
    case .uint8: "uint8"
    case .int32: "int32"
    case .int64: "int64"
    case .float16: "float16"
    case .float64: "float64"
    }
  }

  /// Bytes per number.
  public var byteCount: Int {
    switch self {
    case .uint8: 1
    case .float16: 2
    case .float32, .int32: 4
    case .int64, .float64: 8
    }
  }
}

/// Numbers in row-major order.
public enum TensorValues: Equatable, Sendable {
  case float32([Float])
  case uint8([UInt8])
  case int32([Int32])
  case int64([Int64])
  case float16([Float16])
  case float64([Double])

  public var elementType: ElementType {
    switch self {
    case .float32: .float32
    case .uint8: .uint8
    case .int32: .int32
    case .int64: .int64
    case .float16: .float16
    case .float64: .float64
    }
  }

  public var count: Int {
    switch self {
    case .float32(let values): values.count
    case .uint8(let values): values.count
    case .int32(let values): values.count
    case .int64(let values): values.count
    case .float16(let values): values.count
    case .float64(let values): values.count
    }
  }
}

/// Numbers with a shape. Whether they fit together is checked when a network is run.
public struct Tensor: Equatable, Sendable {
  /// Extent of each dimension, outermost first; empty for a single number.
  public var shape: [Int]
  public var values: TensorValues

  public init(shape: [Int], values: TensorValues) {
    self.shape = shape
    self.values = values
  }

  public init(shape: [Int], _ values: [Float]) {
    self.init(shape: shape, values: .float32(values))
  }

  public init(shape: [Int], _ values: [Int64]) {
    self.init(shape: shape, values: .int64(values))
  }

  /// The numbers when they are float32, else nil.
  public var floats: [Float]? {
    if case .float32(let values) = values { values } else { nil }
  }
}

/// A tensor under the name a network knows it by.
public struct NamedTensor: Equatable, Sendable {
  public var name: String
  public var tensor: Tensor

  public init(_ name: String, _ tensor: Tensor) {
    self.name = name
    self.tensor = tensor
  }
}
