internal import COnnxRuntime

/// ONNX Runtime, loaded from a file while the program runs.
///
/// One per process is enough; sessions share it and keep it alive. It sends no telemetry.
///
/// `@unchecked Sendable`: the handle is set once and the library's environment may be used from
/// any thread.
@safe public final class InferenceRuntime: @unchecked Sendable {
  /// The library's own version, e.g. `1.32.0`.
  public let version: String
  /// The file that was loaded.
  public let path: String
  let library: OpaquePointer

  /// Loads exactly this file.
  ///
  /// - Throws: `runtimeUnusable` when it cannot be loaded or is not ONNX Runtime.
  public init(path: String) throws {
    // Safe: the message buffer outlives the call, and the handle is owned by this object alone.
    let (opened, reason) = unsafe withMessage { buffer, capacity in
      unsafe d2r_ort_open(path, buffer, capacity)
    }
    guard let opened = unsafe opened else {
      throw InferenceError(
        .runtimeUnusable, "\(path) is not a usable ONNX Runtime: \(reason)",
        hint: RuntimePlaces.hint)
    }
    unsafe self.library = opened
    self.path = path
    // Safe: the text lives as long as the handle and is copied here.
    self.version = unsafe String(cString: d2r_ort_version(opened))
  }

  deinit { unsafe d2r_ort_close(library) }

  /// Loads the first ONNX Runtime found.
  ///
  /// - Parameter places: files or folders in order of preference. In a folder the newest
  ///   `libonnxruntime.so*` is taken; a bare name is left to the system's own search.
  /// - Throws: `runtimeMissing` naming the places when there is none; `runtimeUnusable` when the
  ///   first one found cannot be used, rather than going on to another one silently.
  public static func load(searching places: [String] = RuntimePlaces.standard()) throws
    -> InferenceRuntime
  {
    for place in places {
      if !place.contains("/") {
        if let runtime = try? InferenceRuntime(path: place) { return runtime }
      } else if let file = RuntimePlaces.library(at: place) {
        return try InferenceRuntime(path: file)
      }
    }
    throw InferenceError(
      .runtimeMissing, "ONNX Runtime is not installed; looked in \(places.joined(separator: ", "))",
      hint: RuntimePlaces.hint)
  }
}

/// Calls `body` with a buffer for one line of text and returns its result and that text.
@unsafe func withMessage<Result>(_ body: (UnsafeMutablePointer<CChar>, Int) -> Result)
  -> (Result, String)
{
  // Safe: the buffer starts with a terminator, and the C side always terminates what it writes.
  unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { buffer in
    unsafe buffer.initialize(repeating: 0)
    let base = unsafe buffer.baseAddress.unsafelyUnwrapped
    let result = unsafe body(base, buffer.count)
    return (result, unsafe String(cString: base))
  }
}
