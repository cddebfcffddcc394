import Analysis
import Domain
import Glibc
import LinearAlgebra
import Testing

struct VonMisesFisherTests {
  private let seed: UInt64 = 71

  private func draws(
    _ count: Int, width: Int, _ concentration: Double, floor: Float = -1
  ) throws -> (mean: [Float], draws: [VariedVector]) {
    let mean = Array(Planted.unit(rows: 1, width: width, seed: seed)[row: 0])
    let law = try VonMisesFisher(
      mean: mean, concentration: concentration, floor: CosineSimilarity(floor))
    return (
      mean, (0..<count).map { law.draw(CounterRandom(seed: seed, stream: UInt64($0) + 9)) }
    )
  }

  @Test(arguments: [(3, 0.0), (3, 2.0), (8, 20.0), (128, 300.0), (512, 700.0), (512, 50.0)])
  func `the mean cosine of many draws is A_d(κ), and draws have length 1`(
    width: Int, concentration: Double
  ) throws {
    let (mean, drawn) = try draws(4000, width: width, concentration)
    let cosines = drawn.map { cosine($0.vector, mean) }
    let average = cosines.reduce(0, +) / 4000
    let expected = VonMisesFisher.expectedCosine(concentration: concentration, width: width)
    // The deviation of one cosine is at most 1/√3 (κ = 0 in three dimensions).
    let deviation = (cosines.map { ($0 - average) * ($0 - average) }.reduce(0, +) / 4000)
      .squareRoot()
    #expect(abs(average - expected) < 4 * deviation / 63, "d \(width) κ \(concentration)")
    #expect(drawn.allSatisfy { abs(length($0.vector) - 1) < 1e-6 })
    #expect(zip(drawn, cosines).allSatisfy { abs(cos($0.angle) - $1) < 1e-6 })
  }

  @Test(arguments: [0.1, 1, 5, 50])
  func `in three dimensions the cosine has its closed form`(concentration: Double) throws {
    // A_3(κ) = coth κ - 1/κ; P(cos ≤ w) = (e^(κw) - e^(-κ)) / (e^κ - e^(-κ)).
    let k = concentration
    let closed = cosh(k) / sinh(k) - 1 / k
    #expect(
      abs(VonMisesFisher.expectedCosine(concentration: k, width: 3) - closed) < 1e-12)
    let (mean, drawn) = try draws(20_000, width: 3, k)
    let rising = drawn.map { cosine($0.vector, mean) }.sorted()
    for share in [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99] {
      let w = log(exp(-k) + share * (exp(k) - exp(-k))) / k
      let below = Double(rising.count { $0 <= w }) / 20_000
      #expect(abs(below - share) < 4 * (share * (1 - share) / 20_000).squareRoot() + 1e-3)
    }
  }

  @Test func `in two dimensions A is the ratio of Bessel functions`() {
    // I1(1) / I0(1), I1(5) / I0(5) (Abramowitz and Stegun, table 9.8).
    let at1 = VonMisesFisher.expectedCosine(concentration: 1, width: 2)
    let at5 = VonMisesFisher.expectedCosine(concentration: 5, width: 2)
    #expect(abs(at1 - 0.565159104 / 1.266065878) < 1e-8)
    #expect(abs(at5 - 24.33564214 / 27.23987182) < 1e-8)
  }

  @Test func `directions across the mean are even`() throws {
    let width = 16
    let (mean, drawn) = try draws(6000, width: width, 40)
    var sums = [Double](repeating: 0, count: width)
    var squares = sums
    for draw in drawn {
      let along = cosine(draw.vector, mean)
      let across = zip(draw.vector, mean).map { Double($0) - along * Double($1) }
      let size = across.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for place in 0..<width {
        sums[place] += across[place] / size
        squares[place] += across[place] * across[place] / (size * size)
      }
    }
    // A value of an even unit vector among d - 1 dimensions has variance (1 - μᵢ²) / (d - 1).
    for place in 0..<width {
      let variance = (1 - Double(mean[place]) * Double(mean[place])) / Double(width - 1)
      #expect(abs(sums[place] / 6000) < 4 * (variance / 6000).squareRoot())
      #expect(abs(squares[place] / 6000 - variance) < 0.15 * variance)
    }
  }

  @Test(arguments: [0.3, 0.7, 0.9, 0.9999] as [Float])
  func `no draw falls below the floor, and above it the law is the same`(floor: Float) throws {
    let (mean, drawn) = try draws(3000, width: 32, 30, floor: floor)
    #expect(drawn.allSatisfy { cosine($0.vector, mean) >= Double(floor) })
    let (_, all) = try draws(30_000, width: 32, 30)
    let kept = all.map { cosine($0.vector, mean) }.filter { $0 >= Double(floor) }
    guard kept.count > 500 else { return }
    let a = kept.reduce(0, +) / Double(kept.count)
    let b = drawn.map { cosine($0.vector, mean) }.reduce(0, +) / 3000
    #expect(abs(a - b) < 0.01, "floor \(floor): \(a), \(b)")
  }

  @Test(arguments: [(64, 20.0), (512, 700.0), (512, 3000.0)])
  func `the concentration is found again from the resultant length`(
    width: Int, concentration: Double
  ) throws {
    let (_, drawn) = try draws(2000, width: width, concentration)
    let rows = Vectors(width: width, rows: drawn.map(\.vector))
    let prototype = try Prototypes.byIdentity(rows, labels: drawn.map { _ in 1 })[0]
    let found = try #require(prototype.vonMisesFisherConcentration)
    #expect(abs(found / concentration - 1) < 0.05, "\(found) of \(concentration)")
    // Few vectors agree with their own mean by chance; the estimate knows that.
    var few: [Double] = []
    for start in stride(from: 0, to: 2000, by: 8) {
      let own = rows.rows(start..<start + 8)
      let one = try Prototypes.byIdentity(own, labels: (0..<8).map { _ in 1 })[0]
      few.append(one.vonMisesFisherConcentration ?? 0)
    }
    let middle = try #require(Quantile.of(few, at: 0.5))
    #expect(abs(middle / concentration - 1) < 0.25, "\(middle) of \(concentration)")
  }

  @Test func `one vector, equal vectors and bad input have no concentration or are refused`() throws
  {
    let one = try Prototypes.byIdentity(Vectors(width: 2, rows: [[1, 0]]), labels: [1])[0]
    #expect(one.vonMisesFisherConcentration == nil)
    let equal = Vectors(width: 2, rows: [[1, 0], [1, 0]])
    #expect(try Prototypes.byIdentity(equal, labels: [1, 1])[0].vonMisesFisherConcentration == nil)
    #expect(code { try VonMisesFisher(mean: [0, 0], concentration: 1) } == .degenerate)
    #expect(code { try VonMisesFisher(mean: [.nan, 0], concentration: 1) } == .degenerate)
    #expect(code { try VonMisesFisher(mean: [1, 0], concentration: -1) } == .outOfRange)
    #expect(code { try VonMisesFisher(mean: [1, 0], concentration: .infinity) } == .outOfRange)
    #expect(code { try VonMisesFisher(mean: [1], concentration: 1) } == .outOfRange)
  }

  @Test func `a stream is always the same draw`() throws {
    let law = try VonMisesFisher(mean: [1, 2, 3, 4], concentration: 12)
    let random = CounterRandom(seed: 5, stream: 6)
    #expect(law.draw(random) == law.draw(random))
    #expect(law.draw(random) != law.draw(CounterRandom(seed: 5, stream: 7)))
  }
}
