import Analysis
import Domain
import LinearAlgebra
import Testing

struct SlerpTests {
  @Test func `the ends are the ends, and every point between has length 1`() throws {
    let seed: UInt64 = 12
    let pairs = Planted.unit(rows: 40, width: 32, seed: seed)
    for pair in 0..<20 {
      let (a, b) = (Array(pairs[row: 2 * pair]), Array(pairs[row: 2 * pair + 1]))
      #expect(cosine(try Slerp.between(a, b, 0), a) > 1 - 1e-10, "seed \(seed) pair \(pair)")
      #expect(cosine(try Slerp.between(a, b, 1), b) > 1 - 1e-10, "seed \(seed) pair \(pair)")
      for t in [0.1, 0.25, 0.5, 0.9] {
        #expect(abs(length(try Slerp.between(a, b, t)) - 1) < 1e-6)
      }
    }
  }

  @Test func `it is symmetric`() throws {
    let pair = Planted.unit(rows: 2, width: 16, seed: 13)
    let (a, b) = (Array(pair[row: 0]), Array(pair[row: 1]))
    for (x, y) in zip(try Slerp.between(a, b, 0.3), try Slerp.between(b, a, 0.7)) {
      #expect(abs(x - y) < 1e-6)
    }
  }

  @Test(arguments: [0.2, 0.5, 0.8])
  func `the cosine to the start is cos(t ω)`(t: Double) throws {
    // The angle is π/2.
    let point = try Slerp.between([1, 0, 0], [0, 1, 0], t)
    let expected: [Double: Double] = [0.2: 0.951056516, 0.5: 0.707106781, 0.8: 0.309016994]
    #expect(abs(Double(point[0]) - expected[t, default: .nan]) < 1e-6)
  }

  @Test func `identical and nearly parallel vectors stay finite`() throws {
    #expect(try Slerp.between([0, 1], [0, 1], 0.4) == [0, 1])
    let close = try Slerp.between([1, 0], [1, 1e-6], 0.5)
    #expect(abs(close[1] - 5e-7) < 1e-10 && close[0] == 1)
  }

  @Test func `the chord and the arc agree where one takes over from the other`() throws {
    let angle = Float(Slerp.smallestAngle)
    let below = try Slerp.between([1, 0], [1, angle * 0.999], 0.3)
    let above = try Slerp.between([1, 0], [1, angle * 1.001], 0.3)
    #expect(abs(below[1] / above[1] - 0.998) < 1e-3)
  }

  @Test func `antipodes, zeros, NaN and different widths are refused by name`() {
    #expect(code { try Slerp.between([1, 0], [-1, 0], 0.5) } == .antipodal)
    #expect(code { try Slerp.between([0, 0], [1, 0], 0.5) } == .degenerate)
    #expect(code { try Slerp.between([1, 0], [.nan, 0], 0.5) } == .degenerate)
    #expect(code { try Slerp.between([1, 0], [1, 0, 0], 0.5) } == .mismatch)
  }

  @Test func `latents keep the interpolated length and so stay on the shell`() throws {
    let z = Planted.gaussian(rows: 2, width: 100, seed: 14)
    let (a, b) = (Array(z[row: 0]), Array(z[row: 1]))
    let middle = try Slerp.latents(a, b, 0.5)
    #expect(abs(length(middle) - (length(a) + length(b)) / 2) < 1e-4)
    // The straight line would lose about 29 % of the length.
    #expect(length(zip(a, b).map { ($0 + $1) / 2 }) < 0.8 * length(middle))
    #expect(zip(try Slerp.latents(a, b, 0), a).allSatisfy { abs($0 - $1) < 1e-5 })
  }
}

func code(_ body: () throws -> some Any) -> AnalysisError.Code? {
  do {
    _ = try body()
    return nil
  } catch {
    return (error as? AnalysisError)?.code
  }
}
