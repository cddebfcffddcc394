import Foundation
import Glibc
import HTTPServer

/// A socket that sends what it is given, well formed or not.
final class RawClient: Sendable {
  private let socket: Int32

  init?(_ address: ServerAddress, seconds: Int = 120) {
    var timeout = timeval(tv_sec: seconds, tv_usec: 0)
    let answer: Int32
    switch address {
    case .tcp(_, let port):
      socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var place = sockaddr_in()
      place.sin_family = sa_family_t(AF_INET)
      place.sin_port = port.bigEndian
      place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      answer = unsafe withUnsafePointer(to: &place) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    case .unix(let path):
      socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      var place = sockaddr_un()
      place.sun_family = sa_family_t(AF_UNIX)
      unsafe withUnsafeMutableBytes(of: &place.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
      answer = unsafe withUnsafePointer(to: &place) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
    case .inherited: return nil
    }
    guard answer == 0 else { return nil }
    unsafe setsockopt(
      socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(socket) }

  func send(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  /// False once the other side has hung up; takes nothing of what waits to be read.
  var isOpen: Bool {
    var byte: UInt8 = 0
    let count = unsafe recv(socket, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT))
    return count > 0 || (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
  }

  /// What arrives until `isEnough`, the end, or the time-out. Waits on a thread of its own: the server
  /// in this process needs Swift's pool.
  func receive(until isEnough: @escaping @Sendable (String) -> Bool = { _ in false }) async
    -> String
  {
    await withCheckedContinuation { done in
      Thread.detachNewThread { [self] in
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while !isEnough(String(decoding: bytes, as: UTF8.self)) {
          let count = unsafe recv(socket, &piece, piece.count, 0)
          if count <= 0 { break }
          bytes += piece[..<count]
        }
        done.resume(returning: String(decoding: bytes, as: UTF8.self))
      }
    }
  }
}
