import Files
import Foundation
import Testing

@Suite struct PrivateFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a secret is its owner's alone and is not replaced`() throws {
    try PrivateFile.create([1, 2, 3], at: folder("s"))
    let mode = try FileManager.default.attributesOfItem(atPath: folder("s"))[.posixPermissions]
    #expect((mode as? NSNumber)?.intValue == 0o600)
    #expect(try PrivateFile.read(folder("s")) == [1, 2, 3])
    let error = #expect(throws: FilesError.self) { try PrivateFile.create([4], at: folder("s")) }
    #expect(error?.code == .alreadyExists)
    #expect(try PrivateFile.read(folder("s")) == [1, 2, 3])
  }

  @Test(arguments: [0o644, 0o640, 0o602, 0o666])
  func `a secret that others may use is refused`(mode: Int) throws {
    try PrivateFile.create([1], at: folder("s"))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder("s"))
    let error = #expect(throws: FilesError.self) { try PrivateFile.read(folder("s")) }
    #expect(error?.code == .denied)
    #expect(error?.hint?.contains("chmod 600") == true)
  }

  @Test func `a destroyed file is overwritten before its name goes`() throws {
    try PrivateFile.create([UInt8](repeating: 7, count: 200_000), at: folder("s"))
    // A second name shows what became of the bytes.
    try FileManager.default.linkItem(atPath: folder("s"), toPath: folder("second"))
    try PrivateFile.destroy(folder("s"))
    #expect(!FileSystem.exists(folder("s")))
    #expect(try FileReader.read(folder("second")) == [UInt8](repeating: 0, count: 200_000))
    #expect(throws: FilesError.self) { try PrivateFile.destroy(folder("s")) }
  }
}
