internal import HTTPServer
internal import Synchronization

/// The names a server answers to, as clients write them: with the port, unless it is the usual one.
final class HostNames: Sendable {
  private let extra: [String]
  private let known = Mutex<Set<String>>([])

  /// - Parameter extra: names beside the address itself, such as a proxy's.
  init(_ extra: [String]) { self.extra = extra.map { $0.lowercased() } }

  /// Empty where any name will do: at a Unix socket without names of its own.
  var names: Set<String> { known.withLock { $0 } }

  /// Takes the address the server listens at.
  func set(address: ServerAddress) {
    var names = extra
    var ports = ["", ":80", ":443"]
    if case .tcp(let host, let port) = address {
      ports = port == 80 || port == 443 ? ["", ":\(port)"] : [":\(port)"]
      names += [host.contains(":") ? "[\(host)]" : host]
      if address.isLoopback { names += ["127.0.0.1", "localhost", "[::1]"] }
    }
    // A name from outside may stand for a proxy at any port.
    let all = names.flatMap { name in ports.map { name + $0 } } + extra
    known.withLock { $0 = Set(all) }
  }
}
