import Domain
import Files
import Testing

@Suite struct FileReaderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a missing file is named with what to do`() {
    let path = folder("missing.png")
    let error = #expect(throws: FilesError.self) { try FileReader.read(path) }
    #expect(error?.code == .missing)
    #expect(error?.message == "cannot open \(path): no such file or directory")
    #expect(error?.hint == "check the spelling of the path")
  }

  @Test func `a folder is not a file`() {
    let error = #expect(throws: FilesError.self) { try FileReader.read(folder.path) }
    #expect(error?.code == .notAFile)
    #expect(error?.message == "cannot read \(folder.path): is a directory")
  }

  @Test func `a file longer than the limit is refused with both numbers`() throws {
    try AtomicFile.write([1, 2, 3], to: folder("three"))
    #expect(try FileReader.read(folder("three"), limit: 3) == [1, 2, 3])
    let error = #expect(throws: FilesError.self) { try FileReader.read(folder("three"), limit: 2) }
    #expect(error?.code == .tooLarge)
    #expect(error?.message == "\(folder("three")) has 3 bytes, more than the 2 accepted here")
  }

  @Test func `files without a known size are read to their end`() throws {
    let text = try FileReader.readText("/proc/self/status")
    #expect(text.contains("VmRSS"))
    #expect(throws: FilesError.self) { try FileReader.read("/proc/self/status", limit: 10) }
    #expect(throws: FilesError.self) { try FileReader.read("/dev/zero", limit: 100_000) }
  }

  @Test func `text drops a byte-order mark and must be UTF-8`() throws {
    try AtomicFile.write([0xEF, 0xBB, 0xBF, 0x61], to: folder("bom"))
    #expect(try FileReader.readText(folder("bom")) == "a")
    try AtomicFile.write([0xFF, 0x61], to: folder("latin"))
    let error = #expect(throws: FilesError.self) { try FileReader.readText(folder("latin")) }
    #expect(error?.code == .notText)
  }

  @Test func `a mapped file lends the same bytes`() throws {
    let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try AtomicFile.write(bytes, to: folder("m"))
    let file = try MappedFile(folder("m"))
    #expect(file.byteCount == 10_000)
    let lent = file.withBytes { span in
      (0..<span.byteCount).map { unsafe span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }
    #expect(lent == bytes)
    #expect(file.bytes(100..<300) == Array(bytes[100..<300]))
    #expect(file.bytes(10_000..<10_000) == [])
    try FileSystem.remove(folder("m"))
    let last = file.withBytes { unsafe $0.unsafeLoad(fromByteOffset: 9_999, as: UInt8.self) }
    #expect(last == bytes[9_999], "a removed file stays mapped")
  }

  @Test func `an empty file maps to no bytes, and folders and devices do not map`() throws {
    try AtomicFile.write([], to: folder("empty"))
    #expect(try MappedFile(folder("empty")).withBytes { $0.byteCount } == 0)
    #expect(throws: FilesError.self) { try MappedFile(folder.path) }
    #expect(throws: FilesError.self) { try MappedFile("/dev/null") }
  }
}
