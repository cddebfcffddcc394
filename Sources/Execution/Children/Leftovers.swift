import Glibc

/// Children of a process that is gone, found by what stands in their environment.
public enum Leftovers {
  /// Kills every process that was started with one of these `NAME=VALUE` in its environment, with
  /// its group where it leads one, and waits until they are gone, at most `patience` seconds.
  /// - Returns: how many were found.
  @discardableResult
  public static func end(marked marks: Set<String>, patience: Double = 10) -> Int {
    guard !marks.isEmpty else { return 0 }
    let watch = Stopwatch()
    var found: Set<Int32> = []
    while true {
      let left = processes().filter { isMarked($0, marks) }
      found.formUnion(left)
      if left.isEmpty || watch.seconds > patience { return found.count }
      for process in left {
        if getpgid(process) == process { kill(-process, SIGKILL) }
        kill(process, SIGKILL)
      }
      usleep(5000)
    }
  }

  private static func processes() -> [Int32] {
    // The stream is closed again before this returns; each entry is read before the next is asked.
    guard let stream = unsafe opendir("/proc") else { return [] }
    defer { unsafe closedir(stream) }
    var numbers: [Int32] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let number = Int32(name), number != getpid() { numbers.append(number) }
    }
    return numbers
  }

  /// False for one that ended and waits to be reaped: it has no environment any more.
  private static func isMarked(_ process: Int32, _ marks: Set<String>) -> Bool {
    guard let file = unsafe fopen("/proc/\(process)/environ", "r") else { return false }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 14)
    while bytes.count < 1 << 20 {
      let count = unsafe fread(&piece, 1, piece.count, file)
      if count == 0 { break }
      bytes += piece[..<count]
    }
    return bytes.split(separator: 0).contains {
      marks.contains(String(decoding: $0, as: UTF8.self))
    }
  }
}
