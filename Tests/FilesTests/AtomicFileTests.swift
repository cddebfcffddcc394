import Files
import Testing

@Suite struct AtomicFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `what is written is read back`() throws {
    let path = folder("a.bin")
    for bytes in [[], [7], (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }] as [[UInt8]] {
      try AtomicFile.write(bytes, to: path)
      #expect(try FileReader.read(path) == bytes)
      #expect(try FileSystem.size(of: path) == bytes.count)
    }
    try AtomicFile.write(text: "é\n", to: path)
    #expect(try FileReader.readText(path) == "é\n")
  }

  @Test func `content can come in pieces`() throws {
    try AtomicFile.write(to: folder("b")) { (sink) throws(FilesError) in
      try sink.append([1, 2])
      try sink.append([])
      try sink.append([3])
    }
    #expect(try FileReader.read(folder("b")) == [1, 2, 3])
  }

  @Test func `whichever call fails, the old bytes or the new are there whole`() throws {
    let path = folder("kept.bin")
    let old: [UInt8] = [1, 2, 3]
    let new = [UInt8](repeating: 9, count: 10_000)
    var failures = 0
    for call in 1...100 {
      try AtomicFile.write(old, to: path)
      let faults = FileFaults(failingCall: call, systemError: 28)
      do {
        try AtomicFile.write(new, to: path, faults: faults)
        #expect(faults.callCount == call - 1)
        break
      } catch {
        failures += 1
        #expect(error.code == .noSpace)
        #expect(error.message.contains("no space left on device"))
        #expect(!error.message.contains("/.d2r-"), "the message names the real file")
      }
      let found = try FileReader.read(path)
      #expect(found == old || (found == new && call == 5), "after failing call \(call)")
      #expect(try FolderStreamProbe.names(in: folder.path) == ["kept.bin"])
    }
    #expect(failures == 5, "create, write, flush, rename, flush of the folder")
    #expect(try FileReader.read(path) == new)
  }

  @Test func `an error of the content's own leaves nothing behind`() throws {
    let own = FilesError(code: .failed, message: "no")
    #expect(throws: own) {
      try AtomicFile.write(to: folder("c")) { (_) throws(FilesError) in throw own }
    }
    #expect(try FolderStreamProbe.names(in: folder.path) == [])
  }

  @Test func `a missing folder is named`() throws {
    let path = folder("none/a.bin")
    let error = #expect(throws: FilesError.self) { try AtomicFile.write([1], to: path) }
    #expect(error?.code == .missing)
    #expect(error?.message == "cannot create \(path): no such file or directory")
  }

  @Test func `a folder is published whole or not at all`() throws {
    let path = folder("set")
    for call in 1...100 {
      let faults = FileFaults(failingCall: call)
      do {
        try AtomicFolder.publish(to: path, faults: faults) {
          try AtomicFile.write([1], to: Paths.join($0, "x"))
        }
        break
      } catch {
        if FileSystem.exists(path) {
          #expect(try FileReader.read(Paths.join(path, "x")) == [1])
          try FileSystem.removeFolder(path)
        }
        #expect(try FolderStreamProbe.names(in: folder.path) == [])
      }
    }
    #expect(try FileReader.read(Paths.join(path, "x")) == [1])
    let error = #expect(throws: FilesError.self) {
      try AtomicFolder.publish(to: path) { try AtomicFile.write([2], to: Paths.join($0, "y")) }
    }
    #expect(error?.code == .alreadyExists)
    #expect(try FileReader.read(Paths.join(path, "x")) == [1])
  }
}
