import Glibc

/// How much memory the process holds.
public enum ResidentMemory {
  /// Bytes of this process in physical memory (`/proc/self/statm`, second field, in pages), or nil
  /// where the system does not tell.
  public static func bytes() -> Int? {
    guard let text = KernelFile.text("/proc/self/statm") else { return nil }
    let fields = text.split(separator: " ")
    guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
    return pages * sysconf(Int32(_SC_PAGESIZE))
  }

  /// The most bytes this process ever held (`VmHWM` of `/proc/self/status`), or nil where the system
  /// does not tell.
  public static func peakBytes() -> Int? {
    guard let text = KernelFile.text("/proc/self/status"),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
    else { return nil }
    let words = line.split { $0 == " " || $0 == "\t" }
    guard words.count > 1, let kibibytes = Int(words[1]) else { return nil }
    return kibibytes * 1024
  }
}
