internal import CCurlShim

/// One kept-alive connection of libcurl.
///
/// Unchecked because the compiler cannot see that a handle is used by one thread at a time: it is
/// either in its client's list of idle ones or with the one request that took it out.
@safe final class CurlHandle: @unchecked Sendable {
  private let handle: OpaquePointer

  /// libcurl wants to be set up once per process; false where that failed.
  private static let isPrepared = d2r_curl_prepare() == 0

  init() throws(HTTPError) {
    guard Self.isPrepared, let handle = unsafe d2r_curl_open() else {
      throw HTTPError(.failed, "libcurl could not be set up")
    }
    unsafe self.handle = handle
  }

  deinit { unsafe d2r_curl_close(handle) }

  func perform(
    _ request: HTTPRequest, authorities: String?, connectDeadline: Double
  ) throws(HTTPError) -> HTTPResponse {
    let lines = request.headers.map { "\($0.name): \($0.value)" }
    return unsafe try withStrings([request.method.rawValue, request.url] + lines) {
      strings throws(HTTPError) in
      unsafe try withOptionalString(authorities) { authorities throws(HTTPError) in
        // Safe: every pointer stays inside the closure that lends it.
        let answer = unsafe request.body.withUnsafeBytes { body in
          unsafe strings.dropFirst(2).withContiguousStorageIfAvailable { headers in
            var wanted = unsafe d2r_curl_request()
            unsafe wanted.method = strings[0]
            unsafe wanted.url = strings[1]
            unsafe wanted.ca_file = authorities
            unsafe wanted.headers = headers.baseAddress
            unsafe wanted.header_count = headers.count
            unsafe wanted.body = body.baseAddress
            unsafe wanted.body_size = body.count
            unsafe wanted.timeout_ms = Self.milliseconds(request.deadline)
            unsafe wanted.connect_timeout_ms = Self.milliseconds(connectDeadline)
            unsafe wanted.body_limit = request.bodyLimit
            return unsafe d2r_curl_perform(handle, &wanted)
          }
        }
        guard let answer = unsafe answer else {
          throw HTTPError(.failed, "libcurl could not be asked")
        }
        return unsafe try Self.response(answer, to: request)
      }
    }
  }

  private static func milliseconds(_ seconds: Double) -> Int {
    Int(max(1, min(seconds, 1e6) * 1000))
  }

  private static func response(
    _ answer: d2r_curl_answer, to request: HTTPRequest
  ) throws(HTTPError) -> HTTPResponse {
    guard unsafe answer.fault == D2R_CURL_OK else {
      let words = unsafe answer.message.map { unsafe String(cString: $0) } ?? "no reason given"
      throw unsafe error(answer.fault, words, request)
    }
    // Safe: the handle owns both buffers until its next call, and states their lengths.
    let body = unsafe UnsafeBufferPointer(start: answer.body, count: answer.body_size)
    let header = unsafe UnsafeRawBufferPointer(
      start: answer.header, count: answer.header_size)
    return unsafe HTTPResponse(
      status: Int(answer.status), headers: headers(String(decoding: header, as: UTF8.self)),
      body: Array(body))
  }

  /// Of the last block of header lines; blocks before it belong to interim answers.
  private static func headers(_ text: String) -> [String: String] {
    var found: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      if line.hasPrefix("HTTP/") { found = [:] }
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      found[line[..<colon].lowercased()] = String(value)
    }
    return found
  }

  private static func error(
    _ fault: d2r_curl_fault, _ words: String, _ request: HTTPRequest
  ) -> HTTPError {
    let url = request.url
    switch fault {
    case D2R_CURL_BAD_ADDRESS: return HTTPError(.badAddress, "\(url) cannot be asked: \(words)")
    case D2R_CURL_UNREACHABLE:
      return HTTPError(
        .unreachable, "\(url) cannot be reached: \(words)",
        hint: "start the server, or correct its address")
    case D2R_CURL_TIMED_OUT:
      return HTTPError(.timedOut, "\(url) gave no whole answer within \(request.deadline) s")
    case D2R_CURL_CUT_OFF:
      return HTTPError(.cutOff, "\(url) broke off before its answer was whole: \(words)")
    case D2R_CURL_INSECURE:
      return HTTPError(
        .insecure, "no trusted connection to \(url): \(words)",
        hint: "name the file of its certificate authority")
    case D2R_CURL_TOO_LARGE:
      return HTTPError(
        .tooLarge, "\(url) answered with more than the \(request.bodyLimit) bytes allowed")
    default: return HTTPError(.failed, "\(url) could not be asked: \(words)")
    }
  }
}

/// Calls `body` with the texts as C strings; nothing in them may be kept.
private func withStrings<Result>(
  _ texts: [String], _ ready: [UnsafePointer<CChar>?] = unsafe [],
  _ body: ([UnsafePointer<CChar>?]) throws(HTTPError) -> Result
) throws(HTTPError) -> Result {
  guard unsafe ready.count < texts.count else { return try unsafe body(ready) }
  // Safe: the pointer stays inside the closure that lends it.
  let next = unsafe texts[ready.count]
  return try unsafe withOptionalString(next) { text throws(HTTPError) in
    try unsafe withStrings(texts, ready + [text], body)
  }
}

private func withOptionalString<Result>(
  _ text: String?, _ body: (UnsafePointer<CChar>?) throws(HTTPError) -> Result
) throws(HTTPError) -> Result {
  guard let text else { return try body(nil) }
  let bytes = text.utf8CString
  let outcome = unsafe bytes.withUnsafeBufferPointer { pointer in
    Swift.Result { () throws(HTTPError) in try unsafe body(pointer.baseAddress) }
  }
  return try outcome.get()
}
