internal import Diagnostics
internal import Dispatch
internal import HTTP
internal import Synchronization

/// One call with its tries: what may be sent again is, until the call's own time is over.
///
/// Sent again: connections refused or lost, tries that took too long, and answers 429, 502, 503 and
/// 504. An answer 400 or 404 is sent again only while the server says that the model is not ready,
/// which is what a server that has just been started answers. Everything else is final.
struct ServerCall {
  private let model: ServedModel
  private let number: UInt64
  private let start = DispatchTime.now()
  private var attempt = 0
  private var latest = ""

  private static let next = Atomic<UInt64>(0)

  init(of model: ServedModel) {
    self.model = model
    number = Self.next.wrappingAdd(1, ordering: .relaxed).oldValue
  }

  /// The first answer that is 200.
  mutating func answer(to request: HTTPRequest) throws(OpenInferenceError) -> HTTPResponse {
    while true {
      let response = try anyAnswer(to: request)
      if response.status == 200 { return response }
      let mayBeStarting = response.status == 404 || response.status == 400
      if mayBeStarting, try !isReady() {
        try pause(after: "the model is not ready")
        try waitForModel()
        continue
      }
      throw refusal(response)
    }
  }

  /// The first answer that is no passing trouble.
  mutating func anyAnswer(to request: HTTPRequest) throws(OpenInferenceError) -> HTTPResponse {
    while true {
      var request = request
      request.deadline = min(request.deadline, max(left, 0.1))
      switch Self.tried(request, model.client) {
      case .success(let response):
        guard [429, 502, 503, 504].contains(response.status) else { return response }
        let wish = response.headers["retry-after"].flatMap(Double.init)
        try pause(after: "it answered \(response.status)\(Self.words(response))", wish: wish)
      case .failure(let error):
        switch error.code {
        case .unreachable, .timedOut, .cutOff: try pause(after: error.message)
        case .badAddress:
          throw OpenInferenceError(.badRequest, error.message, hint: error.hint)
        case .tooLarge:
          throw OpenInferenceError(.badAnswer, error.message, hint: error.hint)
        case .insecure, .failed:
          throw OpenInferenceError(.unavailable, error.message, hint: error.hint)
        }
      }
    }
  }

  /// Returns when the model is ready.
  mutating func waitForModel() throws(OpenInferenceError) {
    while try !isReady() { try pause(after: "the model is not ready") }
  }

  private mutating func isReady() throws(OpenInferenceError) -> Bool {
    let response = try anyAnswer(to: model.request(.get, model.modelPath() + "/ready"))
    if response.status == 401 || response.status == 403 { throw refusal(response) }
    return response.status == 200
  }

  private static func tried(
    _ request: HTTPRequest, _ client: HTTPClient
  ) -> Result<HTTPResponse, HTTPError> {
    Result { () throws(HTTPError) in try client.send(request) }
  }

  /// Seconds left to the call.
  private var left: Double {
    let spent = DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds
    return model.retries.patience - Double(spent) / 1e9
  }

  /// Waits before the next try.
  ///
  /// - Throws: `unavailable` when the time is over, `cancelled`.
  private mutating func pause(
    after what: String, wish: Double? = nil
  ) throws(OpenInferenceError) {
    latest = what
    attempt += 1
    let seconds = model.retries.pause(before: attempt, call: number, wish: wish)
    guard seconds < left else {
      throw OpenInferenceError(
        .unavailable,
        """
        \(model.name) could not be had in \(HumanNumbers.decimal(model.retries.patience, 0)) s and \
        \(attempt) tries; the last one: \(latest)
        """, hint: "start the server, then run the same command again: it goes on where it stopped")
    }
    try sleep(seconds)
  }

  /// Sleeps in short naps, so that a wish to stop is heard.
  private func sleep(_ seconds: Double) throws(OpenInferenceError) {
    let end = DispatchTime.now() + seconds
    let never = DispatchSemaphore(value: 0)
    while DispatchTime.now() < end {
      if model.options.isCancelled() {
        throw OpenInferenceError(
          .cancelled, "stopped while waiting for \(model.name)",
          hint: "run the same command again to go on")
      }
      _ = never.wait(timeout: min(end, DispatchTime.now() + 0.1))
    }
  }

  private func refusal(_ response: HTTPResponse) -> OpenInferenceError {
    var hint = "see the server's log"
    if response.status == 401 || response.status == 403 {
      hint = "name the variable that holds the token in the manifest's remote.tokenVariable"
    }
    return OpenInferenceError(
      .refused, "\(model.name) answered \(response.status)\(Self.words(response))", hint: hint)
  }

  /// The server's own words, cut and without control characters.
  private static func words(_ response: HTTPResponse) -> String {
    guard let error = try? JSONValue(parsing: response.body, depthLimit: 16),
      let text = error["error"]?.stringValue
    else { return "" }
    let plain = text.unicodeScalars.prefix(300).map {
      $0.properties.generalCategory == .control ? " " : String($0)
    }
    return ": " + plain.joined()
  }
}
