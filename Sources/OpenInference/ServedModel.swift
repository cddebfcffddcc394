public import HTTP

/// A model on a server, by the Open Inference Protocol v2 over REST. Safe from several threads.
///
/// Protocol: KServe, *Open Inference Protocol*; binary tensors: Triton Inference Server, *Binary
/// Tensor Data Extension*.
public final class ServedModel: Sendable {
  /// How it is asked.
  public struct Options: Sendable {
    public var model: String
    /// Nil leaves the choice to the server.
    public var version: String?
    /// Sent as a bearer token.
    public var token: String?
    /// Seconds of one try.
    public var deadline = 60.0
    /// Seconds of all tries of one call, and of the wait for the model.
    public var patience = 300.0
    /// Calls at a time.
    public var concurrency = 2
    /// Most bytes of one answer.
    public var answerLimit = 1 << 29
    /// Asked between tries and pauses.
    public var isCancelled: @Sendable () -> Bool = { false }

    public init(model: String) { self.model = model }
  }

  public let address: ServerAddress
  public let options: Options
  let client: HTTPClient
  let gate: CallGate
  let retries: RetryPolicy

  public init(_ address: ServerAddress, _ options: Options, client: HTTPClient = HTTPClient()) {
    self.address = address
    self.options = options
    self.client = client
    gate = CallGate(width: max(1, options.concurrency))
    retries = RetryPolicy(patience: options.patience)
  }

  /// Waits for the model and asks what it is.
  ///
  /// - Throws: `unavailable` when it is not ready in time, `refused`, `badAnswer`.
  public func describe() throws(OpenInferenceError) -> ModelDescription {
    var call = ServerCall(of: self)
    try call.waitForModel()
    let server = try call.answer(to: request(.get, "/v2"))
    let model = try call.answer(to: request(.get, modelPath()))
    // Only Triton has this place; elsewhere it is not found.
    let settings = try call.anyAnswer(to: request(.get, modelPath() + "/config"))
    return try ModelDescription(
      server: server.body, model: model.body,
      configuration: settings.status == 200 ? settings.body : nil)
  }

  /// The model's answer. The same question may be sent more than once when a try fails on the way,
  /// and exactly one answer is given back.
  ///
  /// - Throws: `badRequest` before anything is sent; `unavailable` when no try succeeded in time;
  ///   `refused` when the server says no; `badAnswer`.
  public func infer(
    _ question: InferRequest, isBinary: Bool
  ) throws(OpenInferenceError) -> InferResponse {
    let (bytes, header) = try question.body(isBinary: isBinary)
    var request = request(.post, modelPath() + "/infer")
    request.body = bytes
    let type = header == nil ? "application/json" : "application/octet-stream"
    request.headers.append(("Content-Type", type))
    if let header { request.headers.append((Self.headerLength, "\(header)")) }
    let made = request
    let response = try gate.pass { () throws(OpenInferenceError) in
      var call = ServerCall(of: self)
      return try call.answer(to: made)
    }
    var length: Int?
    if let stated = response.headers[Self.headerLength.lowercased()] {
      length = Int(stated) ?? -1
    }
    do {
      return try InferResponse(body: response.body, header: length, wanted: question.outputs)
    } catch {
      throw OpenInferenceError(error.code, "\(name): \(error.message)", hint: error.hint)
    }
  }

  /// For people: model and server.
  public var name: String { "model '\(options.model)' at \(address.text)" }

  private static let headerLength = "Inference-Header-Content-Length"

  func modelPath() -> String {
    let version = options.version.map { "/versions/\(Self.escaped($0))" } ?? ""
    return "/v2/models/\(Self.escaped(options.model))\(version)"
  }

  func request(_ method: HTTPRequest.Method, _ path: String) -> HTTPRequest {
    var request = HTTPRequest(
      method, address.text + path, deadline: options.deadline, bodyLimit: options.answerLimit)
    if let token = options.token { request.headers.append(("Authorization", "Bearer \(token)")) }
    return request
  }

  /// Percent-encoded but for the characters that stand for themselves (RFC 3986, 2.3).
  private static func escaped(_ text: String) -> String {
    text.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        return String(UnicodeScalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        return "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }.joined()
  }
}
