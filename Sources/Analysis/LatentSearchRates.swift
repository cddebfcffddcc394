import Glibc

/// The constants of a separable CMA-ES, from Hansen's tutorial (arXiv 1604.00772, table 1), with the
/// learning rates of the variances raised by (n + 2) / 3 (Ros and Hansen, 2008).
struct LatentSearchRates: Sendable {
  /// c_σ, d_σ and c_c of the tutorial.
  let path: Double
  let damping: Double
  let shape: Double
  /// √(c (2 - c) μ_eff) of both paths.
  let pathPush: Double
  let shapePush: Double
  /// c_1 and c_μ.
  let rankOne: Double
  let rankMany: Double
  /// E‖N(0, I)‖.
  let expected: Double
  private let width: Double

  init(width: Int, weights: [Double]) {
    let n = Double(width)
    let effective = 1 / weights.reduce(0) { $0 + $1 * $1 }
    path = (effective + 2) / (n + effective + 5)
    damping = 1 + 2 * max(0, ((effective - 1) / (n + 1)).squareRoot() - 1) + path
    shape = (4 + effective / n) / (n + 4 + 2 * effective / n)
    pathPush = (path * (2 - path) * effective).squareRoot()
    shapePush = (shape * (2 - shape) * effective).squareRoot()
    let raised = (n + 2) / 3
    rankOne = min(1, raised * 2 / ((n + 1.3) * (n + 1.3) + effective))
    rankMany = min(
      1 - rankOne,
      raised * 2 * (effective - 2 + 1 / effective) / ((n + 2) * (n + 2) + effective))
    expected = n.squareRoot() * (1 - 1 / (4 * n) + 1 / (21 * n * n))
    self.width = n
  }

  /// False while the step grows so fast that the variances should wait (h_σ of the tutorial).
  func isCalm(_ pathLength: Double, round: Int) -> Bool {
    let settled = 1 - pow(1 - path, 2 * Double(round + 1))
    return pathLength / settled.squareRoot() < (1.4 + 2 / (width + 1)) * expected
  }
}
