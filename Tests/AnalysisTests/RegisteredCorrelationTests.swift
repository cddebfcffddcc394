import Analysis
import Domain
import Testing

@Suite struct RegisteredCorrelationTests {
  /// A smooth picture made of a few blobs, seen through an affine move.
  private func scene(
    _ seed: Int, side: Int = 32, scale: Double = 1, shift: Double = 0, tilt: Double = 0
  ) -> ArraySlice<Float> {
    var values: [Double] = []
    for y in 0..<side {
      for x in 0..<side {
        let u = scale * Double(x) + tilt * Double(y) + shift
        let v = -tilt * Double(x) + scale * Double(y) + shift
        var sum = 0.0
        for blob in 0..<9 {
          let h = Double((seed &* 7919 &+ blob &* 104729) % 1009) / 1009
          let k = Double((seed &* 6151 &+ blob &* 15_485_863) % 997) / 997
          let dx = u - h * Double(side)
          let dy = v - k * Double(side)
          let sign = (seed + blob) % 2 == 0 ? 1.0 : -1.0
          sum += sign / (1 + (dx * dx + dy * dy) / (6 + 10 * h))
        }
        values.append(sum)
      }
    }
    let mean = values.reduce(0, +) / Double(values.count)
    let norm = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
    return values.map { Float(($0 - mean) / norm) }[...]
  }

  @Test func `a picture correlates fully with itself`() {
    let picture = scene(3)
    #expect(RegisteredCorrelation.between(picture, picture, side: 32).value > 0.9999)
  }

  @Test(arguments: 1...8)
  func `a moved copy is laid back onto its original`(seed: Int) {
    let original = scene(seed)
    let moved = scene(seed, scale: 1.05, shift: -1.5, tilt: 0.04)
    let plain = zip(original, moved).reduce(Float(0)) { $0 + $1.0 * $1.1 }
    let registered = RegisteredCorrelation.between(original, moved, side: 32).value
    #expect(registered > 0.98, "seed \(seed): plain \(plain), registered \(registered)")
    #expect(registered > plain)
  }

  @Test func `different pictures stay different`() {
    for seed in 1...8 {
      let registered = RegisteredCorrelation.between(scene(seed), scene(seed + 20), side: 32).value
      #expect(registered < 0.9, "seed \(seed): \(registered)")
    }
  }

  @Test func `a flat picture correlates with nothing`() {
    let flat = [Float](repeating: 0, count: 1024)[...]
    #expect(RegisteredCorrelation.between(flat, scene(1), side: 32).value == 0)
    #expect(RegisteredCorrelation.between(scene(1), flat, side: 32).value == 0)
  }
}
