import HTTPServer
import Testing

@Suite struct RequestTargetTests {
  @Test func `a path is decoded in segments, a query in fields`() throws {
    let target = try #require(RequestTarget("/api/a%20b/%C3%A9?x=1&y=a+b%26&flag&x=2"))
    #expect(target.path == ["api", "a b", "é"])
    #expect(target.query.map(\.name) == ["x", "y", "flag", "x"])
    #expect(target.query.map(\.value) == ["1", "a b&", "", "2"])
  }

  @Test func `the root is one empty segment`() {
    #expect(RequestTarget("/")?.path == [""])
    #expect(RequestTarget("/a/")?.path == ["a", ""])
  }

  @Test(arguments: [
    "", "a", "*", "http://other/", "/a/../b", "/a/%2e%2e/b", "/./a", "/a%2fb", "/a%5Cb", "/a\\b",
    "/a%00b", "/a%0Ab", "/%", "/%4", "/%zz", "/%ff", "//a", "/a//b", "/a%7F",
    "/a?x=%ff", "/a?%=1",
  ])
  func `what could be read in two ways is refused`(text: String) {
    #expect(RequestTarget(text) == nil)
  }

  @Test func `an escape is decoded once`() {
    #expect(RequestTarget("/%252e%252e")?.path == ["%2e%2e"])
  }
}

@Suite struct ServerAddressTests {
  @Test func `addresses are read`() throws {
    #expect(try ServerAddress("8439") == .tcp(host: "127.0.0.1", port: 8439))
    #expect(try ServerAddress("localhost:1") == .tcp(host: "127.0.0.1", port: 1))
    #expect(try ServerAddress("[::1]:2") == .tcp(host: "::1", port: 2))
    #expect(try ServerAddress("0.0.0.0:3") == .tcp(host: "0.0.0.0", port: 3))
  }

  @Test(arguments: ["", ":", "a:1", "example.org:80", "127.0.0.1", "127.0.0.1:99999", "1.2.3.4:x"])
  func `anything else is not`(text: String) {
    #expect(throws: ServerError.self) { try ServerAddress(text) }
  }

  @Test func `only this machine is loopback`() throws {
    #expect(try ServerAddress("127.1.2.3:1").isLoopback)
    #expect(try ServerAddress("[::1]:1").isLoopback)
    #expect(try !ServerAddress("0.0.0.0:1").isLoopback)
    #expect(try !ServerAddress("[::]:1").isLoopback)
    #expect(ServerAddress.unix(path: "/tmp/x").isLoopback)
  }
}
