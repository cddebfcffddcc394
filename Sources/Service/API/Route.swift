/// One operation of the API.
public struct Route: Sendable {
  /// The methods of HTTP that the API knows.
  public enum Method: String, CaseIterable, Sendable {
    case get = "GET"
    case post = "POST"
    case patch = "PATCH"
    case delete = "DELETE"
  }

  /// What a body may be.
  public enum Body: Equatable, Sendable {
    case none
    case json
    /// A picture of at most so many bytes.
    case picture(limit: Int)
  }

  public let method: Method
  /// Segments between slashes; `{name}` stands for any one segment.
  public let pattern: String
  /// The least role; nil for everybody, without a token.
  public let role: Role?
  public let body: Body
  let segments: [String]
  let handle: @Sendable (RouteCall) async throws -> Reply

  /// - Parameter pattern: from the root, such as `/api/v1/jobs/{id}`.
  public init(
    _ method: Method, _ pattern: String, role: Role?, body: Body? = nil,
    handle: @escaping @Sendable (RouteCall) async throws -> Reply
  ) {
    self.method = method
    self.pattern = pattern
    self.role = role
    self.body = body ?? (method == .post || method == .patch ? .json : .none)
    self.segments = pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
      .map(String.init)
    self.handle = handle
  }

  /// The values of the pattern's names, or nil where the path is another's.
  func match(_ path: [String]) -> [String: String]? {
    guard path.count == segments.count else { return nil }
    var values: [String: String] = [:]
    for (segment, given) in zip(segments, path) {
      if segment.hasPrefix("{") {
        guard !given.isEmpty else { return nil }
        values[String(segment.dropFirst().dropLast())] = given
      } else if segment != given {
        return nil
      }
    }
    return values
  }
}
