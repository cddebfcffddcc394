import CSpawn
import Glibc

extension ChildProgram {
  /// Starts the program with pipes to its streams.
  ///
  /// The unsafe calls lend C strings for the time of one call.
  /// - Parameters:
  ///   - isTied: it has no input and dies with this process; its file is named by a path.
  ///   - hint: what to check where it cannot be started.
  func start(isTied: Bool, hint: String) throws(ChildError) -> cspawn_child {
    var child = cspawn_child()
    let arguments = unsafe command.map { unsafe strdup($0) } + [nil]
    let variables =
      unsafe environment.sorted { $0.key < $1.key }
      .map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer {
      for place in unsafe arguments.indices { unsafe free(arguments[place]) }
      for place in unsafe variables.indices { unsafe free(variables[place]) }
    }
    let file = executable ?? name
    let fault =
      isTied
      ? unsafe cspawn_start_tied(file, arguments, variables, folder, &child)
      : unsafe cspawn_start(file, arguments, variables, folder, &child)
    guard fault == 0 else {
      let text = unsafe String(cString: strerror(fault))
      let reason = text.prefix(1).lowercased() + text.dropFirst()
      throw ChildError(.notStarted, "cannot start '\(name)': \(reason)", hint: hint)
    }
    return child
  }
}

/// Our end of a pipe that a child writes into.
enum ChildStream {
  private static let pieceSize = 1 << 16

  /// What is there to read, or nil; a stream at its end is closed and becomes -1.
  ///
  /// The unsafe call lends a buffer for its time.
  static func read(_ stream: inout Int32) -> ArraySlice<UInt8>? {
    guard stream >= 0 else { return nil }
    var piece = [UInt8](repeating: 0, count: pieceSize)
    let count = unsafe piece.withUnsafeMutableBytes {
      unsafe Glibc.read(stream, $0.baseAddress, $0.count)
    }
    if count > 0 { return piece[..<count] }
    if count == 0 || (errno != EAGAIN && errno != EINTR) {
      close(stream)
      stream = -1
    }
    return nil
  }
}
