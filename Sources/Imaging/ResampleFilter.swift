import Glibc

/// How pixels are weighed when a picture changes size; the kernels Pillow uses under these names.
public enum ResampleFilter: String, CaseIterable, Codable, Sendable {
  /// The nearest pixel; no averaging at all.
  case nearest
  /// Equal weights: when shrinking, the mean of the pixels covered.
  case box
  /// Falls linearly to zero one pixel away.
  case bilinear
  /// Keys' cubic convolution with a = -0.5.
  case bicubic
  /// sinc(x) * sinc(x / 3) within three pixels.
  case lanczos3

  /// Half the kernel's width in source pixels when not shrinking.
  var support: Double {
    switch self {
    case .nearest, .box: 0.5
    case .bilinear: 1
    case .bicubic: 2
    case .lanczos3: 3
    }
  }

  /// The kernel's value at a distance of `x` pixels.
  func weight(_ x: Double) -> Double {
    switch self {
    case .nearest, .box: x > -0.5 && x <= 0.5 ? 1 : 0
    case .bilinear: max(0, 1 - abs(x))
    case .bicubic: Self.cubic(abs(x))
    case .lanczos3: x >= -3 && x < 3 ? Self.sinc(x) * Self.sinc(x / 3) : 0
    }
  }

  private static func cubic(_ x: Double) -> Double {
    let a = -0.5
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
    return 0
  }

  private static func sinc(_ x: Double) -> Double {
    if x == 0 { return 1 }
    let angle = x * Double.pi
    return sin(angle) / angle
  }
}
