import Synchronization

/// A running program that is asked by lines on its standard input and answers by lines on its
/// standard output; what it writes to standard error is kept for messages.
///
/// It leads a process group of its own, which ends with it: at a failed exchange, when this object
/// goes, or when this process exits. One killed outright leaves it the end of its input to see.
/// Safe from several threads, which take turns.
public final class ChildProcess: Sendable {
  public let program: ChildProgram
  private let pipes: Mutex<ChildPipes>

  /// Starts the program.
  ///
  /// - Throws: `notStarted`, naming the program and the system's reason.
  public init(_ program: ChildProgram) throws(ChildError) {
    self.program = program
    pipes = Mutex(try ChildPipes(program))
  }

  deinit { pipes.withLock { $0.end() } }

  /// The number the system knows it and its group by.
  public var processID: Int32 { pipes.withLock { $0.pid } }

  /// The last lines of its standard error in one; empty where there were none.
  public var lastWords: String { pipes.withLock { $0.lastWords } }

  /// Sends a line and waits for one.
  ///
  /// - Parameters:
  ///   - line: without a line feed.
  ///   - seconds: for all of it, sending included.
  ///   - limit: most bytes of the answer.
  /// - Returns: the answer without its line feed.
  /// - Throws: any code but `notStarted`; the program and its group have ended then.
  public func exchange(
    _ line: String, seconds: Double, limit: Int
  ) throws(ChildError) -> [UInt8] {
    try pipes.withLock { (pipes) throws(ChildError) in
      do throws(ChildError) {
        return try pipes.exchange(Array(line.utf8) + [0x0A], seconds: seconds, limit: limit)
      } catch {
        pipes.end()
        throw error
      }
    }
  }

  /// Closes its standard input, gives it a moment to end by itself, and ends what is left of its
  /// group. Calling it again changes nothing.
  public func end() { pipes.withLock { $0.end(isPolite: true) } }
}
