/// How many threads can run at once.
public enum Processors {
  /// The processors this process may use: its scheduling affinity, and no more than its control
  /// group's quota (`cpu.max`) rounded up. At least 1.
  public static let available: Int = max(1, min(affinity() ?? 1, quota() ?? .max))

  private static func affinity() -> Int? {
    KernelFile.text("/proc/self/status").flatMap(processors(inStatus:))
  }

  /// Processors in the `Cpus_allowed_list` of a `/proc/self/status`, such as `0-3,8`: the
  /// scheduling affinity without the C call, which Swift cannot see.
  public static func processors(inStatus text: String) -> Int? {
    guard
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed_list:") })
    else { return nil }
    var count = 0
    for part in line.drop(while: { $0 != ":" }).dropFirst().split(separator: ",") {
      let ends = part.split { $0 == "-" || $0 == "\t" || $0 == " " }.map { Int($0) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, last >= first
      else { return nil }
      count += last - first + 1
    }
    return count == 0 ? nil : count
  }

  private static func quota() -> Int? {
    KernelFile.text("/sys/fs/cgroup/cpu.max").flatMap(processors(inQuota:))
  }

  /// Processors in the text of a `cpu.max` file, `QUOTA PERIOD` in microseconds, rounded up; nil
  /// where it sets no limit.
  public static func processors(inQuota text: String) -> Int? {
    let fields = text.split { $0 == " " || $0 == "\n" }.map { Int($0) }
    guard fields.count == 2, let quota = fields[0], let period = fields[1], period > 0, quota > 0
    else { return nil }
    return (quota + period - 1) / period
  }
}
