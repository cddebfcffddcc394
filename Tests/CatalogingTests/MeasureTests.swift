import Cataloging
import Domain
import SQLite
import Testing

@Suite struct MeasureTests {
  private let hash = PictureHash(words: SIMD4(1, 2, 3, 4))

  @Test func `hashes and scores are kept with the image`() async throws {
    let scratch = try Scratch()
    let catalog = try scratch.create()
    let source = try await catalog.source(population: .real, root: "/r", layout: "flat").id
    var first = batch(source: source, count: 2)
    first.items[0].facts.pixelDigest = digest(77)
    first.items[0].facts.perceptualHash = hash
    first.items[0].facts.quality = 0.625
    first.items[0].facts.qualityEncoder = "net"
    _ = try await catalog.commit(first)
    let images = try await catalog.images()
    #expect(images[0].facts == first.items[0].facts)
    #expect(images[1].facts.perceptualHash == nil && images[1].facts.quality == nil)
  }

  @Test func `what an older version did not measure is named and can be put in`() async throws {
    let scratch = try Scratch()
    let catalog = try scratch.create()
    let source = try await catalog.source(population: .real, root: "/r", layout: "flat").id
    _ = try await catalog.commit(batch(source: source, count: 3))
    #expect(try await catalog.unmeasuredImages(qualityEncoder: nil) == [1, 2, 3])
    var later = IndexBatch(source: source)
    later.measures = [
      ImageMeasures(image: 2, pixelDigest: digest(5), perceptualHash: hash),
      ImageMeasures(image: 3, pixelDigest: digest(6), perceptualHash: nil),
    ]
    later.measures[1].quality = 0.5
    later.measures[1].qualityEncoder = "net"
    _ = try await catalog.commit(later)
    #expect(try await catalog.unmeasuredImages(qualityEncoder: nil) == [1])
    #expect(try await catalog.unmeasuredImages(qualityEncoder: "net") == [1, 2])
    #expect(try await catalog.image(2).facts.perceptualHash == hash)
    #expect(try await catalog.image(3).facts.quality == 0.5)
    var wrong = IndexBatch(source: source)
    wrong.measures = [ImageMeasures(image: 99, pixelDigest: digest(5), perceptualHash: nil)]
    let error = try await catalogError { _ = try await catalog.commit(wrong) }
    #expect(error.code == .unknownRecord)
  }

  @Test func `pairs keep the distance and the reason for the keeper`() async throws {
    let scratch = try Scratch()
    let catalog = try scratch.create()
    try await plant(catalog)
    var pair = PairRecord(
      kind: .duplicate, kept: 1, removed: 2, tier: "perceptual", verdict: "quarantine")
    pair.hashDistance = 7
    pair.keeper = #"{"keep":"quality"}"#
    try await catalog.commit([pair], of: step("k9"))
    #expect(try await catalog.pairs(step: "k9") == [pair])
  }

  @Test func `pair graphs of just these vectors come with the highest floor first`() async throws {
    let scratch = try Scratch()
    let catalog = try scratch.create()
    for (number, floor) in [(1, Float(0.5)), (2, 0.75), (3, 0.625)] {
      var graph = PairGraphRecord(
        key: "g\(number)", space: identitySpace, rowsDigest: digest(number == 3 ? 2 : 1),
        engine: "exact")
      graph.floor = CosineSimilarity(floor)
      graph.file = "\(number).pairs"
      graph.digest = digest(number)
      graph.pairCount = number
      try await catalog.put(graph)
      try await catalog.put(graph)
    }
    let found = try await catalog.pairGraphs(
      in: identitySpace, rowsDigest: digest(1), engine: "exact")
    #expect(found.map(\.key) == ["g2", "g1"])
    #expect(found.map(\.pairCount) == [2, 1])
    #expect(
      try await catalog.pairGraphs(in: imageSpace, rowsDigest: digest(1), engine: "exact").isEmpty)
    #expect(try await catalog.pairGraphs().count == 3)
  }
}
