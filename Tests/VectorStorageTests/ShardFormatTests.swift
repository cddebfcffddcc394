import Cryptography
import Domain
import Files
import Testing
import VectorStorage

@Suite struct ShardFormatTests {
  let folder: TemporaryFolder
  let store: VectorStore
  let space = Space(
    name: "identity", width: 2,
    encoderDigest: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")

  init() throws {
    folder = try TemporaryFolder()
    store = VectorStore(root: folder.path)
  }

  /// A shard of version 1 with the rows (1, -2) and (0.5, 0): kept for good, so that every later
  /// version still reads it. Its two checksums were computed by a bit-by-bit CRC-32C in Python 3.
  static let versionOne: [UInt8] = {
    let head = "44325256" + "01000000" + "02000000" + "00010000" + "0200000000000000"
    let encoder = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
    let name = "b06ba442" + "08000000" + "6964656e74697479"
    let zeros = String(repeating: "00", count: 252 - 72)
    let payload = "0000803f" + "000000c0" + "0000003f" + "00000000"
    return Hex.bytes(head + encoder + name + zeros + "d7e3588a" + payload) ?? []
  }()

  private func write(_ bytes: [UInt8]) throws {
    try AtomicFile.write(bytes, to: folder("a.shard"))
  }

  @Test func `a file of version 1 is read, and written the same`() throws {
    try write(Self.versionOne)
    #expect(store.check("a.shard") == nil)
    let shard = try store.open("a.shard", expecting: space)
    #expect(shard.vectors(0..<2) == Vectors(count: 2, width: 2, values: [1, -2, 0.5, 0]))
    let again = try store.publish(shard.vectors(0..<2), space: space)
    #expect(try FileReader.read(folder(again.file)) == Self.versionOne)
  }

  @Test func `every flipped bit is found, whatever it is`() throws {
    for place in Self.versionOne.indices {
      for bit in [place % 8] {
        var bytes = Self.versionOne
        bytes[place] ^= 1 << bit
        try write(bytes)
        let problem = store.check("a.shard")
        #expect(problem != nil, "bit \(bit) of byte \(place)")
        if place < 256 {
          #expect(throws: VectorStorageError.self, "bit \(bit) of byte \(place)") {
            try store.open("a.shard", expecting: space)
          }
        }
      }
    }
  }

  @Test func `every cut and every growth is found`() throws {
    for count in 0..<Self.versionOne.count {
      try write(Array(Self.versionOne[..<count]))
      #expect(throws: VectorStorageError.self, "\(count) bytes") {
        try store.open("a.shard", expecting: space)
      }
    }
    try write(Self.versionOne + [0])
    let error = #expect(throws: VectorStorageError.self) {
      try store.open("a.shard", expecting: space)
    }
    #expect(
      error?.message
        == "the vector shard a.shard is damaged: it has 273 bytes where 272 belong")
    #expect(error?.hint == "remove the file and index its pictures again")
  }

  @Test func `a newer version is refused, not misread`() throws {
    var bytes = Self.versionOne
    bytes[4] = 2
    try write(bytes)
    let error = #expect(throws: VectorStorageError.self) {
      try store.open("a.shard", expecting: space)
    }
    #expect(error?.code == .newerVersion)
    #expect(
      error?.message
        == "the vector shard a.shard has format 2; this program reads up to 1")
    #expect(store.check("a.shard")?.kind == .newerVersion)
  }

  @Test func `a check tells missing, damaged and exchanged files apart`() throws {
    #expect(store.check("a.shard")?.kind == .missing)
    try write(Self.versionOne)
    #expect(store.check("a.shard", expectedDigest: SHA256.digest(of: Self.versionOne)) == nil)
    let other = store.check("a.shard", expectedDigest: SHA256.digest(of: []))
    #expect(other?.kind == .exchanged)
    var bytes = Self.versionOne
    bytes[260] ^= 4
    try write(bytes)
    #expect(store.check("a.shard")?.kind == .damaged)
    try FileSystem.makeFolder(folder("b.shard"))
    #expect(store.check("b.shard")?.kind == .unreadable)
  }
}
