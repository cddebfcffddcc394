import Glibc

/// Sleeping.
public enum Pause {
  /// Blocks the calling thread for about so long.
  public static func seconds(_ seconds: Double) { usleep(UInt32(max(0, seconds) * 1e6)) }
}
