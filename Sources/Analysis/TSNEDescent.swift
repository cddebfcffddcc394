/// Gradient descent with momentum and one gain per coordinate.
struct TSNEDescent {
  private(set) var x: [Float]
  private(set) var y: [Float]
  private var iteration = 0
  private var horizontal: Motion
  private var vertical: Motion
  private let options: TSNEOptions
  private let rate: Float

  init(start: (x: [Float], y: [Float]), options: TSNEOptions) {
    x = start.x
    y = start.y
    self.options = options
    horizontal = Motion(count: start.x.count)
    vertical = horizontal
    // The options' rate is for a quarter of the gradient.
    rate = Float((options.learningRate ?? max(Double(start.x.count) / 12, 50)) / 4)
  }

  mutating func step(_ affinities: Affinities, threads: Int) throws {
    let isEarly = iteration < options.exaggeratedIterations
    let gradient = try affinities.gradient(
      x: x, y: y, exaggeration: isEarly ? Float(options.exaggeration) : 1, threads: threads)
    let momentum = Float(isEarly ? options.earlyMomentum : options.lateMomentum)
    horizontal.move(&x, against: gradient.x, rate: rate, momentum: momentum)
    vertical.move(&y, against: gradient.y, rate: rate, momentum: momentum)
    iteration += 1
  }
}

/// The velocities and gains of one coordinate of all points.
private struct Motion {
  private var velocities: [Float]
  private var gains: [Float]

  init(count: Int) {
    velocities = [Float](repeating: 0, count: count)
    gains = [Float](repeating: 1, count: count)
  }

  /// One step, then the points are centred. Gains grow by 0.2 while the direction holds and shrink by
  /// a fifth when it turns (Jacobs, 1988), never below 0.01.
  mutating func move(
    _ places: inout [Float], against gradient: [Float], rate: Float, momentum: Float
  ) {
    var sum = 0.0
    for index in places.indices {
      let turns = (gradient[index] > 0) == (velocities[index] > 0)
      gains[index] = turns ? max(0.01, gains[index] * 0.8) : gains[index] + 0.2
      velocities[index] = momentum * velocities[index] - rate * gains[index] * gradient[index]
      places[index] += velocities[index]
      sum += Double(places[index])
    }
    let mean = Float(sum / Double(places.count))
    for index in places.indices { places[index] -= mean }
  }
}
