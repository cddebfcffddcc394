internal import CMapKernels

/// Gradient descent with momentum and one gain per coordinate.
struct TSNEDescent {
  private(set) var x: [Float]
  private(set) var y: [Float]
  private var iteration = 0
  private var horizontal: Motion
  private var vertical: Motion
  private let options: TSNEOptions

  /// Small sets would hardly move with less.
  private static let leastRate = 50.0

  init(start: (x: [Float], y: [Float]), options: TSNEOptions) {
    x = start.x
    y = start.y
    self.options = options
    horizontal = Motion(count: start.x.count)
    vertical = horizontal
  }

  /// One step along what `gradient` says of the layout at the exaggeration it is told.
  mutating func step(
    _ gradient: (_ x: [Float], _ y: [Float], _ exaggeration: Float) throws -> TSNEGradient
  ) rethrows {
    let isEarly = iteration < options.exaggeratedIterations
    let exaggeration = isEarly ? options.exaggeration : 1
    let gradient = try gradient(x, y, Float(exaggeration))
    let momentum = Float(isEarly ? options.earlyMomentum : options.lateMomentum)
    // The options' rate is for a quarter of the gradient.
    let rate = Float(
      (options.learningRate ?? max(Double(x.count) / exaggeration, Self.leastRate)) / 4)
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
    // All four have one place per point.
    let sum = unsafe cmk_move(
      gradient, places.count, rate, momentum, &gains, &velocities, &places)
    let mean = Float(sum / Double(places.count))
    for index in places.indices { places[index] -= mean }
  }
}
