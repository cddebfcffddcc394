import Files
import Glibc
import Testing

@Suite struct FileSystemTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `folders are made with those above, and again`() throws {
    for _ in 0..<2 { try FileSystem.makeFolder(folder("a/b/c")) }
    #expect(FileSystem.isFolder(folder("a/b/c")))
    try AtomicFile.write([], to: folder("f"))
    #expect(throws: FilesError.self) { try FileSystem.makeFolder(folder("f")) }
    #expect(throws: FilesError.self) { try FileSystem.makeFolder(folder("f/g")) }
  }

  @Test func `files are asked about and removed`() throws {
    try AtomicFile.write([1], to: folder("f"))
    #expect(FileSystem.exists(folder("f")) && FileSystem.isFile(folder("f")))
    #expect(!FileSystem.isFolder(folder("f")))
    try FileSystem.remove(folder("f"))
    #expect(!FileSystem.exists(folder("f")))
    #expect(throws: FilesError.self) { try FileSystem.remove(folder("f")) }
    #expect(throws: FilesError.self) { try FileSystem.size(of: folder("f")) }
  }

  @Test func `a move replaces nothing`() throws {
    try AtomicFile.write([1], to: folder("a"))
    try AtomicFile.write([2], to: folder("b"))
    let error = #expect(throws: FilesError.self) {
      try FileSystem.move(folder("a"), to: folder("b"))
    }
    #expect(error?.code == .alreadyExists)
    try FileSystem.move(folder("a"), to: folder("c"))
    #expect(try FileReader.read(folder("c")) == [1])
    #expect(!FileSystem.exists(folder("a")))
  }

  @Test func `removing a folder does not follow links`() throws {
    try FileSystem.makeFolder(folder("keep"))
    try AtomicFile.write([1], to: folder("keep/f"))
    try FileSystem.makeFolder(folder("gone/deep"))
    try AtomicFile.write([1], to: folder("gone/deep/.hidden"))
    #expect(unsafe symlink(folder("keep"), folder("gone/link")) == 0)
    try FileSystem.removeFolder(folder("gone"))
    #expect(!FileSystem.exists(folder("gone")))
    #expect(FileSystem.exists(folder("keep/f")))
  }

  @Test func `a temporary folder goes away with its owner`() throws {
    var mine: TemporaryFolder? = try TemporaryFolder()
    let path = try #require(mine?.path)
    try AtomicFile.write([1], to: Paths.join(path, "f"))
    mine = nil
    #expect(!FileSystem.exists(path))
  }

  @Test func `free space is a number of bytes`() throws {
    #expect(try FileSystem.freeSpace(at: folder.path) > 0)
    #expect(throws: FilesError.self) { try FileSystem.freeSpace(at: folder("none")) }
  }
}
