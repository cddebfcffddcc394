public import Diagnostics
public import HTTPServer

/// What a route answers.
public enum Reply: Sendable {
  case json(JSONValue, status: Int = 200)
  /// An answer the route has made itself; `response` may be compressed on its way.
  case whole(ServerResponse)

  /// One page of a list and where the next begins.
  public static func list(_ items: [JSONValue], next: String?) -> Reply {
    .json(["items": .array(items), "next": JSONValue(next) { .string($0) }])
  }

  static func bytes(
    _ bytes: [UInt8], type: String, headers: [(name: String, value: String)] = []
  ) -> Reply {
    .whole(
      ServerResponse(status: 200, headers: [("Content-Type", type)] + headers, body: .bytes(bytes)))
  }

  func response() -> ServerResponse {
    switch self {
    case .whole(let response): response
    case .json(let value, let status):
      ServerResponse(
        status: status, headers: [("Content-Type", "application/json")],
        body: .bytes(Array((value.compact + "\n").utf8)))
    }
  }
}
