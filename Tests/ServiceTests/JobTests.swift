import Diagnostics
import Foundation
import Glibc
import Service
import Synchronization
import Testing

/// The queue and its children, with a small program in the place of ours.
@Suite struct JobTests {
  @Test func `exit codes become states, and standard output becomes the result`() async throws {
    let scratch = try Scratch()
    let work = try await Play.start(scratch)
    let ids = try await [
      work.submit(Play.job("answer", "42")), work.submit(Play.job("exit", "1")),
      work.submit(Play.job("exit", "2")), work.submit(Play.job("crash")),
    ].map(\.id)
    let jobs = try await [
      work.store.over(ids[0]), work.store.over(ids[1]), work.store.over(ids[2]),
      work.store.over(ids[3]),
    ]
    await work.stop()
    #expect(jobs.map(\.state) == [.succeeded, .findings, .failed, .failed])
    #expect(jobs[0].result["answer"] == 42)
    #expect(jobs.map(\.exitCode) == [0, 1, 2, nil])
    #expect(jobs[3].signal == Int(SIGSEGV))
    #expect(jobs[2].lastWords == ["about to leave"])
    #expect(jobs[3].lastWords == ["before the fall", "ended by signal 11"])
    #expect(jobs.allSatisfy { $0.startedAt != nil && $0.finishedAt != nil && $0.attempt == 1 })
    #expect(jobs[0].document["by"] == "test")
  }

  @Test func `priority goes before age, and writers never run together`() async throws {
    let scratch = try Scratch()
    let store = try ServiceStore(workspace: scratch.path)
    for (name, priority) in [("a", 0), ("b", 5), ("c", 0), ("d", -3)] {
      _ = try await store.submit(Play.job("note", name, priority: priority))
    }
    let work = try await Play.start(scratch)
    for id in 1...4 { _ = try await work.store.over(Int64(id)) }
    await work.stop()
    #expect(
      scratch.lines("notes") == ["b", "a", "c", "d"].flatMap { ["\($0) begins", "\($0) ends"] })
  }

  @Test func `two that only read run beside each other and beside a writer`() async throws {
    let scratch = try Scratch()
    let store = try ServiceStore(workspace: scratch.path)
    _ = try await store.submit(Play.job("note", "w", "0.5"))
    for name in ["r", "s", "t"] {
      _ = try await store.submit(Play.job("note", name, "0.5", verb: "watch"))
    }
    let work = try await Play.start(scratch)
    for id in 1...4 { _ = try await work.store.over(Int64(id)) }
    await work.stop()
    let notes = scratch.lines("notes")
    #expect(notes.count == 8)
    // The third waits for one of the first two, whatever the writer does meanwhile.
    let firstEnd = notes.firstIndex { $0 == "r ends" || $0 == "s ends" } ?? 8
    #expect(notes.firstIndex(of: "t begins") ?? 0 > firstEnd, "\(notes)")
  }

  @Test func `a failure is tried again after a pause, up to the cap`() async throws {
    let scratch = try Scratch()
    let hand = HandClock("2026-01-01T00:00:00Z")
    let work = try await Play.start(scratch, clock: hand.clock)
    let good = try await work.submit(Play.job("once", "mark", attempts: 3))
    let bad = try await work.submit(Play.job("exit", "2", attempts: 2))
    _ = try await eventually { try await work.store.job(good.id).exitCode == 2 }
    _ = try await eventually { try await work.store.job(bad.id).exitCode == 2 }
    #expect(try await work.store.job(good.id).state == .queued)
    hand.advance(5.1)
    let tried = try await work.store.over(good.id)
    #expect(tried.state == .succeeded)
    #expect(tried.attempt == 2)
    #expect(try await work.store.over(bad.id).state == .failed)
    #expect(try await work.store.job(bad.id).attempt == 2)
    let again = try await work.retry(bad.id)
    #expect(again.attempts == 3)
    #expect(try await work.store.over(bad.id).attempt == 3)
    await #expect(throws: ServiceError.self) { try await work.retry(good.id) }
    await work.stop()
  }

  @Test func `cancelling ends a waiting job at once and a running one with its group`() async throws
  {
    let scratch = try Scratch()
    let work = try await Play.start(scratch, grace: 0.5)
    let polite = try await work.submit(Play.job("polite"))
    let waiting = try await work.submit(Play.job("answer", "1"))
    #expect(try await work.cancel(waiting.id).state == .cancelled)
    #expect(await eventually { scratch.lines("pids").count == 1 })
    _ = try await work.cancel(polite.id)
    let ended = try await work.store.over(polite.id)
    #expect(ended.state == .cancelled)
    #expect(ended.exitCode == 2)
    let stubborn = try await work.submit(Play.job("stubborn"))
    #expect(await eventually { scratch.lines("pids").count == 2 })
    // From another process, as the command line does.
    _ = try await ServiceStore(workspace: scratch.path).cancel(stubborn.id)
    let killed = try await work.store.over(stubborn.id)
    #expect(killed.state == .cancelled)
    #expect(killed.signal == Int(SIGKILL))
    #expect(scratch.lines("pids").allSatisfy { !isRunning($0) })
    await #expect(throws: ServiceError.self) { try await work.cancel(stubborn.id) }
    await work.stop()
  }

  @Test func `progress is told, kept, and no last word`() async throws {
    let scratch = try Scratch()
    let work = try await Play.start(scratch)
    let heard = Mutex<[ServiceEvent]>([])
    let subscription = work.events.subscribe { event in heard.withLock { $0.append(event) } }
    let job = try await work.submit(Play.job("progress"))
    let ended = try await work.store.over(job.id)
    await work.stop()
    subscription.cancel()
    let events = heard.withLock { $0 }
    #expect(
      events.map(\.sequence) == Array((events[0].sequence)..<(events[0].sequence + events.count)))
    let done = events.filter { $0.name == "progress" }.map { $0.data["progress"]?["done"] }
    #expect(done == [1, 2, 3])
    #expect(
      events.filter { $0.name == "job" }.map { $0.data["state"] }
        == ["queued", "running", "succeeded"])
    #expect(ended.lastWords == ["plain words"])
  }

  @Test func `a child sees few variables, and too large a result is left out`() async throws {
    let scratch = try Scratch()
    let work = try await Play.start(scratch)
    let variables = try await work.submit(Play.job("variables"))
    let flood = try await work.submit(Play.job("flood"))
    let seen = try await work.store.over(variables.id).lastWords
    #expect(
      seen.map { $0.split(separator: "=")[0] } == ["D2R_JOB", "D2R_PROGRESS", "PATH", "USER"])
    #expect(seen.contains("USER=test"))
    let large = try await work.store.over(flood.id)
    #expect(large.state == .succeeded)
    #expect(large.result == .null)
    #expect(large.lastWords == ["the result is too large and was left out"])
    await work.stop()
  }

  @Test func `stopping puts running jobs back to their place, as if not begun`() async throws {
    let scratch = try Scratch()
    let work = try await Play.start(scratch, grace: 1)
    let running = try await work.submit(Play.job("polite"))
    let next = try await work.submit(Play.job("answer", "2"))
    #expect(await eventually { scratch.lines("pids").count == 1 })
    await work.stop()
    await work.stop()
    let back = try await work.store.job(running.id)
    #expect(back.state == .queued)
    #expect(back.attempt == 0)
    #expect(try await work.store.job(next.id).state == .queued)
    #expect(!isRunning(scratch.lines("pids")[0]))
  }

  @Test func `two daemons never serve one workspace`() async throws {
    let scratch = try Scratch()
    let work = try await Play.start(scratch)
    let error = await #expect(throws: ServiceError.self) { _ = try await Play.start(scratch) }
    #expect(error?.code == .served)
    await work.stop()
  }

  @Test func `the store is for its owner alone`() async throws {
    let scratch = try Scratch()
    let store = try ServiceStore(workspace: scratch.path)
    _ = try await store.submit(Play.job("answer", "1"))
    for (name, mode) in [
      ("service", 0o700), ("service/service.sqlite", 0o600), ("service/service.sqlite-wal", 0o600),
    ] {
      let facts = try FileManager.default.attributesOfItem(atPath: scratch[name])
      #expect((facts[.posixPermissions] as? Int) == mode, "\(name)")
    }
  }

  @Test func `a job's program runs soon after it was asked for`() async throws {
    let scratch = try Scratch()
    let work = try await Play.start(scratch)
    var delays: [Double] = []
    for _ in 0..<20 {
      let before = Double(ServiceClock.system.now().milliseconds)
      let job = try await work.submit(Play.job("time"))
      let ended = try await work.store.over(job.id)
      let began = try #require(ended.result["nanoseconds"]?.intValue)
      delays.append(Double(began) / 1e6 - before)
    }
    await work.stop()
    delays.sort()
    print("milliseconds from asking to running: median \(delays[10]), worst \(delays[19])")
    #expect(delays.count == 20)
  }

  @Test func `a hundred short jobs start and end, and none is lost`() async throws {
    let scratch = try Scratch()
    let work = try await Play.start(scratch)
    var ids: [Int64] = []
    for number in 0..<100 {
      ids.append(
        try await work.submit(
          Play.job("answer", "\(number)", verb: number % 2 == 0 ? "play" : "watch")
        ).id)
    }
    for (number, id) in ids.enumerated() {
      let job = try await work.store.over(id)
      #expect(job.state == .succeeded)
      #expect(job.result["answer"]?.intValue == number)
    }
    await work.stop()
  }
}
