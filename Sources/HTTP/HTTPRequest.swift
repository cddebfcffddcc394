/// One HTTP request.
public struct HTTPRequest: Equatable, Sendable {
  /// What is asked; requests of both kinds may be sent again.
  public enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
  }

  public var method: Method
  /// `http` or `https`, absolute.
  public var url: String
  /// Names and values without line ends.
  public var headers: [(name: String, value: String)]
  public var body: [UInt8]
  /// Seconds until the answer must be whole.
  public var deadline: Double
  /// Most bytes of the answer's body.
  public var bodyLimit: Int

  public init(_ method: Method, _ url: String, deadline: Double = 60, bodyLimit: Int = 1 << 28) {
    self.method = method
    self.url = url
    self.deadline = deadline
    self.bodyLimit = bodyLimit
    headers = []
    body = []
  }

  public static func == (a: Self, b: Self) -> Bool {
    a.method == b.method && a.url == b.url && a.body == b.body && a.deadline == b.deadline
      && a.bodyLimit == b.bodyLimit
      && a.headers.elementsEqual(b.headers) { $0 == $1 }
  }
}

/// An answer with its status, whatever that is: redirects are answers too and are not followed.
public struct HTTPResponse: Equatable, Sendable {
  public var status: Int
  /// By name in lower case; of a name that stands twice, the last.
  public var headers: [String: String]
  public var body: [UInt8]

  public init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}
