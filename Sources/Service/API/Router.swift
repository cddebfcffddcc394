internal import HTTPServer

/// Finds the route of a request.
struct Router: Sendable {
  let routes: [Route]

  /// - Throws: 404, or 405 where the path is known with other methods.
  func find(_ method: String, _ path: [String]) throws(Problem) -> (Route, [String: String]) {
    var others: [String] = []
    for route in routes {
      guard let parameters = route.match(path) else { continue }
      // HEAD is answered as GET; the server leaves the body out.
      if route.method.rawValue == method || (method == "HEAD" && route.method == .get) {
        return (route, parameters)
      }
      others.append(route.method.rawValue)
    }
    if others.isEmpty { throw Problem(404, "notFound", "there is nothing at this address") }
    throw Problem(
      405, "methodNotAllowed", "\(method) is not for this address",
      hint: "allowed: \(others.joined(separator: ", "))")
  }
}
