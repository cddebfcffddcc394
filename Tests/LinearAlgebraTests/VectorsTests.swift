import Domain
import LinearAlgebra
import Testing

struct VectorsTests {
  @Test func `unit rows have length 1, and zero or not finite rows are named and zero`() {
    let rows: [[Float]] = [
      [3, 4], [0, 0], [.nan, 1], [-1e-30, 0], [.infinity, 0], [1e30, 1e30],
    ]
    let unit = Vectors(width: 2, rows: rows).unitRows()
    #expect(unit.degenerate == [1, 2, 4])
    #expect(Array(unit.vectors[row: 0]) == [0.6, 0.8])
    #expect(Array(unit.vectors[row: 2]) == [0, 0])
    #expect(Array(unit.vectors[row: 3]) == [-1, 0])
    #expect(abs(unit.vectors.norms()[5] - 1) < 1e-6)
  }

  @Test func `the mean of no rows is zero, of one row the row`() {
    #expect(Vectors(count: 0, width: 3, values: []).mean() == [0, 0, 0])
    #expect(Vectors(width: 2, rows: [[1, 2]]).mean() == [1, 2])
    #expect(Vectors(width: 2, rows: [[1, 2], [3, -2]]).mean() == [2, 0])
  }

  @Test func `the mean does not lose small values beside a large one`() {
    let rows = [[Float(1e8)]] + [[Float]](repeating: [1], count: 1000) + [[-1e8]]
    #expect(abs(Vectors(width: 1, rows: rows).mean()[0] - 1000.0 / 1002) < 1e-6)
  }

  @Test func `products agree with sums in double`() {
    let a = gaussian(rows: 37, width: 53, stream: 1)
    let b = gaussian(rows: 21, width: 53, stream: 2)
    let products = a.similarities(to: b)
    #expect(products.count == 37 * 21)
    for i in 0..<37 {
      for j in 0..<21 { #expect(abs(products[i * 21 + j] - a.dot(row: i, b, row: j)) < 1e-4) }
    }
  }

  @Test func `a plain product agrees with the transposed one`() {
    let a = gaussian(rows: 5, width: 7, stream: 3)
    let b = gaussian(rows: 7, width: 4, stream: 4)
    let columns = Vectors(
      width: 7, rows: (0..<4).map { column in (0..<7).map { b.values[$0 * 4 + column] } })
    for (x, y) in zip(a.multiplied(by: b).values, a.similarities(to: columns)) {
      #expect(abs(x - y) < 1e-5)
    }
  }

  @Test func `products with no rows are empty`() {
    let none = Vectors(count: 0, width: 4, values: [])
    #expect(none.similarities(to: gaussian(rows: 2, width: 4, stream: 5)) == [])
    #expect(gaussian(rows: 2, width: 4, stream: 5).similarities(to: none) == [])
  }

  @Test func `OpenBLAS keeps to one thread until told otherwise`() {
    #expect(BLASThreads.current == 1)
    BLASThreads.limit(to: 0)
    #expect(BLASThreads.current == 1)
  }
}

struct PrincipalAxesTests {
  @Test func `planted axes come back with their variances`() throws {
    // Variances 25, 4 and 0.01 along a rotated basis of a plane and a third axis.
    let count = 4000
    let draws = gaussian(rows: count, width: 3, stream: 6)
    let (c, s): (Float, Float) = (0.6, 0.8)
    let rows = (0..<count).map { row -> [Float] in
      let (a, b) = (5 * draws.values[3 * row], 2 * draws.values[3 * row + 1])
      return [c * a - s * b + 10, s * a + c * b, 0.1 * draws.values[3 * row + 2]]
    }
    let axes = try PrincipalAxes.fit(Vectors(width: 3, rows: rows), count: 2)
    #expect(axes.axes.count == 2)
    #expect(abs(axes.variances[0] - 25) < 2 && abs(axes.variances[1] - 4) < 0.4)
    #expect(abs(axes.axes.values[0] - c) < 0.02 && abs(axes.axes.values[1] - s) < 0.02)
    #expect(abs(axes.mean[0] - 10) < 0.3)
  }

  @Test func `more columns than rows gives the same distances`() throws {
    let vectors = gaussian(rows: 12, width: 200, stream: 7)
    let axes = try PrincipalAxes.fit(vectors, count: 50)
    #expect(axes.axes.count == 11)
    let projected = axes.project(vectors)
    for i in 0..<12 {
      for j in 0..<12 {
        let full = distance(vectors[row: i], vectors[row: j])
        #expect(abs(full - distance(projected[row: i], projected[row: j])) < 1e-3 * (1 + full))
      }
    }
  }

  @Test func `the sign is fixed by the largest value`() throws {
    let axes = try PrincipalAxes.fit(gaussian(rows: 60, width: 8, stream: 8), count: 8)
    for axis in 0..<axes.axes.count {
      let row = Array(axes.axes[row: axis])
      #expect(row.max(by: { abs($0) < abs($1) }).map { $0 > 0 } == true)
    }
  }

  @Test func `identical rows have no axis and project to zero`() throws {
    let vectors = Vectors(width: 3, rows: [[1, 2, 3], [1, 2, 3], [1, 2, 3]])
    let axes = try PrincipalAxes.fit(vectors, count: 2)
    #expect(axes.axes.count == 0)
    #expect(axes.project(vectors).values == [0, 0, 0])
  }

  @Test func `one row, or a NaN, is refused`() {
    #expect(throws: LinearAlgebraError.self) {
      try PrincipalAxes.fit(Vectors(width: 2, rows: [[1, 2]]), count: 1)
    }
    let error = #expect(throws: LinearAlgebraError.self) {
      try PrincipalAxes.fit(Vectors(width: 2, rows: [[1, 2], [.nan, 0], [2, 2]]), count: 1)
    }
    #expect(error?.code == .notFinite)
    #expect(error?.message == "1 of 3 vectors hold NaN or infinity, first row 1")
  }

  private func distance(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Float {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }
}

func gaussian(rows: Int, width: Int, stream: UInt64) -> Vectors {
  Vectors(
    count: rows, width: width,
    values: CounterRandom(seed: 20, stream: stream).gaussians(count: rows * width))
}
