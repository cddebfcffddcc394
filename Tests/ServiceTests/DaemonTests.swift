import Cataloging
import Curation
import Diagnostics
import Domain
import Execution
import Foundation
import HTTP
import HTTPServer
import Service
import Testing
import VectorStorage

/// A daemon of an empty workspace in this process.
private final class LiveDaemon: Sendable {
  let scratch: Scratch
  let daemon: CuratorDaemon
  let session = Token()
  let address: String

  init(_ change: (inout CuratorDaemon.Options) -> Void = { _ in }) async throws {
    scratch = try Scratch()
    let workspace = try Workspace.create(
      at: scratch["w"], settings: WorkspaceSettings(name: "faces"))
    let catalog = try Catalog.create(path: workspace.catalogPath) { "2026-01-01T00:00:00Z" }
    let context = StepContext(
      workspace: workspace, catalog: catalog,
      vectors: VectorStore(root: workspace.vectorsFolder), progress: Silence(),
      running: RunOptions(seed: 0, threads: 1, toolVersion: "test"))
    var options = CuratorDaemon.Options(
      address: .tcp(host: "127.0.0.1", port: 0),
      work: ServiceWork.Options(workspace: workspace.root, verbs: Play.verbs, environment: [:]),
      log: ServiceLog(clock: { "" }, write: { _ in }))
    options.session = session
    change(&options)
    daemon = try await CuratorDaemon.start(
      options, context: context,
      worker: DeskWorker(ChildProgram(["/bin/cat"], folder: "/", environment: [:])))
    guard case .tcp(_, let port) = daemon.address else { preconditionFailure("no port") }
    address = "127.0.0.1:\(port)"
  }

  func ask(
    _ path: String, token: String? = nil, headers: [(name: String, value: String)] = [],
    body: String? = nil
  ) async throws -> HTTPResponse {
    var request = HTTPRequest(body == nil ? .get : .post, "http://\(address)\(path)", deadline: 240)
    request.headers = [("Authorization", "Bearer \(token ?? session.text)")] + headers
    if let body {
      request.body = Array(body.utf8)
      if !headers.contains(where: { $0.name == "Content-Type" }) {
        request.headers.append(("Content-Type", "application/json"))
      }
    }
    // On a thread of its own: the daemon in this process needs Swift's pool.
    return try await withCheckedThrowingContinuation { [request] done in
      Thread.detachNewThread {
        done.resume(with: Result { try HTTPClient().send(request) })
      }
    }
  }

  func token(_ role: String) async throws -> (id: Int, text: String) {
    let answer = try await ask(
      "/api/v1/tokens", body: "{\"name\":\"\(role)\",\"role\":\"\(role)\"}")
    let document = try JSONValue(parsing: answer.body)
    return (document["id"]?.intValue ?? 0, document["token"]?.stringValue ?? "")
  }
}

private struct Silence: ProgressReporter {
  func begin(_ stage: String, total: Int?, unit: String) {}
  func advance(to done: Int) {}
  func remark(_ text: String) {}
  func end(_ remark: String?) {}
}

extension HTTPResponse {
  fileprivate var problem: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
  fileprivate var code: String { problem["code"]?.stringValue ?? "" }
}

@Suite struct DaemonTests {
  @Test func `nobody comes in without a token that is known`() async throws {
    let live = try await LiveDaemon()
    #expect(try await live.ask("/api/v1/session").status == 200)
    for token in ["", "d2r_", "d2r_" + String(repeating: "0", count: 64), live.session.text + "0"] {
      let answer = try await live.ask("/api/v1/session", token: token)
      #expect(answer.status == 401)
      #expect(answer.problem["requestId"]?.stringValue?.isEmpty == false)
    }
    #expect(try await live.ask("/healthz", token: "").status == 200)
    #expect(try await live.ask("/", token: "").status == 200)
    await live.daemon.stop()
  }

  @Test func `a role may what it may and no more`() async throws {
    let live = try await LiveDaemon()
    let (reader, curator) = (
      try await live.token("reader").text, try await live.token("curator").text
    )
    #expect(try await live.ask("/api/v1/status", token: reader).status == 200)
    let job = #"{"verb":"play","arguments":["x"]}"#
    #expect(try await live.ask("/api/v1/jobs", token: reader, body: job).code == "roleTooSmall")
    #expect(try await live.ask("/api/v1/jobs", token: curator, body: job).status == 201)
    #expect(try await live.ask("/api/v1/tokens", token: curator).status == 403)
    #expect(try await live.ask("/api/v1/access-log", token: curator).status == 403)
    await live.daemon.stop()
  }

  @Test func `a revoked token is worth nothing at once`() async throws {
    let live = try await LiveDaemon()
    let token = try await live.token("reader")
    #expect(try await live.ask("/api/v1/session", token: token.text).status == 200)
    // As another process would, behind the daemon's back.
    let store = try ServiceStore(workspace: live.scratch["w"])
    _ = try await store.revoke(token: Int64(token.id))
    #expect(
      try await eventually {
        try await live.ask("/api/v1/session", token: token.text).status == 401
      })
    await live.daemon.stop()
  }

  @Test func `other hosts and other sites are turned away`() async throws {
    let live = try await LiveDaemon { $0.hosts = ["faces.example"] }
    func status(_ name: String, _ value: String) async throws -> Int {
      try await live.ask("/api/v1/session", headers: [(name, value)]).status
    }
    let port = live.address.split(separator: ":")[1]
    #expect(try await status("Host", "rebound.example:\(port)") == 421)
    #expect(try await status("Host", "localhost:\(port)") == 200)
    #expect(try await status("Host", "localhost:1") == 421)
    #expect(try await status("Host", "Faces.Example") == 200)
    #expect(try await status("Origin", "http://evil.example") == 403)
    #expect(try await status("Origin", "null") == 403)
    #expect(try await status("Origin", "http://\(live.address)") == 200)
    #expect(try await status("Sec-Fetch-Site", "cross-site") == 403)
    await live.daemon.stop()
  }

  @Test func `addresses that could mean two things mean nothing`() async throws {
    let live = try await LiveDaemon()
    #expect(try await live.ask("/api/v1/reports/%2e%2e/catalog.sqlite").status == 400)
    #expect(try await live.ask("/api/v1/reports/..%2fcatalog.sqlite/x").status == 400)
    #expect(try await live.ask("/api/v1/reports/.hidden/x").status == 404)
    #expect(try await live.ask("/api/v1/images/1x").status == 404)
    #expect(try await live.ask("/api/v1/images/0").status == 404)
    #expect(try await live.ask("/nothing").status == 404)
    #expect(try await live.ask("/api/v1/status", body: "{}").status == 405)
    await live.daemon.stop()
  }

  @Test func `bodies are held to their kind and length`() async throws {
    let live = try await LiveDaemon()
    func answer(_ body: String, type: String = "application/json") async throws -> HTTPResponse {
      try await live.ask("/api/v1/decisions", headers: [("Content-Type", type)], body: body)
    }
    #expect(try await answer("{", type: "application/json").code == "badJSON")
    #expect(try await answer("[]").code == "badField")
    #expect(try await answer(#"{"x":1}"#).problem["detail"]?.stringValue == "'x' is not known here")
    #expect(try await answer("a=1", type: "text/plain").status == 415)
    #expect(try await answer(String(repeating: " ", count: (1 << 20) + 1)).status == 413)
    #expect(
      try await answer(#"{"images":[1],"action":"quarantine","reason":"r"}"#).status == 422)
    await live.daemon.stop()
  }

  @Test func `what the client has is not sent again, and the rest is packed`() async throws {
    let live = try await LiveDaemon()
    let first = try await live.ask("/api/v1/openapi.json")
    let tag = try #require(first.headers["etag"])
    #expect(
      try await live.ask("/api/v1/openapi.json", headers: [("If-None-Match", tag)]).status == 304)
    let packed = try await live.ask("/api/v1/openapi.json", headers: [("Accept-Encoding", "gzip")])
    #expect(packed.headers["content-encoding"] == "gzip")
    #expect(packed.body.count < first.body.count / 3)
    #expect(first.headers["x-content-type-options"] == "nosniff")
    #expect(first.headers["content-security-policy"]?.contains("default-src 'none'") == true)
    await live.daemon.stop()
  }

  @Test func `too many requests in a short time are put off`() async throws {
    let live = try await LiveDaemon { $0.requestsPerSecond = 1 }
    var statuses: [Int] = []
    for _ in 0..<40 { statuses.append(try await live.ask("/api/v1/session").status) }
    #expect(statuses.first == 200)
    #expect(statuses.contains(429))
    await live.daemon.stop()
  }

  @Test func `one workspace has one daemon`() async throws {
    let live = try await LiveDaemon()
    await #expect(throws: ServiceError.self) {
      try await ServiceWork.start(
        ServiceWork.Options(
          workspace: live.scratch["w"], verbs: Play.verbs, environment: [:]))
    }
    await live.daemon.stop()
  }

  @Test func `its paths stay at home`() async throws {
    let live = try await LiveDaemon()
    let answer = try await live.ask("/api/v1/maps/none")
    #expect(!String(decoding: answer.body, as: UTF8.self).contains(live.scratch.path))
    let settings = try await live.ask("/api/v1/settings")
    #expect(!String(decoding: settings.body, as: UTF8.self).contains(live.scratch.path))
    await live.daemon.stop()
  }
}
