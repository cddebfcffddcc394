internal import COnnxRuntime

/// Lends Swift arrays to C for the length of a call, and copies answers out.
@unsafe enum Borrowed {
  /// Calls `body` with one C description per tensor; nothing in them may be kept.
  static func withInputs<Result>(
    _ tensors: [NamedTensor], _ ready: [d2r_ort_input] = unsafe [],
    _ body: ([d2r_ort_input]) throws -> Result
  ) throws -> Result {
    guard unsafe ready.count < tensors.count else { return try unsafe body(ready) }
    let next = unsafe tensors[ready.count]
    let shape = next.tensor.shape.map(Int64.init)
    // Safe: every pointer stays inside the closure that lends it, as does the recursion.
    return try unsafe next.name.withCString { name in
      try unsafe shape.withUnsafeBufferPointer { dims in
        try unsafe withBytes(of: next.tensor.values) { bytes in
          let input = unsafe d2r_ort_input(
            name: name, data: bytes.baseAddress, byte_count: bytes.count,
            shape: dims.baseAddress, rank: dims.count,
            element_type: CInt(next.tensor.values.elementType.rawValue))
          return try unsafe withInputs(tensors, ready + [input], body)
        }
      }
    }
  }

  /// Calls `body` with the names as C strings.
  static func withNames<Result>(
    _ names: [String], _ ready: [UnsafePointer<CChar>?] = unsafe [],
    _ body: ([UnsafePointer<CChar>?]) throws -> Result
  ) throws -> Result {
    guard unsafe ready.count < names.count else { return try unsafe body(ready) }
    // Safe: the pointer stays inside the closure that lends it.
    return try unsafe names[unsafe ready.count].withCString { name in
      try unsafe withNames(names, ready + [name], body)
    }
  }

  private static func withBytes<Result>(
    of values: TensorValues, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    // Safe: the arrays hold plain numbers, which may be read as bytes.
    switch values {
    case .float32(let numbers): try unsafe numbers.withUnsafeBytes(body)
    case .uint8(let numbers): try unsafe numbers.withUnsafeBytes(body)
    case .int32(let numbers): try unsafe numbers.withUnsafeBytes(body)
    case .int64(let numbers): try unsafe numbers.withUnsafeBytes(body)
    case .float16(let numbers): try unsafe numbers.withUnsafeBytes(body)
    case .float64(let numbers): try unsafe numbers.withUnsafeBytes(body)
    }
  }

  /// A copy of `count` elements of the given type.
  static func copy(_ type: ElementType, _ data: UnsafeRawPointer?, _ count: Int) -> TensorValues {
    switch type {
    case .float32: unsafe .float32(array(data, count))
    case .uint8: unsafe .uint8(array(data, count))
    case .int32: unsafe .int32(array(data, count))
    case .int64: unsafe .int64(array(data, count))
    case .float16: unsafe .float16(array(data, count))
    case .float64: unsafe .float64(array(data, count))
    }
  }

  private static func array<Number: BitwiseCopyable>(_ data: UnsafeRawPointer?, _ count: Int)
    -> [Number]
  {
    guard let data = unsafe data, count > 0 else { return [] }
    // Safe: the library states type and count of its own buffer, which is aligned for the type.
    return unsafe Array(
      UnsafeBufferPointer(start: data.assumingMemoryBound(to: Number.self), count: count))
  }
}
