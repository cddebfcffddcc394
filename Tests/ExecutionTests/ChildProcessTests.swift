import Execution
import Glibc
import Testing

/// Against the shell and other plain programs of the system.
@Suite struct ChildProcessTests {
  static func start(_ command: String...) throws(ChildError) -> ChildProcess {
    try ChildProcess(
      ChildProgram(command, folder: "/tmp", environment: ["PATH": "/usr/bin:/bin", "D2R": "x"]))
  }

  static func ask(
    _ child: ChildProcess, _ line: String, seconds: Double = 10, limit: Int = 1 << 20
  ) throws(ChildError) -> String {
    String(decoding: try child.exchange(line, seconds: seconds, limit: limit), as: UTF8.self)
  }

  /// False for one that ended, reaped by its new parent or not yet.
  static func isRunning(_ pid: String) -> Bool {
    guard let file = unsafe fopen("/proc/\(pid)/stat", "r") else { return false }
    defer { unsafe fclose(file) }
    var text = [CChar](repeating: 0, count: 512)
    let count = unsafe fread(&text, 1, 511, file)
    let words = String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return count > 0 && !words.contains(") Z ")
  }

  @Test func `lines go there and back, however long`() throws {
    let cat = try Self.start("cat")
    #expect(try Self.ask(cat, "one") == "one")
    let long = String(repeating: "ab", count: 400_000)
    #expect(try Self.ask(cat, long) == long)
    #expect(try Self.ask(cat, "") == "")
  }

  @Test func `a program sees its folder, its variables and three descriptors, and no more`() throws
  {
    let shell = try Self.start("sh", "-c", "while read -r l; do eval \"$l\"; done")
    #expect(try Self.ask(shell, "pwd") == "/tmp")
    #expect(
      try Self.ask(shell, "env | grep -vE '^(PWD|OLDPWD|SHLVL|_)=' | sort | paste -sd,")
        == "D2R=x,PATH=/usr/bin:/bin")
    // 10 is where the shell keeps a copy of its own.
    let look =
      "f=; for n in 0 1 2 3 4 5 6 7 8 9 11 12 13 14 15 16 17 18 19; do "
      + "[ -e /proc/$$/fd/$n ] && f=\"$f$n \"; done; echo $f"
    #expect(try Self.ask(shell, look) == "0 1 2")
  }

  @Test func `what does not start, ends, or is silent is an error that says so`() throws {
    let absent = #expect(throws: ChildError.self) { try Self.start("/no/such/program") }
    #expect(absent?.code == .notStarted)
    #expect(absent?.message == "cannot start '/no/such/program': no such file or directory")
    let failing = try Self.start("sh", "-c", "read l; echo bad news >&2; exit 7")
    let died = #expect(throws: ChildError.self) { try Self.ask(failing, "x") }
    #expect(died?.code == .died)
    #expect(
      died?.message == "'sh' ended with status 7 before it had answered; "
        + "the last it wrote to standard error: bad news")
    let killed = try Self.start("sh", "-c", "read l; kill -9 $$")
    #expect(
      #expect(throws: ChildError.self) { try Self.ask(killed, "x") }?.message
        == "'sh' was ended by signal 9 before it had answered")
    let silent = try Self.start("sleep", "1000")
    let watch = Stopwatch()
    let late = #expect(throws: ChildError.self) { try Self.ask(silent, "x", seconds: 0.2) }
    #expect(late?.code == .tookTooLong)
    #expect(watch.seconds < 5)
    let after = #expect(throws: ChildError.self) { try Self.ask(silent, "x") }
    #expect(after?.code == .died)
  }

  @Test func `an answer that was written just before the end counts`() throws {
    for _ in 0..<20 {
      let last = try Self.start("sh", "-c", "read l; echo done")
      #expect(try Self.ask(last, "x") == "done")
    }
  }

  @Test func `a program that reads nothing does not end this one`() throws {
    let deaf = try Self.start("sh", "-c", "exec 0<&-; sleep 1000")
    usleep(200_000)
    let line = String(repeating: "x", count: 1 << 20)
    #expect(#expect(throws: ChildError.self) { try Self.ask(deaf, line) }?.code == .died)
  }

  @Test func `lines without end and lines unasked are refused`() throws {
    let endless = try Self.start("sh", "-c", "read l; yes | tr -d '\\n'")
    #expect(
      #expect(throws: ChildError.self) { try Self.ask(endless, "x", limit: 1000) }?.code
        == .answerTooLong)
    let eager = try Self.start("sh", "-c", "echo hello; cat")
    usleep(200_000)
    let found = #expect(throws: ChildError.self) { try Self.ask(eager, "x") }
    #expect(found?.code == .spokeUnasked)
    #expect(found?.message == "'sh' wrote 'hello' to its standard output without being asked")
  }

  @Test func `its whole group ends with it, also one that ignores being asked to`() throws {
    for shell in ["trap '' TERM; sleep 1000 & echo $!; wait", "sleep 1000 & echo $!; wait"] {
      var child: ChildProcess? = try Self.start("sh", "-c", "read l; " + shell)
      let grandchild = try Self.ask(try #require(child), "x")
      #expect(Self.isRunning(grandchild))
      child = nil
      usleep(50_000)
      #expect(!Self.isRunning(grandchild))
    }
  }

  @Test func `many at once neither hang nor are left behind`() throws {
    let answers = try Parallel.map(count: 40, threads: 8) { number in
      let child = try Self.start("cat")
      return (try Self.ask(child, "\(number)"), child.processID)
    }
    #expect(answers.map(\.0) == (0..<40).map(String.init))
    // A child that was not reaped would still have its number.
    #expect(answers.allSatisfy { kill($0.1, 0) == -1 })
  }

  @Test func `only so many pass at once, each in a place of its own`() throws {
    let turnstile = Turnstile(places: 3)
    let places = try Parallel.map(count: 60, threads: 8) { _ in
      turnstile.pass { place in
        usleep(500)
        return place
      }
    }
    #expect(Set(places).isSubset(of: 0..<3))
  }
}
