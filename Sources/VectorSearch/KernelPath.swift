import CVectorKernels

/// Which instructions the inner loops use. The answers are the same on all of them.
public enum KernelPath: String, CaseIterable, Sendable {
  /// Any processor.
  case portable
  case avx2
  /// With the products of 8-bit numbers that AVX-512 calls VNNI.
  case avx512 = "avx512-vnni"

  /// The fastest path of this processor.
  public static let best = KernelPath(cvk_best_path())

  /// Whether this processor has the path's instructions.
  public var isAvailable: Bool { code.rawValue <= Self.best.code.rawValue }

  var code: cvk_path {
    switch self {
    case .portable: cvk_portable
    case .avx2: cvk_avx2
    case .avx512: cvk_avx512_vnni
    }
  }

  private init(_ code: cvk_path) {
    self =
      switch code {
      case cvk_avx512_vnni: .avx512
      case cvk_avx2: .avx2
      default: .portable
      }
  }
}
