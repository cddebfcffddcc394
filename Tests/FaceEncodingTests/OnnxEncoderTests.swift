import Domain
import FaceEncoding
import Files
import Imaging
import Inference
import Testing

@Suite(.enabled(if: Installed.hasShared, Installed.sharedAdvice))
struct OnnxEncoderTests {
  private func faces(_ count: Int) -> [Face] {
    (0..<count).map { index in
      Face(
        picture: Drawing.gradient(width: 100 + 3 * index, height: 100 + 3 * index),
        crop: .assumed, landmarks: nil)
    }
  }

  private func encoder(_ model: InstalledModel) throws -> OnnxEncoder {
    try OnnxEncoder(model, runtime: #require(Installed.runtime))
  }

  @Test func `the same faces give the same bits, also from four threads at once`() async throws {
    let encoder = try encoder(Installed.dlib())
    let faces = faces(11)
    let expected = try encoder.embed(faces)
    #expect((expected.count, expected.width) == (11, 128))
    #expect(try self.encoder(Installed.dlib()).embed(faces) == expected)
    try await withThrowingTaskGroup(of: Vectors.self) { group in
      for _ in 0..<4 { group.addTask { @concurrent in try encoder.embed(faces) } }
      for try await answer in group { #expect(answer == expected) }
    }
  }

  @Test func `cutting a list at multiples of the batch changes no bit`() throws {
    let encoder = try encoder(Installed.mobileFaceNet())
    #expect(encoder.preferredBatch == 8)
    let faces = faces(11)
    let whole = try encoder.embed(faces)
    let parts = try [faces[..<8], faces[8...]].flatMap { try encoder.embed(Array($0)).values }
    #expect(whole.values == parts)
  }

  @Test func `no faces give no rows`() throws {
    let rows = try encoder(Installed.dlib()).embed([])
    #expect((rows.count, rows.width) == (0, 128))
  }

  @Test func `the space has the name, width and digest of the model`() throws {
    let model = try Installed.efficientNet()
    let space = try encoder(model).space
    #expect((space.name, space.width) == ("image", 1280))
    #expect(space.encoderDigest == OnnxEncoder.digest(of: model))
    #expect(try encoder(Installed.dlib()).space.encoderDigest != space.encoderDigest)
  }

  @Test func `a manifest that does not fit its network is refused`() throws {
    let cases: [(String, (inout ModelManifest) -> Void)] = [
      ("has no input 'pixels'; it has 'input'", { $0.input.name = "pixels" }),
      ("has no output 'vector'; it has 'embedding'", { $0.output?.name = "vector" }),
      (
        "has input 'input' of shape ?x3x112x112 instead of ?x3x112x96",
        { $0.input.width = 96 }
      ),
      (
        "gives 128 values per picture in 'embedding', its manifest says 512",
        { $0.output?.width = 512 }
      ),
    ]
    for (expected, change) in cases {
      let dlib = try Installed.dlib()
      var manifest = dlib.manifest
      change(&manifest)
      let error = #expect(throws: EncodingError.self) {
        try encoder(InstalledModel(folder: dlib.folder, manifest: manifest))
      }
      #expect(error?.message == "model sample \(expected)")
    }
  }

  @Test func `a network that is not the one in the manifest is refused`() throws {
    let dlib = try Installed.dlib()
    var manifest = dlib.manifest
    manifest.files["main"]?.sha256 = String(repeating: "0", count: 64)
    let error = #expect(throws: EncodingError.self) {
      try encoder(InstalledModel(folder: dlib.folder, manifest: manifest))
    }
    #expect(error?.code == .fileDamaged)
  }

  // Goldens: transformers 4.57.6 CLIPImageProcessor and CLIPVisionModelWithProjection on a tiny
  // random network; see ../shared/golden/diffusion/README.md.
  @Test(arguments: ["clip_landscape", "clip_portrait_small"])
  func `CLIP sees the pixels and gives the vectors of the reference`(name: String) throws {
    let folder = "golden/diffusion"
    var manifest = ModelManifest.sample()
    manifest.input = .init(name: "pixel_values", width: 32, height: 32, alignment: .clip)
    manifest.input.mean = [0.48145466, 0.4578275, 0.40821073].map { 255 * $0 }
    manifest.input.std = [0.26862954, 0.26130258, 0.27577711].map { 255 * $0 }
    manifest.input.resize = .bicubic
    manifest.output = .init(name: "embedding", width: 24)
    let encoder = try encoder(
      Installed.model(manifest, file: "\(folder)/clip_image.onnx"))
    let face = Face(
      picture: try Installed.picture("\(folder)/\(name).png"), crop: .assumed, landmarks: nil)
    let pixels = try Numpy.floats("\(Installed.shared)/\(folder)/\(name)_pixel_values.npy")
    let vector = try Numpy.floats("\(Installed.shared)/\(folder)/\(name)_embedding.npy")
    #expect(Numpy.largestDifference(encoder.pixelValues(of: face), pixels) < 1e-6)
    #expect(Numpy.largestDifference(try encoder.embed([face]).values, vector) < 1e-5)
  }
}

/// Just enough of NumPy's format 1.0: little-endian float32.
enum Numpy {
  static func floats(_ path: String) throws -> [Float] {
    let bytes = try FileReader.read(path)
    let start = 10 + Int(bytes[8]) + 256 * Int(bytes[9])
    return stride(from: start, to: bytes.count, by: 4).map { at in
      let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) }
      return Float(bitPattern: bits)
    }
  }

  static func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
  }
}
