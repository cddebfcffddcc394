internal import HTTPServer

/// The page's own files and the description of the API; they hold no data.
struct PageRoutes: Sendable {
  var routes: [Route] {
    [
      Route(.get, "/", role: nil) { _ in try Self.reply(PageFiles.first) },
      Route(.get, "/page/{file}", role: nil) { call in try Self.reply(call.parameter("file")) },
      Route(.get, "/api/v1/openapi.json", role: .reader) { _ in
        .bytes(PageFiles.description, type: "application/json")
      },
    ]
  }

  private static func reply(_ name: String) throws -> Reply {
    guard let file = PageFiles.named[name] else {
      throw Problem.notFound("file '\(name)' of the page")
    }
    return .bytes(
      file.bytes, type: file.kind.rawValue,
      headers: [("Content-Security-Policy", PageFiles.policy)])
  }
}
