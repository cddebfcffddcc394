import Domain
import Execution
import LinearAlgebra

/// Δ estimated again and again from other choices of identities. Each choice is a row of weights, so
/// a batch of choices is one matrix product with the blocks' deviations. The same bytes on any number of
/// threads: each takes whole batches.
struct OffsetResampling: Sendable {
  let from: OffsetSide
  let to: OffsetSide
  let seed: UInt64
  private let threads: Int
  /// Δ itself.
  let vector: [Double]

  /// Choices per product; bounds memory at `batch` × width numbers.
  private static let batch = 64

  init(from: OffsetSide, to: OffsetSide, seed: UInt64, threads: Int) {
    self.from = from
    self.to = to
    self.seed = seed
    self.threads = threads
    vector = zip(to.mean, from.mean).map(-)
  }

  private var norm: Double { length(vector) }

  // MARK: bootstrap

  /// The noise of Δ in `rounds` resamples of the blocks of both sides.
  func bootstrap(rounds: Int) throws -> OffsetNoise {
    let norm = norm
    let direction = vector.map { norm > 0 ? $0 / norm : 0 }
    let noises = try batched(rounds) { batch in
      let fromDraws = draws(batch, of: from, use: "bootstrap from")
      let toDraws = draws(batch, of: to, use: "bootstrap to")
      return (0..<batch.count).map { row in
        let noise = zip(toDraws[row: row], fromDraws[row: row]).map { Double($0) - Double($1) }
        return (along: dot(noise, direction), square: dot(noise, noise))
      }
    }.flatMap { $0 }
    return OffsetNoise(norm: norm, along: noises.map(\.along), squares: noises.map(\.square))
  }

  /// Means of resamples of the side's blocks, as deviations from the side's mean. Drawing n of n
  /// with replacement scatters by (n - 1) / n too little, which is made good.
  private func draws(_ rounds: Range<Int>, of side: OffsetSide, use: String) -> Vectors {
    let count = Double(side.blocks)
    let weight = Float((count / (count - 1)).squareRoot() / count)
    return weighted(side.deviations, rounds) { round, weights in
      let random = random(use, round)
      for draw in weights.indices {
        weights[random.index(below: weights.count, at: UInt64(draw))] += weight
      }
    }
  }

  // MARK: split halves

  func splitHalfCosine(rounds: Int) throws -> Double {
    let cosines = try Parallel.map(count: rounds, threads: threads) { round in
      let first = halfOffset(round, isFirst: true)
      let second = halfOffset(round, isFirst: false)
      let lengths = length(first) * length(second)
      return lengths > 0 ? dot(first, second) / lengths : 0
    }
    return cosines.reduce(0, +) / Double(rounds)
  }

  private func halfOffset(_ round: Int, isFirst: Bool) -> [Double] {
    let toHalf = halfMean(of: to, use: "split to", round, isFirst)
    let fromHalf = halfMean(of: from, use: "split from", round, isFirst)
    return zip(vector, zip(toHalf, fromHalf).map(-)).map { $0 + Double($1) }
  }

  private func halfMean(
    of side: OffsetSide, use: String, _ round: Int, _ isFirst: Bool
  ) -> ArraySlice<Float> {
    let half = random(use, round).half(of: side.blocks, isFirst: isFirst)
    return weighted(side.deviations, round..<round + 1) { _, weights in
      for block in half { weights[block] = 1 / Float(half.count) }
    }[row: 0]
  }

  // MARK: permutation

  func permutationP(rounds: Int) throws -> Double {
    // Both sides as deviations from the midpoint of the two means, so that float32 suffices.
    let pooled = pool()
    let observed = norm
    let asLarge = try batched(rounds) { batch in
      let differences = weighted(pooled, batch) { round, weights in
        let order = random("permutation", round).shuffled(count: weights.count)
        for (place, block) in order.enumerated() {
          weights[block] =
            place < to.blocks ? 1 / Float(to.blocks) : -1 / Float(from.blocks)
        }
      }
      return differences.norms().count { $0 >= observed }
    }.reduce(0, +)
    return Double(1 + asLarge) / Double(1 + rounds)
  }

  private func pool() -> Vectors {
    let width = vector.count
    let shifts = vector.map { Float($0 / 2) }
    var values = to.deviations.values
    values.append(contentsOf: from.deviations.values)
    let border = to.blocks * width
    for index in values.indices {
      values[index] += index < border ? shifts[index % width] : -shifts[index % width]
    }
    return Vectors(count: to.blocks + from.blocks, width: width, values: values)
  }

  // MARK: pieces

  private func batched<Answer: Sendable>(
    _ rounds: Int, _ body: @Sendable (Range<Int>) -> Answer
  ) throws -> [Answer] {
    try Parallel.mapBlocks(
      count: rounds, blockSize: Self.batch, threads: threads, transform: body)
  }

  /// One row per round: the sum of `blocks` rows under the weights `fill` sets for that round.
  private func weighted(
    _ blocks: Vectors, _ rounds: Range<Int>, fill: (Int, inout [Float]) -> Void
  ) -> Vectors {
    var weights: [Float] = []
    for round in rounds {
      var row = [Float](repeating: 0, count: blocks.count)
      fill(round, &row)
      weights.append(contentsOf: row)
    }
    return Vectors(count: rounds.count, width: blocks.count, values: weights)
      .multiplied(by: blocks)
  }

  private func random(_ use: String, _ round: Int) -> CounterRandom {
    CounterRandom(seed: Seed.derived(from: "offset \(use)", parent: seed), stream: UInt64(round))
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func length(_ vector: [Double]) -> Double { dot(vector, vector).squareRoot() }
}

extension CounterRandom {
  /// A random half of 0 ..< `count`, or the other half; the second is the larger of an odd number.
  func half(of count: Int, isFirst: Bool) -> [Int] {
    let order = shuffled(count: count)
    return Array(isFirst ? order.prefix(count / 2) : order.suffix(count - count / 2))
  }
}
