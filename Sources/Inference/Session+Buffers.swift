internal import COnnxRuntime

extension Session {
  /// Runs the network on memory that stays where it is: inputs are read from their buffers and
  /// outputs written into theirs, without a copy.
  ///
  /// - Parameters:
  ///   - inputs: a buffer for every declared input, by name.
  ///   - outputs: a buffer of the very type and shape the network will give, by name.
  /// - Throws: `mismatch` before anything runs when a name, element type or shape does not fit what
  ///   the network declares; `runFailed` with the network's own message, also for an output of
  ///   another shape.
  public func run(
    _ inputs: [(name: String, buffer: TensorBuffer)],
    into outputs: [(name: String, buffer: TensorBuffer)]
  ) throws {
    for (name, buffer) in inputs { try check(input(name), name, buffer) }
    for (name, buffer) in outputs { try check(output(name), name, buffer) }
    for port in self.inputs where !inputs.contains(where: { $0.name == port.name }) {
      throw InferenceError(
        .mismatch, "network \(self.name) needs input '\(port.name)', which is missing")
    }
    // Safe: names, shapes and memory are borrowed for the length of the call.
    let (failed, reason) = try unsafe Self.withPorts(inputs) { ready in
      try unsafe Self.withPorts(outputs) { places in
        unsafe withMessage { message, capacity in
          unsafe d2r_ort_run_into(
            handle, ready, ready.count, places, places.count, message, capacity)
        }
      }
    }
    if failed != 0 { throw InferenceError(.runFailed, "network \(name) failed: \(reason)") }
  }

  private func check(_ port: Port?, _ name: String, _ buffer: TensorBuffer) throws {
    guard let port else {
      throw InferenceError(.mismatch, "network \(self.name) has no input or output '\(name)'")
    }
    let fits =
      buffer.elementType == port.elementType && buffer.shape.count == port.dims.count
      && zip(buffer.shape, port.dims).allSatisfy { $1 == nil || $0 == $1 }
    guard fits else {
      throw InferenceError(
        .mismatch,
        """
        '\(name)' of network \(self.name) has shape \(port.shapeText) and type \
        \(port.elementType.map(\.description) ?? "unknown"), given \(buffer.shape) of \
        \(buffer.elementType)
        """)
    }
  }

  private static func withPorts<Answer>(
    _ buffers: [(name: String, buffer: TensorBuffer)], _ ready: [d2r_ort_input] = unsafe [],
    _ body: ([d2r_ort_input]) throws -> Answer
  ) throws -> Answer {
    guard unsafe ready.count < buffers.count else { return try unsafe body(ready) }
    let (name, buffer) = unsafe buffers[ready.count]
    let shape = buffer.shape.map(Int64.init)
    // Safe: every pointer stays inside the closure that lends it, as does the recursion.
    return try unsafe name.withCString { name in
      try unsafe shape.withUnsafeBufferPointer { dims in
        try unsafe buffer.withMemory { memory in
          let port = unsafe d2r_ort_input(
            name: name, data: memory.baseAddress, byte_count: memory.count,
            shape: dims.baseAddress, rank: dims.count,
            element_type: CInt(buffer.elementType.rawValue))
          return try unsafe withPorts(buffers, ready + [port], body)
        }
      }
    }
  }
}
