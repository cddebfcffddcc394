import CMicroHTTPDShim
import Glibc

/// Where a server listens.
public enum ServerAddress: Equatable, Sendable {
  /// An IPv4 or IPv6 address in figures; port 0 takes a free one.
  case tcp(host: String, port: UInt16)
  /// A socket's path in the file system.
  case unix(path: String)
  /// A listening socket that was handed over by whoever started the process.
  case inherited(descriptor: Int32)

  /// Reads `HOST:PORT`, `[HOST]:PORT`, `localhost:PORT` or `PORT`.
  ///
  /// - Throws: `badAddress`.
  public init(_ text: String) throws(ServerError) {
    let bad = ServerError(
      .badAddress, "'\(text)' is no address to listen at",
      hint: "write it as 127.0.0.1:8439 or [::1]:8439; names other than localhost are not looked up"
    )
    guard let colon = text.lastIndex(of: ":") else {
      guard let port = UInt16(text) else { throw bad }
      self = .tcp(host: "127.0.0.1", port: port)
      return
    }
    guard let port = UInt16(text[text.index(after: colon)...]) else { throw bad }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    if host == "localhost" { host = "127.0.0.1" }
    let isAddress = host.allSatisfy { $0.isHexDigit || $0 == "." || $0 == ":" }
    guard isAddress, host.contains(".") || host.contains(":") else { throw bad }
    self = .tcp(host: host, port: port)
  }

  /// The socket that a supervisor such as systemd handed over (sd_listen_fds); nil where none was.
  public init?(handedOverIn environment: [String: String]) {
    guard environment["LISTEN_PID"] == "\(getpid())", let count = environment["LISTEN_FDS"],
      (Int(count) ?? 0) > 0
    else { return nil }
    self = .inherited(descriptor: 3)
  }

  /// True where only this machine can reach it.
  public var isLoopback: Bool {
    switch self {
    case .tcp(let host, _): host.hasPrefix("127.") || host == "::1"
    case .unix: true
    case .inherited(let descriptor): d2r_socket_is_local(descriptor) != 0
    }
  }
}
