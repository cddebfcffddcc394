/// A linear axis with ticks at round numbers.
struct Axis: Sendable {
  let lower: Double
  let upper: Double
  /// Inside `lower...upper`, rising; steps are 1, 2 or 5 times a power of ten.
  let ticks: [Double]
  /// Decimals that tell neighbouring ticks apart.
  let decimals: Int

  /// An axis from `lower` to `upper` with about `count` ticks. An empty or impossible range becomes
  /// one of length 1.
  init(lower: Double, upper: Double, count: Int) {
    let isUsable = lower.isFinite && upper.isFinite && upper > lower && (upper - lower).isFinite
    let start = isUsable || lower.isFinite && abs(lower) < 1e12 ? lower : 0
    let end = isUsable ? upper : start + 1
    let (step, decimals) = Axis.step((end - start) / Double(max(1, count)))
    self.lower = start
    self.upper = end
    self.decimals = decimals
    let first = (start / step - 1e-9).rounded(.up)
    let last = (end / step + 1e-9).rounded(.down)
    self.ticks = last < first ? [] : stride(from: first, through: last, by: 1).map { $0 * step }
  }

  /// An axis from 0 up to the first round number that holds `highest`.
  static func fromZero(holding highest: Double, count: Int) -> Axis {
    guard highest.isFinite, highest > 0 else { return Axis(lower: 0, upper: 1, count: count) }
    let (step, _) = step(highest / Double(max(1, count)))
    return Axis(lower: 0, upper: step * (highest / step - 1e-9).rounded(.up), count: count)
  }

  /// Where `value` falls, 0 at `lower` and 1 at `upper`.
  func share(_ value: Double) -> Double { (value - lower) / (upper - lower) }

  func label(_ tick: Double) -> String { Numeral.fixed(tick, decimals) }

  /// The smallest round number at or above `rough`, and the decimals it needs.
  private static func step(_ rough: Double) -> (step: Double, decimals: Int) {
    var power = 1.0
    var decimals = 0
    while power > rough, decimals < 12 {
      power /= 10
      decimals += 1
    }
    while power * 10 <= rough { power *= 10 }
    for factor in [1.0, 2, 5] where factor * power >= rough * 0.999 {
      return (factor * power, decimals)
    }
    return (10 * power, max(0, decimals - 1))
  }
}
