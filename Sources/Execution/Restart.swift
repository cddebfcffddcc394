import Glibc

/// This program begun anew, as the same process and with the same words.
public enum Restart {
  /// Starts again with `name` set to `value` in the environment, which tells the new start from the old.
  /// Returns where it is set already or the system refuses.
  public static func once(with name: String, set value: String) {
    guard unsafe getenv(name) == nil, unsafe setenv(name, value, 1) == 0 else { return }
    var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    // One place is kept for the zero at the end.
    guard unsafe readlink("/proc/self/exe", &path, path.count - 1) > 0 else { return }
    unsafe execv(path, CommandLine.unsafeArgv)
  }
}
