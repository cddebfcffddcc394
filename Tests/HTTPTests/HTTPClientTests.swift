import HTTP
import Testing

@Suite struct HTTPClientTests {
  @Test func `nobody there is unreachable`() throws {
    let error = #expect(throws: HTTPError.self) {
      try HTTPClient().send(HTTPRequest(.get, "http://127.0.0.1:1/v2", deadline: 5))
    }
    #expect(error?.code == .unreachable)
  }

  @Test(arguments: ["ftp://127.0.0.1/", "file:///etc/passwd", "127.0.0.1:80", "http://a b/", ""])
  func `only http and https are spoken`(url: String) throws {
    let error = #expect(throws: HTTPError.self) {
      try HTTPClient().send(HTTPRequest(.get, url, deadline: 5))
    }
    #expect(error?.code == .badAddress)
  }

  @Test func `a line end cannot be smuggled into a header, and its value is not told`() throws {
    var request = HTTPRequest(.get, "http://127.0.0.1:1/")
    request.headers = [("Authorization", "Bearer secret\r\nX-Other: 1")]
    let error = #expect(throws: HTTPError.self) { try HTTPClient().send(request) }
    #expect(error?.code == .badAddress)
    #expect(error?.message.contains("secret") == false)
  }
}
