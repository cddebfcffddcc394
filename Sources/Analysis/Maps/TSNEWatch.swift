/// Watches the divergence of a descent, and says when it is done.
struct TSNEWatch {
  /// One part of the descent.
  struct Phase {
    var name: String
    var iterations: Range<Int>
  }

  /// Iterations between two measurements of the divergence.
  static let stretch = 125

  private let options: TSNEOptions
  private(set) var history: [TSNEMap.Milestone] = []

  init(options: TSNEOptions) { self.options = options }

  /// With exaggeration, then without; a phase without iterations is left out.
  var phases: [Phase] {
    let early = min(options.iterations, options.exaggeratedIterations)
    return [
      Phase(name: "early", iterations: 0..<early),
      Phase(name: "main", iterations: early..<options.iterations),
    ].filter { !$0.iterations.isEmpty }
  }

  /// Whether the divergence is measured after so many iterations.
  func isMeasured(_ done: Int) -> Bool {
    done % Self.stretch == 0 || done == options.iterations
  }

  mutating func note(_ divergence: Double, after done: Int) {
    history.append(TSNEMap.Milestone(iteration: done, klDivergence: divergence))
  }

  /// The relative fall of the divergence over the last whole stretch without exaggeration; nil before
  /// there was one. Negative where it rose.
  private var fall: Double? {
    guard history.count >= 2 else { return nil }
    let (before, now) = (history[history.count - 2], history[history.count - 1])
    guard before.iteration >= options.exaggeratedIterations,
      now.iteration - before.iteration == Self.stretch
    else { return nil }
    return (before.klDivergence - now.klDivergence) / max(abs(before.klDivergence), 1e-12)
  }

  /// True where a tolerance was given and the divergence fell by less.
  var isConverged: Bool {
    guard let tolerance = options.tolerance, let fall else { return false }
    return fall < tolerance
  }

  /// Iterations that were made.
  var iterations: Int { isConverged ? history.last?.iteration ?? 0 : options.iterations }

  /// The last word on a phase.
  var closing: String? {
    history.last.map { "KL divergence \($0.klDivergence.threeDigits)" }
  }

  var remarks: [String] {
    guard let tolerance = options.tolerance, options.iterations > 0 else { return [] }
    let limit = "\(tolerance) per \(Self.stretch) iterations"
    return [
      isConverged
        ? "converged after \(iterations) iterations: the divergence fell by less than \(limit)"
        : "not converged in \(iterations) iterations: the divergence may fall by \(limit) or more"
    ]
  }
}
