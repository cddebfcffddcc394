import Cryptography
import Domain
import Files
import Testing
import VectorStorage

@Suite struct PairGraphTests {
  let folder: TemporaryFolder
  let store: PairGraphStore
  let space = Space(
    name: "identity", width: 3, encoderDigest: String(repeating: "ab", count: 32))
  static let rows = String(repeating: "cd", count: 32)

  init() throws {
    folder = try TemporaryFolder()
    store = PairGraphStore(root: folder("graphs"))
  }

  private var header: PairGraphHeader {
    PairGraphHeader(
      space: space, rowsDigest: Self.rows, floor: CosineSimilarity(0.5), isExact: true,
      rowCount: 1000)
  }

  private func pair(_ a: Int, _ b: Int, _ similarity: Float) -> VectorPair {
    VectorPair(query: a, target: b, similarity: CosineSimilarity(similarity))
  }

  private func open(_ file: String) throws -> PairGraph {
    try store.open(file, expecting: space, rowsDigest: Self.rows)
  }

  @Test func `pairs come back sorted, once each, lower row first`() throws {
    var writer = store.writer("g.pairs", header)
    try writer.append([pair(9, 3, 0.75), pair(1, 2, 0.5), pair(4, 4, 1), pair(0, 7, 0.49)])
    try writer.append([pair(3, 9, 0.8), pair(0, 999, .nan), pair(0, 5, 0.9)])
    let published = try writer.finish()
    #expect(published.pairCount == 3)
    let bytes = try FileReader.read(folder("graphs/g.pairs"))
    #expect(bytes.count == 256 + 3 * 12 + 16)
    #expect(published.digest == SHA256.digest(of: bytes))
    let graph = try open("g.pairs")
    #expect(graph.header == header)
    #expect(
      graph.pairs(atLeast: CosineSimilarity(0.5))
        == [pair(0, 5, 0.9), pair(1, 2, 0.5), pair(3, 9, 0.8)])
    #expect(graph.pairs(atLeast: CosineSimilarity(0.85)) == [pair(0, 5, 0.9)])
  }

  @Test(arguments: [1, 2, 7, 1000])
  func `runs that do not fit in memory give the same bytes`(runLength: Int) throws {
    let pairs = (0..<200).map { (number: Int) in
      let (first, second): (Int, Int) = (number * 37 % 101, 101 + number * 53 % 97)
      return pair(first, second, 0.5 + Float(number) / 1000)
    }
    var one = store.writer("one.pairs", header)
    try one.append(pairs)
    let whole = try one.finish()
    var cut = store.writer("cut.pairs", header, runLength: runLength)
    for pair in pairs.reversed() { try cut.append([pair]) }
    let merged = try cut.finish()
    #expect(merged.digest == whole.digest)
    #expect(merged.pairCount == whole.pairCount)
    #expect(try open("cut.pairs").count == whole.pairCount)
  }

  @Test func `no pairs make an empty graph`() throws {
    var writer = store.writer("none.pairs", header)
    #expect(try writer.finish().pairCount == 0)
    #expect(try open("none.pairs").pairs(atLeast: CosineSimilarity(-1)).isEmpty)
  }

  @Test func `every changed byte and every lost byte is noticed`() throws {
    var writer = store.writer("g.pairs", header)
    try writer.append([pair(1, 2, 0.6), pair(3, 4, 0.7)])
    _ = try writer.finish()
    let whole = try FileReader.read(folder("graphs/g.pairs"))
    #expect(store.check("g.pairs") == nil)
    for place in whole.indices {
      var bytes = whole
      bytes[place] ^= 0x10
      try AtomicFile.write(bytes, to: folder("graphs/bad.pairs"))
      #expect(store.check("bad.pairs") != nil, "byte \(place)")
    }
    for count in 0..<whole.count {
      try AtomicFile.write(Array(whole.prefix(count)), to: folder("graphs/bad.pairs"))
      #expect(store.check("bad.pairs") != nil, "\(count) bytes")
    }
    #expect(store.check("gone.pairs") != nil)
  }

  @Test func `a graph of other vectors is refused`() throws {
    var writer = store.writer("g.pairs", header)
    _ = try writer.finish()
    let error = #expect(throws: VectorStorageError.self) {
      try store.open("g.pairs", expecting: space, rowsDigest: String(repeating: "00", count: 32))
    }
    #expect(error?.code == .otherSpace)
    let other = Space(name: "image", width: 3, encoderDigest: space.encoderDigest)
    #expect(throws: VectorStorageError.self) {
      try store.open("g.pairs", expecting: other, rowsDigest: Self.rows)
    }
  }

  @Test func `a writer that is let go leaves nothing`() throws {
    do {
      var writer = store.writer("g.pairs", header, runLength: 1)
      try writer.append([pair(1, 2, 0.6), pair(3, 4, 0.7)])
      #expect(writer.taken == 2)
    }
    #expect(!FileSystem.exists(folder("graphs/g.pairs")))
  }
}
