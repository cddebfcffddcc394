import Domain
import FoundationEssentials
import Inference
import Testing

/// A folder of one's own for one test.
final class Scratch {
  let path = FileManager.default.temporaryDirectory.path + "/d2r-inference-" + UUID().uuidString

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String, _ bytes: [UInt8] = []) throws -> String {
    try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
    return "\(path)/\(name)"
  }
}

struct RuntimeTests {
  @Test func `a missing runtime says where it was looked for and how to install it`() throws {
    let scratch = try Scratch()
    let error = #expect(throws: InferenceError.self) {
      try InferenceRuntime.load(searching: [scratch.path, scratch.path + "/nothing"])
    }
    #expect(error?.code == .runtimeMissing)
    #expect(
      error?.message
        == "ONNX Runtime is not installed; looked in \(scratch.path), \(scratch.path)/nothing")
    #expect(error?.hint?.contains("Scripts/install-models") == true)
  }

  @Test func `a file that is no library is refused with its name`() throws {
    let scratch = try Scratch()
    let file = try scratch.file("libonnxruntime.so.9", Array("not a library".utf8))
    let error = #expect(throws: InferenceError.self) {
      try InferenceRuntime.load(searching: [scratch.path])
    }
    #expect(error?.code == .runtimeUnusable)
    #expect(error?.message.hasPrefix("\(file) is not a usable ONNX Runtime: ") == true)
    #expect(error?.hint?.contains("Scripts/install-models") == true)
  }

  @Test func `a library that is another one is refused`() {
    let error = #expect(throws: InferenceError.self) {
      try InferenceRuntime(path: "libm.so.6")
    }
    #expect(
      error?.message
        == "libm.so.6 is not a usable ONNX Runtime: it is a library, but not ONNX Runtime")
  }

  @Test func `the variable is the only place when it is set`() {
    let places = RuntimePlaces.standard(
      environment: ["D2R_ONNXRUNTIME": "/x/lib.so", "HOME": "/h"], binary: "/b/tool")
    #expect(places == ["/x/lib.so"])
    let bare = RuntimePlaces.standard(environment: ["D2R_ONNXRUNTIME": "lib.so"], binary: nil)
    #expect(bare == ["./lib.so"])
  }

  @Test func `the binary's folder comes before the install folder and the system`() {
    let places = RuntimePlaces.standard(environment: ["HOME": "/h"], binary: "/b/tool")
    #expect(
      places == [
        "/b", "/h/.local/share/d2r-curate/runtime", "libonnxruntime.so.1", "libonnxruntime.so",
      ])
    let elsewhere = RuntimePlaces.standard(environment: ["D2R_HOME": "/d"], binary: "/b/tool")
    #expect(elsewhere[1] == "/d/runtime")
  }

  @Test(.enabled(if: Installed.runtime != nil, Installed.advice))
  func `of several versions in a folder the newest is taken`() throws {
    let real = try #require(Installed.runtime).path
    let scratch = try Scratch()
    _ = try scratch.file("libonnxruntime.so.1.9.0", [1])
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path + "/libonnxruntime.so.1.32.0", withDestinationPath: real)
    let runtime = try InferenceRuntime.load(searching: [scratch.path])
    #expect(runtime.path == scratch.path + "/libonnxruntime.so.1.32.0")
  }

  @Test(.enabled(if: Installed.runtime != nil, Installed.advice))
  func `the runtime can be loaded again and again`() throws {
    let path = try #require(Installed.runtime).path
    for _ in 0..<3 { #expect(try !InferenceRuntime(path: path).version.isEmpty) }
  }
}
