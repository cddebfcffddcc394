public import Domain
import Execution
import Glibc
import LinearAlgebra

/// Places new vectors on a map that is there already, whose points stay where they are.
///
/// Every new point starts at the weighted median of its nearest neighbours on the map and then follows
/// the gradient of its own divergence: attraction to those neighbours by their affinities p, repulsion
/// from all points of the map, Σⱼ p w (y - yⱼ) - Σⱼ w² (y - yⱼ) / Σⱼ w with w = 1 / (1 + ‖y - yⱼ‖²).
/// New points do not see each other, so that one alone lands where it lands among many. Source:
/// Poličar, Stražar and Zupan, *Embedding to reference t-SNE space addresses batch effects in single-cell
/// classification*, Machine Learning 112, 2023; the options' values are openTSNE's.
public enum MapPlacement {
  /// How new points are placed.
  public struct Options: Equatable, Sendable {
    /// Small, as a new point belongs to one place.
    public var perplexity = 5.0
    public var iterations = 250
    public var learningRate = 0.1
    public var momentum = 0.8
    /// The attraction is multiplied by this.
    public var exaggeration = 1.5
    /// A longer gradient is cut to this length.
    public var longestGradient = 0.25

    public init() {}
  }

  /// Points per block of parallel work.
  private static let blockSize = 16

  /// Where the rows of `new` belong among `points`, the map of the rows of `old`.
  ///
  /// The same bytes on any number of threads. A map of fewer than 3 · perplexity points lowers the
  /// perplexity to a third of them.
  /// - Throws: `AnalysisError.mismatch` for sizes that do not belong together, `.tooFew` for an empty
  ///   map, `.degenerate` naming new rows that are zero or not finite.
  public static func place(
    _ new: Vectors, onto points: [MapPoint], of old: Vectors, _ options: Options = Options(),
    search: any VectorIndexBuilder, threads: Int, progress: any ProgressReporter = SilentProgress()
  ) throws -> [MapPoint] {
    try check(new, points, old)
    guard new.count > 0 else { return [] }
    let perplexity = max(1, min(options.perplexity, Double(points.count) / 3))
    progress.begin("neighbours", total: nil, unit: "vectors")
    let wanted = min(points.count, Int((3 * perplexity).rounded(.up)))
    let pairs = try search.index(old.unitRows().vectors)
      .nearest(wanted, to: new.unitRows().vectors)
    progress.end(nil)
    let rows = rows(of: pairs, count: new.count)
    let layout = LayoutColumns(points.map(\.x), points.map(\.y))
    progress.begin("placing", total: new.count, unit: "points")
    defer { progress.end(nil) }
    return try Parallel.map(count: new.count, blockSize: blockSize, threads: threads) { row in
      let near = Array(pairs[rows[row]])
      var point = NewPoint(
        among: near.map { points[$0.target] },
        weights: weights(near.map { Double($0.similarity.value) }, perplexity: perplexity))
      for _ in 0..<options.iterations { point.step(layout, options) }
      return point.place
    }
  }

  private static func check(_ new: Vectors, _ points: [MapPoint], _ old: Vectors) throws {
    guard points.count == old.count, new.width == old.width else {
      throw AnalysisError(
        code: .mismatch,
        message: "\(points.count) points of a map belong to \(old.count) vectors of width "
          + "\(old.width), and the new vectors have width \(new.width)")
    }
    guard !points.isEmpty else {
      throw AnalysisError(code: .tooFew, message: "the map has no points to place others among")
    }
    let norms = new.norms()
    let bad = norms.indices.filter { !(norms[$0].isFinite && norms[$0] > 0) }
    guard bad.isEmpty else {
      throw AnalysisError.degenerate(bad, of: new.count, in: "vectors to place")
    }
  }

  private static func rows(of pairs: [VectorPair], count: Int) -> [Range<Int>] {
    var rows = [Range<Int>](repeating: 0..<0, count: count)
    for (place, pair) in pairs.enumerated() {
      let own = rows[pair.query]
      rows[pair.query] = (own.isEmpty ? place : own.lowerBound)..<place + 1
    }
    return rows
  }

  /// p of each neighbour, by bisection on ln β; the squared distance of unit vectors is 2 - 2 cos.
  static func weights(_ similarities: [Double], perplexity: Double) -> [Double] {
    let nearest = similarities.max() ?? 0
    let distances = similarities.map { 2 * (nearest - $0) }
    let mean = distances.reduce(0, +) / Double(max(1, distances.count))
    let scale = mean > 0 ? 1 / mean : 1
    var (low, high) = (-40.0, 40.0)
    var weights = distances
    for _ in 0..<60 {
      let middle = (low + high) / 2
      let beta = exp(middle) * scale
      weights = distances.map { exp(-beta * $0) }
      let sum = weights.reduce(0, +)
      weights = weights.map { $0 / sum }
      let entropy = weights.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
      if entropy > log(perplexity) { low = middle } else { high = middle }
    }
    return weights
  }
}

/// One point on its way.
private struct NewPoint {
  private let neighbours: [MapPoint]
  private let weights: [Float]
  private var x: Float
  private var y: Float
  private var velocity = (x: Float(0), y: Float(0))

  var place: MapPoint { MapPoint(x: x, y: y) }

  init(among neighbours: [MapPoint], weights: [Double]) {
    self.neighbours = neighbours
    self.weights = weights.map { Float($0) }
    x = Self.median(neighbours.map(\.x), weights)
    y = Self.median(neighbours.map(\.y), weights)
  }

  /// The first value at which half the weight is reached.
  private static func median(_ values: [Float], _ weights: [Double]) -> Float {
    var sum = 0.0
    let half = weights.reduce(0, +) / 2
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    for place in order {
      sum += weights[place]
      if sum >= half { return values[place] }
    }
    return order.last.map { values[$0] } ?? 0
  }

  mutating func step(_ layout: LayoutColumns, _ options: MapPlacement.Options) {
    var (dx, dy) = attraction(Float(options.exaggeration))
    let push = repulsion(layout)
    dx -= push.x
    dy -= push.y
    let length = (dx * dx + dy * dy).squareRoot()
    let longest = Float(options.longestGradient)
    let cut = length > longest ? longest / length : 1
    let (rate, momentum) = (Float(options.learningRate) * cut, Float(options.momentum))
    velocity = (momentum * velocity.x - rate * dx, momentum * velocity.y - rate * dy)
    x += velocity.x
    y += velocity.y
  }

  private func attraction(_ exaggeration: Float) -> (x: Float, y: Float) {
    var pull = (x: Float(0), y: Float(0))
    for (place, other) in neighbours.enumerated() {
      let (dx, dy) = (x - other.x, y - other.y)
      let weight = exaggeration * weights[place] / (1 + dx * dx + dy * dy)
      pull = (pull.x + weight * dx, pull.y + weight * dy)
    }
    return pull
  }

  private func repulsion(_ layout: LayoutColumns) -> (x: Float, y: Float) {
    let (xs, ys) = (layout.x.span, layout.y.span)
    var push = (x: SIMD8<Float>.zero, y: SIMD8<Float>.zero)
    var sum = SIMD8<Float>.zero
    for vector in xs.indices {
      let dx = x - xs[vector]
      let dy = y - ys[vector]
      let weight = 1 / (dx * dx + dy * dy + 1)
      let square = weight * weight
      sum += weight
      push.x += square * dx
      push.y += square * dy
    }
    let total = max(sum.sum(), .leastNormalMagnitude)
    return (push.x.sum() / total, push.y.sum() / total)
  }
}
