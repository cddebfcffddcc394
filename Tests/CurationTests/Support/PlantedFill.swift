import Cataloging
import Curation
import Diagnostics
import Domain
import Foundation
import LinearAlgebra
import Synchronization
import VectorSearch
import VectorStorage

/// A generator whose pictures hold the vector they were made from, in numbers that `Reader` reads, and
/// noise that follows from the seed.
final class PlantedGenerator: Generator {
  static let width = 16
  static let side = 16

  let name = "planted"
  let digest = String(repeating: "d", count: 64)
  let input = GeneratorInput(.latent, width: PlantedGenerator.width)
  let preferredBatch = 8
  /// Nil leaves the usual answer.
  private let twist: @Sendable (PlantedGenerator, [Float], UInt64) throws -> GeneratedPicture?
  /// What was answered, in no order.
  let answers = Mutex<[UInt64: GeneratedPicture]>([:])

  init(
    twist: @escaping @Sendable (PlantedGenerator, [Float], UInt64) throws -> GeneratedPicture? = {
      _, _, _ in nil
    }
  ) {
    self.twist = twist
  }

  func pictures(for orders: PictureOrders) throws -> [GeneratedPicture] {
    try (0..<orders.count).map { row in
      let (vector, seed) = (Array(orders.vectors[row: row]), orders.seeds[row])
      let answer = try twist(self, vector, seed) ?? .picture(Self.picture(vector, noise: seed))
      answers.withLock { $0[seed] = answer }
      return answer
    }
  }

  /// Noise all over, and the vector's values, as 256ths of -4...4, in the first row.
  static func picture(_ vector: [Float], noise seed: UInt64) -> Picture {
    let noise = CounterRandom(seed: seed, stream: 9)
    var pixels = (0..<3 * side * side).map {
      UInt8(truncatingIfNeeded: noise.bits(at: UInt64($0)))
    }
    for (place, value) in vector.enumerated() {
      pixels[3 * place] = UInt8(max(0, min(255, (value * 32 + 128).rounded())))
    }
    return Picture(width: side, height: side, pixels: pixels)
  }
}

/// Reads the vector back; for the image space the noise.
final class Reader: ImageEncoder {
  let space: Space
  let preferredBatch = 8
  let count = Mutex(0)

  init(_ name: String) {
    space = Space(
      name: name, width: PlantedGenerator.width, encoderDigest: String(repeating: "e", count: 64))
  }

  func embed(_ faces: [Face]) throws -> Vectors {
    count.withLock { $0 += faces.count }
    return Vectors(width: space.width, rows: faces.map { read($0.picture) })
  }

  func read(_ picture: Picture) -> [Float] {
    let start = space.name == Space.image ? 3 * picture.width : 0
    return (0..<space.width).map { (Float(picture.pixels[start + 3 * $0]) - 128) / 32 }
  }
}

/// Sees a face in every picture but those whose second pixel is green beyond doubt.
struct OpenEyes: FaceFinder {
  let digest = String(repeating: "f", count: 64)

  func find(in picture: Picture) throws -> FoundFace {
    picture.pixels[1] == 255
      ? .none(reason: "no face found")
      : .face(Face(picture: picture, crop: .assumed, landmarks: nil), count: 1)
  }
}

/// Sees a face in every picture, turned by as many eye distances as a pixel says: -0.9 ... 0.9.
struct TurnedHeads: FaceFinder {
  /// Place of the number among the pixels: noise of its own.
  static let place = 3 * 8 * PlantedGenerator.side

  let digest = String(repeating: "f", count: 64)

  static func turn(_ picture: Picture) -> Double { (Double(picture.pixels[place]) - 128) / 142 }

  func find(in picture: Picture) throws -> FoundFace {
    let landmarks = FiveLandmarks(
      leftEye: Point(x: 5, y: 5), rightEye: Point(x: 11, y: 5),
      nose: Point(x: 8 + 6 * Self.turn(picture), y: 8), leftMouth: Point(x: 6, y: 11),
      rightMouth: Point(x: 10, y: 11))
    return .face(Face(picture: picture, crop: .detected, landmarks: landmarks), count: 1)
  }
}

/// Scores a face by the pixel beside.
final class Scorer: ImageEncoder {
  let space = Space(name: "quality", width: 1, encoderDigest: String(repeating: "a", count: 64))
  let preferredBatch = 8
  let count = Mutex(0)

  func embed(_ faces: [Face]) throws -> Vectors {
    count.withLock { $0 += faces.count }
    return Vectors(
      width: 1, rows: faces.map { [Float($0.picture.pixels[TurnedHeads.place + 3]) / 256] })
  }
}

/// A workspace with planted people, ready to be filled.
struct PlantedFill {
  let folder = FileManager.default.temporaryDirectory.appending(path: "d2r-\(UUID().uuidString)")
    .path
  let identity = Reader(Space.identity)
  let image = Reader(Space.image)
  let chain: EmbeddingChain
  let workspace: Workspace
  /// Unit vectors of the people; identity `i` of the catalog is `people[i - 1]`.
  let people: [[Float]]

  init(
    people count: Int, finder: any FaceFinder = OpenEyes(), quality: (any ImageEncoder)? = nil
  ) throws {
    chain = EmbeddingChain(finder: finder, encoders: [identity, image], quality: quality)
    workspace = try Workspace.create(at: folder, settings: WorkspaceSettings(name: "test"))
    people = (0..<count).map { person in
      let random = CounterRandom(seed: 4, stream: UInt64(person))
      let raw = random.gaussians(count: PlantedGenerator.width)
      return Array(Vectors(width: raw.count, rows: [raw]).unitRows().vectors[row: 0])
    }
    _ = try Catalog.create(path: workspace.catalogPath, clock: { "now" })
  }

  func context(threads: Int = 2) throws -> StepContext {
    StepContext(
      workspace: workspace, catalog: try Catalog(path: workspace.catalogPath, clock: { "now" }),
      vectors: VectorStore(root: workspace.vectorsFolder), progress: SilentProgress(),
      running: RunOptions(seed: 1, threads: threads, toolVersion: "t"))
  }

  /// Enters every person with two digital images, and a latent: its own direction, or another's for
  /// those that are `impossible`.
  func enter(
    _ generator: PlantedGenerator, impossible: Set<Int> = [], each: ((Int) -> ImageFacts)? = nil
  ) async throws {
    let context = try context()
    try await enter(people + people, as: .digital, each: each, in: context)
    let latents = people.indices.map { person in
      let random = CounterRandom(seed: 77, stream: UInt64(person))
      let direction =
        impossible.contains(person)
        ? random.gaussians(count: PlantedGenerator.width)
        : people[person].map { $0 * 4 }
      return LatentRecord(
        identity: Int64(person + 1), generatorDigest: generator.digest, vector: direction,
        origin: .given)
    }
    try await context.catalog.put(latents: latents)
  }

  /// Rows get so many names in turn, as many as there are people where nothing is said.
  func enter(
    _ rows: [[Float]], as population: Population, names: Int? = nil,
    facts: ImageFacts = ImageFacts(), each: ((Int) -> ImageFacts)? = nil, in context: StepContext
  ) async throws {
    let source = try await context.catalog.source(
      population: population, root: "/\(population)", layout: "vectors")
    var batch = IndexBatch(source: source.id)
    batch.items = rows.indices.map {
      IndexedImage(
        path: "\($0)", identity: .named("i\($0 % (names ?? people.count))"),
        facts: each?($0) ?? facts)
    }
    for space in chain.spaces {
      let noise = CounterRandom(seed: 12)
      let values =
        space.name == Space.identity
        ? rows.flatMap { $0 } : noise.gaussians(count: rows.count * space.width)
      let shard = try context.vectors.publish(
        Vectors(count: rows.count, width: space.width, values: values), space: space)
      batch.shards.append(
        IndexShard(
          space: space, file: shard.file, rowCount: rows.count,
          digest: shard.digest.map { String(format: "%02x", $0) }.joined(),
          rows: rows.indices.map { .init(item: $0, row: $0) }))
    }
    _ = try await context.catalog.commit(batch)
  }

  /// Own identity from cosine 0.93, duplicates from 0.99 in the first key, leaks from 0.9.
  func step(
    _ generator: PlantedGenerator, wanted: Int,
    _ change: (inout FillStep.Options) -> Void = { _ in }
  ) -> FillStep {
    var rates = CurationRates.standard
    rates.ownIdentity = 1e-2
    rates.duplicate = 1e-3
    rates.leakReview = 1e-4
    var options = FillStep.Options(imagesPerIdentity: wanted, rates: rates)
    options.documented = [
      DocumentedThreshold(falseMatchRate: 1e-2, similarity: CosineSimilarity(0.93), cohort: "x"),
      DocumentedThreshold(falseMatchRate: 1e-3, similarity: CosineSimilarity(0.99), cohort: "x"),
      DocumentedThreshold(falseMatchRate: 1e-4, similarity: CosineSimilarity(0.9), cohort: "x"),
    ]
    change(&options)
    return FillStep(
      options,
      parts: FillStep.Parts(
        generator: generator, chain: chain, builder: FaissIndexBuilder(threads: 1)))
  }

  /// What the latest finished request left.
  func attempts() async throws -> [AttemptRecord] {
    let context = try context()
    guard let step = try await context.catalog.latestStep(named: FillStep.name) else { return [] }
    return try await context.catalog.attempts(request: step.key)
  }

  func quotas() async throws -> [QuotaRecord] {
    let context = try context()
    guard let step = try await context.catalog.latestStep(named: FillStep.name) else { return [] }
    return try await context.catalog.quotas(step: step.key)
  }

  func files(_ folder: String) -> [String: Data] {
    let root = URL(filePath: self.folder).appending(path: folder)
    let names =
      FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".png") }.reduce(into: [:]) {
      $0[$1] = try? Data(contentsOf: root.appending(path: $1))
    }
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }
}
