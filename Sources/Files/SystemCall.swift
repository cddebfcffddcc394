import Glibc

/// The funnel for system calls that return -1 and set `errno`.
enum SystemCall {
  /// Runs `call` until a signal no longer interrupts it.
  /// - Parameter action: a verb for the message, as in "cannot read PATH: …".
  @discardableResult
  static func run<Answer: SignedInteger>(
    _ action: String, _ path: String, faults: FileFaults? = nil, _ call: () -> Answer
  ) throws(FilesError) -> Answer {
    try faults?.check(action, path)
    while true {
      let answer = call()
      if answer >= 0 { return answer }
      let number = errno
      if number != EINTR { throw FilesError(action, path, systemError: number) }
    }
  }
}
