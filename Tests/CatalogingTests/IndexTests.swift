import Cataloging
import Domain
import Testing

@Suite struct IndexTests {
  let scratch: Scratch
  let catalog: Catalog

  init() throws {
    scratch = try Scratch()
    catalog = try scratch.create()
  }

  func digital() async throws -> Int64 {
    try await catalog.source(population: .digital, root: "/d", layout: "folders").id
  }

  @Test func `a source and an identity are found again, not made twice`() async throws {
    let source = try await digital()
    #expect(try await digital() == source)
    #expect(try await catalog.source(population: .real, root: "/d", layout: "flat").id != source)
    let identity = try await catalog.identity(source: source, name: "a")
    #expect(try await catalog.identity(source: source, name: "a") == identity)
    #expect(try await catalog.identities(source: source) == [identity])
    #expect(try await catalog.identities(source: 99).isEmpty)
    let error = try await catalogError { _ = try await catalog.identity(source: 99, name: "a") }
    #expect(error.code == .unknownRecord)
  }

  @Test func `what was planted comes back`() async throws {
    let source = try await digital()
    let planted = batch(source: source, count: 3)
    let result = try await catalog.commit(planted)
    #expect(result.images == [1, 2, 3] && result.added == 3 && result.shards == 1)
    let images = try await catalog.images()
    #expect(images.map(\.id) == [1, 2, 3])
    #expect(images.map(\.facts) == planted.items.map(\.facts))
    #expect(images.map(\.identityName) == ["a", "b", "a"])
    #expect(images.allSatisfy { $0.isCurrent && !$0.isQuarantined && $0.population == .digital })
    let table = try await catalog.embeddings(in: Space.identity)
    #expect(table.space == identitySpace && table.shards.map(\.file) == ["one.shard"])
    #expect(table.locations.map(\.row) == [0, 1, 2])
    #expect(table.locations.map(\.identity) == [1, 2, 1])
    #expect(try await catalog.spaces() == [identitySpace])
    #expect(try await catalog.check().isEmpty)
  }

  @Test func `the same batch again changes nothing`() async throws {
    let planted = batch(source: try await digital(), count: 3)
    let first = try await catalog.commit(planted)
    let digest = try await catalog.contentDigest()
    let second = try await catalog.commit(planted)
    #expect(second.images == first.images && second.unchanged == 3)
    #expect(second.added == 0 && second.shards == 0)
    #expect(try await catalog.contentDigest() == digest)
  }

  @Test func `the same images from another shard change nothing`() async throws {
    let source = try await digital()
    _ = try await catalog.commit(batch(source: source, count: 3))
    let digest = try await catalog.contentDigest()
    _ = try await catalog.commit(batch(source: source, count: 3, shard: "again.shard"))
    #expect(try await catalog.contentDigest() == digest)
  }

  @Test func `a changed file sets the old image aside`() async throws {
    let source = try await digital()
    _ = try await catalog.commit(batch(source: source, count: 2))
    var changed = batch(source: source, count: 1, seed: 70, shard: "new.shard")
    let result = try await catalog.commit(changed)
    #expect(result.images == [3] && result.replaced == 1 && result.added == 1)
    #expect(try await catalog.images().map(\.id) == [2, 3])
    let all = try await catalog.images(ImageFilter(includesOutdated: true))
    #expect(all.map(\.isCurrent) == [false, true, true])
    #expect(try await catalog.embeddings(in: Space.identity).locations.map(\.image) == [2, 3])
    #expect(try await catalog.check().isEmpty)
    changed = batch(source: source, count: 1, seed: 1, shard: "third.shard")
    #expect(try await catalog.commit(changed).images == [4])
    #expect(try await catalog.images().map(\.id) == [2, 4])
  }

  @Test func `a changed file that is rejected is no image any more until it comes back`()
    async throws
  {
    let source = try await digital()
    let planted = batch(source: source, count: 1)
    _ = try await catalog.commit(planted)
    var bad = IndexBatch(source: source)
    bad.rejected = [RejectedFile(path: "a/0.png", reason: "no face", digest: digest(5))]
    _ = try await catalog.commit(bad)
    #expect(try await catalog.images().isEmpty)
    let known = try await catalog.knownFiles(source: source)
    #expect(known["a/0.png"]?.outcome == .rejected && known["a/0.png"]?.reason == "no face")
    #expect(known["a/0.png"]?.digest == digest(5))
    #expect(try await catalog.check().isEmpty)
    #expect(try await catalog.commit(planted).images == [1])
    #expect(try await catalog.images().map(\.id) == [1])
  }

  @Test func `a missing file's image is not current and is the same when it returns`()
    async throws
  {
    let source = try await digital()
    let planted = batch(source: source, count: 2)
    _ = try await catalog.commit(planted)
    #expect(try await catalog.markMissing(source: source, paths: ["a/0.png", "unknown"]) == 1)
    #expect(try await catalog.markMissing(source: source, paths: ["a/0.png"]) == 0)
    #expect(try await catalog.images().map(\.id) == [2])
    #expect(try await catalog.knownFiles(source: source)["a/0.png"]?.image == 1)
    #expect(try await catalog.commit(planted).unchanged == 2)
    #expect(try await catalog.images().map(\.id) == [1, 2])
  }

  @Test func `vectors without pictures are images too`() async throws {
    let source = try await digital()
    var imported = IndexBatch(source: source)
    imported.items = [IndexedImage(path: "row-1", identity: .none, facts: ImageFacts())]
    #expect(try await catalog.commit(imported).added == 1)
    #expect(try await catalog.commit(imported).unchanged == 1)
    let image = try await catalog.image(1)
    #expect(image.facts == ImageFacts() && image.identity == nil && image.isCurrent)
  }

  @Test func `a second space is added to images that are known`() async throws {
    let source = try await digital()
    var planted = batch(source: source, count: 2)
    _ = try await catalog.commit(planted)
    planted.shards = [
      IndexShard(
        space: imageSpace, file: "i.shard", rowCount: 2, digest: digest(1),
        rows: [.init(item: 0, row: 1), .init(item: 1, row: 0)])
    ]
    #expect(try await catalog.commit(planted).shards == 1)
    #expect(try await catalog.embeddings(in: Space.image).locations.map(\.row) == [1, 0])
    #expect(try await catalog.shards().map(\.space) == [identitySpace, imageSpace])
  }

  @Test func `one name with two encoders must be told apart`() async throws {
    let source = try await digital()
    var planted = batch(source: source, count: 1)
    _ = try await catalog.commit(planted)
    planted.shards[0].space = Space(name: Space.identity, width: 4, encoderDigest: "encoder-b")
    planted.shards[0].file = "b.shard"
    _ = try await catalog.commit(planted)
    let error = try await catalogError { _ = try await catalog.embeddings(in: Space.identity) }
    #expect(error.code == .ambiguousSpace)
    #expect(error.message == "the space \"identity\" holds vectors of 2 encoders")
    let table = try await catalog.embeddings(in: Space.identity, encoder: "encoder-b")
    #expect(table.shards.map(\.file) == ["b.shard"])
    #expect(
      try await catalogError { _ = try await catalog.embeddings(in: "none") }.message
        == "the space \"none\" holds no vectors")
  }

  @Test func `filters choose population, source and quarantine`() async throws {
    try await plant(catalog)
    _ = try await catalog.append([
      NewDecision(image: 2, action: .quarantine, rule: "exact", reason: "same")
    ])
    #expect(try await catalog.images().map(\.id) == [1, 3, 4, 5, 6, 7])
    #expect(try await catalog.images(ImageFilter(populations: [.reference])).map(\.id) == [5, 6])
    #expect(try await catalog.images(ImageFilter(populations: [])).isEmpty)
    #expect(try await catalog.images(ImageFilter(source: 3)).map(\.identityName) == ["a"])
    let all = try await catalog.images(ImageFilter(includesQuarantined: true))
    #expect(all.filter(\.isQuarantined).map(\.id) == [2])
    let marks = all.map { image in
      let mark = ImageMark(
        population: image.population, identity: image.identity,
        isQuarantined: image.isQuarantined)
      return (image.id, mark)
    }
    #expect(try await catalog.marks() == Dictionary(uniqueKeysWithValues: marks))
    let kept = ImageFilter(populations: [.digital])
    let locations = try await catalog.embeddings(in: Space.identity, of: kept).locations
    #expect(locations.map(\.image) == [1, 3, 4])
    let whole = ImageFilter(includesQuarantined: true)
    let table = try await catalog.embeddings(in: Space.identity, of: whole)
    #expect(table.locations.map(\.shard) == [0, 0, 0, 0, 1, 1])
  }

  @Test func `latents are put and found`() async throws {
    try await plant(catalog)
    let searched = LatentRecord(
      identity: 2, generatorDigest: "gan", vector: [0.5], origin: .searched,
      similarity: CosineSimilarity(0.9))
    try await catalog.put(latents: [searched])
    let found = try await catalog.latents(generatorDigest: "gan")
    #expect(found.map(\.vector) == [[1, -2], [0.5]])
    #expect(found[1] == searched)
    #expect(try await catalog.latents(generatorDigest: "other").isEmpty)
  }
}

@Suite struct BadBatchTests {
  static let damages: [(String, @Sendable (inout IndexBatch) -> Void)] = [
    ("the batch names the path a/0.png twice", { $0.items.append($0.items[0]) }),
    (
      "the batch names the path a/0.png twice",
      { $0.rejected.append(RejectedFile(path: "a/0.png", reason: "")) }
    ),
    ("the batch names an empty path", { $0.items[0].path = "" }),
    ("the shard one.shard names item 7 of 2", { $0.shards[0].rows[0].item = 7 }),
    (
      "row 2 of the shard one.shard is named twice or is not one of its 2",
      { $0.shards[0].rows[0].row = 2 }
    ),
    (
      "row 1 of the shard one.shard is named twice or is not one of its 2",
      { $0.shards[0].rows[0].row = 1 }
    ),
    ("the batch names the shard one.shard twice", { $0.shards.append($0.shards[0]) }),
    ("the digest 'ab' of a/0.png is not a SHA-256 in hex", { $0.items[0].facts.digest = "ab" }),
    ("a/0.png has 3 landmark values instead of 10", { $0.items[0].facts.landmarks = [1, 2, 3] }),
    ("the catalog has no source 9", { $0.source = 9 }),
    ("the catalog has no identity 9", { $0.items[1].identity = .existing(9) }),
  ]

  @Test(arguments: 0..<damages.count)
  func `a batch that contradicts itself changes nothing`(number: Int) async throws {
    let (message, damage) = Self.damages[number]
    let scratch = try Scratch()
    let catalog = try scratch.create()
    let source = try await catalog.source(population: .digital, root: "/d", layout: "x").id
    let before = try await catalog.contentDigest()
    var bad = batch(source: source, count: 2)
    damage(&bad)
    let error = try await catalogError { _ = try await catalog.commit(bad) }
    #expect(error.message == message)
    #expect(try await catalog.contentDigest() == before)
  }

  @Test func `a shard's name is not used twice for different rows`() async throws {
    let scratch = try Scratch()
    let catalog = try scratch.create()
    let source = try await catalog.source(population: .digital, root: "/d", layout: "x").id
    _ = try await catalog.commit(batch(source: source, count: 1))
    let error = try await catalogError {
      _ = try await catalog.commit(batch(source: source, count: 2))
    }
    #expect(error.message == "the catalog has another shard under the name one.shard")
    #expect(try await catalog.images().count == 1)
  }
}
