import Analysis
import Domain
import LinearAlgebra
import Testing

/// The intervals hold the truth as often as they say, and the error is what theory says.
struct OffsetCoverageTests {
  /// A design: how many identities and images there are on either side, and how long Δ is.
  struct Design: CustomTestStringConvertible, Sendable {
    var from: Int
    var to: Int
    /// Images of the identities of the first side, in turn.
    var images: [Int]
    var width: Int
    var shift: Float

    var testDescription: String {
      "\(from) to \(to) identities, images \(images), width \(width), Δ \(shift)"
    }

    func input(seed: UInt64) -> OffsetInput {
      var delta = [Float](repeating: 0, count: width)
      // Across the axes, so that no coordinate is special.
      for column in delta.indices {
        delta[column] = shift / Float(width).squareRoot() * (column.isMultiple(of: 2) ? 1 : -1)
      }
      let zero = [Float](repeating: 0, count: width)
      let first = OffsetTests.side(
        identities: from, images: { images[$0 % images.count] }, shift: zero, seed: seed)
      let second = OffsetTests.side(
        identities: to, images: { _ in 1 }, shift: delta, seed: seed + 1_000_000)
      var input = OffsetInput(
        from: first.0, fromGroups: first.1, to: second.0, toGroups: second.1)
      input.seed = seed
      return input
    }

    var truth: [Double] {
      (0..<width).map { column in
        Double(shift) / Double(width).squareRoot() * (column.isMultiple(of: 2) ? 1 : -1)
      }
    }
  }

  static let designs = [
    Design(from: 60, to: 60, images: [2], width: 8, shift: 1),
    Design(from: 40, to: 80, images: [36, 3], width: 8, shift: 2),
    // The noise is as long as Δ: a naive norm would be far too long.
    Design(from: 60, to: 60, images: [1, 4], width: 48, shift: 1),
    Design(from: 80, to: 50, images: [1], width: 32, shift: 4),
  ]

  @Test(arguments: designs)
  func `95 % intervals of norm and direction hold the truth at that rate`(_ design: Design) throws {
    let repetitions = 240
    var norms = 0
    var directions = 0
    for repetition in 0..<repetitions {
      var input = design.input(seed: 70_000 + 11 * UInt64(repetition))
      input.bootstrapRounds = 300
      input.permutations = 0
      let estimate = try OffsetEstimate.estimate(input)
      let truth = design.truth
      let norm = Double(design.shift)
      if estimate.normLow <= norm, norm <= estimate.normHigh { norms += 1 }
      let product = zip(estimate.vector, truth).reduce(0.0) { $0 + Double($1.0) * $1.1 }
      if product / (norm * estimate.norm) >= estimate.directionCosine { directions += 1 }
    }
    // Binomial with rate 0.95: 228 of 240, standard deviation 3.4; three of them either way. With
    // few identities a bootstrap is a little narrow, hence one more below.
    #expect((214...239).contains(norms), "norm held \(norms) of \(repetitions), seeds from 70000")
    #expect(directions >= 214, "direction held \(directions) of \(repetitions), seeds from 70000")
  }

  @Test(arguments: [
    (50, 5, 5), (200, 5, 5), (50, 72, 72), (60, 72, 5), (240, 72, 5),
  ])
  func `the error of Δ is the theoretical one, 72 images per identity or 5`(
    _ identities: Int, _ many: Int, _ few: Int
  ) throws {
    let width = 24
    let design = Design(
      from: identities, to: identities, images: [many, few], width: width, shift: 2)
    var square = 0.0
    let repetitions = 24
    for repetition in 0..<repetitions {
      var input = design.input(seed: 90_000 + 13 * UInt64(repetition))
      input.bootstrapRounds = 1
      input.permutations = 0
      let estimate = try OffsetEstimate.estimate(input)
      square += zip(estimate.vector, design.truth).reduce(0.0) {
        $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1)
      }
    }
    // Per coordinate: identities scatter by 1, images by 0.3 around them.
    let within = 0.09 / 2 * (1 / Double(many) + 1 / Double(few))
    let expected = Double(width) / Double(identities) * (1 + within + 1.09)
    let ratio = square / Double(repetitions) / expected
    // χ² with 24 · 24 degrees of freedom: standard deviation of the ratio 0.059.
    #expect(abs(ratio - 1) < 0.24, "error² is \(ratio) of the expected, seeds from 90000")
  }

  @Test func `with the stated number of identities the halves do agree`() throws {
    let small = Design(from: 30, to: 60, images: [2], width: 16, shift: 4)
    let estimate = try OffsetEstimate.estimate(small.input(seed: 5))
    #expect(estimate.splitHalfCosine < 0.98)
    let needed = try #require(estimate.identitiesNeeded(forSplitHalf: 0.99))
    #expect(needed.from > 30 && needed.to > 60)
    var large = small
    (large.from, large.to) = (needed.from, needed.to)
    let second = try OffsetEstimate.estimate(large.input(seed: 6))
    #expect(abs(second.splitHalfCosine - 0.99) < 0.004, "\(needed): \(second.splitHalfCosine)")
    // Sides that suffice already are left alone.
    let stable = try #require(second.identitiesNeeded(forSplitHalf: 0.5))
    #expect(stable.from == needed.from && stable.to == needed.to)
  }

  @Test func `many identities share blocks and give the same Δ and the same certainty`() throws {
    let count = 9000
    let design = Design(from: count, to: 200, images: [1], width: 8, shift: 1)
    var input = design.input(seed: 8)
    input.permutations = 19
    let estimate = try OffsetEstimate.estimate(input)
    let rows = try #require(input.from as? Vectors)
    let other = try #require(input.to as? Vectors)
    let mean = zip(other.mean(), rows.mean()).map(-)
    #expect(zip(mean, estimate.vector).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(estimate.from.identities == count && estimate.from.images == count)
    // Identities and images scatter by √(8 · 1.09).
    #expect(abs(estimate.from.spread - (8 * 1.09).squareRoot()) < 0.1)
    #expect(estimate.permutationP == 0.05)
  }

  @Test func `images of zeros take no part and are named`() throws {
    let rows: [[Float]] = [[1, 0], [0, 0], [0, 1], [0, 1]]
    let to = Vectors(width: 2, rows: [[2, 2], [2, 2]])
    let estimate = try OffsetEstimate.estimate(
      OffsetInput(
        from: Vectors(width: 2, rows: rows), fromGroups: [1, 1, 2, 2], to: to,
        toGroups: [nil, nil]))
    #expect(estimate.vector == [1.5, 1.5])
    #expect(estimate.from.leftOut == [1])
    #expect(estimate.from.images == 3 && estimate.from.fewestImages == 1)
    #expect(estimate.from.mostImages == 2)
    // Weights 1/2, 1/4, 1/4.
    #expect(abs(estimate.from.effectiveImages - 1 / 0.375) < 1e-9)
  }

  @Test func `whitening finds what a loud, shared direction hides from Δ`() throws {
    // Coordinate 0 is 20 times as loud as the others, and Δ has a part of it.
    func loud(_ seed: UInt64, shift: [Float]) -> Vectors {
      var rows = Planted.gaussian(rows: 400, width: 6, seed: seed, stream: 3)
      for place in rows.values.indices {
        rows.values[place] *= place.isMultiple(of: 6) ? 20 : 1
        rows.values[place] += shift[place % 6]
      }
      return rows
    }
    let groups = [Int?](repeating: nil, count: 400)
    let estimate = try OffsetEstimate.estimate(
      OffsetInput(
        from: loud(1, shift: [0, 0, 0, 0, 0, 0]), fromGroups: groups,
        to: loud(2, shift: [6, 1.5, 1.5, 0, 0, 0]), toGroups: groups))
    #expect(estimate.areaUnderCurve < 0.75)
    // Two normal laws √4.5 apart: Φ(√4.5 / √2) = 0.93.
    #expect(abs(estimate.areaUnderWhitenedCurve - 0.93) < 0.04)
    #expect((0...0.1).contains(estimate.shrinkage))
  }
}
