import Foundation
import Inference
import Testing

@Suite struct TensorBufferTests {
  private func values(_ buffer: TensorBuffer) -> [Float] {
    let floats = TensorBuffer(.float32, shape: buffer.shape)
    buffer.load(into: floats)
    return floats.withFloats { span in span.indices.map { span[$0] } }
  }

  @Test func `it begins with zeros and takes numbers anywhere`() {
    let buffer = TensorBuffer(.float32, shape: [2, 3])
    #expect(values(buffer) == [0, 0, 0, 0, 0, 0])
    buffer.store([1, 2], at: 2)
    #expect(values(buffer) == [0, 0, 1, 2, 0, 0])
    buffer.repeatStart(3, at: 3)
    #expect(values(buffer) == [0, 0, 1, 0, 0, 1])
    buffer.withFloats { span in for place in span.indices { span[place] += 1 } }
    #expect(values(buffer) == [1, 1, 2, 1, 1, 2])
    buffer.set(to: 7)
    #expect(values(buffer) == Array(repeating: 7, count: 6))
  }

  @Test func `half and double precision keep what they can hold`() {
    let numbers: [Float] = [1, -0.5, 65504, 0.1]
    for type in [ElementType.float16, .float64] {
      let buffer = TensorBuffer(type, shape: [4])
      buffer.store(numbers)
      buffer.repeatStart(1, at: 1)
      let wanted = [1, 1, 65504, type == .float16 ? Float(Float16(0.1)) : 0.1]
      #expect(values(buffer) == wanted, "\(type)")
    }
  }

  @Test func `tensors convert to every type and the floating ones back`() {
    let numbers: [Float] = [1, 2.5, -3]
    for type in [ElementType.float32, .float16, .float64] {
      let tensor = Tensor(shape: [3], numbers, as: type)
      #expect(tensor.values.elementType == type && tensor.asFloats == numbers)
    }
    let odd: [Float] = [999.4, -1, .nan, 1e30]
    #expect(Tensor(shape: [4], odd, as: .int64).values == .int64([999, -1, 0, .max]))
    #expect(Tensor(shape: [4], odd, as: .int32).values == .int32([999, -1, 0, .max]))
    #expect(Tensor(shape: [4], odd, as: .uint8).values == .uint8([255, 0, 0, 255]))
    #expect(Tensor(shape: [4], odd, as: .int64).asFloats == nil)
  }

  @Test(.enabled(if: Installed.hasAll, Installed.advice))
  func `a run into memory gives the bits of a run that copies`() throws {
    let session = try Installed.session("identity_dlib_resnet_v1_arc112")
    let pixels = Installed.noise(2 * 3 * 112 * 112, seed: 4).map { 127.5 * ($0 + 1) }
    let copied = try session.run(
      [NamedTensor("input", Tensor(shape: [2, 3, 112, 112], pixels))], outputs: ["embedding"])
    let input = TensorBuffer(.float32, shape: [2, 3, 112, 112])
    input.store(pixels)
    let output = TensorBuffer(.float32, shape: [2, 128])
    for _ in 0..<2 { try session.run([("input", input)], into: [("embedding", output)]) }
    #expect(values(output) == copied[0].floats)
  }

  @Test(.enabled(if: Installed.hasAll, Installed.advice))
  func `buffers that do not fit are refused and harm nothing`() throws {
    let session = try Installed.session("identity_dlib_resnet_v1_arc112")
    let input = TensorBuffer(.float32, shape: [2, 3, 112, 112])
    let output = TensorBuffer(.float32, shape: [2, 128])
    func code(
      _ inputs: [(name: String, buffer: TensorBuffer)],
      _ outputs: [(name: String, buffer: TensorBuffer)]
    ) -> InferenceError.Code? {
      do {
        try session.run(inputs, into: outputs)
        return nil
      } catch {
        return (error as? InferenceError)?.code
      }
    }
    let wide = TensorBuffer(.float32, shape: [2, 127])
    let half = TensorBuffer(.float16, shape: [2, 3, 112, 112])
    let three = TensorBuffer(.float32, shape: [3, 128])
    #expect(code([("input", input)], [("embedding", wide)]) == .mismatch)
    #expect(code([("input", half)], [("embedding", output)]) == .mismatch)
    #expect(code([("other", input)], [("embedding", output)]) == .mismatch)
    #expect(code([], [("embedding", output)]) == .mismatch)
    #expect(code([("input", input)], [("embedding", three)]) == .runFailed)
    #expect(code([("input", input)], [("embedding", output)]) == nil)
  }
}
