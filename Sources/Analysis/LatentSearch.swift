public import Domain
import Glibc
import LinearAlgebra

/// How a latent search goes.
public struct LatentSearchOptions: Equatable, Sendable {
  public var seed: UInt64 = 0
  /// Latents per round; nil for 4 + ⌊3 ln width⌋. At least 4.
  public var population: Int?
  /// First step, in standard deviations of the latent.
  public var step = 0.5
  /// Latents longer than this many times √width are scaled back to it; N(0, 1) hardly ever leaves 1.25.
  public var longest = 1.25

  public init() {}
}

/// Climbs a similarity over a generator's latents: `ask` for latents, have them generated and
/// compared, `tell` their similarities, repeat.
///
/// A separable CMA-ES: a normal distribution with one variance per coordinate whose mean, step and
/// variances follow the better half of each round. Source: Ros and Hansen, *A simple modification in
/// CMA-ES achieving linear time and space complexity*, PPSN X, 2008; constants as in Hansen,
/// *The CMA evolution strategy: a tutorial*, arXiv 1604.00772. Deterministic by seed.
public struct LatentSearch: Sendable {
  public let width: Int
  public let population: Int
  /// Rounds told so far.
  public private(set) var round = 0
  /// The centre of the next round.
  public private(set) var mean: [Double]
  /// The step of the next round.
  public private(set) var step: Double
  /// The best latent told so far with its similarity.
  public private(set) var best: (latent: [Float], similarity: CosineSimilarity)?

  private let random: UInt64
  private let longest: Double
  private let weights: [Double]
  private var variances: [Double]
  private var stepPath: [Double]
  private var shapePath: [Double]

  /// Starts around `start`.
  /// - Precondition: `start` is not empty.
  public init(start: [Float], options: LatentSearchOptions = LatentSearchOptions()) {
    precondition(!start.isEmpty)
    width = start.count
    population = max(4, options.population ?? 4 + Int(3 * log(Double(start.count))))
    mean = start.map(Double.init)
    step = options.step
    random = Seed.derived(from: "latent search", parent: options.seed)
    longest = options.longest * Double(start.count).squareRoot()
    let parents = population / 2
    let raw = (1...parents).map { log(Double(parents) + 0.5) - log(Double($0)) }
    weights = raw.map { $0 / raw.reduce(0, +) }
    variances = [Double](repeating: 1, count: start.count)
    stepPath = [Double](repeating: 0, count: start.count)
    shapePath = stepPath
  }

  /// The latents of this round, `population` × `width`. Asking again gives the same ones.
  public func ask() -> Vectors {
    let draws = CounterRandom(seed: random, stream: UInt64(round))
      .gaussians(count: population * width)
    var values: [Float] = []
    for child in 0..<population {
      var latent = (0..<width).map { place in
        mean[place] + step * variances[place].squareRoot() * Double(draws[child * width + place])
      }
      let length = latent.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if length > longest { latent = latent.map { $0 * longest / length } }
      values.append(contentsOf: latent.map(Float.init))
    }
    return Vectors(count: population, width: width, values: values)
  }

  /// Moves on, given one similarity per latent of `ask`, larger is better. NaN ranks last; ties go to
  /// the earlier latent.
  /// - Throws: `AnalysisError.mismatch` for another number of similarities.
  public mutating func tell(_ similarities: [Float]) throws {
    guard similarities.count == population else {
      throw AnalysisError(
        code: .mismatch,
        message: "\(similarities.count) similarities were told for \(population) latents")
    }
    let asked = ask()
    let ranks = similarities.map { $0.isNaN ? -Float.infinity : $0 }
    let order = ranks.indices.sorted { (ranks[$1], $0) < (ranks[$0], $1) }
    if let first = order.first, ranks[first] > best?.similarity.value ?? -.infinity {
      best = (Array(asked[row: first]), CosineSimilarity(ranks[first]))
    }
    adapt(
      to: order.prefix(weights.count).map { child in
        asked[row: child].enumerated().map { (Double($1) - mean[$0]) / step }
      })
    round += 1
  }

  /// - Parameter steps: of the parents, best first, in units of `step`.
  private mutating func adapt(to steps: [[Double]]) {
    let n = Double(width)
    let effective = 1 / weights.reduce(0) { $0 + $1 * $1 }
    let pathRate = (effective + 2) / (n + effective + 5)
    let damping = 1 + 2 * max(0, ((effective - 1) / (n + 1)).squareRoot() - 1) + pathRate
    let shapeRate = (4 + effective / n) / (n + 4 + 2 * effective / n)
    let separable = (n + 2) / 3
    let rankOne = min(1, separable * 2 / ((n + 1.3) * (n + 1.3) + effective))
    let rankMany = min(
      1 - rankOne,
      separable * 2 * (effective - 2 + 1 / effective) / ((n + 2) * (n + 2) + effective))
    let expected = n.squareRoot() * (1 - 1 / (4 * n) + 1 / (21 * n * n))

    let move = (0..<width).map { place in
      zip(weights, steps).reduce(0.0) { $0 + $1.0 * $1.1[place] }
    }
    for place in 0..<width {
      mean[place] += step * move[place]
      stepPath[place] =
        (1 - pathRate) * stepPath[place]
        + (pathRate * (2 - pathRate) * effective / variances[place]).squareRoot() * move[place]
    }
    let pathLength = stepPath.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let settled = 1 - pow(1 - pathRate, 2 * Double(round + 1))
    let isCalm = pathLength / settled.squareRoot() < (1.4 + 2 / (n + 1)) * expected
    for place in 0..<width {
      let push = isCalm ? (shapeRate * (2 - shapeRate) * effective).squareRoot() * move[place] : 0
      shapePath[place] = (1 - shapeRate) * shapePath[place] + push
      let spread = zip(weights, steps).reduce(0.0) { $0 + $1.0 * $1.1[place] * $1.1[place] }
      variances[place] =
        (1 - rankOne - rankMany) * variances[place]
        + rankOne * shapePath[place] * shapePath[place] + rankMany * spread
      variances[place] = min(1e6, max(1e-12, variances[place]))
    }
    step *= exp(min(1, pathRate / damping * (pathLength / expected - 1)))
  }
}
