internal import Cataloging
internal import Diagnostics
public import Domain
internal import HTTPServer
internal import SQLite

/// An error as the API tells it (RFC 9457).
public struct Problem: ExplainedError, Equatable {
  /// The HTTP status.
  public var status: Int
  /// Names the kind of error for programs, in camelCase.
  public var code: String
  public var message: String
  public var hint: String?

  public init(_ status: Int, _ code: String, _ message: String, hint: String? = nil) {
    self.status = status
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// The problem that goes with any error: an explained one is the caller's to mend, anything else
  /// is the server's.
  public init(_ error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case let error as SQLiteError where error.code == .busy:
      self.init(
        503, "busy", "another command is writing to the workspace", hint: "try again in a moment")
    case let error as JSONError:
      self.init(400, "badJSON", "the body is no JSON: \(error.message)", hint: error.hint)
    case let error as ServiceError:
      self.init(error.status, error.word, error.message, hint: error.hint)
    case let error as any ExplainedError:
      self.init(422, "refused", error.message, hint: error.hint)
    default: self.init(500, "internal", "the request could not be finished")
    }
  }

  static func notFound(_ what: String) -> Problem {
    Problem(404, "notFound", "there is no \(what)")
  }

  static func badField(_ name: String, _ what: String) -> Problem {
    Problem(422, "badField", "'\(name)' \(what)")
  }

  func document(requestID: String) -> JSONValue {
    var members: JSONValue = [
      "type": "about:blank", "title": .string(Self.title(of: status)), "status": .int(status),
      "code": .string(code), "detail": .string(message), "requestId": .string(requestID),
    ]
    if let hint { members["hint"] = .string(hint) }
    return members
  }

  func response(requestID: String) -> ServerResponse {
    var headers = [("Content-Type", "application/problem+json")]
    if status == 401 { headers.append(("WWW-Authenticate", "Bearer realm=\"d2r-curate\"")) }
    if status == 503 || status == 429 { headers.append(("Retry-After", "1")) }
    return ServerResponse(
      status: status, headers: headers,
      body: .bytes(Array((document(requestID: requestID).compact + "\n").utf8)))
  }

  private static func title(of status: Int) -> String {
    switch status {
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 409: "Conflict"
    case 411: "Length Required"
    case 413: "Content Too Large"
    case 415: "Unsupported Media Type"
    case 421: "Misdirected Request"
    case 422: "Unprocessable Content"
    case 429: "Too Many Requests"
    case 503: "Service Unavailable"
    default: "Internal Server Error"
    }
  }
}
