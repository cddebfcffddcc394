import Domain
import FoundationEssentials
import Inference
import Testing

@Suite(.enabled(if: Installed.hasAll, Installed.advice))
struct SessionTests {
  private let dlib = "identity_dlib_resnet_v1_arc112"
  private let yunet = "detector_yunet_2026may"

  private func faces(_ count: Int, seed: UInt64 = 1) -> NamedTensor {
    let pixels = Installed.noise(count * 3 * 112 * 112, seed: seed).map { 127.5 * ($0 + 1) }
    return NamedTensor("input", Tensor(shape: [count, 3, 112, 112], pixels))
  }

  /// The message of the mismatch that running with these inputs gives.
  private func mismatch(
    _ inputs: [NamedTensor], outputs: [String] = ["embedding"]
  ) throws -> String? {
    let session = try Installed.session(dlib)
    do {
      _ = try session.run(inputs, outputs: outputs)
      return nil
    } catch let error as InferenceError {
      #expect(error.code == .mismatch)
      return error.message
    }
  }

  @Test func `a network says what it takes and gives`() throws {
    let session = try Installed.session(dlib)
    #expect(
      session.inputs == [
        Port(name: "input", elementType: .float32, dims: [nil, 3, 112, 112])
      ])
    #expect(
      session.outputs == [Port(name: "embedding", elementType: .float32, dims: [nil, 128])])
    #expect(session.inputs.first?.shapeText == "?x3x112x112")
  }

  @Test func `the same input gives the same bits, run after run and session after session`() throws
  {
    let session = try Installed.session(dlib)
    let first = try session.run([faces(3)], outputs: ["embedding"])
    #expect(first.first?.shape == [3, 128])
    #expect(try session.run([faces(3)], outputs: ["embedding"]) == first)
    let other = try Installed.session(dlib)
    #expect(try other.run([faces(3)], outputs: ["embedding"]) == first)
  }

  @Test func `a network opened from bytes answers like the one opened from its file`() throws {
    let bytes = Array(try Data(contentsOf: URL(filePath: Installed.model(dlib))))
    let session = try Session(
      bytes: bytes, name: "dlib", runtime: #require(Installed.runtime))
    let expected = try Installed.session(dlib).run([faces(2)], outputs: ["embedding"])
    #expect(try session.run([faces(2)], outputs: ["embedding"]) == expected)
  }

  @Test func `one session run by four threads at once gives every caller its own bits`()
    async throws
  {
    let shared = SharedSession(try Installed.session(dlib))
    let inputs = (0..<4).map { faces(2, seed: UInt64($0)) }
    let expected = try inputs.map { try shared.session.run([$0], outputs: ["embedding"]) }
    try await withThrowingTaskGroup(of: (Int, [Tensor]).self) { group in
      for round in 0..<12 {
        group.addTask { @concurrent in
          let input = inputs[round % 4]
          return (round % 4, try shared.session.run([input], outputs: ["embedding"]))
        }
      }
      for try await (index, answer) in group { #expect(answer == expected[index]) }
    }
  }

  @Test func `outputs come in the order they are asked for`() throws {
    let session = try Installed.session(yunet)
    let picture = NamedTensor(
      "input", Tensor(shape: [1, 3, 64, 96], Installed.noise(3 * 64 * 96, seed: 5)))
    let answer = try session.run([picture], outputs: ["kps_16", "cls_8"])
    #expect(answer.map(\.shape) == [[1, 24, 10], [1, 96, 1]])
  }

  @Test func `a wrong name is refused with the names there are`() throws {
    let wrong = NamedTensor("pixels", faces(1).tensor)
    let file = Installed.model(dlib)
    #expect(
      try mismatch([wrong]) == "network \(file) has no input 'pixels'; it has 'input'")
    #expect(
      try mismatch([faces(1)], outputs: ["logits"])
        == "network \(file) has no output 'logits'; it has 'embedding'")
    #expect(try mismatch([]) == "network \(file) needs input 'input', which is missing")
    #expect(try mismatch([faces(1), faces(1)]) == "input 'input' is given twice")
    #expect(try mismatch([faces(1)], outputs: []) == "no output of network \(file) is asked for")
  }

  @Test func `a wrong shape, type or count is refused before anything runs`() throws {
    let pixels = [Float](repeating: 0, count: 3 * 112 * 112)
    let cases: [(Tensor, String)] = [
      (Tensor(shape: [1, 3, 112], pixels), "has shape ?x3x112x112, given 1x3x112"),
      (Tensor(shape: [1, 3, 64, 112], pixels), "has shape ?x3x112x112, given 1x3x64x112"),
      (Tensor(shape: [], pixels), "has shape ?x3x112x112, given a single number"),
      (
        Tensor(shape: [2, 3, 112, 112], pixels),
        "of shape 2x3x112x112 needs 75264 numbers, given 37632"
      ),
      (Tensor(shape: [0, 3, 112, 112], [Float]()), "is empty: shape 0x3x112x112"),
      (Tensor(shape: [-1, 3, 112, 112], pixels), "is empty: shape -1x3x112x112"),
      (
        Tensor(shape: [.max, 3, 112, 112], pixels),
        "of shape 9223372036854775807x3x112x112 needs too many numbers, given 37632"
      ),
      (
        Tensor(shape: [1, 3, 112, 112], [Int64](repeating: 0, count: 9)),
        "takes float32, given int64"
      ),
    ]
    for (tensor, expected) in cases {
      #expect(try mismatch([NamedTensor("input", tensor)]) == "input 'input' \(expected)")
    }
  }

  @Test func `a broken or missing network is refused with its name`() throws {
    let runtime = try #require(Installed.runtime)
    let whole = Array(try Data(contentsOf: URL(filePath: Installed.model(yunet))))
    let cases: [(String, [UInt8])] = [
      ("empty", []), ("text", Array("hello".utf8)), ("half", Array(whole[..<(whole.count / 2)])),
    ]
    for (name, bytes) in cases {
      let error = #expect(throws: InferenceError.self) {
        _ = try Session(bytes: bytes, name: name, runtime: runtime)
      }
      #expect(error?.code == .modelUnusable)
      #expect(error?.message.hasPrefix("network \(name) cannot be opened: ") == true)
    }
    let error = #expect(throws: InferenceError.self) {
      _ = try Session(path: "/nowhere/x.onnx", runtime: runtime)
    }
    #expect(error?.message.hasPrefix("network /nowhere/x.onnx cannot be opened: ") == true)
  }

  @Test func `a network with damaged bytes is refused or answers, and never crashes`() throws {
    let runtime = try #require(Installed.runtime)
    let whole = Array(try Data(contentsOf: URL(filePath: Installed.model(yunet))))
    let picture = NamedTensor(
      "input", Tensor(shape: [1, 3, 64, 64], Installed.noise(3 * 64 * 64, seed: 5)))
    for seed in 1...20 {
      var bytes = whole
      for value in Installed.noise(8, seed: UInt64(seed)) {
        let place = Int((value + 1) / 2 * Float(bytes.count - 1))
        bytes[place] ^= UInt8(truncatingIfNeeded: seed)
      }
      do {
        let session = try Session(bytes: bytes, name: "mutant \(seed)", runtime: runtime)
        _ = try session.run([picture], outputs: ["cls_8"])
      } catch {
        #expect(error is InferenceError, "mutant \(seed)")
      }
    }
  }
}

/// A session behind a reference, so that several tasks can hold it.
final class SharedSession: Sendable {
  let session: Session
  init(_ session: consuming Session) { self.session = session }
}
