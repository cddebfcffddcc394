import CSpawn
import Glibc

/// One program under a supervisor and our ends of its two pipes.
///
/// The unsafe calls lend C strings, buffers and structs for the time of one system call.
struct WatchedChild {
  let key: Int64
  let pid: Int32
  /// Readable once it ended; -1 where the system gave none.
  let ending: Int32
  /// When patience with it ends, by the watching thread's watch.
  var deadline: Double?
  private(set) var isOver = false
  private let limits: ChildSupervisor.Limits
  private var output: Int32
  private var errors: Int32
  private var collected: [UInt8] = []
  private var isWhole = true
  private var line: [UInt8] = []

  init(
    _ key: Int64, _ program: ChildProgram, _ limits: ChildSupervisor.Limits
  ) throws(ChildError) {
    let child = try program.start(
      isTied: true, hint: "check that the program and its folder are there")
    self.key = key
    self.limits = limits
    pid = child.pid
    ending = cspawn_watch(child.pid)
    output = child.output
    errors = child.errors
  }

  /// What to wake for.
  var awaited: [pollfd] {
    [output, errors, ending].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  }

  /// Asks the whole group to end.
  func ask() { Glibc.kill(-pid, SIGTERM) }

  func kill() { Glibc.kill(-pid, SIGKILL) }

  // MARK: hearing

  /// Reads a piece of each stream; the whole lines of standard error.
  mutating func hear() -> [String] {
    if let piece = ChildStream.read(&output) { collect(piece) }
    guard let piece = ChildStream.read(&errors) else { return [] }
    return lines(of: piece)
  }

  private mutating func collect(_ piece: ArraySlice<UInt8>) {
    let room = limits.output - collected.count
    collected += piece.prefix(room)
    if piece.count > room { isWhole = false }
  }

  private mutating func lines(of piece: ArraySlice<UInt8>) -> [String] {
    var lines: [String] = []
    for byte in piece {
      // A bar that redraws itself ends its lines with a carriage return.
      if byte == 0x0A || byte == 0x0D {
        if !line.isEmpty { lines.append(LastWords.plain(line[...])) }
        line = []
      } else if line.count < limits.line {
        line.append(byte)
      }
    }
    return lines
  }

  // MARK: ending

  /// Once the leader ended: ends what is left of its group, reads what is left to read, and reaps.
  mutating func reap(waits: Bool) -> (ChildEnding, lines: [String])? {
    guard !isOver, hasEnded(waits: waits) else { return nil }
    isOver = true
    // The leader's number is its own until it is reaped.
    kill()
    cspawn_forget(pid)
    var lines: [String] = []
    while let piece = ChildStream.read(&output) { collect(piece) }
    while let piece = ChildStream.read(&errors) { lines += self.lines(of: piece) }
    if !line.isEmpty { lines += self.lines(of: [0x0A]) }
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    for stream in [output, errors, ending] where stream >= 0 { close(stream) }
    let signal = status & 0x7F
    let ending = ChildEnding(
      exitCode: signal == 0 ? (status >> 8) & 0xFF : nil, signal: signal == 0 ? nil : signal,
      output: collected, isWhole: isWhole)
    return (ending, lines)
  }

  /// True once the leader ended; it is not reaped.
  private func hasEnded(waits: Bool) -> Bool {
    var facts = unsafe siginfo_t()
    let flags = WEXITED | WNOWAIT | (waits ? 0 : WNOHANG)
    let answer = unsafe waitid(P_PID, id_t(pid), &facts, flags)
    guard answer == 0 else { return errno != EINTR }
    return unsafe facts.si_signo == SIGCHLD
  }
}
