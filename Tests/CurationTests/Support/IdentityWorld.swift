import Cataloging
import Curation
import Domain
import Files
import LinearAlgebra
import VectorStorage

/// A generator driven by identities: it writes the vector it is given, and its seed, into the pixels.
struct PixelGenerator: Generator {
  let name = "pixels"
  let digest = String(repeating: "e", count: 64)
  var input = GeneratorInput(.identity, width: IdentityWorld.width)
  let preferredBatch = 4

  func pictures(for orders: PictureOrders) throws -> [GeneratedPicture] {
    (0..<orders.count).map { row in
      var picture = Picture(width: 64, height: 64, red: 90, green: 90, blue: 90)
      for (place, value) in orders.vectors[row: row].enumerated() {
        let code = UInt16(max(0, min(65535, (Double(value) + 1) / 2 * 65535)))
        picture.pixels[3 * place] = UInt8(code >> 8)
        picture.pixels[3 * place + 1] = UInt8(code & 255)
        picture.pixels[3 * place + 2] = UInt8(orders.seeds[row] >> UInt64(place % 8) & 255)
      }
      return .picture(picture)
    }
  }
}

/// The identity encoder that reads them back.
struct PixelEncoder: ImageEncoder {
  let space = Space(
    name: Space.identity, width: IdentityWorld.width,
    encoderDigest: String(repeating: "b", count: 64))
  let preferredBatch = 8

  func embed(_ faces: [Face]) throws -> Vectors {
    Vectors(
      width: space.width,
      rows: faces.map { face in
        (0..<space.width).map { place in
          let code =
            UInt16(face.picture.pixels[3 * place]) << 8
            | UInt16(face.picture.pixels[3 * place + 1])
          return Float(Double(code) / 65535 * 2 - 1)
        }
      })
  }
}

/// Takes every picture as a face.
struct WholePicture: FaceFinder {
  let digest = "whole"

  func find(in picture: Picture) throws -> FoundFace {
    .face(Face(picture: picture, crop: .assumed, landmarks: nil), count: 1)
  }
}

/// A workspace of people as vectors, with a generator and an encoder that agree about them.
struct IdentityWorld {
  static let width = 48

  let folder: TemporaryFolder
  let context: StepContext
  let chain = EmbeddingChain(finder: WholePicture(), encoders: [PixelEncoder()])

  init(threads: Int = 2) throws {
    folder = try TemporaryFolder()
    let workspace = try Workspace.create(
      at: folder("world"), settings: WorkspaceSettings(name: "world"))
    context = StepContext(
      workspace: workspace,
      catalog: try Catalog.create(path: workspace.catalogPath, clock: { "now" }),
      vectors: VectorStore(root: workspace.vectorsFolder), progress: SilentProgress(),
      running: RunOptions(seed: 3, threads: threads, toolVersion: "t"))
  }

  /// `people` with `each` vectors around a direction of their own.
  func enter(
    _ people: Int, each: Int, as population: Population, spread: Float = 0.5, seed: UInt64
  ) async throws {
    let random = CounterRandom(seed: seed)
    var rows: [[Float]] = []
    for person in 0..<people {
      let centre = random.gaussians(count: Self.width, from: UInt64(person * 1000))
      for picture in 0..<each {
        let noise = CounterRandom(seed: seed, stream: UInt64(person * 100 + picture + 1))
          .gaussians(count: Self.width)
        rows.append(zip(centre, noise).map { $0 + spread * $1 })
      }
    }
    let shard = try context.vectors.publish(
      Vectors(width: Self.width, rows: rows), space: chain.spaces[0])
    let source = try await context.catalog.source(
      population: population, root: "/\(population)", layout: "vectors")
    var batch = IndexBatch(source: source.id)
    batch.items = rows.indices.map {
      IndexedImage(path: "\($0)", identity: .named("p\($0 / each)"), facts: ImageFacts(digest: nil))
    }
    batch.shards = [
      IndexShard(
        space: chain.spaces[0], file: shard.file, rowCount: rows.count,
        digest: shard.digest.map { byte in
          let text = String(byte, radix: 16)
          return text.count < 2 ? "0" + text : text
        }.joined(), rows: rows.indices.map { .init(item: $0, row: $0) })
    ]
    _ = try await context.catalog.commit(batch)
  }

  /// Cosines that go with the usual rates here.
  static let documented = [
    DocumentedThreshold(falseMatchRate: 1e-4, similarity: CosineSimilarity(0.6), cohort: "test"),
    DocumentedThreshold(falseMatchRate: 1e-3, similarity: CosineSimilarity(0.5), cohort: "test"),
  ]
}
