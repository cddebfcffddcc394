internal import Cryptography
internal import Curation
internal import Diagnostics
internal import Execution
internal import Files
internal import HTTPServer
internal import Synchronization

/// The files of the workspace's reports.
///
/// A browser cannot send a token when it opens a page, so a report is opened through a link that
/// works once and for a minute. It runs in a sandbox of its own: whatever is in it cannot call the
/// API.
struct ReportRoutes: Sendable {
  let desk: Desk
  private let links = ReportLinks()

  init(desk: Desk) { self.desk = desk }

  var routes: [Route] {
    [
      Route(.get, "/api/v1/reports", role: .reader, handle: list),
      Route(.get, "/api/v1/reports/{name}/{file}", role: .reader, handle: file),
      Route(.post, "/api/v1/reports/{name}/{file}/link", role: .reader, handle: link),
      Route(.get, "/open/{link}", role: nil, handle: open),
    ]
  }

  private var folder: String { desk.context.workspace.reportsFolder }

  private func list(_ call: RouteCall) async throws -> Reply {
    let names = ((try? FileSystem.names(in: folder)) ?? []).filter { !$0.hasPrefix(".") }
    let items = names.compactMap { name -> JSONValue? in
      let place = Paths.join(folder, name)
      guard let files = try? FileSystem.names(in: place) else { return nil }
      let open = files.filter { !$0.hasPrefix(".") }.compactMap { name in
        OpenFile(path: Paths.join(place, name)).map { (name: name, file: $0) }
      }
      guard let latest = open.map(\.file.modifiedAt).max() else { return nil }
      return [
        "name": .string(name), "modifiedAt": .string(Moment(seconds: Int64(latest)).plain),
        "files": .array(
          open.map { ["name": .string($0.name), "bytes": .int($0.file.byteCount)] }),
      ]
    }
    return .list(items, next: nil)
  }

  private func find(_ call: RouteCall) throws -> (path: String, file: String) {
    let (name, file) = (call.parameter("name"), call.parameter("file"))
    guard !name.hasPrefix("."), !file.hasPrefix(".") else {
      throw Problem.notFound("report '\(name)/\(file)'")
    }
    return (Paths.join(Paths.join(folder, name), file), file)
  }

  private func file(_ call: RouteCall) async throws -> Reply {
    let (path, file) = try find(call)
    return try send(path, named: file)
  }

  private func link(_ call: RouteCall) async throws -> Reply {
    let (path, file) = try find(call)
    guard OpenFile(path: path) != nil else { throw Problem.notFound("report file '\(file)'") }
    return .json(["url": .string("/open/" + links.make(for: path))])
  }

  private func open(_ call: RouteCall) async throws -> Reply {
    guard let path = links.take(call.parameter("link")) else {
      throw Problem(
        404, "notFound", "this link was used or is too old", hint: "open the report again")
    }
    return try send(path, named: Paths.lastComponent(path))
  }

  private func send(_ path: String, named file: String) throws -> Reply {
    guard let open = OpenFile(path: path) else { throw Problem.notFound("report file '\(file)'") }
    return .whole(
      ServerResponse(
        status: 200,
        headers: [
          ("Content-Type", Self.type(of: file)),
          (
            "Content-Security-Policy",
            "sandbox allow-scripts allow-downloads; default-src 'none'; script-src 'unsafe-inline'; "
              + "style-src 'unsafe-inline'; img-src data: blob:; frame-ancestors 'none'"
          ),
        ], body: .file(open)))
  }

  private static func type(of file: String) -> String {
    switch file.split(separator: ".").last {
    case "html": "text/html; charset=utf-8"
    case "json": "application/json"
    case "csv": "text/csv; charset=utf-8"
    case "md", "txt": "text/plain; charset=utf-8"
    case "svg": "image/svg+xml"
    case "png": "image/png"
    default: "application/octet-stream"
    }
  }
}

/// Links that open one file once.
private final class ReportLinks: Sendable {
  private static let seconds = 60.0
  private static let most = 1000
  private let watch = Stopwatch()
  private let open = Mutex<[String: (path: String, until: Double)]>([:])

  func make(for path: String) -> String {
    let name = Hex.string(RandomBytes.next(24))
    let now = watch.seconds
    open.withLock { open in
      open = open.filter { $0.value.until > now }
      if open.count >= Self.most { open = [:] }
      open[name] = (path, now + Self.seconds)
    }
    return name
  }

  func take(_ name: String) -> String? {
    let now = watch.seconds
    return open.withLock { open in
      guard let link = open.removeValue(forKey: name), link.until > now else { return nil }
      return link.path
    }
  }
}
