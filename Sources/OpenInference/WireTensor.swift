/// Numbers, or byte strings, with a name and a shape, as they are sent and come.
public struct WireTensor: Equatable, Sendable {
  public var name: String
  /// Extent of each dimension, outermost first.
  public var shape: [Int]
  public var values: WireValues

  public init(_ name: String, shape: [Int], _ values: WireValues) {
    self.name = name
    self.shape = shape
    self.values = values
  }

  /// E.g. `FP32 [2, 100]`.
  public var text: String { "\(values.type.rawValue) \(shape)" }
}

/// The kinds of values that are read and written here, in row-major order.
public enum WireValues: Equatable, Sendable {
  case float32([Float])
  case float16([Float16])
  case uint8([UInt8])
  case int64([Int64])
  case bytes([[UInt8]])

  public var type: WireType {
    switch self {
    case .float32: .float32
    case .float16: .float16
    case .uint8: .uint8
    case .int64: .int64
    case .bytes: .bytes
    }
  }

  public var count: Int {
    switch self {
    case .float32(let values): values.count
    case .float16(let values): values.count
    case .uint8(let values): values.count
    case .int64(let values): values.count
    case .bytes(let values): values.count
    }
  }

  /// The numbers where they are floats of either width.
  public var floats: [Float]? {
    switch self {
    case .float32(let values): values
    case .float16(let values): values.map(Float.init)
    default: nil
    }
  }
}
