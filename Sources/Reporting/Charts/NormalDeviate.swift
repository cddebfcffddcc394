import Glibc

/// The scale on which a normal law is a straight line.
enum NormalDeviate {
  /// The x below which a share of N(0, 1) lies; infinite at 0 and at 1.
  ///
  /// Wichura, *Algorithm AS 241: the percentage points of the normal distribution*, Applied
  /// Statistics 37, 1988, function PPND7: about seven digits.
  static func of(_ share: Double) -> Double {
    guard share > 0 else { return -.infinity }
    guard share < 1 else { return .infinity }
    let q = share - 0.5
    if abs(q) <= 0.425 {
      let r = 0.180625 - q * q
      return q * polynomial([3.3871327179, 50.434271938, 159.29113202, 59.109374720], r)
        / polynomial([1, 17.895169469, 78.757757664, 67.187563600], r)
    }
    let r = (-log(q < 0 ? share : 1 - share)).squareRoot()
    let size =
      r <= 5
      ? polynomial([1.4234372777, 2.7568153900, 1.3067284816, 0.17023821103], r - 1.6)
        / polynomial([1, 0.73700164250, 0.12021132975], r - 1.6)
      : polynomial([6.6579051150, 3.0812263860, 0.42868294337, 0.017337203997], r - 5)
        / polynomial([1, 0.24197894225, 0.012258202635], r - 5)
    return q < 0 ? -size : size
  }

  private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
    coefficients.reversed().reduce(0) { $0 * x + $1 }
  }
}
