import LinearAlgebra
import Testing

@Suite struct RowSumsTests {
  static let values = CounterRandom(seed: 5).gaussians(count: 64)

  @Test(arguments: [0, 1, 7, 8, 9, 16, 31])
  func `a row is added with its weight where it belongs, and nowhere else`(width: Int) {
    var sums = [Double](repeating: 1, count: 40)
    let row = 3..<3 + width
    let square = RowSums.add(Self.values, row, weight: 0.25, to: &sums, at: 5)
    for place in sums.indices {
      let isOwn = (5..<5 + width).contains(place)
      #expect(sums[place] == 1 + (isOwn ? Double(Self.values[place - 2]) * 0.25 : 0))
    }
    let exact = Self.values[row].reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs(square - exact) <= 1e-15 * exact * 10)
    #expect(square == RowSums.squaredLength(Self.values, row))
  }

  @Test func `a value that is not finite shows in the squared length`() {
    for bad: Float in [.nan, .infinity, -.infinity] {
      for place in [0, 9] {
        var row = [Float](repeating: 1, count: 10)
        row[place] = bad
        #expect(!RowSums.squaredLength(row, 0..<10).isFinite)
      }
    }
  }
}
