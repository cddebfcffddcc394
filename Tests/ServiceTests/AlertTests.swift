import Cryptography
import Diagnostics
import Foundation
import Glibc
import Service
import Testing

/// A receiver of webhooks in Python, which checks signatures in its own way.
final class Webhook: Sendable {
  let folder: Scratch
  let port: Int
  private let process: Process

  init() throws {
    folder = try Scratch()
    process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3",
      URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Programs/webhook.py")
        .path, folder.path,
    ]
    try process.run()
    var port: Int?
    for _ in 0..<20_000 where port == nil {
      port = folder.lines("port").first.flatMap { Int($0) }
      usleep(10_000)
    }
    self.port = try #require(port)
  }

  // It may have inherited a mask that holds SIGTERM back.
  deinit { kill(process.processIdentifier, SIGKILL) }

  var url: String { "http://127.0.0.1:\(port)/hook" }

  func write(_ text: String, to name: String) throws {
    try text.write(toFile: folder[name], atomically: true, encoding: .utf8)
  }

  var seen: [JSONValue] { folder.lines("seen").compactMap { try? JSONValue(parsing: $0) } }
}

/// Messages to webhooks and mail folders.
@Suite(.serialized) struct AlertTests {
  let scratch: Scratch
  let hand = HandClock("2026-03-02T02:30:00Z")

  init() throws { scratch = try Scratch() }

  private func add(
    _ store: ServiceStore, _ hook: Webhook, _ name: String = "ops",
    on events: [Alert.Event] = Alert.Event.allCases
  ) async throws {
    let (_, secret) = try await store.add(
      NewAlert(name, .webhook, target: hook.url, events: events))
    try hook.write(try #require(secret), to: "secret")
  }

  @Test func `a failed job, findings, drift and recovery are told, signed, once each`() async throws
  {
    let hook = try Webhook()
    let work = try await Play.start(scratch, clock: hand.clock)
    try await add(work.store, hook)
    func audit(_ findings: Int) async throws {
      let found = (0..<findings).map {
        #"{"severity":"failure","subject":"image \#($0)","message":"is planted"}"#
      }
      let json = #"{"rules":[{"rule":"no-leaks","findings":[\#(found.joined(separator: ","))]}]}"#
      try json.write(toFile: scratch["audit.json"], atomically: true, encoding: .utf8)
      let job = try await work.submit(
        NewJob("audit", ["release"], among: Play.verbs, by: "test"))
      _ = try await work.store.over(job.id)
      hand.advance(60)
    }
    try await audit(1)
    try await audit(3)
    try await audit(0)
    let failed = try await work.submit(Play.job("exit", "2"))
    _ = try await work.store.over(failed.id)
    #expect(await eventually { hook.seen.count == 5 })
    #expect(
      try await eventually {
        try await work.store.deliveries().allSatisfy { $0.state == .delivered }
      })
    await work.stop()
    let seen = hook.seen
    #expect(seen.map { $0["valid"] } == [true, true, true, true, true])
    #expect(seen.map { $0["event"] } == ["findings", "findings", "drift", "recovered", "failed"])
    #expect(Set(seen.map { $0["id"] }).count == 5)
    #expect(seen.allSatisfy { $0["id"] == $0["body"]?["id"] && $0["type"] == "application/json" })
    #expect(seen[0]["body"]?["title"] == "audit release found 1 thing")
    #expect(seen[0]["body"]?["findings"] == ["no-leaks: image 0: is planted"])
    #expect(
      seen[2]["body"]?["detail"] == "more findings than in job 1: failures 1 to 3")
    #expect(seen[4]["body"]?["job"]?["lastWords"] == ["about to leave"])
    #expect(seen[4]["body"]?["job"]?["result"] == nil)
    let deliveries = try await work.store.deliveries()
    #expect(deliveries.allSatisfy { $0.state == .delivered && $0.attempts == 1 })
  }

  @Test func `a receiver that fails is asked again, later each time, with the same id`()
    async throws
  {
    let hook = try Webhook()
    try hook.write("500\n302\n404\n200", to: "answers")
    let work = try await Play.start(scratch, clock: hand.clock)
    try await add(work.store, hook)
    let alert = try await work.store.alert(named: "ops")
    _ = try await work.store.test(alert: alert.id, workspace: "w")
    var pauses: [Double] = []
    for attempt in 1...3 {
      work.wake()
      #expect(await eventually { hook.seen.count == attempt })
      #expect(
        try await eventually { try await work.store.deliveries()[0].attempts == attempt })
      let waiting = try await work.store.deliveries()[0]
      #expect(waiting.state == .waiting)
      pauses.append(try #require(waiting.nextAt) - hand.now)
      hand.now = try #require(waiting.nextAt)
    }
    work.wake()
    #expect(
      try await eventually { try await work.store.deliveries()[0].state == .delivered })
    await work.stop()
    #expect(Set(hook.seen.map { $0["id"] }).count == 1)
    for (pause, base) in zip(pauses, [5.0, 10, 20]) {
      #expect((0.8 * base...1.2 * base).contains(pause), "\(pauses)")
    }
  }

  @Test func `what was not sent is sent by the next daemon, and one that hangs stops nobody`()
    async throws
  {
    let hook = try Webhook()
    let other = try Webhook()
    try hook.write("hang", to: "answers")
    let store = try ServiceStore(workspace: scratch.path)
    try await add(store, hook, "slow")
    try await add(store, other, "quick")
    for name in ["slow", "quick"] {
      _ = try await store.test(alert: store.alert(named: name).id, workspace: "w")
    }
    let work = try await Play.start(scratch)
    #expect(await eventually { other.seen.count == 1 })
    // The slow one has not answered, nor been given up.
    let slow = try await work.store.alert(named: "slow").id
    let waiting = try await work.store.deliveries().first { $0.alert == slow }
    #expect(waiting?.state == .waiting && waiting?.attempts == 0)
    #expect(other.seen[0]["event"] == "test")
    await work.stop()
  }

  @Test func `mail is a whole file that says who, what and when`() async throws {
    let work = try await Play.start(scratch, clock: hand.clock)
    try FileManager.default.createDirectory(
      atPath: scratch["spool"], withIntermediateDirectories: false)
    _ = try await work.store.add(
      NewAlert(
        "post", .mail, target: "\(scratch["spool"])?to=ada@example.org&from=bot@example.net",
        events: [.failed]))
    let job = try await work.submit(Play.job("exit", "2", "Zoë\r\nBcc: eve@example.org"))
    _ = try await work.store.over(job.id)
    #expect(
      try await eventually { try await work.store.deliveries().first?.state == .delivered })
    await work.stop()
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch["spool"])
    #expect(names.count == 1)
    let text = try String(contentsOfFile: scratch["spool/\(names[0])"], encoding: .utf8)
    let parts = text.components(separatedBy: "\r\n\r\n")
    let head = parts[0].components(separatedBy: "\r\n")
    #expect(head[0] == "Date: Mon, 02 Mar 2026 02:30:00 +0000")
    #expect(head[1] == "From: <bot@example.net>")
    #expect(head[2] == "To: <ada@example.org>")
    #expect(head[3] == "Message-ID: <\(names[0].dropLast(4))@example.net>")
    #expect(head[4].hasPrefix("Subject: =?utf-8?Q?"))
    #expect(!head.contains { $0.hasPrefix("Bcc") })
    #expect(parts.dropFirst().joined().contains("| about to leave"))
    #expect(!text.replacing("\r\n", with: "").contains { $0 == "\r" || $0 == "\n" })
  }

  @Test(arguments: [
    ("ftp://x", Alert.Kind.webhook), ("https://", .webhook), ("http://a b", .webhook),
    ("https://user:pass@host/", .webhook), ("http://:80/", .webhook), ("spool?to=a@b", .mail),
    ("/spool", .mail), ("/spool?to=nobody", .mail), ("/spool?to=a@b%0ABcc:c@d", .mail),
    ("/spool?to=a@b&from=<c@d>", .mail),
  ])
  func `targets that are none are refused`(target: String, kind: Alert.Kind) {
    let error = #expect(throws: ServiceError.self) {
      try NewAlert("x", kind, target: target, events: [.failed])
    }
    #expect(error?.code == .invalid)
  }

  @Test func `signatures are HMAC-SHA256 of time, id and body`() {
    // printf '1700000000.abc.{}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:00ff
    #expect(
      AlertSignature.header(
        id: "abc", body: Array("{}".utf8), seconds: 1_700_000_000, secret: [0, 255])
        == "t=1700000000,v1=2cf2ea5014ceffe7f197a0386694a2d25ecb9187cbfe36d9d64cffe19faa21db")
  }

  @Test func `alerts are changed, paused, listed and removed; the secret is in no document`()
    async throws
  {
    let store = try ServiceStore(workspace: scratch.path, clock: hand.clock)
    let (alert, secret) = try await store.add(
      NewAlert("ops", .webhook, target: "https://x.example/", events: [.failed]))
    #expect(secret?.count == 64)
    #expect(!alert.document.compact.contains(try #require(secret)))
    let changed = try await store.change(
      alert.id, to: NewAlert("all", .webhook, target: "https://y.example/", events: [.drift]))
    #expect(changed.name == "all")
    #expect(changed.events == [.drift])
    await #expect(throws: ServiceError.self) {
      try await store.change(
        alert.id, to: NewAlert("all", .mail, target: "/x?to=a@b.c", events: [.drift]))
    }
    #expect(try await store.pause(alert: alert.id, true).isPaused)
    await #expect(throws: ServiceError.self) {
      try await store.add(
        NewAlert("all", .webhook, target: "https://x.example/", events: [.failed]))
    }
    try await store.remove(alert: alert.id)
    #expect(try await store.alerts().isEmpty)
    await #expect(throws: ServiceError.self) { try await store.alert(named: "all") }
  }
}
