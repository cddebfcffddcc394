import Analysis
import LinearAlgebra
import Testing

@Suite struct ValueBinsTests {
  @Test func `three bins of the head turn are left, front and right`() throws {
    let bins = ValueBins(equal: 3, over: HeadTurn.range)
    #expect(bins.count == 3)
    for nose in stride(from: Float(-30), through: 30, by: 0.7) {
      let landmarks: [Float] = [30, 50, 70, 50, 50 + nose, 70]
      let amount = try #require(HeadTurn.amount(landmarks: landmarks))
      #expect(abs(amount - nose / 40) < 1e-6)
      let bin = try #require(bins.bin(of: Double(amount)))
      #expect(HeadTurn.allCases[bin] == HeadTurn(landmarks: landmarks), "\(nose)")
    }
    #expect(bins.bin(of: -9) == 0 && bins.bin(of: 9) == 2 && bins.bin(of: .nan) == nil)
    #expect(ValueBins(equal: 1, over: 0...1).bin(of: 7) == 0)
  }

  @Test func `quantile bins hold equal parts of their sample, and none that would be empty`() throws
  {
    let sample = CounterRandom(seed: 5).gaussians(count: 1000).map(Double.init)
    let bins = try #require(ValueBins(quantiles: 5, of: sample))
    let counts = sample.reduce(into: [Int](repeating: 0, count: 5)) { counts, value in
      if let bin = bins.bin(of: value) { counts[bin] += 1 }
    }
    #expect(counts == Array(repeating: 200, count: 5))
    #expect(ValueBins(quantiles: 3, of: [1, 1, 1, 1, 2]) == nil)
    #expect(ValueBins(quantiles: 2, of: []) == nil)
  }
}
