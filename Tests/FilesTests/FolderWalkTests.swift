import Files
import Glibc
import Testing

@Suite struct FolderWalkTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func put(_ names: String...) throws {
    for name in names {
      try FileSystem.makeFolder(Paths.parent(folder(name)))
      try AtomicFile.write([], to: folder(name))
    }
  }

  private func link(_ name: String, to target: String) {
    #expect(unsafe symlink(target, folder(name)) == 0)
  }

  @Test func `an empty folder has nothing`() throws {
    #expect(try FolderWalk.files(under: folder.path) == FolderListing())
  }

  @Test func `files come in the order of the bytes of their whole path`() throws {
    try put("b.png", "a/2.png", "a/10.png", "a-b/1.png", "a.png", "B/x.png", "é/1.png", "z.png")
    let files = try FolderWalk.files(under: folder.path).files
    #expect(files == files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    #expect(
      files == [
        "B/x.png", "a-b/1.png", "a.png", "a/10.png", "a/2.png", "b.png", "z.png", "é/1.png",
      ])
  }

  @Test func `hidden files and unwanted extensions are left out`() throws {
    try put("1.png", "2.PNG", "3.jpg", "notes.txt", ".hidden.png", ".cache/4.png", "png")
    let listing = try FolderWalk.files(under: folder.path, extensions: ["png"])
    #expect(listing.files == ["1.png", "2.PNG"])
    #expect(listing.problems.isEmpty)
  }

  @Test func `names with spaces, newlines and quotes are files like any other`() throws {
    try put("a b/new\nline.png", "it's \"1\".png", "颜.png")
    #expect(
      try FolderWalk.files(under: folder.path).files
        == ["a b/new\nline.png", "it's \"1\".png", "颜.png"])
  }

  @Test func `links are followed, circles and dangling links are problems`() throws {
    try put("real/1.png")
    link("twin", to: "real")
    link("one.png", to: "real/1.png")
    link("real/up", to: "..")
    link("gone.png", to: "nowhere")
    link("self.png", to: "self.png")
    link("gone.txt", to: "nowhere")
    let listing = try FolderWalk.files(under: folder.path, extensions: ["png"])
    #expect(listing.files == ["one.png", "real/1.png", "twin/1.png"])
    #expect(
      Set(listing.problems.map { "\($0.path): \($0.reason)" }) == [
        "gone.png: the link points to nothing",
        "self.png: the link leads in a circle",
        "real/up: the link leads back to a folder above",
        "twin/up: the link leads back to a folder above",
      ])
  }

  @Test func `names that are not UTF-8 are problems`() throws {
    try put("ok.png")
    let name = Array("\(folder.path)/".utf8) + [0xFF, 0x2E, 0x70, 0x6E, 0x67, 0]
    let made = unsafe name.withUnsafeBytes {
      unsafe creat($0.assumingMemoryBound(to: CChar.self).baseAddress!, 0o600)
    }
    #expect(made >= 0)
    close(made)
    let listing = try FolderWalk.files(under: folder.path)
    #expect(listing.files == ["ok.png"])
    #expect(
      listing.problems == [FolderProblem(path: "\u{FFFD}.png", reason: "its name is not UTF-8")])
  }

  @Test func `two Unicode forms of one name are a problem`() throws {
    try put("e\u{301}.png", "\u{e9}.png")
    let listing = try FolderWalk.files(under: folder.path)
    #expect(listing.files.count == 1)
    #expect(Array(listing.files[0].utf8) == Array("e\u{301}.png".utf8))
    #expect(listing.problems.first?.reason.contains("another Unicode form") == true)
  }

  @Test func `pipes are problems, not a reason to hang`() throws {
    #expect(unsafe mkfifo(folder("pipe.png"), 0o600) == 0)
    let listing = try FolderWalk.files(under: folder.path)
    #expect(listing.problems.first?.reason == "it is neither a file nor a folder")
  }

  @Test(.enabled(if: getuid() != 0, "root can read every folder"))
  func `a folder that cannot be read is a problem`() throws {
    try put("a/1.png", "b/1.png")
    #expect(unsafe chmod(folder("a"), 0) == 0)
    defer { _ = unsafe chmod(folder("a"), 0o700) }
    let listing = try FolderWalk.files(under: folder.path)
    #expect(listing.files == ["b/1.png"])
    #expect(listing.problems == [FolderProblem(path: "a", reason: "permission denied")])
  }

  @Test func `very deep folders are reported`() throws {
    try put("top.png", (0..<80).map { _ in "d" }.joined(separator: "/") + "/1.png")
    let listing = try FolderWalk.files(under: folder.path)
    #expect(listing.files == ["top.png"])
    #expect(listing.problems.count == 1)
  }

  @Test func `a root that is missing or a file is an error`() throws {
    try put("f")
    let missing = #expect(throws: FilesError.self) {
      try FolderWalk.files(under: folder("none"))
    }
    #expect(missing?.code == .missing)
    let file = #expect(throws: FilesError.self) { try FolderWalk.files(under: folder("f")) }
    #expect(file?.code == .notAFolder)
  }
}
