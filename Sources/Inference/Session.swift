internal import COnnxRuntime

/// How a network is opened.
public struct SessionOptions: Equatable, Sendable {
  /// Threads the network may use within one run, at least 1. With 1 the answer's bits do not
  /// depend on the machine's load or core count; callers then run sessions side by side.
  public var threads: Int

  public init(threads: Int = 1) { self.threads = threads }
}

/// A network ready to run. Safe to run from several threads at once.
///
/// `@unchecked Sendable`: the handle is set once, and ONNX Runtime lets one session be run from
/// several threads.
@safe public struct Session: ~Copyable, @unchecked Sendable {
  public let inputs: [Port]
  public let outputs: [Port]
  /// What messages call the network: its path, or the name given with its bytes.
  public let name: String
  private let runtime: InferenceRuntime
  let handle: OpaquePointer

  /// Opens the network in a file.
  ///
  /// - Throws: `modelUnusable` when it is missing or not a valid ONNX network.
  public init(
    path: String, options: SessionOptions = SessionOptions(), runtime: InferenceRuntime
  ) throws {
    // Safe: the path's text lives for the length of the call that reads it.
    let handle = try unsafe path.withCString { text in
      let model = unsafe d2r_ort_model(
        path: text, bytes: nil, byte_count: 0, threads: CInt(clamping: max(1, options.threads)))
      return try unsafe Self.open(model, name: path, runtime: runtime)
    }
    unsafe self.init(handle: handle, name: path, runtime: runtime)
  }

  /// Opens a network that is in memory; `name` is used in messages only.
  ///
  /// - Throws: `modelUnusable` when the bytes are not a valid ONNX network.
  public init(
    bytes: [UInt8], name: String, options: SessionOptions = SessionOptions(),
    runtime: InferenceRuntime
  ) throws {
    // Safe: ONNX Runtime copies what it needs of the bytes before the call returns.
    let handle = try unsafe bytes.withUnsafeBytes { raw in
      let model = unsafe d2r_ort_model(
        path: nil, bytes: raw.baseAddress, byte_count: raw.count,
        threads: CInt(clamping: max(1, options.threads)))
      return try unsafe Self.open(model, name: name, runtime: runtime)
    }
    unsafe self.init(handle: handle, name: name, runtime: runtime)
  }

  /// Takes over `handle`, and keeps the runtime alive until after it is closed.
  private init(handle: OpaquePointer, name: String, runtime: InferenceRuntime) {
    unsafe self.handle = handle
    self.name = name
    self.runtime = runtime
    self.inputs = unsafe Self.ports(of: handle, output: 0)
    self.outputs = unsafe Self.ports(of: handle, output: 1)
  }

  private static func open(
    _ model: d2r_ort_model, name: String, runtime: InferenceRuntime
  ) throws -> OpaquePointer {
    // Safe: `model` points at memory that the callers hold until this returns.
    let (opened, reason) = unsafe withMessage { buffer, capacity in
      unsafe withUnsafePointer(to: model) {
        unsafe d2r_ort_session_open(runtime.library, $0, buffer, capacity)
      }
    }
    guard let opened = unsafe opened else {
      throw InferenceError(
        .modelUnusable, "network \(name) cannot be opened: \(reason)",
        hint: "check the file, or install it again with: Scripts/install-models")
    }
    return unsafe opened
  }

  deinit { unsafe d2r_ort_session_close(handle) }

  private static func ports(of handle: OpaquePointer, output: CInt) -> [Port] {
    // Safe: the handle is alive, indexes stay below the count, and everything is copied.
    let count = unsafe d2r_ort_session_port_count(handle, output)
    return (0..<count).map { index in
      let port = unsafe d2r_ort_session_port(handle, output, index).pointee
      return unsafe Port(
        name: String(cString: port.name),
        elementType: ElementType(rawValue: Int(port.element_type)),
        dims: shape(of: port).map { $0 < 0 ? nil : $0 })
    }
  }

  /// The description's dimensions; an open one is negative.
  private static func shape(of port: d2r_ort_port) -> [Int] {
    // Safe: a fixed-size C array is laid out without gaps, and the rank never exceeds its size.
    unsafe withUnsafeBytes(of: port.dims) { raw in
      unsafe raw.bindMemory(to: Int64.self).prefix(port.rank).map { Int($0) }
    }
  }

  /// Runs the network once.
  ///
  /// - Parameters:
  ///   - inputs: one tensor for every declared input, in any order.
  ///   - outputs: the outputs wanted, by name.
  /// - Returns: the outputs, in the order asked for.
  /// - Throws: `mismatch` before anything runs when a name, element type, shape or count of
  ///   numbers does not fit; `runFailed` with ONNX Runtime's own words otherwise.
  public func run(_ inputs: [NamedTensor], outputs: [String]) throws -> [Tensor] {
    try check(inputs, outputs)
    // Safe: names and buffers are borrowed for the length of the call and only read.
    return try unsafe Borrowed.withInputs(inputs) { ready in
      try unsafe Borrowed.withNames(outputs) { names in
        try unsafe run(ready, names)
      }
    }
  }

  private func run(
    _ inputs: [d2r_ort_input], _ outputs: [UnsafePointer<CChar>?]
  ) throws -> [Tensor] {
    var values = unsafe [OpaquePointer?](repeating: nil, count: outputs.count)
    // Safe: `values` has room for every output; each handle is read, then released exactly once.
    let (failed, reason) = unsafe withMessage { buffer, capacity in
      unsafe d2r_ort_run(
        handle, inputs, inputs.count, outputs, outputs.count, &values, buffer, capacity)
    }
    guard failed == 0 else {
      throw InferenceError(.runFailed, "network \(name) failed: \(reason)")
    }
    defer {
      for index in unsafe outputs.indices { unsafe d2r_ort_value_release(handle, values[index]) }
    }
    return try unsafe values.map { value in
      guard let value = unsafe value else {
        throw InferenceError(.runFailed, "network \(name) left an output out")
      }
      return try unsafe read(value)
    }
  }

  private func read(_ value: OpaquePointer) throws -> Tensor {
    var description = unsafe d2r_ort_port()
    var data: UnsafeRawPointer?
    var count = 0
    // Safe: the elements live until the value is released, after they have been copied here.
    let (failed, reason) = unsafe withMessage { buffer, capacity in
      unsafe d2r_ort_value_read(
        handle, value, &description, &data, &count, buffer, capacity)
    }
    guard failed == 0 else {
      throw InferenceError(.runFailed, "network \(name) gave an unreadable output: \(reason)")
    }
    let shape = unsafe Self.shape(of: description)
    let type = unsafe Int(description.element_type)
    guard let type = ElementType(rawValue: type) else {
      throw InferenceError(
        .runFailed, "network \(name) gave an output of element type \(type), which is not supported"
      )
    }
    return Tensor(shape: shape, values: unsafe Borrowed.copy(type, data, count))
  }
}
