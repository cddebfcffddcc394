public import Domain
import LinearAlgebra

/// Lays vectors out on a plane so that neighbours stay neighbours.
///
/// Neighbours attract, and all pairs repel by way of a grid (`RepulsionGrid`), so that an iteration costs
/// about N. Gradient descent with momentum and gains as in van der Maaten and Hinton, JMLR 9, 2008;
/// start from principal axes and learning rate by N after Kobak and Berens, *The art of using t-SNE*,
/// 2019. Without a search for neighbours every pair attracts and repels: N² per iteration and 4 N²
/// bytes, the oracle of the other way.
public enum TSNE {
  /// Standard deviation of the first coordinate at the start.
  static let startSpread = 1e-4
  /// Share of the spread that is random, so that equal vectors can part.
  static let startJitter = 1e-2
  /// Smaller sets compare all pairs: quick enough, and the grid's errors average out over many points only.
  static let leastForGrid = 1000

  /// The map of the rows of `vectors`. The same vectors and options give the same bytes on any number
  /// of threads.
  ///
  /// - Parameter search: finds neighbours by cosine. Without it, and for fewer than a thousand vectors,
  ///   all pairs are compared by Euclidean distance along the first principal axes.
  /// No vector gives an empty map, one the origin, two a pair at distance 1. Equal vectors are fine.
  /// - Throws: `AnalysisError.degenerate` naming rows that are zero or not finite, `.tooMany` above
  ///   `Affinities.largestCount`, `.outOfRange` for options without meaning.
  public static func layout(
    _ vectors: Vectors, _ options: TSNEOptions = TSNEOptions(),
    search: (any NeighbourSearch)? = nil, threads: Int,
    progress: any ProgressReporter = SilentProgress()
  ) throws -> TSNEMap {
    try check(vectors, options)
    guard vectors.count >= 3 else { return trivialMap(vectors.count, options) }
    let perplexity = perplexity(for: vectors.count, asked: options.perplexity)
    let reduced: Vectors
    let forces: Forces
    var recall: MeasuredRecall?
    if let search, vectors.count >= leastForGrid {
      let unit = vectors.unitRows().vectors
      let near = try neighbours(
        of: unit, perplexity, search, threads: threads, progress: progress)
      forces = .near(near.gradient)
      recall = near.recall
      reduced = try staged("axes", progress) { try spread(unit) }
    } else {
      reduced = try staged("axes", progress) { try reduce(vectors, options) }
      forces = try staged("affinities", progress) {
        .all(
          try Affinities.of(reduced, perplexity: perplexity, threads: threads), threads: threads)
      }
    }
    var descent = TSNEDescent(start: start(reduced, options), options: options)
    var watch = TSNEWatch(options: options)
    for phase in watch.phases {
      progress.begin(phase.name, total: phase.iterations.count, unit: "iterations")
      for iteration in phase.iterations where !watch.isConverged {
        try descent.step { try forces.gradient(x: $0, y: $1, exaggeration: $2) }
        guard watch.isMeasured(iteration + 1) else { continue }
        let divergence = try forces.nearDivergence(x: descent.x, y: descent.y, threads: threads)
        watch.note(divergence, after: iteration + 1)
        progress.advance(to: iteration + 1 - phase.iterations.lowerBound)
        progress.remark("KL divergence \(divergence.threeDigits)")
      }
      progress.end(watch.closing)
    }
    return TSNEMap(
      points: zip(descent.x, descent.y).map { MapPoint(x: $0, y: $1) },
      klDivergence: try forces.klDivergence(x: descent.x, y: descent.y, threads: threads),
      history: watch.history, iterations: watch.iterations, perplexityUsed: perplexity,
      recall: recall, remarks: remarks(vectors.count, perplexity, options) + watch.remarks)
  }

  /// One stage without a count.
  private static func staged<Answer>(
    _ name: String, _ progress: any ProgressReporter, _ work: () throws -> Answer
  ) rethrows -> Answer {
    progress.begin(name, total: nil, unit: "vectors")
    defer { progress.end(nil) }
    return try work()
  }

  /// The perplexity used for `count` points: as asked, but at most (count - 1) / 3 and at least 1.
  public static func perplexity(for count: Int, asked: Double) -> Double {
    max(1, min(asked, Double(count - 1) / 3))
  }

  private static func check(_ vectors: Vectors, _ options: TSNEOptions) throws {
    let norms = vectors.norms()
    let bad = norms.indices.filter { !(norms[$0].isFinite && norms[$0] > 0) }
    guard bad.isEmpty else {
      throw AnalysisError.degenerate(bad, of: vectors.count, in: "vectors to map")
    }
    guard options.perplexity >= 1, options.iterations >= 0, options.principalAxes >= 2,
      options.exaggeration >= 1, options.learningRate.map({ $0 > 0 }) ?? true,
      options.tolerance.map({ $0 > 0 }) ?? true
    else {
      throw AnalysisError(
        code: .outOfRange,
        message: "perplexity \(options.perplexity), \(options.iterations) iterations, "
          + "exaggeration \(options.exaggeration) and \(options.principalAxes) principal axes",
        hint:
          "take a perplexity and an exaggeration of at least 1, at least 2 principal axes, and a "
          + "learning rate and a tolerance above 0")
    }
  }

  private static func reduce(_ vectors: Vectors, _ options: TSNEOptions) throws -> Vectors {
    try PrincipalAxes.fit(vectors, count: options.principalAxes).project(vectors)
  }

  /// Attraction and repulsion, either way.
  private enum Forces {
    case near(GridGradient)
    case all(Affinities, threads: Int)

    func gradient(x: [Float], y: [Float], exaggeration: Float) throws -> TSNEGradient {
      switch self {
      case .near(let gradient):
        return try gradient.gradient(x: x, y: y, exaggeration: exaggeration)
      case .all(let affinities, let threads):
        return try affinities.gradient(x: x, y: y, exaggeration: exaggeration, threads: threads)
      }
    }

    /// On the way: to the accuracy of the forces.
    func nearDivergence(x: [Float], y: [Float], threads: Int) throws -> Double {
      switch self {
      case .near(let gradient): try gradient.nearDivergence(x: x, y: y)
      case .all: try klDivergence(x: x, y: y, threads: threads)
      }
    }

    func klDivergence(x: [Float], y: [Float], threads: Int) throws -> Double {
      switch self {
      case .near(let gradient):
        try gradient.affinities.klDivergence(x: x, y: y, threads: threads)
      case .all(let affinities, _): try affinities.klDivergence(x: x, y: y, threads: threads)
      }
    }
  }

  private static func neighbours(
    of unit: Vectors, _ perplexity: Double, _ search: any NeighbourSearch, threads: Int,
    progress: any ProgressReporter
  ) throws -> (gradient: GridGradient, recall: MeasuredRecall?) {
    progress.begin("neighbours", total: unit.count, unit: "vectors")
    let wanted = Int(perplexity.rounded(.up)) * NeighbourAffinities.neighboursPerPerplexity
    let nearest = try search.neighbours(wanted + 1, within: unit, progress: progress)
    let affinities = try NeighbourAffinities(
      count: unit.count, perplexity: perplexity, threads: threads
    ) { stretch in
      let pairs = try nearest.of(stretch)
      // Distributions of earlier stretches are made between the searches, in a fraction of their time.
      if stretch.upperBound == unit.count {
        progress.end(nil)
        progress.begin("affinities", total: nil, unit: "vectors")
      }
      return pairs
    }
    progress.end(nil)
    return (GridGradient(affinities, threads: threads), nearest.recall)
  }

  /// Rows of which the start's axes are found; more change nothing that can be seen.
  private static let axesFrom = 10_000

  /// The first two principal coordinates.
  private static func spread(_ unit: Vectors) throws -> Vectors {
    let step = max(1, unit.count / axesFrom)
    let sample = step == 1 ? unit : unit.rows(stride(from: 0, to: unit.count, by: step))
    return try PrincipalAxes.fit(sample, count: 2).project(unit)
  }

  /// The first two principal coordinates, scaled, with a little noise.
  private static func start(
    _ reduced: Vectors, _ options: TSNEOptions
  ) -> (x: [Float], y: [Float]) {
    let first = (0..<reduced.count).map { Double(reduced.values[$0 * reduced.width]) }
    let square = first.reduce(0) { $0 + $1 * $1 } / Double(reduced.count)
    let scale = square > 0 ? startSpread / square.squareRoot() : 0
    let seed = Seed.derived(from: "tsne start", parent: options.seed)
    func column(_ axis: Int) -> [Float] {
      let random = CounterRandom(seed: seed, stream: UInt64(axis))
      return (0..<reduced.count).map { row in
        let place = row * reduced.width + axis
        let coordinate = axis < reduced.width ? Double(reduced.values[place]) * scale : 0
        let noise = Double(random.gaussian(at: UInt64(row))) * startSpread * startJitter
        return Float(coordinate + noise)
      }
    }
    return (column(0), column(1))
  }

  private static func trivialMap(_ count: Int, _ options: TSNEOptions) -> TSNEMap {
    let points = [[], [MapPoint(x: 0, y: 0)], [MapPoint(x: -0.5, y: 0), MapPoint(x: 0.5, y: 0)]]
    return TSNEMap(
      points: points[count], klDivergence: 0, history: [], iterations: 0, perplexityUsed: 1,
      remarks: ["\(count) vectors are too few for a map"])
  }

  private static func remarks(
    _ count: Int, _ perplexity: Double, _ options: TSNEOptions
  ) -> [String] {
    guard perplexity < options.perplexity else { return [] }
    return [
      "perplexity lowered from \(options.perplexity.threeDigits) to \(perplexity.threeDigits) "
        + "for \(count) vectors"
    ]
  }
}
