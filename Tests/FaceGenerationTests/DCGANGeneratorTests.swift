import Domain
import FaceGeneration
import FoundationEssentials
import Inference
import Testing

/// ONNX Runtime and the generator that the tests run on, where this machine has them.
enum Installed {
  static let runtime = try? InferenceRuntime.load()
  static let network: [UInt8]? = {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let path = "/\(root)/../shared/models/generator_dcgan_digiface64.onnx"
    return (try? Data(contentsOf: URL(filePath: path))).map(Array.init)
  }()
  static let hasAll = runtime != nil && network != nil
  static let advice: Comment =
    "needs ONNX Runtime (Scripts/install-models or D2R_ONNXRUNTIME) and ../shared/models"
}

@Suite(.enabled(if: Installed.hasAll, Installed.advice))
struct DCGANGeneratorTests {
  private let description = DCGANDescription(name: "dcgan", digest: "d")

  private func open(_ description: DCGANDescription) throws -> any Generator {
    try DCGANGenerator(
      description, network: #require(Installed.network), runtime: #require(Installed.runtime))
  }

  /// Latents that vary by row and column, within about two standard deviations.
  private func latents(_ count: Int) -> Vectors {
    let values = (0..<count * 100).map { Float(($0 * 7919) % 401) / 100 - 2 }
    return Vectors(count: count, width: 100, values: values)
  }

  @Test func `latents become pictures of 64 by 64 that differ from each other`() throws {
    let pictures = try open(description)
      .pictures(for: PictureOrders(latents: latents(3))).compactMap(\.picture)
    #expect(pictures.map { [$0.width, $0.height] } == [[64, 64], [64, 64], [64, 64]])
    #expect(pictures[0] != pictures[1] && pictures[1] != pictures[2])
    let levels = Set(pictures[0].pixels)
    #expect(levels.count > 50, "a picture has many levels")
  }

  @Test func `the pixels are the network's values mapped from its range`() throws {
    let session = try Session(
      bytes: #require(Installed.network), name: "g", runtime: #require(Installed.runtime))
    let latents = latents(1)
    let raw = try #require(
      try session.run(
        [NamedTensor("z", Tensor(shape: [1, 100, 1, 1], latents.values))], outputs: ["image"]
      ).first?.floats)
    let picture = try #require(
      try open(description).pictures(for: PictureOrders(latents: latents))[0].picture)
    for pixel in 0..<64 * 64 {
      for channel in 0..<3 {
        let expected = (min(max((raw[channel * 4096 + pixel] + 1) / 2, 0), 1) * 255)
        #expect(abs(Float(picture.pixels[3 * pixel + channel]) - expected) <= 0.501)
      }
    }
  }

  @Test func `the same latents give the same pixels, also from four threads at once`() async throws
  {
    let generator = try open(description)
    let latents = latents(10)
    let expected = try generator.pictures(for: PictureOrders(latents: latents))
    #expect(try open(description).pictures(for: PictureOrders(latents: latents)) == expected)
    try await withThrowingTaskGroup(of: [GeneratedPicture].self) { group in
      for _ in 0..<4 {
        group.addTask { @concurrent in try generator.pictures(for: PictureOrders(latents: latents))
        }
      }
      for try await answer in group { #expect(answer == expected) }
    }
  }

  @Test func `no latents give no pictures`() throws {
    #expect(try open(description).pictures(for: PictureOrders(latents: latents(0))).isEmpty)
  }

  @Test func `latents of another width or with a NaN are refused`() throws {
    let generator = try open(description)
    let narrow = Vectors(count: 1, width: 99, values: [Float](repeating: 0, count: 99))
    let width = #expect(throws: GenerationError.self) {
      try generator.pictures(for: PictureOrders(latents: narrow))
    }
    #expect(width?.message == "generator dcgan takes latent vectors of 100 values, given 99")
    var broken = latents(3)
    broken.values[205] = .nan
    let value = #expect(throws: GenerationError.self) {
      try generator.pictures(for: PictureOrders(latents: broken))
    }
    #expect(value?.message == "latent vector 2 has a value that is not finite")
  }

  @Test func `a description that does not fit the network is refused`() throws {
    let cases: [(String, (inout DCGANDescription) -> Void)] = [
      (
        "generator dcgan needs the float32 input 'z' of shape ?x64x1x1,"
          + " but it has shape ?x100x1x1", { $0.latentWidth = 64 }
      ),
      (
        "generator dcgan needs the float32 input 'noise' of shape ?x100x1x1, but there is none",
        { $0.input = "noise" }
      ),
      (
        "generator dcgan needs the float32 output 'image' of shape ?x3x128x64,"
          + " but it has shape ?x3x64x64", { $0.height = 128 }
      ),
    ]
    for (expected, change) in cases {
      var description = description
      change(&description)
      let error = #expect(throws: GenerationError.self) { try open(description) }
      #expect(error?.message == expected)
    }
    #expect(throws: InferenceError.self) {
      try DCGANGenerator(
        self.description, network: [1, 2, 3], runtime: #require(Installed.runtime))
    }
  }
}
