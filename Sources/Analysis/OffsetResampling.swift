import Domain
import LinearAlgebra

/// Δ estimated again and again from other choices of identities. Each choice is a row of weights, so
/// a batch of choices is one matrix product with the groups' means.
struct OffsetResampling {
  let from: OffsetSide
  let to: OffsetSide
  /// Δ itself.
  let vector: [Double]
  let seed: UInt64

  /// Choices per product; bounds memory at `batch` × groups weights.
  private static let batch = 64

  var norm: Double { length(vector) }

  // MARK: bootstrap

  func bootstrap(rounds: Int) -> (centre: Double, low: Double, high: Double) {
    let fromDraws = draws(rounds, of: from, use: "bootstrap from")
    let toDraws = draws(rounds, of: to, use: "bootstrap to")
    var squares: [Double] = []
    var noise = 0.0
    for round in 0..<rounds {
      let deviation = zip(toDraws[row: round], fromDraws[row: round]).map {
        Double($0) - Double($1)
      }
      noise += dot(deviation, deviation) / Double(rounds)
      let resampled = zip(vector, deviation).map(+)
      squares.append(dot(resampled, resampled))
    }
    squares.sort()
    let mean = squares.reduce(0, +) / Double(rounds)
    let centre = norm * norm - noise
    func end(_ share: Double) -> Double {
      let quantile = Quantile.ofSorted(squares, at: share) ?? mean
      return max(0, centre + quantile - mean).squareRoot()
    }
    return (max(0, centre).squareRoot(), end(0.025), end(0.975))
  }

  /// Means of `rounds` resamples of the side's groups, as deviations from the side's mean.
  private func draws(_ rounds: Int, of side: OffsetSide, use: String) -> Vectors {
    weighted(side.deviations, rounds: rounds) { round, weights in
      let random = random(use, round)
      for draw in 0..<weights.count {
        weights[random.index(below: weights.count, at: UInt64(draw))] += 1 / Float(weights.count)
      }
    }
  }

  // MARK: split halves

  func splitHalfCosine(rounds: Int) -> Double {
    let fromHalves = halfDifferences(of: from, rounds: rounds, use: "split from")
    let toHalves = halfDifferences(of: to, rounds: rounds, use: "split to")
    let cosines = (0..<rounds).map { round in
      let first = offset(zip(toHalves.first[row: round], fromHalves.first[row: round]).map(-))
      let second = offset(zip(toHalves.second[row: round], fromHalves.second[row: round]).map(-))
      let lengths = length(first) * length(second)
      return lengths > 0 ? dot(first, second) / lengths : 0
    }
    return cosines.reduce(0, +) / Double(rounds)
  }

  private func halfDifferences(
    of side: OffsetSide, rounds: Int, use: String
  ) -> (first: Vectors, second: Vectors) {
    func means(_ isFirst: Bool) -> Vectors {
      weighted(side.deviations, rounds: rounds) { round, weights in
        let half = half(of: weights.count, use: use, round: round, isFirst: isFirst)
        for group in half { weights[group] = 1 / Float(half.count) }
      }
    }
    return (means(true), means(false))
  }

  /// A random half of the groups, or the other half; the second is the larger of an odd number.
  private func half(of groups: Int, use: String, round: Int, isFirst: Bool) -> [Int] {
    let order = random(use, round).shuffled(count: groups)
    return Array(isFirst ? order.prefix(groups / 2) : order.suffix(groups - groups / 2))
  }

  // MARK: permutation

  func permutationP(rounds: Int) -> Double {
    // Both sides as deviations from the midpoint of the two means, so that float32 suffices.
    let pooled = pool()
    let toCount = to.groups
    let differences = weighted(pooled, rounds: rounds) { round, weights in
      let order = random("permutation", round).shuffled(count: weights.count)
      for (place, group) in order.enumerated() {
        weights[group] =
          place < toCount ? 1 / Float(toCount) : -1 / Float(weights.count - toCount)
      }
    }
    let observed = norm
    let asLarge = differences.norms().filter { $0 >= observed }.count
    return Double(1 + asLarge) / Double(1 + rounds)
  }

  private func pool() -> Vectors {
    let width = vector.count
    let shifts = vector.map { Float($0 / 2) }
    var values = to.deviations.values
    values.append(contentsOf: from.deviations.values)
    let border = to.groups * width
    for index in values.indices {
      values[index] += index < border ? shifts[index % width] : -shifts[index % width]
    }
    return Vectors(count: to.groups + from.groups, width: width, values: values)
  }

  // MARK: area under the curve

  func crossFittedAUC() -> Double {
    let areas = [true, false].map { fitsFirst in
      let fromFit = half(of: from.groups, use: "auc from", round: 0, isFirst: fitsFirst)
      let toFit = half(of: to.groups, use: "auc to", round: 0, isFirst: fitsFirst)
      let axis = offset(
        zip(mean(of: to.deviations.rows(toFit)), mean(of: from.deviations.rows(fromFit))).map(-))
      return AreaUnderCurve.of(
        positives: scores(of: to, without: Set(toFit), on: axis),
        negatives: scores(of: from, without: Set(fromFit), on: axis)) ?? 0.5
    }
    return (areas[0] + areas[1]) / 2
  }

  private func scores(of side: OffsetSide, without fitted: Set<Int>, on axis: [Double]) -> [Float] {
    let held = side.labels.indices.filter { !fitted.contains(side.labels[$0]) }
    return held.map { row in
      Float(zip(side.rows[row: row], axis).reduce(0.0) { $0 + Double($1.0) * $1.1 })
    }
  }

  private func mean(of rows: Vectors) -> [Float] { rows.mean() }

  // MARK: pieces

  /// Δ plus a difference of deviations.
  private func offset(_ deviation: [Float]) -> [Double] {
    zip(vector, deviation).map { $0 + Double($1) }
  }

  /// Row `round` is the sum of `groups` rows under the weights `fill` sets for that round.
  private func weighted(
    _ groups: Vectors, rounds: Int, fill: (Int, inout [Float]) -> Void
  ) -> Vectors {
    var values: [Float] = []
    for start in stride(from: 0, to: rounds, by: Self.batch) {
      var weights: [Float] = []
      for round in start..<min(rounds, start + Self.batch) {
        var row = [Float](repeating: 0, count: groups.count)
        fill(round, &row)
        weights.append(contentsOf: row)
      }
      let batch = Vectors(
        count: weights.count / groups.count, width: groups.count, values: weights)
      values.append(contentsOf: batch.multiplied(by: groups).values)
    }
    return Vectors(count: rounds, width: groups.width, values: values)
  }

  private func random(_ use: String, _ round: Int) -> CounterRandom {
    CounterRandom(seed: Seed.derived(from: "offset \(use)", parent: seed), stream: UInt64(round))
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func length(_ vector: [Double]) -> Double { dot(vector, vector).squareRoot() }
}
