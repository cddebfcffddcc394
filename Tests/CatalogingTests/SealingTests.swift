import Cataloging
import Domain
import Foundation
import SQLite
import Testing

@Suite struct SealingTests {
  let scratch: Scratch
  let catalog: Catalog
  let access = NewAccess(.sealed, verb: "gallery seal", author: "ada")

  init() throws {
    scratch = try Scratch()
    catalog = try scratch.create()
  }

  private func indexed(_ population: Population = .reference, shard: String = "one.shard")
    async throws -> (source: Int64, images: [Int64])
  {
    let source = try await catalog.source(
      population: population, root: "/faces/\(population.rawValue)", layout: "folders")
    var found = batch(source: source.id, count: 3, shard: shard)
    found.rejected = [RejectedFile(path: "b/broken.png", reason: "no face found")]
    return (source.id, try await catalog.commit(found).images)
  }

  private func seal(_ source: Int64, _ images: [Int64], name: String = "staff") async throws
    -> [String]
  {
    let shard = IndexShard(
      space: identitySpace, file: "\(name).sealed", rowCount: 3, digest: digest(5),
      rows: (0..<3).map { IndexShard.Row(item: $0, row: $0) })
    return try await catalog.seal(
      NewGallery(source: source, name: name, keyID: "00ff", digest: digest(7), vectors: 3),
      rows: SealedRows(shard: shard, images: images), access: access,
      renaming: { "x\($0.count)-\($0.hashValue)" })
  }

  @Test func `sealing leaves vectors and identities, and no name or fact of a file`() async throws {
    let (source, images) = try await indexed()
    let before = try await catalog.images(ImageFilter(source: source))
    #expect(try await seal(source, images) == ["one.shard"])
    let after = try await catalog.images(ImageFilter(source: source))
    #expect(after.map(\.id) == before.map(\.id))
    #expect(after.map(\.identity) == before.map(\.identity))
    #expect(after.allSatisfy { $0.facts == ImageFacts() && $0.path.hasPrefix("x") })
    #expect(try await catalog.shards().map(\.file) == ["staff.sealed"])
    #expect(try await catalog.sources().map(\.root) == ["sealed:staff"])
    #expect(try await catalog.outcomes(source: source).allSatisfy { $0.path.hasPrefix("x") })
    #expect(try await catalog.identities().allSatisfy { $0.name.hasPrefix("x") })
    #expect(try await catalog.check().isEmpty)
    let bytes = try ["", "-wal"].map { end in
      try Data(contentsOf: URL(fileURLWithPath: scratch.path() + end))
    }
    for name in ["a/0.png", "broken", "/faces"] {
      #expect(
        bytes.allSatisfy { $0.firstRange(of: Data(name.utf8)) == nil },
        "\(name) is left in the file")
    }
  }

  @Test func `vectors that another population shares are not sealed`() async throws {
    let (source, images) = try await indexed()
    _ = try await indexed(.real)
    let error = try await catalogError { _ = try await seal(source, images) }
    #expect(error.code == .invalidBatch)
    #expect(error.message.contains("as real images"))
    #expect(try await catalog.galleries().isEmpty)
  }

  @Test func `a sealing that fails at any statement changes nothing`() async throws {
    let (source, images) = try await indexed()
    let before = try await catalog.contentDigest()
    var failures = 0
    for count in 0..<500 {
      let countdown = Countdown(count)
      await catalog.observeStatements { _ in try countdown.tick() }
      do {
        _ = try await seal(source, images)
        break
      } catch is Planned {
        await catalog.observeStatements(nil)
        let isSealed = try await !catalog.galleries().isEmpty
        // Only rewriting the file comes after the change is whole.
        if isSealed { break }
        #expect(try await catalog.contentDigest() == before, "statement \(count)")
        failures += 1
      }
    }
    await catalog.observeStatements(nil)
    #expect(failures > 10)
  }

  @Test func `the access log only grows`() async throws {
    let (source, images) = try await indexed()
    _ = try await seal(source, images)
    let digest = try await catalog.contentDigest()
    try await catalog.log(
      NewAccess(.opened, verb: "leaks", author: "bob"), shards: ["staff.sealed", "none"])
    let lines = try await catalog.accesses(gallery: "staff")
    #expect(lines.map(\.action) == [.sealed, .opened])
    #expect(lines.map(\.vectors) == [3, 3])
    #expect(lines.map(\.author) == ["ada", "bob"])
    #expect(try await catalog.contentDigest() == digest, "looking is no result")
    let raw = try scratch.raw()
    for change in [
      "UPDATE gallery_access SET author = 'eve'", "DELETE FROM gallery_access",
      "INSERT OR REPLACE INTO gallery_access SELECT * FROM gallery_access",
    ] { #expect(throws: SQLiteError.self) { try raw.run(change) } }
  }

  @Test func `a purged gallery has no vectors and keeps its log`() async throws {
    let (source, images) = try await indexed()
    _ = try await seal(source, images)
    let gallery = try #require(try await catalog.galleries().first)
    #expect(try await catalog.shards(ofGallery: gallery.id).map(\.file) == ["staff.sealed"])
    try await catalog.purge(
      gallery: gallery.id, access: NewAccess(.purged, verb: "gallery purge", author: "ada"))
    #expect(try await catalog.galleries().map(\.state) == [.purged])
    #expect(try await catalog.shards().isEmpty)
    #expect(try await catalog.images(ImageFilter(source: source)).isEmpty)
    #expect(try await catalog.accesses().map(\.action) == [.sealed, .purged])
    #expect(try await catalog.check().isEmpty)
  }
}
