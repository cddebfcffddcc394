import Files
import HTTPServer
import Synchronization
import Testing

@Suite struct HTTPServerTests {
  private static let get = "GET /a HTTP/1.1\r\nHost: h\r\n"

  @Test func `a request arrives whole and its answer too`() async throws {
    let test = try TestServer()
    defer { test.server.stop() }
    let client = try #require(RawClient(test.server.address))
    client.send("POST /a?b=%41 HTTP/1.1\r\nHost: h\r\nX-Y: z\r\nContent-Length: 5\r\n\r\nhel")
    client.send("lo")
    let answer = await client.receive { $0.hasSuffix("hello") }
    #expect(answer.hasPrefix("HTTP/1.1 200 "))
    #expect(answer.contains("X-Test: 1\r\n"))
    #expect(answer.contains("POST /a?b=%41 [host=h;x-y=z;content-length=5] 127.0.0.1 hello"))
  }

  @Test func `a connection is used again, also for requests sent in one go`() async throws {
    let test = try TestServer()
    defer { test.server.stop() }
    let client = try #require(RawClient(test.server.address))
    client.send("\(Self.get)\r\n\(Self.get)\r\n")
    let answer = await client.receive {
      $0.components(of: "HTTP/1.1 200").count == 3 && $0.hasSuffix(" ")
    }
    #expect(answer.components(of: "GET /a").count == 3)
  }

  @Test func `a body in chunks is put together`() async throws {
    let test = try TestServer()
    defer { test.server.stop() }
    let client = try #require(RawClient(test.server.address))
    client.send(
      "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    )
    #expect(await client.receive { $0.hasSuffix("abcde") }.hasSuffix("abcde"))
  }

  @Test func `a body beyond its limit is refused, and the next request goes on`() async throws {
    let test = try TestServer(bodyLimit: 10)
    defer { test.server.stop() }
    let client = try #require(RawClient(test.server.address))
    client.send(
      "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 20\r\n\r\n\(String(repeating: "x", count: 20))"
    )
    let answer = await client.receive { $0.contains("about:blank") }
    #expect(answer.hasPrefix("HTTP/1.1 413 "))
    #expect(answer.contains("application/problem+json"))
    let other = try #require(RawClient(test.server.address))
    other.send("\(Self.get)\r\n")
    #expect(await other.receive { $0.hasSuffix(" ") }.contains("GET /a"))
  }

  @Test func `a head can be refused before its body is there`() async throws {
    let test = try TestServer()
    defer { test.server.stop() }
    let client = try #require(RawClient(test.server.address))
    client.send("POST /refused HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n")
    let answer = await client.receive { $0.hasSuffix("no") }
    #expect(answer.hasPrefix("HTTP/1.1 403 "))
  }

  @Test(arguments: [
    "GARBAGE\r\n\r\n", "GET\r\n\r\n", "GET /a HTTP/9.9\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n", "\0\0\0\0\r\n\r\n",
  ])
  func `what is no request is answered with a fault or cut off`(text: String) async throws {
    let test = try TestServer()
    defer { test.server.stop() }
    let client = try #require(RawClient(test.server.address, seconds: 3))
    client.send(text)
    let answer = await client.receive { $0.contains("\r\n\r\n") }
    #expect(!answer.hasPrefix("HTTP/1.1 200"))
    let other = try #require(RawClient(test.server.address))
    other.send("\(Self.get)\r\n")
    #expect(await other.receive { $0.hasSuffix(" ") }.contains("GET /a"))
  }

  @Test func `a head that trickles in is cut off in time`() async throws {
    var limits = ServerLimits()
    limits.requestSeconds = 1
    let test = try TestServer(limits: limits)
    defer { test.server.stop() }
    let client = try #require(RawClient(test.server.address))
    client.send("GET /a HTTP/1.1\r\n")
    var drops = 0
    while drops < 100, client.isOpen {
      client.send("X-Drop: 1\r\n")
      drops += 1
      try await Task.sleep(for: .milliseconds(100))
    }
    #expect(!client.isOpen)
  }

  @Test func `a stream sends what comes, refuses what is too much, and ends`() async throws {
    let test = try TestServer()
    defer { test.server.stop() }
    let client = try #require(RawClient(test.server.address))
    client.send("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n")
    let stream = try await made(test)
    #expect(stream.push(Array("one".utf8)) == .taken)
    #expect(await client.receive { $0.contains("one") }.contains("one"))
    #expect(stream.push([UInt8](repeating: 65, count: 2000)) == .full)
    #expect(stream.push(Array("two".utf8)) == .taken)
    stream.finish()
    #expect(await client.receive { $0.contains("0\r\n\r\n") }.contains("two"))
  }

  @Test func `a stream whose client went away says so`() async throws {
    let test = try TestServer()
    defer { test.server.stop() }
    do {
      let client = try #require(RawClient(test.server.address))
      client.send("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n")
      _ = try await made(test)
    }
    let stream = try await made(test)
    var isGone = false
    for _ in 0..<400 where !isGone {
      isGone = stream.push(Array("x".utf8)) == .gone
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(isGone)
  }

  @Test func `stopping waits for what is under way`() async throws {
    let test = try TestServer()
    let client = try #require(RawClient(test.server.address))
    client.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n")
    while test.server.requestsInFlight == 0 { try await Task.sleep(for: .milliseconds(5)) }
    test.server.quiesce()
    #expect(RawClient(test.server.address) == nil)
    test.isOpen.withLock { $0 = true }
    test.server.stop()
    #expect(await client.receive().hasSuffix("late"))
  }

  @Test func `a Unix socket is for its owner, and a dead one is replaced`() async throws {
    let folder = try TemporaryFolder()
    let address = ServerAddress.unix(path: folder("s"))
    let test = try TestServer(address: address)
    let client = try #require(RawClient(address))
    client.send("\(Self.get)\r\n")
    #expect(await client.receive { $0.contains("GET /a") }.contains("GET /a"))
    #expect(throws: ServerError.self) { try TestServer(address: address) }
    test.server.stop()
    let again = try TestServer(address: address)
    again.server.stop()
  }

  @Test func `a taken port is said to be`() async throws {
    let test = try TestServer()
    defer { test.server.stop() }
    let error = #expect(throws: ServerError.self) { try TestServer(address: test.server.address) }
    #expect(error?.code == .notBound)
    #expect(error?.message.contains("address already in use") == true)
  }

  @Test func `a certificate that is none is refused`() {
    let error = #expect(throws: ServerError.self) {
      try TestServer(certificate: HTTPServer.Certificate(chain: "no", key: "no"))
    }
    #expect(error?.code == .certificate)
  }

  private func made(_ test: TestServer) async throws -> EventStream {
    for _ in 0..<1000 {
      if let stream = test.streams.withLock({ $0.last }) { return stream }
      try await Task.sleep(for: .milliseconds(5))
    }
    throw CancellationError()
  }
}

extension String {
  fileprivate func components(of separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
