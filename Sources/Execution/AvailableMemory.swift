/// How much memory the process can still take.
public enum AvailableMemory {
  /// Bytes: what the system says is available, and no more than the control group leaves; nil where
  /// neither tells.
  public static func bytes() -> Int? {
    let system = KernelFile.text("/proc/meminfo").flatMap(bytes(inMeminfo:))
    let group = groupBytes()
    guard let system else { return group }
    return min(system, group ?? system)
  }

  /// `MemAvailable` of a `/proc/meminfo`.
  public static func bytes(inMeminfo text: String) -> Int? {
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") })
    else { return nil }
    let words = line.split { $0 == " " || $0 == "\t" }
    guard words.count > 1, let kibibytes = Int(words[1]) else { return nil }
    return kibibytes * 1024
  }

  /// What the control group's limit leaves; nil without a limit.
  private static func groupBytes() -> Int? {
    func number(_ name: String) -> Int? {
      KernelFile.text("/sys/fs/cgroup/memory.\(name)").flatMap { text in
        Int(text.filter { !$0.isWhitespace })
      }
    }
    guard let limit = number("max"), let used = number("current") else { return nil }
    return max(0, limit - used)
  }
}
