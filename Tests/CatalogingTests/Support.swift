import Cataloging
import Domain
import Foundation
import SQLite
import Synchronization
import Testing

/// A folder of its own for one test, removed with it.
final class Scratch: Sendable {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "catalog-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String = "catalog.sqlite") -> String {
    folder.appendingPathComponent(name).path
  }

  func create(_ name: String = "catalog.sqlite", year: String = "2000") throws -> Catalog {
    try Catalog.create(path: path(name), patience: 50, clock: { "\(year)-01-01T00:00:00Z" })
  }

  func open(_ name: String = "catalog.sqlite") throws -> Catalog {
    try Catalog(path: path(name), patience: 50, clock: { "2001-01-01T00:00:00Z" })
  }

  /// The file itself, past the catalog's own rules.
  func raw(_ name: String = "catalog.sqlite") throws -> Database {
    try Database(path: path(name), mode: .existing, patience: 50)
  }

  /// Copies the database and its log as a killed process would leave them.
  func copyFiles(from name: String, to other: String) throws {
    for end in ["", "-wal"] where FileManager.default.fileExists(atPath: path(name) + end) {
      try FileManager.default.copyItem(atPath: path(name) + end, toPath: path(other) + end)
    }
  }
}

struct Planned: Error {}

/// Lets a number of statements through and then throws.
final class Countdown: Sendable {
  private let left: Mutex<Int>

  init(_ count: Int) { left = Mutex(count) }

  func tick() throws {
    let isDone = left.withLock { left in
      left -= 1
      return left < 0
    }
    if isDone { throw Planned() }
  }
}

/// A made-up SHA-256.
func digest(_ seed: Int) -> String {
  String(repeating: "0", count: 48) + String(seed + (1 << 60), radix: 16)
}

let identitySpace = Space(name: Space.identity, width: 4, encoderDigest: "encoder-a")
let imageSpace = Space(name: Space.image, width: 3, encoderDigest: "encoder-i")

/// The error of ours that `body` throws.
func catalogError(_ body: () async throws -> Void) async throws -> CatalogError {
  try #require(await #expect(throws: CatalogError.self) { try await body() })
}

func step(_ key: String, named name: String = "dedup", summary: String = "{}") -> NewStep {
  NewStep(
    key: key, name: name, toolVersion: "1.0.0", parameters: "{}", inputs: "in", summary: summary)
}

/// `count` images `a/0.png`, `a/1.png`, … of identities `a` and `b` in turns, embedded in the
/// identity space, with digests that start at `seed`.
func batch(source: Int64, count: Int, seed: Int = 1, shard: String = "one.shard") -> IndexBatch {
  var batch = IndexBatch(source: source)
  for item in 0..<count {
    let name = item.isMultiple(of: 2) ? "a" : "b"
    let facts = ImageFacts(
      digest: digest(seed + item), byteCount: 1000 + item, width: 112, height: 112, format: "png",
      crop: .aligned, landmarks: (0..<10).map { Float($0) + 0.25 }, faceCount: 1, sharpness: 0.5)
    batch.items.append(
      IndexedImage(path: "\(name)/\(item).png", identity: .named(name), facts: facts))
  }
  batch.shards = [
    IndexShard(
      space: identitySpace, file: shard, rowCount: count, digest: digest(999),
      rows: (0..<count).map { IndexShard.Row(item: $0, row: $0) })
  ]
  return batch
}

/// A workspace with at least one row in every table but that of galleries.
func plant(_ catalog: Catalog) async throws {
  let digital = try await catalog.source(population: .digital, root: "/d", layout: "folders").id
  let reference = try await catalog.source(population: .reference, root: "/r", layout: "flat").id
  let generated = try await catalog.source(population: .generated, root: "/g", layout: "own").id
  var first = batch(source: digital, count: 4)
  first.rejected = [RejectedFile(path: "broken.png", reason: "cannot be decoded")]
  first.latents = [GivenLatent(identityName: "a", generatorDigest: "gan", vector: [1, -2])]
  let images = try await catalog.commit(first).images
  _ = try await catalog.commit(batch(source: reference, count: 2, seed: 50, shard: "two.shard"))
  let offset = OffsetRecord(
    space: identitySpace, from: .digital, to: .real, vector: [1, 2, 3, 4], statistics: "{}")
  try await catalog.commit(offset, of: step("k1", named: "delta"))
  var calibration = CalibrationRecord(
    space: identitySpace, falseMatchRate: 1e-4, similarity: CosineSimilarity(0.4),
    interval: CosineSimilarity(0.3)...CosineSimilarity(0.5), comparisons: 1000, cohort: "digital")
  calibration.method = .extrapolated
  calibration.designEffect = 2.5
  calibration.identities = 40
  try await catalog.commit([calibration], of: step("k2", named: "calibrate"))
  let pair = PairRecord(
    kind: .duplicate, kept: images[0], removed: images[2], tier: "exact",
    imageSimilarity: CosineSimilarity(1), verdict: "quarantine")
  try await catalog.commit([pair], of: step("k3"))
  _ = try await catalog.append([
    NewDecision(image: images[2], action: .quarantine, rule: "exact", reason: "same", step: "k3")
  ])
  _ = try await catalog.undo(sequence: 1, by: "ada")
  var made = IndexBatch(source: generated)
  made.items = [
    IndexedImage(path: "1.png", identity: .existing(1), facts: ImageFacts(digest: digest(80)))
  ]
  let attempt = NewAttempt(
    identity: 1, number: 1, seed: .max, interpolation: 0.5,
    similarities: AttemptSimilarities(own: CosineSimilarity(0.75)), verdict: .accepted(item: 0))
  try await catalog.begin(request: "q", conditions: "c")
  _ = try await catalog.commit([attempt], request: "q", with: made, seconds: 1.5)
  let quota = QuotaRecord(
    identity: 1, wanted: 3, had: 2, accepted: 1, attempts: 1, shortfall: 0, reason: "")
  try await catalog.commit([quota], of: step("k4", named: "fill"))
  let finding = FindingRecord(
    rule: "quota-is-met", severity: .warning, subject: "b", message: "b has 2 of 3 images")
  try await catalog.commit([finding], of: step("k5", named: "audit"))
  var graph = PairGraphRecord(
    key: "g1", space: identitySpace, rowsDigest: digest(7), engine: "exact")
  graph.file = "g1.pairs"
  graph.digest = digest(8)
  try await catalog.put(graph)
  try await catalog.commit([leak], of: step("leaks", named: "leaks"))
  try await catalog.commit(
    [collision], removals: [CollisionRemoval(identity: 2, degree: 1, images: 2)],
    of: step("collisions", named: "collisions"))
}

/// Adds a gallery that came sealed.
func plantGallery(_ catalog: Catalog) async throws {
  let sealed = try await catalog.source(
    population: .reference, root: "sealed:staff", layout: Catalog.sealedLayout)
  try await catalog.add(
    NewGallery(
      source: sealed.id, name: "staff", keyID: "00ff", digest: digest(7), vectors: 2),
    with: batch(source: sealed.id, count: 2, seed: 70, shard: "three.sealed"),
    access: NewAccess(.imported, verb: "gallery import", author: "ada"))
}

/// A match of image 1 with a prototype, in the planted workspace.
let leak = LeakRecord(
  pair: PairRecord(
    kind: .leak, kept: 5, removed: 1, tier: "prototype",
    identitySimilarity: CosineSimilarity(0.75), isMirrored: true, verdict: "quarantine"),
  asIs: CosineSimilarity(0.5), mirrored: CosineSimilarity(0.75), orientation: "mirrored",
  prototype: .init(number: 2, of: 3, members: 4))

/// The two identities of the planted workspace, as one person.
let collision = CollisionRecord(
  a: 1, b: 2, imagePairs: 3,
  nearest: .init(a: 1, b: 2, similarity: CosineSimilarity(0.75)),
  prototypeSimilarity: CosineSimilarity(0.5), decidedBy: "both")
