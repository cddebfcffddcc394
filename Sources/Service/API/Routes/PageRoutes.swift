internal import HTTPServer

/// The page's own files; they hold no data.
struct PageRoutes: Sendable {
  private static let policy = """
    default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
    """

  var routes: [Route] {
    [
      Route(.get, "/", role: nil) { _ in try Self.reply("index.html") },
      Route(.get, "/page/{file}", role: nil) { call in try Self.reply(call.parameter("file")) },
    ]
  }

  private static func reply(_ name: String) throws -> Reply {
    guard let file = PageFiles.file(named: name) else {
      throw Problem.notFound("file '\(name)' of the page")
    }
    return .bytes(file.bytes, type: file.type, headers: [("Content-Security-Policy", policy)])
  }
}
