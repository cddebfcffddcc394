import Analysis
import Domain
import LinearAlgebra
import Testing

struct OffsetTests {
  /// `identities` with `sizes` images each around 0 or Δ: identity spread 1 and image spread 0.3 per
  /// coordinate.
  static func side(
    identities: Int, images: (Int) -> Int, shift: [Float], seed: UInt64
  ) -> (Vectors, [Int?]) {
    let centres = Planted.gaussian(rows: identities, width: shift.count, seed: seed, stream: 1)
    var values: [Float] = []
    var groups: [Int?] = []
    let random = CounterRandom(seed: seed, stream: 2)
    for identity in 0..<identities {
      for _ in 0..<images(identity) {
        for column in shift.indices {
          let noise = random.gaussian(at: UInt64(values.count))
          values.append(
            shift[column] + centres.values[identity * shift.count + column] + 0.3 * noise)
        }
        groups.append(identity)
      }
    }
    return (Vectors(count: groups.count, width: shift.count, values: values), groups)
  }

  static func input(shift: Float, identities: Int = 300, width: Int = 16, seed: UInt64)
    -> OffsetInput
  {
    let zero = [Float](repeating: 0, count: width)
    var delta = zero
    delta[0] = shift
    let from = side(identities: identities, images: { 1 + $0 % 3 }, shift: zero, seed: seed)
    let to = side(identities: identities, images: { _ in 1 }, shift: delta, seed: seed + 1000)
    var input = OffsetInput(
      from: from.0, fromGroups: from.1, to: to.0,
      toGroups: [Int?](repeating: nil, count: to.0.count))
    input.seed = seed
    return input
  }

  @Test func `a planted Δ comes back with its length, and p is as small as it can be`() throws {
    let estimate = try OffsetEstimate.estimate(Self.input(shift: 3, seed: 21))
    #expect(abs(Double(estimate.vector[0]) - 3) < 0.3)
    #expect(abs(estimate.normWithoutNoise - 3) < 0.3)
    #expect(estimate.normLow < 3 && estimate.normHigh > 3)
    #expect(estimate.permutationP == 1.0 / 1000)
    #expect(estimate.splitHalfCosine > 0.9)
    #expect(estimate.from.identities == 300 && estimate.from.images == 600)
    #expect(estimate.to.identities == 300 && estimate.to.images == 300)
    // Two normal laws 3 apart, each of variance 1.09: Φ(3 / √2.18).
    #expect(abs(estimate.areaUnderCurve - 0.979) < 0.02)
  }

  @Test func `the same input gives the same bytes on any number of threads`() throws {
    var input = Self.input(shift: 1, width: 19, seed: 29)
    // One row without direction, and rows of one identity far from each other.
    var vectors = try #require(input.from as? Vectors)
    for column in 0..<19 { vectors.values[7 * 19 + column] = 0 }
    input.from = vectors
    input.fromGroups.swapAt(0, 500)
    input.fromGroups[3] = nil
    let one = try OffsetEstimate.estimate(input)
    #expect(one.from.leftOut == [7])
    for threads in [2, 3, 5] {
      input.threads = threads
      #expect(try OffsetEstimate.estimate(input) == one)
    }
  }

  @Test func `no Δ gives a large p, an area of a half and no length beyond noise`() throws {
    let estimate = try OffsetEstimate.estimate(Self.input(shift: 0, seed: 22))
    #expect(estimate.permutationP > 0.01)
    #expect(abs(estimate.areaUnderCurve - 0.5) < 0.08)
    #expect(estimate.normWithoutNoise < 0.25)
    #expect(abs(estimate.splitHalfCosine) < 0.6)
  }

  @Test func `identities weigh the same however many images they have`() throws {
    // One identity with 98 images at 10, one with 2 at 0: the mean of means is 5.
    let from = Vectors(width: 1, rows: [[Float]](repeating: [10], count: 98) + [[1e-9], [1e-9]])
    let groups: [Int?] = [Int](repeating: 1, count: 98) + [2, 2]
    let to = Vectors(width: 1, rows: [[20], [20]])
    let estimate = try OffsetEstimate.estimate(
      OffsetInput(from: from, fromGroups: groups, to: to, toGroups: [nil, nil]))
    #expect(abs(estimate.vector[0] - 15) < 1e-5)
  }

  @Test func `the norm's interval covers the truth about as often as it says`() throws {
    var covered = 0
    for seed in 0..<UInt64(60) {
      var input = Self.input(shift: 1, identities: 60, width: 8, seed: 3000 + 7 * seed)
      input.bootstrapRounds = 400
      input.permutations = 0
      let estimate = try OffsetEstimate.estimate(input)
      if estimate.normLow <= 1 && estimate.normHigh >= 1 { covered += 1 }
    }
    #expect(covered >= 51, "covered \(covered) of 60, seeds from 3000")
  }

  @Test func `p-values without a Δ are spread evenly`() throws {
    var small = 0
    for seed in 0..<UInt64(80) {
      var input = Self.input(shift: 0, identities: 20, width: 4, seed: 5000 + 3 * seed)
      input.bootstrapRounds = 1
      input.permutations = 99
      if try OffsetEstimate.estimate(input).permutationP <= 0.2 { small += 1 }
    }
    #expect((6...28).contains(small), "\(small) of 80 at or below 0.2, seeds from 5000")
  }

  @Test func `the same seed gives the same bytes, another seed other draws`() throws {
    let first = try OffsetEstimate.estimate(Self.input(shift: 1, seed: 23))
    #expect(try OffsetEstimate.estimate(Self.input(shift: 1, seed: 23)) == first)
    var other = Self.input(shift: 1, seed: 23)
    other.seed = 24
    let second = try OffsetEstimate.estimate(other)
    #expect(second.vector == first.vector)
    #expect(second.normLow != first.normLow)
  }

  @Test func `an empty side, one identity, NaN and other widths are refused by name`() throws {
    let two = Vectors(width: 2, rows: [[1, 0], [0, 1]])
    let none = Vectors(count: 0, width: 2, values: [])
    func estimate(_ from: Vectors, _ groups: [Int?]) throws -> OffsetEstimate {
      try OffsetEstimate.estimate(
        OffsetInput(from: from, fromGroups: groups, to: two, toGroups: [nil, nil]))
    }
    #expect(code { try estimate(none, []) } == .tooFew)
    #expect(code { try estimate(two, [5, 5]) } == .tooFew)
    #expect(code { try estimate(two, [5]) } == .mismatch)
    #expect(code { try estimate(Vectors(width: 3, rows: [[1, 0, 0]]), [1]) } == .mismatch)
    #expect(
      code { try estimate(Vectors(width: 2, rows: [[.nan, 0], [1, 0]]), [1, 2]) } == .degenerate)
    let error = #expect(throws: AnalysisError.self) { try estimate(two, [5, 5]) }
    #expect(
      error?.message == "Δ needs two identities on each side, its `from` side has 1")
  }
}
