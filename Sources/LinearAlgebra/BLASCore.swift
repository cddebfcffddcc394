import COpenBLAS

/// The processor that OpenBLAS takes this one for, and so the kernels it runs.
///
/// Of processors newer than itself it knows nothing, and a release may then run kernels of 2004: on Intel's
/// of 2023, Debian 12's multiplies matrices at a fifth of the speed.
public enum BLASCore {
  /// What to choose with, in the environment, when the program starts.
  public static let variable = "OPENBLAS_CORETYPE"

  /// The name of kernels that suit this processor better than those OpenBLAS chose; nil where its choice
  /// is fine.
  public static var better: String? {
    // OpenBLAS's own constant text.
    unsafe better(
      than: String(cString: openblas_get_corename()), vectors: Int(blas_vector_bits()))
  }

  /// The same of any processor.
  /// - Parameters:
  ///   - chosen: one of OpenBLAS's names of processors.
  ///   - vectors: bits of the processor's longest vectors.
  public static func better(than chosen: String, vectors: Int) -> String? {
    // Those from before 256-bit products, which OpenBLAS falls back to.
    guard
      ["Prescott", "Core2", "Nehalem", "Sandybridge", "Generic"].contains(where: {
        $0.lowercased() == chosen.lowercased()
      })
    else { return nil }
    return vectors >= 512 ? "SKYLAKEX" : vectors >= 256 ? "HASWELL" : nil
  }
}
