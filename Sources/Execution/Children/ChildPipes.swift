import CSpawn
import Glibc

/// A started program and our ends of its pipes.
///
/// The unsafe calls lend C strings, buffers and structs for the time of one system call.
struct ChildPipes {
  /// Seconds a program has to end by itself at the end of its input, and after SIGTERM.
  static let grace = 2.0
  /// Longest sleep between two looks at whether it still runs, in milliseconds.
  private static let slice = 100.0

  let pid: Int32
  private let name: String
  private var input: Int32
  private var output: Int32
  private var errors: Int32
  private var hasEnded = false
  /// Read from its standard output, not yet taken as a line.
  private var heard: [UInt8] = []
  /// How far `heard` was searched for a line feed.
  private var searched = 0
  private var words = LastWords()
  private var ending = ""

  init(_ program: ChildProgram) throws(ChildError) {
    let child = try program.start(
      isTied: false, hint: "check that the program is there and may be executed")
    pid = child.pid
    name = program.name
    input = child.input
    output = child.output
    errors = child.errors
  }

  var lastWords: String { words.text }

  // MARK: exchanging

  mutating func exchange(
    _ line: [UInt8], seconds: Double, limit: Int
  ) throws(ChildError) -> [UInt8] {
    guard !hasEnded else { throw died() }
    _ = hear()
    guard heard.isEmpty else { throw spokeUnasked() }
    let watch = Stopwatch()
    var sent = 0
    while true {
      if sent == line.count, let answer = takeLine() { return answer }
      guard heard.count <= limit else {
        throw ChildError(
          .answerTooLong, "'\(name)' wrote a line of more than \(limit) bytes\(said)",
          hint: "standard output is for the protocol's lines; print to standard error instead")
      }
      let left = seconds - watch.seconds
      guard left > 0 else {
        throw ChildError(
          .tookTooLong, "'\(name)' did not answer within \(plain(seconds)) s\(said)")
      }
      let events = sleep(milliseconds: left * 1000, wantsToSend: sent < line.count)
      if events.canSend { sent += try send(line[sent...]) }
      if hear() { continue }
      // What it wrote just before it ended is read after it has.
      if output < 0 || (isOver() && !hear()) { throw died() }
    }
  }

  /// Waits until there is something to do, at most for a slice.
  private func sleep(milliseconds: Double, wantsToSend: Bool) -> (canSend: Bool, canHear: Bool) {
    var waiting = [
      pollfd(fd: output, events: Int16(POLLIN), revents: 0),
      pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
      // A negative descriptor is passed over.
      pollfd(fd: wantsToSend ? input : -1, events: Int16(POLLOUT), revents: 0),
    ]
    let time = Int32(max(1, min(milliseconds, Self.slice)))
    let count = nfds_t(waiting.count)
    _ = unsafe waiting.withUnsafeMutableBufferPointer { unsafe poll($0.baseAddress, count, time) }
    return (waiting[2].revents != 0, waiting[0].revents != 0 || waiting[1].revents != 0)
  }

  /// Sends what fits into the pipe.
  private mutating func send(_ bytes: ArraySlice<UInt8>) throws(ChildError) -> Int {
    let count = withoutPipeSignal {
      unsafe bytes.withUnsafeBytes { unsafe write(input, $0.baseAddress, $0.count) }
    }
    if count >= 0 { return count }
    guard errno == EAGAIN || errno == EINTR else {
      _ = hear()
      throw died()
    }
    return 0
  }

  /// Writing to a pipe that nobody reads raises SIGPIPE in the writing thread: it is held back and
  /// taken off again.
  private func withoutPipeSignal(_ body: () -> Int) -> Int {
    var pipeSignal = sigset_t()
    var before = sigset_t()
    unsafe sigemptyset(&pipeSignal)
    unsafe sigaddset(&pipeSignal, SIGPIPE)
    unsafe pthread_sigmask(SIG_BLOCK, &pipeSignal, &before)
    let answer = body()
    let fault = errno
    if answer < 0 && fault == EPIPE {
      var moment = timespec()
      _ = unsafe sigtimedwait(&pipeSignal, nil, &moment)
    }
    unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    errno = fault
    return answer
  }

  /// Reads a piece of each stream; true where the standard output had something.
  private mutating func hear() -> Bool {
    if let piece = ChildStream.read(&errors) { words.add(piece) }
    guard let piece = ChildStream.read(&output) else { return false }
    heard += piece
    return true
  }

  private mutating func takeLine() -> [UInt8]? {
    guard let end = heard[searched...].firstIndex(of: 0x0A) else {
      searched = heard.count
      return nil
    }
    let line = Array(heard[..<end])
    heard.removeFirst(end + 1)
    searched = 0
    return line
  }

  // MARK: ending

  /// Ends the whole group and reaps the leader.
  mutating func end(isPolite: Bool = false) {
    guard !hasEnded else { return }
    hasEnded = true
    close(input)
    if isPolite { wait(Self.grace) }
    if !isOver() {
      kill(-pid, SIGTERM)
      wait(Self.grace)
    }
    // What the leader left behind; its number is its own until it is reaped.
    kill(-pid, SIGKILL)
    cspawn_forget(pid)
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    for stream in [output, errors] where stream >= 0 { close(stream) }
  }

  private mutating func wait(_ seconds: Double) {
    let watch = Stopwatch()
    while !isOver(), watch.seconds < seconds {
      _ = hear()
      heard = []
      _ = sleep(milliseconds: 5, wantsToSend: false)
      if output < 0 { usleep(2000) }
    }
  }

  /// True once the leader ended; it is not reaped.
  private mutating func isOver() -> Bool {
    var facts = unsafe siginfo_t()
    let answer = unsafe waitid(P_PID, id_t(pid), &facts, WEXITED | WNOHANG | WNOWAIT)
    guard answer == 0 else { return true }
    guard unsafe facts.si_signo == SIGCHLD else { return false }
    let status = unsafe facts._sifields._sigchld.si_status
    let isExit = unsafe facts.si_code == Int32(CLD_EXITED)
    ending = isExit ? "ended with status \(status)" : "was ended by signal \(status)"
    return true
  }

  // MARK: words

  private mutating func died() -> ChildError {
    let watch = Stopwatch()
    while !isOver(), watch.seconds < 1 { usleep(2000) }
    while let piece = ChildStream.read(&errors) { words.add(piece) }
    let how = ending.isEmpty ? "closed its standard output" : ending
    return ChildError(.died, "'\(name)' \(how) before it had answered\(said)")
  }

  private func spokeUnasked() -> ChildError {
    let start = LastWords.plain(heard.prefix(60)).split(separator: "\n").first ?? ""
    return ChildError(
      .spokeUnasked, "'\(name)' wrote '\(start)' to its standard output without being asked",
      hint: "standard output is for one answer per line asked; print to standard error instead")
  }

  private var said: String {
    let text = words.text
    return text.isEmpty ? "" : "; the last it wrote to standard error: \(text)"
  }

  private func plain(_ seconds: Double) -> String {
    seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)"
  }
}
