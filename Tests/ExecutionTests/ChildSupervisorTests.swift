import Execution
import Glibc
import Synchronization
import Testing

/// Against the shell and other plain programs of the system.
@Suite struct ChildSupervisorTests {
  /// What a supervisor reported, with a way to wait for more.
  final class Record: Sendable {
    private let events = Mutex<[ChildSupervisor.Event]>([])

    @Sendable func add(_ event: ChildSupervisor.Event) { events.withLock { $0.append(event) } }

    func ending(_ key: Int64, patience: Double = 200) -> ChildEnding? {
      for _ in 0..<Int(patience * 500) {
        let found = events.withLock { events in
          events.lazy.compactMap { event -> ChildEnding? in
            if case .ended(key, let ending) = event { ending } else { nil }
          }.first
        }
        if let found { return found }
        usleep(2000)
      }
      return nil
    }

    func lines(_ key: Int64) -> [String] {
      events.withLock { events in
        events.compactMap { if case .line(key, let line) = $0 { line } else { nil } }
      }
    }

    func pid(_ key: Int64) -> Int32? {
      for _ in 0..<2000 {
        let found = events.withLock { events in
          events.lazy.compactMap { event -> Int32? in
            if case .started(key, let pid) = event { pid } else { nil }
          }.first
        }
        if let found { return found }
        usleep(2000)
      }
      return nil
    }

    var refusals: [ChildError] {
      events.withLock {
        $0.compactMap { if case .refused(_, let error) = $0 { error } else { nil } }
      }
    }
  }

  static func shell(_ script: String) -> ChildProgram {
    var program = ChildProgram(
      ["sh", "-c", script], folder: "/tmp", environment: ["PATH": "/usr/bin:/bin"])
    program.executable = "/bin/sh"
    return program
  }

  @Test func `output is collected, lines arrive, and the status is told`() throws {
    let record = Record()
    let supervisor = try ChildSupervisor(report: record.add)
    defer { supervisor.close() }
    supervisor.start(1, Self.shell("echo result; echo one >&2; printf two >&2; exit 3"))
    supervisor.start(2, Self.shell("kill -SEGV $$"))
    let ending = try #require(record.ending(1))
    #expect(ending.exitCode == 3)
    #expect(ending.signal == nil)
    #expect(ending.output == Array("result\n".utf8))
    #expect(ending.isWhole)
    #expect(record.lines(1) == ["one", "two"])
    #expect(record.ending(2)?.signal == SIGSEGV)
    #expect(record.ending(2)?.exitCode == nil)
  }

  @Test func `a program sees its folder, its variables, nothing to read and no descriptor`() throws
  {
    let record = Record()
    let supervisor = try ChildSupervisor(report: record.add)
    defer { supervisor.close() }
    supervisor.start(
      1,
      Self.shell(
        """
        pwd; cat; env | grep -vE '^(PWD|OLDPWD|SHLVL|_)='
        for n in 3 4 5 6 7 8 9 11 12 13 14 15 16; do [ -e /proc/$$/fd/$n ] && echo $n; done
        """))
    let ending = try #require(record.ending(1))
    #expect(String(decoding: ending.output, as: UTF8.self) == "/tmp\nPATH=/usr/bin:/bin\n")
  }

  @Test func `more output than the limit is cut and said`() throws {
    let record = Record()
    var limits = ChildSupervisor.Limits()
    limits.output = 10
    limits.line = 5
    let supervisor = try ChildSupervisor(limits: limits, report: record.add)
    defer { supervisor.close() }
    supervisor.start(1, Self.shell("head -c 3000000 /dev/zero; echo 123456789 >&2"))
    let ending = try #require(record.ending(1))
    #expect(ending.output.count == 10)
    #expect(!ending.isWhole)
    #expect(record.lines(1) == ["12345"])
  }

  @Test func `stopping asks, then kills, and takes the group along`() throws {
    let record = Record()
    let supervisor = try ChildSupervisor(report: record.add)
    defer { supervisor.close() }
    supervisor.start(1, Self.shell("trap 'echo saved; exit 7' TERM; while :; do sleep 0.05; done"))
    supervisor.start(2, Self.shell("trap '' TERM; sleep 60 & echo $!; while :; do sleep 1; done"))
    supervisor.start(3, Self.shell("sleep 0.4"))
    _ = record.pid(1)
    usleep(200_000)
    supervisor.stop(1, grace: 5)
    supervisor.stop(2, grace: 0.3)
    #expect(record.ending(1)?.exitCode == 7)
    #expect(record.ending(1)?.output == Array("saved\n".utf8))
    let stubborn = try #require(record.ending(2))
    #expect(stubborn.signal == SIGKILL)
    let helper = String(decoding: stubborn.output, as: UTF8.self)
    // Its signal was sent; it need not have taken it yet.
    for _ in 0..<1000 where ChildProcessTests.isRunning(String(helper.dropLast())) { usleep(5000) }
    #expect(!ChildProcessTests.isRunning(String(helper.dropLast())))
    #expect(record.ending(3)?.exitCode == 0)
  }

  @Test func `what cannot be started is said, and the next one runs`() throws {
    let record = Record()
    let supervisor = try ChildSupervisor(report: record.add)
    defer { supervisor.close() }
    supervisor.start(1, ChildProgram(["/no/such/program"], folder: "/tmp", environment: [:]))
    supervisor.start(2, ChildProgram(["/bin/true"], folder: "/no/folder", environment: [:]))
    supervisor.start(3, ChildProgram(["/bin/true"], folder: "/tmp", environment: [:]))
    #expect(record.ending(3)?.exitCode == 0)
    #expect(record.refusals.map(\.code) == [.notStarted, .notStarted])
  }

  @Test func `closing ends whoever runs`() throws {
    let record = Record()
    let supervisor = try ChildSupervisor(report: record.add)
    for key in 1...40 as ClosedRange<Int64> { supervisor.start(key, Self.shell("sleep 60")) }
    let pid = try #require(record.pid(40))
    supervisor.close()
    #expect(!ChildProcessTests.isRunning("\(pid)"))
    #expect((1...40).allSatisfy { record.ending($0, patience: 0.1)?.signal == SIGKILL })
  }
}
