import COpenBLAS

/// The number of threads OpenBLAS uses inside one call: one for the whole process, set here only.
///
/// It is 1 until someone asks for more, because a product cut over several threads may add in
/// another order and change the last bit. Parallel loops above this module run one product per
/// thread instead, which keeps every product's bytes.
public enum BLASThreads {
  /// Lets OpenBLAS use up to `count` threads (at least 1) in every later call of this process.
  public static func limit(to count: Int) {
    startSingle()
    openblas_set_num_threads(Int32(clamping: max(1, count)))
  }

  /// How many threads OpenBLAS may use now.
  public static var current: Int {
    startSingle()
    return Int(openblas_get_num_threads())
  }

  /// Every use of OpenBLAS in this module passes here first.
  static func startSingle() { _ = single }

  private static let single: Void = openblas_set_num_threads(1)
}
