/// What the bootstrap says of the noise e in Δ = truth + e.
struct OffsetNoise {
  /// ‖Δ‖.
  let norm: Double
  /// e · Δ / ‖Δ‖ of every round.
  let along: [Double]
  /// ‖e‖² of every round.
  let squares: [Double]

  /// Share of rounds outside the interval, at each end.
  private static let tail = 0.025
  /// Halvings when an end of the interval is looked for.
  private static let halvings = 44

  var normWithoutNoise: Double {
    let noise = squares.reduce(0, +) / Double(squares.count)
    return max(0, norm * norm - noise).squareRoot()
  }

  /// Every t for which ‖Δ‖ lies within the middle 95 % of ‖tδ + e‖.
  var normInterval: (low: Double, high: Double) {
    (end(1 - Self.tail), end(Self.tail))
  }

  /// The cosine that the truth has with Δ at least, with 95 % confidence; -1 where it is unknown.
  var directionCosine: Double {
    let across = zip(squares, along).map { square, along in
      max(0, square - along * along).squareRoot()
    }
    guard let bound = Quantile.of(across, at: 0.95), bound < norm else { return -1 }
    let sine = bound / norm
    return (1 - sine * sine).squareRoot()
  }

  /// The t at which ‖Δ‖² is the given quantile of ‖tδ + e‖².
  private func end(_ share: Double) -> Double {
    var low = 0.0
    var high = norm + 10 * (squares.max() ?? 0).squareRoot()
    for _ in 0..<Self.halvings {
      let middle = (low + high) / 2
      let lengths = zip(along, squares).map { along, square in
        middle * middle + 2 * middle * along + square
      }
      if (Quantile.of(lengths, at: share) ?? 0) < norm * norm {
        low = middle
      } else {
        high = middle
      }
    }
    return low == 0 ? 0 : (low + high) / 2
  }
}
