import Cryptography
import Domain
import Files
import Foundation
import Testing
import VectorStorage

@Suite struct SealedShardTests {
  let folder: TemporaryFolder
  let space = Space(
    name: "identity", width: 3, encoderDigest: String(repeating: "ab", count: 32))
  let rows = Vectors(width: 3, rows: [[1, 2, 3], [-4, 5, 0.5], [7, 8, 9]])

  init() throws { folder = try TemporaryFolder() }

  private func store(_ keys: String...) -> VectorStore {
    VectorStore(root: folder("vectors"), keys: KeyRing(files: keys))
  }

  @Test func `sealed rows come back with the key, among plain ones`() throws {
    let key = try SealingKey.create(at: folder("k"))
    let sealed = try store().publishSealed(rows, space: space, key: key)
    let plain = try store().publish(Vectors(width: 3, rows: [[10, 11, 12]]), space: space)
    #expect(VectorStore.isSealed(sealed.file) && !VectorStore.isSealed(plain.file))
    let gathered = try store(folder("k")).gather(
      [(sealed.file, 2), (plain.file, 0), (sealed.file, 0), (sealed.file, 1)], space: space)
    #expect(
      gathered == Vectors(width: 3, rows: [[7, 8, 9], [10, 11, 12], [1, 2, 3], [-4, 5, 0.5]]))
    #expect(throws: VectorStorageError.self) {
      try store(folder("k")).gather([(sealed.file, 3)], space: space)
    }
    let orphans = try store().orphans(known: [plain.file])
    #expect(orphans == [sealed.file])
  }

  @Test func `nothing of the rows is on the disk`() throws {
    let key = try SealingKey.create(at: folder("k"))
    let sealed = try store().publishSealed(rows, space: space, key: key)
    let bytes = try FileReader.read(Paths.join(folder("vectors"), sealed.file))
    let plain = try store().shardBytes(rows, space: space)
    #expect(Data(bytes).firstRange(of: Data(plain.suffix(12))) == nil)
    #expect(Data(bytes).firstRange(of: Data("identity".utf8)) == nil)
    #expect(throws: VectorStorageError.self) {
      try store().gather([(sealed.file, 0)], space: space)
    }
    _ = try SealingKey.create(at: folder("other"))
    let error = #expect(throws: VectorStorageError.self) {
      try store(folder("other")).gather([(sealed.file, 0)], space: space)
    }
    #expect(error?.code == .locked)
    #expect(error?.message.contains(key.id) == true)
  }

  @Test func `every changed byte of a sealed shard is noticed, with the key and without`() throws {
    let key = try SealingKey.create(at: folder("k"))
    let sealed = try store().publishSealed(rows, space: space, key: key)
    let path = Paths.join(folder("vectors"), sealed.file)
    let bytes = try FileReader.read(path)
    #expect(store().check(sealed.file, expectedDigest: sealed.digest) == nil)
    #expect(store(folder("k")).check(sealed.file) == nil)
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 2
      try AtomicFile.write(changed, to: path)
      #expect(store().check(sealed.file, expectedDigest: sealed.digest) != nil, "byte \(place)")
      #expect(throws: VectorStorageError.self, "byte \(place)") {
        try store(folder("k")).gather([(sealed.file, 0)], space: space)
      }
    }
  }

  @Test func `another encoder's space is refused`() throws {
    let key = try SealingKey.create(at: folder("k"))
    let sealed = try store().publishSealed(rows, space: space, key: key)
    let other = Space(
      name: "identity", width: 3, encoderDigest: String(repeating: "cd", count: 32))
    let error = #expect(throws: VectorStorageError.self) {
      try store(folder("k")).gather([(sealed.file, 0)], space: other)
    }
    #expect(error?.code == .otherSpace)
  }

  @Test func `opaque names hang on the key`() throws {
    let first = try SealingKey.create(at: folder("a"))
    let second = try SealingKey.create(at: folder("b"))
    #expect(
      first.opaqueName(of: "x/1.png")
        == (try SealingKey.read(folder("a"))).opaqueName(of: "x/1.png"))
    #expect(first.opaqueName(of: "x/1.png") != second.opaqueName(of: "x/1.png"))
    #expect(first.opaqueName(of: "x/1.png").count == 32)
    #expect(throws: VectorStorageError.self) { try SealingKey.create(at: folder("a")) }
    try AtomicFile.write(text: "something else\n", to: folder("c"))
    #expect(throws: VectorStorageError.self) { try SealingKey.read(folder("c")) }
  }

  @Test func `a short passphrase is refused`() throws {
    try PrivateFile.create(Array("short\n".utf8), at: folder("w"))
    let error = #expect(throws: VectorStorageError.self) {
      try SealingKey.passphrase(in: folder("w"))
    }
    #expect(error?.message.contains("fewer than 12") == true)
  }

  @Test func `a destroyed shard is gone`() throws {
    let key = try SealingKey.create(at: folder("k"))
    let sealed = try store().publishSealed(rows, space: space, key: key)
    try store().destroy(sealed.file)
    #expect(!FileSystem.exists(Paths.join(folder("vectors"), sealed.file)))
    try store().destroy(sealed.file)
  }
}
