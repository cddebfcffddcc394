import Files
import Testing

@Suite struct PathsTests {
  @Test func `joining`() {
    #expect(Paths.join("a", "b") == "a/b")
    #expect(Paths.join("a/", "b") == "a/b")
    #expect(Paths.join("", "b") == "b")
    #expect(Paths.join("a", "") == "a")
    #expect(Paths.join("a", "/b") == "/b")
    #expect(Paths.join("/", "b") == "/b")
  }

  @Test(arguments: [
    ("a/b.png", "b.png", "a", "b", "png"), ("b", "b", ".", "b", ""),
    ("/b", "b", "/", "b", ""), ("/", "/", "/", "/", ""), ("", "", ".", "", ""),
    ("a//b/", "b", "a", "b", ""), ("x/.rc", ".rc", "x", ".rc", ""),
    ("x/a.tar.GZ", "a.tar.GZ", "x", "a.tar", "gz"), ("a.", "a.", ".", "a.", ""),
    ("//a", "a", "/", "a", ""), ("é/ü.JPG", "ü.JPG", "é", "ü", "jpg"),
  ])
  func `taking apart`(
    path: String, last: String, parent: String, stem: String, fileExtension: String
  ) {
    #expect(Paths.lastComponent(path) == last)
    #expect(Paths.parent(path) == parent)
    #expect(Paths.stem(path) == stem)
    #expect(Paths.fileExtension(path) == fileExtension)
  }

  @Test(arguments: [
    ("a/./b//c/", "a/b/c"), ("a/../b", "b"), ("../a", "../a"), ("a/../../b", "../b"),
    ("/..", "/"), ("/../a", "/a"), (".", "."), ("", "."), ("a/..", "."), ("/a/..", "/"),
  ])
  func `normalising`(path: String, expected: String) {
    #expect(Paths.normalised(path) == expected)
    #expect(Paths.normalised(expected) == expected)
  }

  @Test func `relative paths are those inside`() {
    #expect(Paths.relative("/a/b/c", to: "/a") == "b/c")
    #expect(Paths.relative("/a/b", to: "/a/b/") == "")
    #expect(Paths.relative("/ab", to: "/a") == nil)
    #expect(Paths.relative("/a", to: "/a/b") == nil)
    #expect(Paths.relative("/a", to: "/") == "a")
    #expect(Paths.relative("a/b", to: ".") == "a/b")
    #expect(Paths.relative("../b", to: ".") == nil)
  }

  @Test func `absolute paths start at the root`() {
    #expect(Paths.absolute("/a/../b") == "/b")
    #expect(Paths.absolute("x").hasSuffix("/x"))
    #expect(Paths.absolute("x").hasPrefix("/"))
  }
}
