import Cryptography
import Domain
import Files
import Testing
import VectorStorage

@Suite struct VectorStoreTests {
  let folder: TemporaryFolder
  let store: VectorStore
  let space = Space(
    name: "identity", width: 3, encoderDigest: String(repeating: "ab", count: 32))

  init() throws {
    folder = try TemporaryFolder()
    store = VectorStore(root: folder("vectors"))
  }

  private func vectors(_ count: Int, from start: Float = 0) -> Vectors {
    Vectors(count: count, width: 3, values: (0..<3 * count).map { start + Float($0) / 8 })
  }

  private func location(_ shard: PublishedShard, _ row: Int) -> VectorLocation {
    VectorLocation(file: shard.file, row: row)
  }

  @Test func `what is published is lent back`() throws {
    let rows = vectors(5)
    let published = try store.publish(rows, space: space)
    #expect(published.rowCount == 5)
    let bytes = try FileReader.read(Paths.join(store.root, published.file))
    #expect(published.digest == SHA256.digest(of: bytes))
    #expect(bytes.count == 256 + 5 * 3 * 4)
    #expect(
      published.file == "identity-abababababab/\(SHA256.hex(of: bytes).prefix(16)).shard")

    let shard = try store.open(published.file, expecting: space)
    #expect(shard.rowCount == 5 && shard.space == space)
    #expect(shard.vectors(0..<5) == rows)
    #expect(shard.vectors(2..<2).count == 0)
    let lent = shard.withRow(4) { row in (0..<row.count).map { row[$0] } }
    #expect(lent == Array(rows[row: 4]))
  }

  @Test func `special values keep their bits`() throws {
    let values: [Float] = [
      .nan, -.infinity, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1,
    ]
    let published = try store.publish(Vectors(count: 2, width: 3, values: values), space: space)
    let found = try store.open(published.file, expecting: space).vectors(0..<2)
    #expect(found.values.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test func `the same content gives the same file, another space another`() throws {
    let first = try store.publish(vectors(4), space: space)
    #expect(try store.publish(vectors(4), space: space) == first)
    #expect(try store.orphans(known: []) == [first.file])
    let other = Space(name: "image", width: 3, encoderDigest: space.encoderDigest)
    #expect(try store.publish(vectors(4), space: other).file != first.file)
    #expect(try store.publish(vectors(5), space: space).file != first.file)
  }

  @Test func `publishing again repairs a damaged file`() throws {
    let shard = try store.publish(vectors(4), space: space)
    let path = Paths.join(store.root, shard.file)
    var bytes = try FileReader.read(path)
    bytes[300] ^= 1
    try AtomicFile.write(bytes, to: path)
    #expect(store.check(shard.file) != nil)
    #expect(try store.publish(vectors(4), space: space) == shard)
    #expect(store.check(shard.file, expectedDigest: shard.digest) == nil)
  }

  @Test func `no rows make a shard without rows`() throws {
    let shard = try store.publish(vectors(0), space: space)
    #expect(shard.rowCount == 0)
    #expect(store.check(shard.file, expectedDigest: shard.digest) == nil)
    #expect(try store.open(shard.file, expecting: space).vectors(0..<0).count == 0)
  }

  @Test func `gathering follows the order asked for`() throws {
    let rows = vectors(50)
    let more = vectors(20, from: 1000)
    let a = try store.publish(rows, space: space)
    let b = try store.publish(more, space: space)
    let wanted =
      [3, 4, 5, 5, 4, 49, 0].map { location(a, $0) } + [0, 1, 19].map { location(b, $0) }
      + [location(a, 1)]
    let expected =
      rows.rows([3, 4, 5, 5, 4, 49, 0]).values + more.rows([0, 1, 19]).values
      + rows.rows([1]).values
    #expect(try store.gather(wanted, space: space).values == expected)
    #expect(try store.gather([] as [VectorLocation], space: space).count == 0)
    #expect(try store.gather([(file: a.file, row: 7)], space: space) == rows.rows([7]))
  }

  @Test(arguments: [([-1], -1), ([4], 4), ([2, 3, 4], 4), ([Int.max], Int.max), ([.min], .min)])
  func `rows that are not there are named`(rows: [Int], bad: Int) throws {
    let shard = try store.publish(vectors(4), space: space)
    let error = #expect(throws: VectorStorageError.self) {
      try store.gather(rows.map { location(shard, $0) }, space: space)
    }
    #expect(error?.code == .badRow)
    #expect(
      error?.message == "the vector shard \(shard.file) has 4 rows and none numbered \(bad)")
  }

  @Test func `vectors of another encoder are refused`() throws {
    let shard = try store.publish(vectors(4), space: space)
    let others = [
      Space(name: "identity", width: 3, encoderDigest: String(repeating: "cd", count: 32)),
      Space(name: "image", width: 3, encoderDigest: space.encoderDigest),
      Space(name: "identity", width: 4, encoderDigest: space.encoderDigest),
    ]
    for other in others {
      let error = #expect(throws: VectorStorageError.self) {
        try store.open(shard.file, expecting: other)
      }
      #expect(error?.code == .otherSpace)
      #expect(throws: VectorStorageError.self) {
        try store.gather([location(shard, 0)], space: other)
      }
    }
    let upper = Space(name: "identity", width: 3, encoderDigest: space.encoderDigest.uppercased())
    #expect(try store.open(shard.file, expecting: upper).rowCount == 4)
    #expect(try store.publish(vectors(4), space: upper) == shard)
  }

  @Test(arguments: ["", ".", "../up", "a/b", "a b", "é", String(repeating: "x", count: 65)])
  func `names that could leave the store are refused`(name: String) {
    let bad = Space(name: name, width: 3, encoderDigest: space.encoderDigest)
    let error = #expect(throws: VectorStorageError.self) {
      try store.publish(vectors(1), space: bad)
    }
    #expect(error?.code == .badSpace)
  }

  @Test(arguments: [
    "", "abc", String(repeating: "z", count: 64), String(repeating: "a", count: 66),
  ])
  func `an encoder digest is a SHA-256`(digest: String) {
    let bad = Space(name: "identity", width: 3, encoderDigest: digest)
    #expect(throws: VectorStorageError.self) { try store.publish(vectors(1), space: bad) }
  }

  @Test func `vectors of the wrong width are refused`() {
    let wide = Vectors(count: 1, width: 4, values: [1, 2, 3, 4])
    let error = #expect(throws: VectorStorageError.self) { try store.publish(wide, space: space) }
    #expect(
      error?.message == "vectors of 4 values do not fit the space identity of 3")
  }

  @Test func `orphans are what the catalog does not know`() throws {
    #expect(try store.orphans(known: []) == [], "no root yet")
    let a = try store.publish(vectors(1), space: space)
    let b = try store.publish(vectors(2), space: space)
    #expect(try store.orphans(known: [a.file]) == [b.file])
    #expect(try store.orphans(known: [a.file, b.file, "gone"]) == [])
  }

  @Test func `whichever call fails, a shard is there whole or not at all`() throws {
    let rows = vectors(3)
    var failures = 0
    for call in 1...100 {
      let root = folder("faulty-\(call)")
      let faulty = VectorStore(root: root, faults: FileFaults(failingCall: call))
      do {
        _ = try faulty.publish(rows, space: space)
        break
      } catch {
        failures += 1
        #expect(error.code == .fileSystem)
      }
      for file in try faulty.orphans(known: []) {
        #expect(faulty.check(file) == nil, "after failing call \(call)")
      }
      let shard = try VectorStore(root: root).publish(rows, space: space)
      #expect(VectorStore(root: root).check(shard.file, expectedDigest: shard.digest) == nil)
    }
    #expect(failures >= 5)
  }
}
