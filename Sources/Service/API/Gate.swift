internal import HTTPServer

/// Decides who comes in: the right host, no foreign page, a token, not too often.
struct Gate: Sendable {
  let hosts: HostNames
  let tokens: TokenBook
  let calls: RateLimit
  /// Failed sign-ins by the client's address.
  let failures: RateLimit

  /// Against DNS rebinding: a foreign name that was pointed at this machine is not ours. Against
  /// requests that other sites' pages make: browsers name the page's origin.
  func checkOrigin(_ head: RequestHead) throws(Problem) {
    let hosts = hosts.names
    if !hosts.isEmpty {
      guard let host = head.header("host") else {
        throw Problem(400, "badHost", "the request must name its host once")
      }
      guard hosts.contains(host.lowercased()) else {
        throw Problem(
          421, "otherHost", "this server does not answer for the host that was named",
          hint: "use the address it printed, or start it with --host NAME")
      }
    }
    if head.headers.contains(where: { $0.name == "origin" }) {
      let origin = head.header("origin") ?? ""
      let own = hosts.contains { origin == "http://\($0)" || origin == "https://\($0)" }
      guard own else {
        throw Problem(403, "otherOrigin", "pages of other sites may not call this server")
      }
    }
    if head.header("sec-fetch-site") == "cross-site" {
      throw Problem(403, "otherOrigin", "pages of other sites may not call this server")
    }
  }

  /// - Throws: 401 without a known token, 403 where its role is too small, 429 where it comes too
  ///   often.
  ///
  /// - Parameter counts: whether this call takes a permit; a request is looked at twice.
  func admit(_ head: RequestHead, to role: Role?, counts: Bool) throws(Problem) -> Caller {
    guard let role else { return Caller(name: "", role: .reader) }
    let parts = (head.header("authorization") ?? "").split(separator: " ")
    guard parts.count == 2, parts[0].lowercased() == "bearer",
      let caller = tokens.caller(of: String(parts[1]))
    else {
      // A known token is let in however many others were guessed from the same address, which may be a
      // proxy's.
      guard parts.isEmpty || failures.take(head.peer) else {
        throw Problem(
          429, "tooManyFailures", "too many requests with unknown tokens came from there")
      }
      throw Problem(
        401, "unknownToken", parts.isEmpty ? "a token is needed" : "the token is not known",
        hint: "make one: d2r-curate token create NAME --role curator")
    }
    guard caller.role >= role else {
      throw Problem(
        403, "roleTooSmall",
        "this needs the role \(role.rawValue), and the token has "
          + caller.role.rawValue)
    }
    guard !counts || calls.take(caller.name) else {
      throw Problem(429, "tooMany", "too many requests in a short time")
    }
    return caller
  }
}
