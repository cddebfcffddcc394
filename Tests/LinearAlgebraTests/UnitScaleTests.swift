import Domain
import LinearAlgebra
import Testing

@Suite struct UnitScaleTests {
  @Test func `rows become unit vectors and those without a direction zeros`() {
    var values: [Float] = [9, 9, 3, 4, 0, 0, .nan, 1, .infinity, 0, 0, -2]
    let bad = UnitScale.apply(to: &values, from: 2, width: 2)
    #expect(bad == [1, 2, 3])
    #expect(values == [9, 9, 0.6, 0.8, 0, 0, 0, 0, 0, 0, 0, -1])
  }

  @Test func `a row that is of length 1 already keeps its bytes`() {
    let row = CounterRandom(seed: 1).gaussians(count: 513)
    var once = row
    UnitScale.apply(to: &once, from: 0, width: 513)
    var twice = once
    UnitScale.apply(to: &twice, from: 0, width: 513)
    #expect(twice == once)
    #expect(once != row)
  }

  @Test func `values near the ends of float are no matter`() {
    var large: [Float] = [3e38, 3e38]
    UnitScale.apply(to: &large, from: 0, width: 2)
    #expect(abs(large[0] - 0.707_106_77) < 1e-6)
    var small: [Float] = [2e-38, 0]
    UnitScale.apply(to: &small, from: 0, width: 2)
    #expect(small == [1, 0])
  }

  @Test func `no rows, nothing to do`() {
    var none: [Float] = []
    #expect(UnitScale.apply(to: &none, from: 0, width: 4).isEmpty)
  }
}

@Suite struct EnergyAxesTests {
  @Test func `the first axis is where rows are long, and all are orthonormal`() throws {
    var values = CounterRandom(seed: 4).gaussians(count: 400 * 6)
    for row in 0..<400 { values[row * 6 + 2] = 10 + values[row * 6 + 2] }
    let axes = try EnergyAxes.fit(Vectors(count: 400, width: 6, values: values))
    #expect(abs(axes[row: 0][2]) > 0.99)
    for row in 0..<6 {
      for other in 0..<6 {
        let expected: Float = row == other ? 1 : 0
        #expect(abs(axes.dot(row: row, axes, row: other) - expected) < 1e-5)
      }
    }
  }
}
