import Domain
import LinearAlgebra

/// Data with a known truth.
enum Planted {
  static func gaussian(rows: Int, width: Int, seed: UInt64, stream: UInt64 = 0) -> Vectors {
    Vectors(
      count: rows, width: width,
      values: CounterRandom(seed: seed, stream: stream).gaussians(count: rows * width))
  }

  static func unit(rows: Int, width: Int, seed: UInt64, stream: UInt64 = 0) -> Vectors {
    gaussian(rows: rows, width: width, seed: seed, stream: stream).unitRows().vectors
  }

  /// `perCluster` rows around each of `clusters` far centres, cluster by cluster.
  static func clusters(
    _ clusters: Int, perCluster: Int, width: Int, spread: Float, seed: UInt64
  ) -> (vectors: Vectors, labels: [Int]) {
    let centres = unit(rows: clusters, width: width, seed: seed, stream: 1)
    var noise = gaussian(rows: clusters * perCluster, width: width, seed: seed, stream: 2)
    let scale = spread / Float(width).squareRoot()
    let labels = (0..<noise.count).map { $0 / perCluster }
    for place in noise.values.indices {
      let centre = labels[place / width] * width + place % width
      noise.values[place] = noise.values[place] * scale + centres.values[centre]
    }
    return (noise.unitRows().vectors, labels)
  }
}

func cosine(_ a: some Sequence<Float>, _ b: some Sequence<Float>) -> Double {
  var (product, first, second) = (0.0, 0.0, 0.0)
  for (x, y) in zip(a, b) {
    product += Double(x) * Double(y)
    first += Double(x) * Double(x)
    second += Double(y) * Double(y)
  }
  return product / (first * second).squareRoot()
}

func length(_ vector: some Sequence<Float>) -> Double {
  vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
}
