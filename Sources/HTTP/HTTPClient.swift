internal import Synchronization

/// Sends requests over http and https and keeps connections open between them.
///
/// Only the answer's own bytes are taken: no redirect is followed, no proxy and no password file of
/// the environment is used, nothing is decompressed. Safe from several threads; each request in
/// flight has a connection of its own.
public final class HTTPClient: Sendable {
  /// A file of trusted certificates in PEM form, instead of the system's.
  public let authorities: String?
  /// Seconds a connection may take to be made; part of a request's deadline.
  public let connectDeadline: Double
  private let idle = Mutex<[CurlHandle]>([])

  public init(authorities: String? = nil, connectDeadline: Double = 10) {
    self.authorities = authorities
    self.connectDeadline = connectDeadline
  }

  /// - Throws: `badAddress` before anything is sent, for an address that is not http or https or a
  ///   header with a line end; the other codes for what happened on the way. A message never holds
  ///   a header's value.
  public func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
    try Self.check(request)
    let kept = idle.withLock { $0.popLast() }
    let handle: CurlHandle
    if let kept { handle = kept } else { handle = try CurlHandle() }
    defer { idle.withLock { $0.append(handle) } }
    return try handle.perform(
      request, authorities: authorities, connectDeadline: connectDeadline)
  }

  private static func check(_ request: HTTPRequest) throws(HTTPError) {
    let url = request.url
    guard url.hasPrefix("http://") || url.hasPrefix("https://"),
      url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else {
      throw HTTPError(
        .badAddress, "'\(url)' is no http or https address",
        hint: "write it as http://HOST:PORT or https://HOST:PORT")
    }
    for header in request.headers {
      let isPlain = (header.name + header.value).utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
      guard isPlain, !header.name.isEmpty, !header.name.contains(":") else {
        throw HTTPError(.badAddress, "header '\(header.name)' holds a control character")
      }
    }
  }
}
