/// Where a server is: `http` or `https`, host, port and an optional path before `/v2`.
public struct ServerAddress: Equatable, Sendable {
  /// As it was written, without a slash at the end.
  public let text: String
  public let isEncrypted: Bool
  /// In lower case, IPv6 without brackets.
  public let host: String

  /// - Throws: `badRequest` for another scheme, no host, a name or password (which would lie open in
  ///   a file), a query or a fragment.
  public init(_ text: String) throws(OpenInferenceError) {
    let schemes = [("http://", false), ("https://", true)]
    guard let (scheme, isEncrypted) = schemes.first(where: { text.hasPrefix($0.0) }) else {
      throw Self.wrong(text, "is no http or https address")
    }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !text.contains("\\") else {
      throw Self.wrong(text, "holds a character that no address has")
    }
    let rest = text.dropFirst(scheme.count)
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if authority.contains("@") {
      throw OpenInferenceError(
        .badRequest, "an address holds a name or a password",
        hint: "leave it out; a token is taken from an environment variable")
    }
    if rest.contains("?") || rest.contains("#") {
      throw Self.wrong(text, "has a query or a fragment")
    }
    guard let host = Self.host(of: authority) else { throw Self.wrong(text, "names no host") }
    self.host = host
    self.isEncrypted = isEncrypted
    self.text = text.hasSuffix("/") ? String(text.dropLast()) : text
  }

  /// True where what is sent stays on this machine.
  public var isLoopback: Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// The host of `host`, `host:port` or `[ipv6]:port`; nil where either is not sound.
  private static func host(of authority: Substring) -> String? {
    var host = authority
    var port: Substring?
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { return nil }
      host = authority[authority.index(after: authority.startIndex)..<end]
      let after = authority[authority.index(after: end)...]
      if !after.isEmpty {
        guard after.hasPrefix(":") else { return nil }
        port = after.dropFirst()
      }
    } else if let colon = authority.firstIndex(of: ":") {
      host = authority[..<colon]
      port = authority[authority.index(after: colon)...]
    }
    if let port, UInt16(port) == nil { return nil }
    return host.isEmpty ? nil : host.lowercased()
  }

  private static func wrong(_ text: String, _ what: String) -> OpenInferenceError {
    OpenInferenceError(
      .badRequest, "'\(text)' \(what)", hint: "write it as http://HOST:PORT or https://HOST:PORT")
  }
}
