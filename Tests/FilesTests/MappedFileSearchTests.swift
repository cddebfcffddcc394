import Files
import Testing

@Suite struct MappedFileSearchTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `the first place of some bytes is found, or that there is none`() throws {
    try AtomicFile.write([1, 1, 2, 1, 2, 3], to: folder("file"))
    let file = try MappedFile(folder("file"))
    #expect(file.firstPlace(of: [1, 2]) == 1)
    #expect(file.firstPlace(of: [1, 2], from: 2) == 3)
    #expect(file.firstPlace(of: [1, 2, 3]) == 3)
    #expect(file.firstPlace(of: [3]) == 5)
    #expect(file.firstPlace(of: [2, 3, 4]) == nil)
    #expect(file.firstPlace(of: [1], from: 6) == nil)
    #expect(file.firstPlace(of: [1, 1, 2, 1, 2, 3, 4]) == nil)
    try AtomicFile.write([UInt8](), to: folder("empty"))
    #expect(try MappedFile(folder("empty")).firstPlace(of: [0]) == nil)
  }
}
