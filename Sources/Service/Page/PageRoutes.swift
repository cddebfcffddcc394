/// The page itself, open to all: it holds nothing of the workspace, and asks for a token.
struct PageRoutes: Sendable {
  var routes: [Route] {
    [
      Route(.get, "/", role: nil) { _ in try Self.reply(PageFiles.first) },
      Route(.get, "/page/{name}", role: nil) { call in
        try Self.reply(call.parameters["name"] ?? "")
      },
    ]
  }

  private static func reply(_ name: String) throws -> Reply {
    guard let file = PageFiles.named[name] else { throw Problem.notFound("file of that name") }
    return .bytes(
      file.bytes, type: file.kind.rawValue,
      headers: [("Content-Security-Policy", PageFiles.policy)])
  }
}
