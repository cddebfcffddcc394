extension Tensor {
  /// The numbers as the wanted element type: rounded to the nearest in floating types, and to the
  /// nearest whole number, kept within the type's range, in integer ones.
  public init(shape: [Int], _ values: [Float], as elementType: ElementType) {
    self.shape = shape
    self.values =
      switch elementType {
      case .float32: .float32(values)
      case .float16: .float16(values.map { Float16($0) })
      case .float64: .float64(values.map { Double($0) })
      case .uint8: .uint8(values.map { whole($0) })
      case .int32: .int32(values.map { whole($0) })
      case .int64: .int64(values.map { whole($0) })
      }
  }

  /// The numbers as float32, nil for integers.
  public var asFloats: [Float]? {
    switch values {
    case .float32(let values): values
    case .float16(let values): values.map { Float($0) }
    case .float64(let values): values.map { Float($0) }
    case .uint8, .int32, .int64: nil
    }
  }
}

/// The nearest whole number of the type; 0 for what is not a number.
func whole<Number: FixedWidthInteger>(_ value: Float) -> Number {
  guard !value.isNaN else { return 0 }
  let rounded = value.rounded()
  if rounded <= Float(Number.min) { return .min }
  return rounded >= Float(Number.max) ? .max : Number(rounded)
}
