/// The head of a request: all of it but the body.
public struct RequestHead: Sendable {
  public let method: String
  /// As it was sent, not decoded.
  public let target: String
  /// Names in lower case.
  public let headers: [(name: String, value: String)]
  /// The client's address in figures; empty at a Unix socket.
  public let peer: String

  public init(
    method: String, target: String, headers: [(name: String, value: String)] = [],
    peer: String = ""
  ) {
    self.method = method
    self.target = target
    self.headers = headers.map { ($0.name.lowercased(), $0.value) }
    self.peer = peer
  }

  /// The value of a header that is there once; nil where it is missing or given twice.
  public func header(_ name: String) -> String? {
    let found = headers.filter { $0.name == name }
    return found.count == 1 ? found[0].value : nil
  }
}

/// A whole request.
public struct ServerRequest: Sendable {
  public let head: RequestHead
  public let body: [UInt8]

  public init(head: RequestHead, body: [UInt8] = []) {
    self.head = head
    self.body = body
  }
}

/// What is done with a request before its body is read.
public enum HeadAnswer: Sendable {
  /// Reads a body of at most so many bytes.
  case accept(bodyLimit: Int)
  /// Answers at once and closes the connection where a body was announced.
  case refuse(ServerResponse)
}
